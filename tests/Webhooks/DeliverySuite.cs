using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Messages;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Webhooks;

public sealed class DeliveryTests : DeliverySuite
{
    protected override Task<string[]> Settings() => Task.FromResult<string[]>([]);
}

public sealed class DeliveryOnPostgresTests : DeliverySuite
{
    protected override async Task<string[]> Settings() =>
    [
        $"--Storage:ConnectionString={await (await PostgresFixture.Shared).NewDatabase()}", $"--Secrets:MasterKey={Convert.ToBase64String(new byte[32])}",
    ];
}

/// <summary>What the delivery of events promises, on either database.</summary>
public abstract class DeliverySuite : IAsyncLifetime
{
    private DeliveryWorld _world = null!;

    private MessengerReceiver Receiver => _world.Receiver;

    protected abstract Task<string[]> Settings();

    public async Task InitializeAsync() => _world = await DeliveryWorld.Start(await Settings());

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task What_was_committed_arrives_and_the_attempt_is_noted_with_it()
    {
        Receiver.Behave = (http, _) => http.Response.Body.WriteAsync("thanks\u0007 a lot"u8.ToArray()).AsTask();
        var id = await _world.Raise("ada", "hello");
        var request = await Receiver.Next();
        await _world.Empty();

        Assert.Equal("/hook", request.Path);
        Assert.Equal("application/json", request.Type);
        Assert.StartsWith("OrleansAuth/", request.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal(id.ToString(), request.Headers["webhook-id"]);
        Assert.Equal(id, (Guid)JsonNode.Parse(request.Body)!["event"]!["id"]!);
        var attempt = Assert.Single(await _world.Store.Query(
            "select webhook_id, tenant_id, result, status, url, answer from webhook_attempt where event_id = @event",
            row => (row.Guid("webhook_id"), row.NullableGuid("tenant_id"), row.Text("result"), row.Long("status"), row.Text("url"), row.Text("answer")), default, ("event", id)));
        Assert.Equal((_world.Webhook, _world.Tenant, "Success", 200, Receiver.Url + "/hook", "thanks  a lot"), attempt);
    }

    [Fact]
    public async Task One_subject_keeps_its_order_while_it_fails_and_the_others_go_on()
    {
        var failing = 2;
        Receiver.Behave = (http, message) =>
        {
            if (message.Body.Contains("\"first\"", StringComparison.Ordinal) && failing-- > 0) http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await _world.Raise("ada", "first");
        Assert.Equal("first", (await _world.Next()).Text);
        await _world.Raise("ada", "second");
        await _world.Raise("bob", "other");
        Assert.Equal("other", (await _world.Next()).Text);
        await _world.Waiting("attempts = 1", 1);

        _world.Server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("first", (await _world.Next()).Text);
        await _world.Waiting("attempts = 2", 1);
        _world.Server.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("first", (await _world.Next()).Text);
        Assert.Equal("second", (await _world.Next()).Text);
        await _world.Empty();
        await _world.Attempts("result = 'Failure' and status = 500", 2);
    }

    [Fact]
    public async Task A_receiver_that_does_not_work_is_left_alone_until_a_probe_finds_it_again()
    {
        var works = false;
        Receiver.Behave = (http, _) =>
        {
            if (!Volatile.Read(ref works)) http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 5; i++) await _world.Raise($"s{i}");
        await _world.Waiting("attempts = 1", 5);
        for (var i = 0; i < 20; i++) await _world.Raise($"t{i}");
        await _world.Wake();
        await _world.Waiting("attempts = 0", 20);
        Assert.Equal(5, Receiver.Count);
        Assert.Contains(await Told(), message => message.Contains("does not work", StringComparison.Ordinal));

        Volatile.Write(ref works, true);
        _world.Server.Time.Advance(Circuit.FirstPause);
        await _world.Empty();
        Assert.Equal(5 + 25, Receiver.Count);
    }

    [Fact]
    public async Task Who_asks_for_time_gets_it()
    {
        (Receiver.Answers, Receiver.RetryAfter) = ([429], "120");
        await _world.Raise("ada");
        await Receiver.Next();
        await _world.Waiting("attempts = 1", 1);
        var due = await _world.Store.Query("select due from outbox where attempts = 1", row => row.Long("due"));
        Assert.Equal(_world.Server.Time.UtcNow.ToUnixTimeMilliseconds() + 120_000, due[0]);
        Assert.Equal(due[0], (long)(await FirstWaiting())["nextAttemptInstant"]!);

        _world.Server.Time.Advance(TimeSpan.FromSeconds(121));
        await Receiver.Next();
        await _world.Empty();
    }

    [Fact]
    public async Task A_paused_webhook_gets_nothing_and_loses_nothing()
    {
        (await _world.Server.Post($"/api/webhook/{_world.Webhook}/pause", null)).Is(200);
        for (var i = 0; i < 3; i++) await _world.Raise("ada", $"{i}");
        var waiting = await FirstWaiting();
        Assert.Equal((_world.Server.Time.UtcNow.ToUnixTimeMilliseconds(), 0), ((long)waiting["nextAttemptInstant"]!, (int)waiting["attempts"]!));
        await _world.Wake();
        await _world.Restart();
        await _world.Waiting("attempts = 0", 3);
        Assert.Equal(0, Receiver.Count);

        (await _world.Server.Post($"/api/webhook/{_world.Webhook}/resume", null)).Is(200);
        for (var i = 0; i < 3; i++) Assert.Equal($"{i}", (await _world.Next()).Text);
        await _world.Empty();
    }

    [Fact]
    public async Task A_receiver_that_is_gone_for_good_is_disabled_and_its_events_wait()
    {
        Receiver.Answers = [410];
        await _world.Raise("ada", "one");
        await Receiver.Next();
        await _world.Attempts("status = 410", 1);
        await _world.Raise("bob", "two");
        await _world.Waiting("attempts = 0 and parked_instant is null", 2);
        var webhook = (await _world.Server.Get($"/api/webhook/{_world.Webhook}")).Is(200).Body["webhook"]!;
        Assert.NotNull(webhook["disabledInstant"]);

        (await _world.Server.Post($"/api/webhook/{_world.Webhook}/resume", null)).Is(200);
        _world.Server.Time.Advance(TimeSpan.FromSeconds(30));
        await _world.Empty();
        Assert.Equal(3, Receiver.Count);
    }

    [Fact]
    public async Task What_failed_for_three_days_is_given_up_with_its_reason_and_comes_back_when_somebody_asks()
    {
        Receiver.Answers = [400];
        var id = await _world.Raise("ada", "poison");
        await Receiver.Next();
        await _world.Waiting("attempts = 1", 1);
        var entry = (await _world.Store.Query("select id from outbox where attempts = 1", row => row.Guid("id")))[0];
        Receiver.Answers = [400, 400];
        await _world.Store.Apply(new Commit().Postpone(entry, 23, _world.Server.Time.UtcNow.ToUnixTimeMilliseconds(), "by the test"));
        await _world.Wake();
        await _world.Waiting("parked_instant is not null", 1);

        var parked = (await _world.Server.Get($"/api/webhook/{_world.Webhook}/deliveries?state=parked")).Is(200).Body;
        Assert.Equal(1, (long)parked["total"]!);
        var shown = parked["deliveries"]![0]!;
        Assert.Equal((id, 24), ((Guid)shown["eventId"]!, (int)shown["attempts"]!));
        Assert.Contains("answered 400", (string)shown["fault"]!, StringComparison.Ordinal);
        Assert.Contains(await Told(), message => message.Contains(entry.ToString(), StringComparison.Ordinal));

        Assert.Equal(1, (int)(await _world.Server.Post($"/api/webhook/{_world.Webhook}/resend", new { eventId = id })).Is(200).Body["resent"]!);
        await _world.Empty();
        await _world.Waiting("parked_instant is not null", 0);
        Assert.Equal(3, Receiver.Count);
    }

    [Fact]
    public async Task What_was_delivered_is_sent_again_when_somebody_asks_one_or_a_range_of_a_type()
    {
        var first = await _world.Raise("ada", "one");
        await _world.Raise("ada", "two", type: Events.EventTypes.UserDeleteComplete);
        for (var i = 0; i < 2; i++) await _world.Next();
        await _world.Empty();

        Assert.Equal(1, await Resent(new { eventId = first }));
        Assert.Equal((first, "one"), await _world.Next());
        await _world.Empty();
        Assert.Equal(1, await Resent(new { start = 0, types = new[] { "user.delete.complete" } }));
        Assert.Equal("two", (await _world.Next()).Text);
        await _world.Empty();
        Assert.Equal(2, await Resent(new { start = 0 }));
        Assert.Equal(0, await Resent(new { start = 0, onlyFailed = true }));
        Assert.Equal(0, await Resent(new { start = _world.Server.Time.UtcNow.ToUnixTimeMilliseconds() + 1 }));
    }

    [Fact]
    public async Task Resending_is_for_those_who_may_see_the_webhook_and_its_tenant()
    {
        var id = await _world.Raise("ada");
        await _world.Next();
        var path = $"/api/webhook/{_world.Webhook}";
        foreach (var wrong in new object[] { new { }, new { eventId = id, start = 0 }, new { start = 5, end = 5 }, new { start = 0, types = new[] { "no.such" } }, new { eventId = "x" } })
            (await _world.Server.Post($"{path}/resend", wrong)).Is(400);
        (await _world.Server.Post($"{path}/resend", new { eventId = Guid.NewGuid() })).Is(404);
        (await _world.Server.Get($"{path}/deliveries?state=lost")).Is(400);
        (await _world.Server.Get($"{path}/deliveries?numberOfResults=501")).Is(400);
        var other = await _world.NewTenant();
        (await _world.Server.Post($"{path}/resend", new { eventId = id }, tenant: other)).Is(404);
        (await _world.Server.Get($"{path}/deliveries", tenant: other)).Is(404);
        (await _world.Server.Get($"{path}/deliveries", tenant: _world.Tenant)).Is(200);
    }

    [Fact]
    public async Task A_queue_whose_webhook_is_gone_empties_itself()
    {
        var gone = Guid.NewGuid();
        await _world.Raise("ada", webhook: gone);
        await _world.Empty(gone);
        Assert.Equal(0, Receiver.Count);
    }

    [Fact]
    public async Task A_restart_delivers_what_waited_with_the_same_id()
    {
        Receiver.Answers = [500];
        var id = await _world.Raise("ada");
        Assert.Equal(id, (await _world.Next()).Id);
        await _world.Waiting("attempts = 1", 1);
        await _world.Restart();
        _world.Server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(id, (await _world.Next()).Id);
        await _world.Empty();
    }

    private async Task<int> Resent(object wanted) => (int)(await _world.Server.Post($"/api/webhook/{_world.Webhook}/resend", wanted)).Is(200).Body["resent"]!;

    private async Task<JsonNode> FirstWaiting() => (await _world.Server.Get($"/api/webhook/{_world.Webhook}/deliveries?state=waiting")).Is(200).Body["deliveries"]![0]!;

    private Task<IReadOnlyList<string>> Told() => _world.Store.Query("select message from event_log where type = 'Error'", row => row.Text("message"));
}
