using System.Net;
using System.Net.Sockets;

namespace OrleansAuth.Benchmarks;

/// <summary>
/// What webhooks cost: events per second from the durable outbox to a receiver on this machine, beside a loop that posts the same
/// body as often at once and keeps nothing; logins while the only receiver of their events is dead, beside logins without webhooks; and
/// updates that three receivers must agree to, beside updates that nobody is asked about.
/// </summary>
internal sealed class WebhookSuite(Database database, Options options, Scratch scratch)
{
    private const string Dead = "dead receiver";
    private const string None = "no webhook";
    private const string NotAsked = "nobody";
    private const string Asked = "three receivers";
    private const int Voters = 3;

    /// <summary>What can be left out.</summary>
    public static readonly IReadOnlyList<string> Parts = ["deliveries", "logins", "transactions"];

    private static readonly string[] Logins = ["login-alone", "login", "login-no-hash"];

    /// <summary>Whether every request succeeded.</summary>
    public async Task<bool> Run()
    {
        var good = true;
        foreach (var part in options.Parts)
            good &= part switch { "deliveries" => await Deliveries(), "logins" => await LoginsBesideDeadReceiver(), _ => await Transactions() };
        return good;
    }

    private async Task<bool> Deliveries()
    {
        await using var receiver = await EventReceiver.Start();
        await using var server = new OurSystem(database, options, scratch) { Name = "deliveries", Receiver = receiver.Address };
        await server.Start();
        var webhook = await server.NewWebhook();
        await server.Call($"/api/webhook/{webhook}/pause", new { });
        await server.Stop();
        var body = await EventBacklog.Write(server.Storage, webhook, options.Events);
        await server.Start();

        var (ours, bare) = (new List<Delivered>(), new List<Delivered>());
        for (var round = -options.WarmUps; round < options.Rounds; round++)
        {
            var outbox = await Measure(server, receiver, () => server.Call($"/api/webhook/{webhook}/resume", new { }));
            var loop = await Measure(server, receiver, () => BareLoop.Post(receiver.Address, body, options.Events, options.InFlight));
            if (round >= 0)
            {
                ours.Add(outbox);
                bare.Add(loop);
            }

            await server.Call($"/api/webhook/{webhook}/pause", new { });
            await EventBacklog.Resend(server, webhook);
        }

        Print(server, body.Length, ours, bare);
        return true;
    }

    private void Print(OurSystem server, int length, List<Delivered> ours, List<Delivered> bare)
    {
        var report = new Report(["outbox", "bare loop"]);
        report.Heading($"{database}: {options.Events} events of {length} bytes, {options.Rounds} rounds on each side in turn, {options.InFlight} at once");
        report.Add("deliveries", "per second", Column(one => one.PerSecond));
        report.Add("", "server CPU µs each", Column(one => one.Server));
        report.Add("", "loop and receiver CPU µs", Column(one => one.Here));
        if (server.DatabaseProcess is not null) report.Add("", "database CPU µs each", Column(one => one.Database));

        IReadOnlyList<IReadOnlyList<double>> Column(Func<Delivered, double> value) => [[.. ours.Select(value)], [.. bare.Select(value)]];
    }

    /// <summary>Takes a round of deliveries; the processor's time ends with the last of them, what is stored behind it does not count.</summary>
    private async Task<Delivered> Measure(OurSystem server, EventReceiver receiver, Func<Task> work)
    {
        var before = Cpu();
        var perSecond = await receiver.Take(options.Events, work);
        var after = Cpu();
        return new Delivered(perSecond, Each(after.Server - before.Server), Each(after.Here - before.Here), Each(after.Database - before.Database));

        (double Server, double Here, double Database) Cpu() => (
            ProcessCost.Cpu(server.Server.Id), Environment.CpuUsage.TotalTime.TotalSeconds, server.DatabaseProcess is { } id ? ProcessCost.Cpu(id) : 0);

        double Each(double seconds) => seconds / options.Events * 1e6;
    }

    private async Task<bool> LoginsBesideDeadReceiver()
    {
        var systems = new List<ISystem>();
        try
        {
            foreach (var (name, receiver) in new[] { (Dead, ClosedPort()), (None, null) })
            {
                var system = new OurSystem(database, options, scratch) { Name = name, Receiver = receiver };
                systems.Add(system);
                await system.Start();
                await system.Prepare();
                if (receiver is not null) await system.NewWebhook();
            }

            var report = new Report([Dead, None]);
            report.Heading($"{database}: {options.Rounds} rounds of {options.Round.TotalSeconds} s on each side in turn, {options.Users} users");
            var (comparison, good) = (new Comparison(systems, options), true);
            foreach (var operation in options.Operations.Where(operation => Logins.Contains(operation.Key)))
                good &= report.Add(operation, options.InFlight, await comparison.Rounds(operation));
            return good;
        }
        finally
        {
            foreach (var system in systems) await system.DisposeAsync();
        }
    }

    private async Task<bool> Transactions()
    {
        var systems = new List<ISystem>();
        await using var receiver = await EventReceiver.Start();
        try
        {
            var workers = new List<Func<Task>>();
            foreach (var name in new[] { Asked, NotAsked })
            {
                var system = new OurSystem(database, options, scratch) { Name = name, Receiver = name == Asked ? receiver.Address : null, Transaction = "AbsoluteMajority" };
                systems.Add(system);
                await system.Start();
                await system.Prepare();
                for (var i = 0; i < Voters && system.Receiver is not null; i++) await system.NewWebhook();
                workers.Add(await system.Updates());
            }

            var samples = await Rounds(systems, workers);
            var report = new Report([Asked, NotAsked]);
            report.Heading($"{database}: {options.Rounds} rounds of {options.Round.TotalSeconds} s on each side in turn, all three receivers must agree");
            return report.Add(new Operation("update", "user update, one at a time", Action.Update, Operation.FullHash, Alone: true), 1, samples);
        }
        finally
        {
            foreach (var system in systems) await system.DisposeAsync();
        }
    }

    private async Task<List<List<Sample>>> Rounds(List<ISystem> systems, List<Func<Task>> workers)
    {
        var samples = systems.Select(_ => new List<Sample>()).ToList();
        for (var round = -options.WarmUps; round < options.Rounds; round++)
            for (var side = 0; side < systems.Count; side++)
            {
                var sample = await Load.Run(systems[side], [workers[side]], options.Round);
                if (round >= 0) samples[side].Add(sample);
            }

        return samples;
    }

    private static Uri ClosedPort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
    }

    /// <summary>One round of deliveries; processor time in microseconds for each of them.</summary>
    /// <param name="Here">Of this process, where the receiver and the bare loop are.</param>
    private sealed record Delivered(double PerSecond, double Server, double Here, double Database);
}
