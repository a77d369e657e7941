using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

/// <summary>Receivers are asked before a change, and the change, its events and what is still owed are one commit or none.</summary>
public sealed class TransactionTests : IAsyncLifetime
{
    private static readonly (string, TransactionType) Simple = (TransactionWorld.Type, TransactionType.SimpleMajority);
    private readonly Guid _thing = Guid.NewGuid();
    private TransactionWorld _world = null!;

    public async Task InitializeAsync() => _world = await TransactionWorld.Start();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task What_enough_receivers_take_happens_and_nobody_is_told_twice()
    {
        var tenant = await _world.Tenant(3, (TransactionWorld.Type, TransactionType.AbsoluteMajority));
        Assert.IsType<CommitResult.Committed>(await _world.Operate(tenant, _thing));

        Assert.True(await _world.Exists(_thing));
        Assert.Equal("Succeeded", await _world.Result(_thing));
        var id = (await _world.About(_thing))[0].Id;
        Assert.Empty(await _world.Owed(id));
        Assert.Equal([0, 1, 2], _world.Receivers.Received.Select(asked => asked.Receiver).Order());
        Assert.All(_world.Receivers.Received, asked => Assert.Equal((id, TransactionWorld.Type), (asked.Id, asked.Type)));
        Assert.Equal(tenant.Webhooks.Order(), (await _world.Attempts(id)).Select(attempts => attempts.Key).Order());
    }

    [Fact]
    public async Task Receivers_are_asked_while_nothing_is_there_yet()
    {
        var tenant = await _world.Tenant(1, Simple);
        var seen = new List<bool>();
        _world.Receivers.Answer = async _ =>
        {
            seen.Add(await _world.Exists(_thing));
            Assert.Equal("Running", (await _world.About(_thing))[0].Result);
            return 200;
        };
        Assert.IsType<CommitResult.Committed>(await _world.Operate(tenant, _thing));
        Assert.Equal([false], seen);
    }

    [Fact]
    public async Task What_too_few_receivers_take_does_not_happen_and_is_not_sent_again()
    {
        var tenant = await _world.Tenant(3, Simple);
        _world.Receivers.Answer = asked => Task.FromResult(asked.Receiver == 0 ? 200 : 500);
        Assert.Equal(RefusalKind.Vetoed, Assert.IsType<CommitResult.Vetoed>(await _world.Operate(tenant, _thing)).Why.Kind);

        Assert.False(await _world.Exists(_thing));
        Assert.Equal("Failed", await _world.Result(_thing));
        Assert.Empty(await _world.Owed((await _world.About(_thing))[0].Id));
    }

    [Fact]
    public async Task Who_failed_although_enough_agreed_is_owed_the_event_after_a_pause()
    {
        var tenant = await _world.Tenant(2, Simple);
        var failed = new TaskCompletionSource();
        _world.Receivers.Answer = async asked =>
        {
            if (asked.Receiver == 1) return 503;
            await failed.Task;
            return 200;
        };
        var operation = _world.Operate(tenant, _thing);
        await _world.Receivers.Got(asked => asked.Receiver == 1);
        var id = (await _world.About(_thing))[0].Id;
        await _world.Watch.Reached(FaultPoint.Reported, id);
        failed.SetResult();
        Assert.IsType<CommitResult.Committed>(await operation);

        var owed = Assert.Single(await _world.Owed(id));
        Assert.Equal((tenant.Webhooks[1], 1), (owed.Key, owed.Value));
    }

