using System.Diagnostics;

namespace OrleansAuth.Benchmarks;

/// <summary>Takes the rounds: the sides in turn, A B A B, so that what else the machine does meets both alike.</summary>
internal sealed class Comparison(IReadOnlyList<ISystem> systems, Options options)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    /// <summary>Start and memory of every side; the other side does not run meanwhile.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<Startup>>> Startups()
    {
        var taken = systems.Select(_ => new List<Startup>()).ToList();
        for (var round = 0; round < options.Starts; round++)
            for (var side = 0; side < systems.Count; side++)
                taken[side].Add(await OneStartup(systems[side]));
        return taken;
    }

    /// <summary>All rounds of one operation, for every side in the order given.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<Sample>>> Rounds(Operation operation)
    {
        var workers = new List<List<Func<Task>>>();
        foreach (var system in systems) workers.Add(await Workers(system, operation));

        var taken = systems.Select(_ => new List<Sample>()).ToList();
        for (var round = -options.WarmUps; round < options.Rounds; round++)
            for (var side = 0; side < systems.Count; side++)
            {
                var sample = await Load.Run(systems[side], workers[side], options.Round);
                if (round >= 0) taken[side].Add(sample); // those before only warm up
            }

        return taken;
    }

    private static async Task<Startup> OneStartup(ISystem system)
    {
        await system.Start();
        await system.FirstLogin();
        var untilLogin = Stopwatch.GetElapsedTime(system.Server.StartedAt);
        await Task.Delay(Idle);
        var afterLogin = ProcessCost.Memory(system.Server.Id);
        await system.Stop();

        await system.Start();
        await Task.Delay(Idle);
        var idle = ProcessCost.Memory(system.Server.Id);
        await system.Stop();
        return new Startup(untilLogin, idle, afterLogin);
    }

    private async Task<List<Func<Task>>> Workers(ISystem system, Operation operation)
    {
        var workers = new List<Func<Task>>();
        for (var worker = 0; worker < (operation.Alone ? 1 : options.InFlight); worker++)
            workers.Add(await system.Worker(operation, worker));
        return workers;
    }
}

/// <summary>One start of one side.</summary>
/// <param name="UntilLogin">From making the process to the answer of the first login, of a user that was there before.</param>
/// <param name="Idle">Memory five seconds after it listened, before any request.</param>
/// <param name="AfterLogin">Memory five seconds after its first login.</param>
internal sealed record Startup(TimeSpan UntilLogin, Memory Idle, Memory AfterLogin);
