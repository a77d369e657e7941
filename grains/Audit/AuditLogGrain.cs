using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Audit;

/// <summary>Writes entries of the audit log one by one, so that their order is that of the calls.</summary>
[GrainType("audit-log")]
internal sealed class AuditLogGrain(IStore store, AuditLog audit, Clock clock) : Grain, IAuditLogGrain
{
    public async Task<Outcome<Guid>> Write(WriteAuditLog command)
    {
        var (id, commit) = (OrderedId.New(clock.Now), new Commit());
        audit.Append(commit, id, command);
        return await store.Apply(commit) is CommitResult.Committed ? id : Refusal.Conflict;
    }
}