    [Fact]
    public async Task The_decision_waits_for_nobody_who_cannot_change_it()
    {
        var tenant = await _world.Tenant(3, Simple);
        _world.Receivers.Answer = asked => asked.Receiver == 2 ? Never() : Task.FromResult(200);
        Assert.IsType<CommitResult.Committed>(await _world.Operate(tenant, _thing));

        // The third is at work on it and is owed it until it has answered.
        Assert.Equal(tenant.Webhooks[2], Assert.Single(await _world.Owed((await _world.About(_thing))[0].Id)).Key);

        var other = Guid.NewGuid();
        _world.Receivers.Answer = asked => asked.Receiver == 2 ? Never() : Task.FromResult(500);
        Assert.IsType<CommitResult.Vetoed>(await _world.Operate(tenant, other));
        Assert.Equal("Failed", await _world.Result(other));
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_has_not_agreed()
    {
        var tenant = await _world.Tenant(2, (TransactionWorld.Type, TransactionType.AbsoluteMajority));
        _world.Receivers.Answer = asked => asked.Receiver == 1 ? Never() : Task.FromResult(200);
        var operation = _world.Operate(tenant, _thing);
        await _world.Receivers.Got(asked => asked.Receiver == 1);
        await _world.Watch.Reached(FaultPoint.Reported, (await _world.About(_thing))[0].Id);
        Assert.False(operation.IsCompleted);

        // Connect and read timeout of the receiver, and a second for the way.
        _world.Server.Time.Advance(TimeSpan.FromSeconds(22));
        Assert.IsType<CommitResult.Vetoed>(await operation);
        Assert.False(await _world.Exists(_thing));
    }

    [Fact]
    public async Task An_answer_after_the_decision_is_noted_and_changes_nothing()
    {
        var tenant = await _world.Tenant(2, (TransactionWorld.Type, TransactionType.AbsoluteMajority));
        var late = new TaskCompletionSource<int>();
        _world.Receivers.Answer = asked => asked.Receiver == 1 ? late.Task : Task.FromResult(500);
        Assert.IsType<CommitResult.Vetoed>(await _world.Operate(tenant, _thing));
        var id = (await _world.About(_thing))[0].Id;

        late.SetResult(200);
        await Noted(id, tenant.Webhooks[1]);
        Assert.Equal("Failed", await _world.Result(_thing));
        Assert.False(await _world.Exists(_thing));
    }

    [Fact]
    public async Task A_webhook_that_its_stream_did_not_reach_is_asked_directly()
    {
        var tenant = await _world.Tenant(3, (TransactionWorld.Type, TransactionType.AbsoluteMajority));
        var published = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Watch.At = (point, _) =>
        {
            if (point == FaultPoint.Publishing) throw new InvalidOperationException("The item is lost.");
            if (point == FaultPoint.Published) published.SetResult();
        };
        var operation = _world.Operate(tenant, _thing);
        await published.Task;
        await _world.Server.Time.TimerDueWithin(TimeSpan.FromMilliseconds(150));
        Assert.Empty(_world.Receivers.Received);
        _world.Server.Time.Advance(TimeSpan.FromMilliseconds(150));

        Assert.IsType<CommitResult.Committed>(await operation);
        Assert.Equal([0, 1, 2], _world.Receivers.Received.Select(asked => asked.Receiver).Order());
    }

    [Fact]
    public async Task A_slow_webhook_is_asked_by_both_ways_and_hears_it_once()
    {
        var tenant = await _world.Tenant(1, Simple);
        var slow = new TaskCompletionSource<int>();
        _world.Receivers.Answer = _ => slow.Task;
        var operation = _world.Operate(tenant, _thing);
        await _world.Receivers.Got(_ => true);
        await _world.Server.Time.TimerDueWithin(TimeSpan.FromMilliseconds(150));
        _world.Server.Time.Advance(TimeSpan.FromMilliseconds(150));
        slow.SetResult(200);
        Assert.IsType<CommitResult.Committed>(await operation);
        Assert.Single(_world.Receivers.Received);
    }

    [Fact]
    public async Task The_second_of_two_events_that_is_refused_takes_the_first_along()
    {
        var tenant = await _world.Tenant(1, (EventTypes.UserCreate, TransactionType.Any), (EventTypes.UserRegistrationCreate, TransactionType.Any));
        _world.Receivers.Answer = asked => Task.FromResult(asked.Type == EventTypes.UserCreate ? 200 : 400);
        Assert.IsType<CommitResult.Vetoed>(await _world.Operate(tenant, _thing, null, EventTypes.UserCreate, EventTypes.UserRegistrationCreate, EventTypes.UserCreateComplete));

        Assert.Equal([(EventTypes.UserCreate, "Failed"), (EventTypes.UserRegistrationCreate, "Failed")], (await _world.About(_thing)).Select(e => (e.Type, e.Result)));
        Assert.Equal([EventTypes.UserCreate, EventTypes.UserRegistrationCreate], _world.Receivers.Received.Select(asked => asked.Type));
        Assert.False(await _world.Exists(_thing));
    }

    [Fact]
    public async Task A_change_that_loses_its_race_takes_its_events_along()
    {
        var tenant = await _world.Tenant(1, Simple);
        Assert.IsType<CommitResult.Committed>(await _world.Operate(tenant, _thing));
        Assert.IsType<CommitResult.Conflict>(await _world.Operate(tenant, _thing));
        Assert.Equal(["Succeeded", "Failed"], (await _world.About(_thing)).Select(e => e.Result));
    }

    [Fact]
    public async Task Two_events_have_no_more_time_than_one_caller_has()
    {
        var tenant = await _world.Tenant(1, (EventTypes.UserCreate, TransactionType.Any), (EventTypes.UserRegistrationCreate, TransactionType.Any));
        var first = new TaskCompletionSource<int>();
        _world.Receivers.Answer = asked => asked.Type == EventTypes.UserCreate ? first.Task : Never();
        var operation = _world.Operate(tenant, _thing, null, EventTypes.UserCreate, EventTypes.UserRegistrationCreate);
        await _world.Receivers.Got(asked => asked.Type == EventTypes.UserCreate);
        _world.Server.Time.Advance(TimeSpan.FromSeconds(18));
        first.SetResult(200);
        await _world.Receivers.Got(asked => asked.Type == EventTypes.UserRegistrationCreate);
        _world.Server.Time.Advance(TimeSpan.FromSeconds(7));
        Assert.IsType<CommitResult.Vetoed>(await operation);
    }

    [Fact]
    public async Task Nobody_is_asked_about_what_a_stranger_brings_about()
    {
        Assert.True(EventTypes.Unasked.IsSubsetOf(EventTypes.Transactional));
        var tenant = await _world.Tenant(2, (EventTypes.UserLoginFailed, TransactionType.AbsoluteMajority));
        _world.Receivers.Answer = _ => Never();
        Assert.IsType<CommitResult.Committed>(await _world.Operate(tenant, _thing, null, EventTypes.UserLoginFailed));
        Assert.Equal(2, (await _world.Owed((await _world.About(_thing))[0].Id)).Count);
    }

    [Fact]
    public async Task Nobody_is_asked_where_the_operation_says_so()
    {
        var tenant = await _world.Tenant(1, Simple);
        _world.Receivers.Answer = _ => Never();
        var events = _world.Source.Begin(tenant.Id, _thing, null).Add(TransactionWorld.Type, () => [], transaction: TransactionType.None);
        Assert.IsType<CommitResult.Committed>(await events.Apply(TransactionWorld.Thing(tenant, _thing)));
        Assert.Single(await _world.Owed((await _world.About(_thing))[0].Id));
    }

    [Fact]
    public async Task A_tenant_without_receivers_is_not_held_up()
    {
        var tenant = await _world.Tenant(0, (TransactionWorld.Type, TransactionType.AbsoluteMajority));
        Assert.IsType<CommitResult.Committed>(await _world.Operate(tenant, _thing));
        Assert.Empty(await _world.About(_thing));
    }

    [Fact]
    public async Task Another_tenants_receivers_are_not_asked()
    {
        var (mine, other) = (await _world.Tenant(1, Simple), await _world.Tenant(1, Simple));
        Assert.IsType<CommitResult.Committed>(await _world.Operate(mine, _thing));
        Assert.Equal(mine.Id, (Guid)Assert.Single(_world.Receivers.Received).Event["tenantId"]!);
        Assert.NotEqual(mine.Id, other.Id);
    }

    [Fact]
    public async Task A_commit_without_asking_is_a_mistake_that_shows()
    {
        var tenant = await _world.Tenant(1, Simple);
        Assert.Throws<InvalidOperationException>(() => _world.Events(tenant, _thing).AddTo(new Commit()));
    }

    [Fact]
    public async Task An_event_with_secrets_is_readable_for_its_receiver_and_sealed_in_the_store()
    {
        var tenant = await _world.Tenant(1, (EventTypes.JwtRefresh, TransactionType.Any));
        Assert.IsType<CommitResult.Committed>(await _world.Operate(tenant, _thing, new JsonObject { ["token"] = "only-for-the-receiver" }, EventTypes.JwtRefresh));
        Assert.Equal("only-for-the-receiver", (string?)Assert.Single(_world.Receivers.Received).Event["token"]);
        Assert.DoesNotContain("only-for-the-receiver", Assert.Single(await _world.Store.Query("select body from webhook_event where linked_object_id = @thing", row => row.Text("body"), default, ("thing", _thing))), StringComparison.Ordinal);
    }

    /// <summary>Until the receivers go.</summary>
    private async Task<int> Never()
    {
        await Task.Delay(Timeout.Infinite, _world.Receivers.Ending);
        return 0;
    }

    private async Task Noted(Guid eventId, Guid webhook)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await _world.Attempts(eventId)).Contains(webhook)) await Task.Delay(20, patience.Token);
    }
}
