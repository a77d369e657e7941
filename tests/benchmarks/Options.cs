using System.Globalization;

namespace OrleansAuth.Benchmarks;

/// <summary>What the command line asked for.</summary>
internal sealed record Options
{
    /// <summary>Databases to run on, one after the other.</summary>
    public IReadOnlyList<Database> Databases { get; private init; } = [Database.Sqlite, Database.PostgreSql];

    /// <summary>Sides of the comparison; with one alone there is no ratio.</summary>
    public IReadOnlyList<string> Systems { get; private init; } = [OurSystem.Title, PeerSystem.Title];

    /// <summary>Operations under load, in the order they run.</summary>
    public IReadOnlyList<Operation> Operations { get; private init; } = Operation.All;

    /// <summary>Rounds of each operation on each side; the report shows their medians.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>Rounds before the first that counts; on a busy machine one is too short for the compiler to finish.</summary>
    public int WarmUps { get; private init; } = 1;

    /// <summary>Rounds of start and memory; each takes two starts of each side.</summary>
    public int Starts { get; private init; } = 3;

    /// <summary>Length of a round.</summary>
    public TimeSpan Round { get; private init; } = TimeSpan.FromSeconds(3);

    /// <summary>Concurrent requests of the operations that have more than one.</summary>
    public int InFlight { get; private init; } = 32;

    /// <summary>Users that log in, in turn.</summary>
    public int Users { get; private init; } = 256;

    /// <summary>Measures what webhooks cost in place of the comparison.</summary>
    public bool Webhooks { get; private init; }

    /// <summary>What of that, in this order.</summary>
    public IReadOnlyList<string> Parts { get; private init; } = WebhookSuite.Parts;

    /// <summary>Events of a round of deliveries.</summary>
    public int Events { get; private init; } = 10_000;

    /// <summary>Whether the peer stores its refresh tokens too and lets each be used once, as ours does.</summary>
    public bool PeerStoresSessions { get; private init; }

    /// <summary>The text of --help.</summary>
    public static string Usage => $"""
        Usage: tests/benchmarks/run [options]
          --store A,B         sqlite, postgres (default: both)
          --system A,B        {OurSystem.Title}, {PeerSystem.Title} (default: both, in alternating rounds; the peer of OAuth 2 is {OidcPeerSystem.Title})
          --operations A,B    {string.Join(", ", Operation.All.Select(operation => operation.Key))}
          --rounds N          rounds of each operation on each side (5)
          --warm-ups N        rounds before them that do not count (1)
          --starts N          rounds of start and memory (3; 0 leaves them out)
          --seconds N         length of a round (3)
          --in-flight N       concurrent requests (32)
          --users N           users that log in (256)
          --suite X           comparison (default) or webhooks: what they cost
          --parts A,B         of webhooks: {string.Join(", ", WebhookSuite.Parts)} (default: all): events beside a bare loop,
                              logins beside a dead receiver, updates that three receivers must agree to
          --events N          events of a round of deliveries (10000)
          --peer-sessions X   none (the peer stores no refresh token, default) or durable (one row, used once)
        """;

    /// <summary>Reads the arguments; throws <see cref="FormatException"/> with a sentence about the first that is wrong.</summary>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        for (var at = 0; at < arguments.Count; at += 2)
        {
            if (at + 1 == arguments.Count) throw new FormatException($"{arguments[at]} needs a value.");
            options = options.With(arguments[at], arguments[at + 1]);
        }

        return options;
    }

    private Options With(string name, string value) => name switch
    {
        "--store" => this with { Databases = Each(value, ParseDatabase) },
        "--system" => this with { Systems = Each(value, ParseSystem) },
        "--operations" => this with { Operations = Each(value, ParseOperation) },
        "--rounds" => this with { Rounds = Number(name, value, 1) },
        "--warm-ups" => this with { WarmUps = Number(name, value, 1) },
        "--starts" => this with { Starts = Number(name, value, 0) },
        "--seconds" => this with { Round = TimeSpan.FromSeconds(Number(name, value, 1)) },
        "--in-flight" => this with { InFlight = Number(name, value, 1) },
        "--users" => this with { Users = Number(name, value, 1) },
        "--suite" => this with { Webhooks = ParseSuite(value) },
        "--parts" => this with { Parts = Each(value, ParsePart) },
        "--events" => this with { Events = Number(name, value, 1) },
        "--peer-sessions" => this with { PeerStoresSessions = ParseSessions(value) },
        _ => throw new FormatException($"Unknown option: {name}"),
    };

    private static Database ParseDatabase(string value) => value switch
    {
        "sqlite" => Database.Sqlite,
        "postgres" => Database.PostgreSql,
        _ => throw new FormatException($"--store knows sqlite and postgres, not '{value}'."),
    };

    private static string ParseSystem(string value) => value is OurSystem.Title or PeerSystem.Title
        ? value
        : throw new FormatException($"--system knows {OurSystem.Title} and {PeerSystem.Title}, not '{value}'.");

    private static Operation ParseOperation(string value) =>
        Operation.All.FirstOrDefault(operation => operation.Key == value)
        ?? throw new FormatException($"--operations does not know '{value}'.");

    private static bool ParseSuite(string value) => value switch
    {
        "comparison" => false,
        "webhooks" => true,
        _ => throw new FormatException($"--suite knows comparison and webhooks, not '{value}'."),
    };

    private static string ParsePart(string value) => WebhookSuite.Parts.Contains(value)
        ? value
        : throw new FormatException($"--parts knows {string.Join(", ", WebhookSuite.Parts)}, not '{value}'.");

    private static bool ParseSessions(string value) => value switch
    {
        "none" => false,
        "durable" => true,
        _ => throw new FormatException($"--peer-sessions knows none and durable, not '{value}'."),
    };

    private static List<T> Each<T>(string values, Func<string, T> parse) =>
        [.. values.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(parse)];

    private static int Number(string name, string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new FormatException($"{name} needs a whole number of at least {least}.");
}
