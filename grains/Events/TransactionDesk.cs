using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;

namespace OrleansAuth.Events;

/// <summary>Where operations have their events decided, and where decisions that nobody takes up are closed.</summary>
internal sealed class TransactionDesk(IGrainFactory grains, IStore store, Clock clock, IFaultPoints faults)
{
    /// <summary>
    /// Asks the receivers of an event. A coordinator whose process died is asked once more, about the same event: the next activation
    /// goes on where it stopped.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing is decided; what is still running is declared failed later.</exception>
    public async Task<EventDecision> Decide(EventProposal proposal)
    {
        var coordinator = grains.EventTransaction(proposal.TenantId, proposal.Id);
        try
        {
            return await coordinator.Decide(proposal);
        }
        catch (Exception reason) when (reason is not StoreUnavailableException && Left(proposal) is var left && left > TimeSpan.Zero)
        {
            return await coordinator.Decide(proposal with { Patience = left });
        }
    }

    /// <summary>Commits a change with what its events decided.</summary>
    /// <param name="asked">The events of the commit that receivers agreed to.</param>
    public async Task<CommitResult> Commit(Commit commit, IReadOnlyList<Guid> asked)
    {
        foreach (var id in asked) faults.Reach(FaultPoint.Agreed, id);
        var result = await store.Apply(commit);
        foreach (var id in asked) faults.Reach(FaultPoint.Committed, id);
        return result;
    }

    /// <summary>
    /// Declares an event failed whose change did not happen. One that is decided stays as it is, so this is safe where nobody knows
    /// whether the change was committed.
    /// </summary>
    /// <returns>Whether it is this call that decided.</returns>
    public async Task<bool> Fail(Guid eventId, Guid? tenantId)
    {
        if (await store.Apply(new Commit().DecideTransaction(eventId, tenantId, EventResult.Failed, clock.Now)) is CommitResult.Committed) return true;
        // Without its row nothing can be committed with the event any more.
        if (await EventTransactions.Find(store, eventId) is null) await store.Apply(new Commit().NoteResult(eventId, EventResult.Failed, clock.Now));
        return false;
    }

    /// <summary>Declares an event failed that its process left behind.</summary>
    /// <returns>Whether it is this call that decided.</returns>
    public async Task<bool> Recover(Guid eventId, Guid? tenantId)
    {
        faults.Reach(FaultPoint.Recovering, eventId);
        var decided = await Fail(eventId, tenantId);
        faults.Reach(FaultPoint.Recovered, eventId);
        return decided;
    }

    private TimeSpan Left(EventProposal proposal) => proposal.Patience - TimeSpan.FromMilliseconds(clock.Now - proposal.Asked);
}
