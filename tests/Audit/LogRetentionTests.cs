using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Hosting;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Tenants;

namespace OrleansAuth.Audit;

/// <summary>How long logs are kept, by the clock.</summary>
public sealed class LogRetentionTests
{
    private static readonly TimeSpan TenDays = TimeSpan.FromDays(10);

    [Fact]
    public async Task Without_a_setting_audit_log_and_login_records_stay_for_ever()
    {
        await using var server = await TestServer.Start();
        await Fill(server);
        server.Time.UtcNow += TimeSpan.FromDays(3_650);
        await Sweep(server);
        Assert.Equal((1, 1), (await Count(server, "audit_log where message = 'old'"), await Count(server, "login_record")));
    }

    [Fact]
    public async Task What_is_older_than_its_days_goes_and_what_is_younger_stays()
    {
        await using var server = await TestServer.Start();
        await Fill(server);
        server.Time.UtcNow += TenDays;
        await Fill(server);
        (await server.Patch("/api/system-configuration", new { systemConfiguration = new { auditLogConfiguration = Days(5), loginRecordConfiguration = Days(15), webhookEventLogConfiguration = Days(9) } })).Is(200);
        await Sweep(server);
        Assert.Equal((1, 2, 1), (await Count(server, "audit_log where message = 'old'"), await Count(server, "login_record"), await Count(server, "webhook_event")));

        server.Time.UtcNow += TenDays;
        await Sweep(server);
        Assert.Equal((0, 1, 0), (await Count(server, "audit_log where message = 'old'"), await Count(server, "login_record"), await Count(server, "webhook_event")));
    }

    [Fact]
    public async Task The_event_log_keeps_its_number_of_entries()
    {
        await using var server = await TestServer.Start();
        (await server.Patch("/api/system-configuration", new { systemConfiguration = new { eventLogConfiguration = new { numberToRetain = 3 } } })).Is(200);
        var commit = new Commit();
        for (var i = 0; i < 1_200; i++) commit.Upsert(Tables.EventLog, ("id", Guid.NewGuid()), ("type", "Debug"), ("message", $"{i}"), ("instant", (long)i));
        await Store(server).Apply(commit);
        await Sweep(server);
        Assert.Equal("1199, 1198, 1197", string.Join(", ", (await server.Get("/api/system/event-log/search")).Is(200).Body["eventLogs"]!.AsArray().Select(entry => (string?)entry!["message"])));
    }

    [Fact]
    public async Task Without_a_webhook_event_log_an_event_goes_once_nobody_waits_for_it()
    {
        await using var server = await TestServer.Start();
        (await server.Patch("/api/system-configuration", new { systemConfiguration = new { webhookEventLogConfiguration = new { enabled = false } } })).Is(200);
        var (done, waiting) = (Event(server), Event(server));
        await Store(server).Apply(new Commit().PutEvent(done).PutEvent(waiting).Upsert(
            Tables.Outbox, ("id", Guid.NewGuid()), ("queue", "nobody"), ("subject", "s"), ("due", 0L), ("attempts", 0L), ("body", Array.Empty<byte>()), ("insert_instant", 0L), ("event_id", waiting.Id)));
        server.Time.UtcNow += TimeSpan.FromSeconds(1);
        await Sweep(server);
        (await server.Get($"/api/system/webhook-event-log/{done.Id}")).Is(404);
        (await server.Get($"/api/system/webhook-event-log/{waiting.Id}")).Is(200);
    }

    [Fact]
    public async Task Failed_logins_are_written_down_a_few_times_a_second_and_the_rest_is_counted()
    {
        await using var server = await TestServer.Start();
        var failures = server.Services.GetRequiredService<Storage.Sessions.LoginFailures>();
        var tenant = Guid.NewGuid();
        var written = Enumerable.Range(0, 100).Select(_ => failures.Next(tenant, null, null, null)).Where(failure => failure is not null).ToList();
        Assert.Equal(Storage.Sessions.LoginFailures.MostInASecond, written.Count);
        server.Time.UtcNow += TimeSpan.FromSeconds(1);
        Assert.Equal(100 - written.Count, failures.Next(tenant, null, null, null)!.LeftOut);
        Assert.Equal(0, failures.Next(tenant, null, null, null)!.LeftOut);
    }

    private static object Days(int days) => new { delete = new { enabled = true, numberOfDaysToRetain = days } };

    private static async Task Fill(TestServer server)
    {
        var now = server.Time.UtcNow.ToUnixTimeMilliseconds();
        await Store(server).Apply(new Commit()
            .Upsert(Tables.AuditLog, ("id", Guid.NewGuid()), ("message", "old"), ("instant", now))
            .Upsert(Tables.LoginRecord, ("id", Guid.NewGuid()), ("tenant_id", server.DefaultTenant), ("user_id", Guid.NewGuid()), ("instant", now))
            .PutEvent(Event(server)));
    }

    private static StoredEvent Event(TestServer server) => new(
        OrderedId.New(server.Time.UtcNow.ToUnixTimeMilliseconds()), server.DefaultTenant, "user.create", "subject", null, TransactionType.None, EventResult.Succeeded, """{"event":{}}""");

    private static Task Sweep(TestServer server) => server.Services.GetRequiredService<LogSweeper>().Sweep();

    private static IStore Store(TestServer server) => server.Services.GetRequiredService<IStore>();

    private static async Task<int> Count(TestServer server, string rows) => (int)(await Store(server).Query($"select count(*) as total from {rows}", row => row.Long("total")))[0];
}
