namespace OrleansAuth.Chaos;

/// <summary>One kind of use, and what has to be read at the end to judge it.</summary>
internal interface ILoad
{
    /// <summary>Makes what it needs while nothing goes wrong.</summary>
    Task Prepare();

    /// <summary>The clients that run side by side until they are told to stop.</summary>
    IEnumerable<Func<CancellationToken, Task>> Clients();

    /// <summary>Puts the final state into the history, once all faults are over and everything has been delivered.</summary>
    Task Finish();
}

/// <summary>How clients take their time.</summary>
internal static class Pace
{
    /// <summary>Waits between half of and one and a half times so many milliseconds, or until the end.</summary>
    public static async Task Rest(this Random random, int milliseconds, CancellationToken stop) =>
        await Task.Delay(random.Next(milliseconds / 2, (milliseconds * 3 / 2) + 1), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Runs for each, some at once.</summary>
    public static Task Each<T>(IEnumerable<T> items, Func<T, Task> work) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (item, _) => await work(item));
}
