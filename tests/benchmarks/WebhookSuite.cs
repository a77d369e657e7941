using System.Net;
using System.Net.Sockets;

namespace OrleansAuth.Benchmarks;

/// <summary>
/// What webhooks cost: events per second from the durable outbox to a receiver on this machine, beside a loop that posts the same
/// body as often at once and keeps nothing; and logins while the only receiver of their events is dead, beside logins without webhooks.
/// </summary>
internal sealed class WebhookSuite(Database database, Options options, Scratch scratch)
{
    private const string Dead = "dead receiver";
    private const string None = "no webhook";

    private static readonly string[] Logins = ["login-alone", "login", "login-no-hash"];

    /// <summary>Whether every request succeeded.</summary>
    public async Task<bool> Run()
    {
        await Deliveries();
        return await LoginsBesideDeadReceiver();
    }

    private async Task Deliveries()
    {
        await using var receiver = await EventReceiver.Start();
        await using var server = new OurSystem(database, options, scratch) { Name = "deliveries", Receiver = receiver.Address };
        await server.Start();
        var webhook = await server.NewWebhook();
        await server.Call($"/api/webhook/{webhook}/pause", new { });
        await server.Stop();
        var body = await EventBacklog.Write(server.Storage, webhook, options.Events);
        await server.Start();

        var (ours, bare) = (new List<double>(), new List<double>());
        for (var round = -options.WarmUps; round < options.Rounds; round++)
        {
            var outbox = await receiver.Take(options.Events, () => server.Call($"/api/webhook/{webhook}/resume", new { }));
            var loop = await receiver.Take(options.Events, () => BareLoop.Post(receiver.Address, body, options.Events, options.InFlight));
            if (round >= 0)
            {
                ours.Add(outbox);
                bare.Add(loop);
            }

            await server.Call($"/api/webhook/{webhook}/pause", new { });
            await EventBacklog.Resend(server, webhook);
        }

        var report = new Report(["outbox", "bare loop"]);
        report.Heading($"{database}: {options.Events} events of {body.Length} bytes, {options.Rounds} rounds on each side in turn, {options.InFlight} at once");
        report.Add("deliveries", "per second", [ours, bare]);
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
            foreach (var operation in Operation.All.Where(operation => Logins.Contains(operation.Key)))
                good &= report.Add(operation, options.InFlight, await comparison.Rounds(operation));
            return good;
        }
        finally
        {
            foreach (var system in systems) await system.DisposeAsync();
        }
    }

    private static Uri ClosedPort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
    }
}
