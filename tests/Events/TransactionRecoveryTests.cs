using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Hosting;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

/// <summary>What a dead process left behind is closed, and whoever comes late with a change is refused by the store.</summary>
public sealed class TransactionRecoveryTests : IAsyncLifetime
{
    private readonly Guid _thing = Guid.NewGuid();
    private TransactionWorld _world = null!;
    private AskedTenant _tenant = null!;

    public async Task InitializeAsync()
    {
        _world = await TransactionWorld.Start();
        _tenant = await _world.Tenant(2, (TransactionWorld.Type, TransactionType.AbsoluteMajority));
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    private TransactionRecovery Recovery => _world.Server.Services.GetRequiredService<TransactionRecovery>();

    [Fact]
    public async Task A_change_that_comes_a_minute_late_is_refused_and_its_event_has_failed()
    {
        var events = _world.Events(_tenant, _thing);
        Assert.Null(await events.Ask());
        Assert.Equal("Running", await _world.Result(_thing));
        Assert.Equal(0, await Recovery.Recover());

        _world.Server.Time.Advance(TransactionRecovery.LeftBehind + TimeSpan.FromMilliseconds(1));
        await Recovery.Recover();
        Assert.Equal("Failed", await _world.Result(_thing));

        Assert.IsType<CommitResult.Vetoed>(await events.Apply(TransactionWorld.Thing(_tenant, _thing)));
        Assert.False(await _world.Exists(_thing));
        Assert.Equal("Failed", await _world.Result(_thing));
    }

    [Fact]
    public async Task What_is_decided_is_not_decided_again()
    {
        Assert.IsType<CommitResult.Committed>(await _world.Operate(_tenant, _thing));
        var desk = _world.Server.Services.GetRequiredService<TransactionDesk>();
        var id = (await _world.About(_thing))[0].Id;
        Assert.False(await desk.Fail(id, _tenant.Id));
        Assert.Equal("Succeeded", await _world.Result(_thing));
    }

    [Fact]
    public async Task A_coordinator_that_is_asked_again_goes_on_with_the_same_event()
    {
        // The first coordinator dies after the event was stored: the grain of the repeated call finds it.
        var died = 0;
        _world.Watch.At = (point, _) =>
        {
            if (point == FaultPoint.Begun && Interlocked.Increment(ref died) == 1) throw new InvalidOperationException("The process died.");
        };
        Assert.IsType<CommitResult.Committed>(await _world.Operate(_tenant, _thing));
        Assert.Equal("Succeeded", await _world.Result(_thing));
        Assert.Equal([0, 1], _world.Receivers.Received.Select(asked => asked.Receiver).Order());
        Assert.Single(_world.Receivers.Received.Select(asked => asked.Id).Distinct());
    }

    [Fact]
    public async Task A_coordinator_that_is_asked_about_a_decided_event_does_not_contradict()
    {
        _world.Receivers.Answer = _ => Task.FromResult(500);
        Assert.IsType<CommitResult.Vetoed>(await _world.Operate(_tenant, _thing));
        var id = (await _world.About(_thing))[0].Id;
        var asked = _world.Receivers.Received.Count;
        _world.Receivers.Answer = _ => Task.FromResult(200);

        var again = await _world.Server.Services.GetRequiredService<IGrainFactory>().EventTransaction(_tenant.Id, id).Decide(
            new EventProposal(id, _tenant.Id, TransactionWorld.Type, TransactionType.Any, JsonText.From(new { }), [.. _tenant.Webhooks]) { Subject = "thing", Patience = TimeSpan.FromSeconds(5) });
        Assert.False(again.Agreed);
        Assert.Equal(asked, _world.Receivers.Received.Count);
        Assert.Equal("Failed", await _world.Result(_thing));
    }

    [Fact]
    public async Task Nothing_holds_up_events_whose_tenant_is_gone()
    {
        var events = _world.Events(_tenant, _thing);
        Assert.Null(await events.Ask());
        while (await _world.Store.PurgeTenant(_tenant.Id, 1_000) > 0)
        {
        }

        Assert.IsType<CommitResult.Vetoed>(await events.Apply(TransactionWorld.Thing(_tenant, _thing)));
        _world.Server.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await Recovery.Recover());
    }

    [Fact]
    public async Task Decisions_leave_the_store_when_nobody_can_come_late_any_more_and_results_stay()
    {
        Assert.IsType<CommitResult.Committed>(await _world.Operate(_tenant, _thing));
        var id = (await _world.About(_thing))[0].Id;
        await Recovery.Forget();
        Assert.Equal(EventResult.Succeeded, await EventTransactions.Find(_world.Store, id));

        _world.Server.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        await Recovery.Forget();
        Assert.Null(await EventTransactions.Find(_world.Store, id));
        Assert.Equal("Succeeded", Assert.Single(await _world.About(_thing)).Result);
    }
}
