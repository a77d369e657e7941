using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Audit;

/// <summary>
/// Writes what somebody wants to have noted in the audit log: changes that were made elsewhere. What changes here is noted by the commit
/// that changes it. One for each tenant, and one for what belongs to none.
/// </summary>
[Alias("audit-log")]
public interface IAuditLogGrain : IGrainWithStringKey
{
    /// <summary>Writes an entry.</summary>
    /// <returns>The id of its row, by which the reader of the log finds it.</returns>
    [Alias("write")]
    Task<Outcome<Guid>> Write(WriteAuditLog command);
}

/// <param name="InsertUser">Who made the change, in the caller's words.</param>
/// <param name="OldValue">Any JSON.</param>
/// <param name="NewValue">Any JSON.</param>
/// <param name="Data">A JSON object.</param>
/// <param name="Actor">Who writes the entry, which may be somebody else.</param>
[GenerateSerializer, Immutable, Alias("audit-log.write.v1")]
public sealed record WriteAuditLog(Guid? TenantId, string InsertUser, string Message, string? Reason, JsonText? OldValue, JsonText? NewValue, JsonText? Data, Actor Actor);

public static class AuditLogGrainKeys
{
    /// <summary>The only place that knows how the key is written.</summary>
    public static IAuditLogGrain AuditLog(this IGrainFactory grains, Guid? tenantId) => grains.GetGrain<IAuditLogGrain>(tenantId?.ToString("N") ?? "system");
}
