namespace OrleansAuth.Benchmarks;

/// <summary>One side of the comparison: a server with its database, which outlives a stop of the server.</summary>
internal interface ISystem : IAsyncDisposable
{
    /// <summary>Its column in the report.</summary>
    string Name { get; }

    /// <summary>The server's process, from <see cref="Start"/> to <see cref="Stop"/>.</summary>
    ServerProcess Server { get; }

    /// <summary>The process whose descendants are the database; null where it runs inside the server.</summary>
    int? DatabaseProcess { get; }

    /// <summary>Makes the process and waits until it listens.</summary>
    Task Start();

    /// <summary>Ends the server; its data stay.</summary>
    Task Stop();

    /// <summary>Makes the users that later operations use, once and while it runs.</summary>
    Task Prepare();

    /// <summary>Logs the first user in.</summary>
    Task FirstLogin();

    /// <summary>What one worker does again and again; each call is one request and throws unless it succeeded.</summary>
    /// <param name="operation">What to do.</param>
    /// <param name="worker">Which worker, from 0; workers never share a session.</param>
    Task<Func<Task>> Worker(Operation operation, int worker);
}

/// <summary>A user that can log in.</summary>
internal sealed record Account(string Email, string Password)
{
    /// <summary>Good under both sides' rules for passwords.</summary>
    public const string SamePassword = "Correct-Horse-7-Staple";

    /// <summary>An account nobody has yet.</summary>
    public static Account New() => new($"{Guid.NewGuid():N}@example.com", SamePassword);
}
