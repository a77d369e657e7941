using System.Runtime.InteropServices;
using OrleansAuth.Benchmarks;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Options.Usage);
    return 0;
}

Options options;
try
{
    options = Options.Parse(args);
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    await Console.Error.WriteLineAsync(Options.Usage);
    return 2;
}

using var scratch = new Scratch();
// Also when a signal ends the benchmark, no server and no folder stays behind.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var good = true;
try
{
    await MicroLoops.Print("before", MicroLoops.All(options, scratch));
    foreach (var database in options.Databases.Where(_ => options.Webhooks)) good &= await new WebhookSuite(database, options, scratch).Run();
    foreach (var database in options.Databases.Where(_ => !options.Webhooks))
        foreach (var opponent in options.Operations.Select(operation => operation.Against).Distinct())
            good &= await Compare(database, opponent);
    await MicroLoops.Print("after", MicroLoops.Floor);
}
catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException or FileNotFoundException or TimeoutException)
{
    await Console.Error.WriteLineAsync($"The benchmark could not go on: {failure.Message}");
    good = false;
}

return good ? 0 : 1;

void Stop(PosixSignalContext signal)
{
    Children.EndAll();
    scratch.Dispose();
    Environment.Exit(1);
}

async Task<bool> Compare(Database database, Opponent opponent)
{
    var systems = new List<ISystem>();
    foreach (var name in options.Systems)
        systems.Add(name == OurSystem.Title ? new OurSystem(database, options, scratch)
            : opponent is Opponent.OidcProvider ? new OidcPeerSystem() : new PeerSystem(database, options, scratch));
    try
    {
        foreach (var system in systems)
        {
            await system.Start();
            await system.Prepare();
            await system.Stop();
        }

        var sessions = opponent is Opponent.OidcProvider ? "everything in memory, in one process that uses one core" : options.PeerStoresSessions ? "each refresh token, good once" : "no refresh token";
        var report = new Report([.. systems.Select(system => system.Name)]);
        report.Heading($"{database}: {options.Rounds} rounds of {options.Round.TotalSeconds} s on each side in turn, {options.Users} users; the peer stores {sessions}");

        var comparison = new Comparison(systems, options);
        if (options.Starts > 0 && opponent is Opponent.Identity) report.Add(await comparison.Startups());
        foreach (var system in systems) await system.Start();

        var allGood = true;
        foreach (var operation in options.Operations.Where(operation => operation.Against == opponent))
            allGood &= report.Add(operation, options.InFlight, await comparison.Rounds(operation));
        return allGood;
    }
    finally
    {
        foreach (var system in systems) await system.DisposeAsync();
    }
}
