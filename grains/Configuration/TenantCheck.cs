using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Configuration;

/// <summary>What every family that lives in tenants asks of its tenant.</summary>
internal static class TenantCheck
{
    /// <summary>The tenant exists; and nothing new is put into one that is being deleted, or it would stay behind.</summary>
    public static void InTenant(this Errors errors, Guid? tenantId, bool isNew, RuleContext context)
    {
        var tenant = context.Snapshot.Find<Tenant>(tenantId);
        if (tenant is null || (isNew && tenant.State != ObjectState.Active))
            errors.Add("tenantId", "invalid", $"There is no tenant with the Id [{tenantId}].");
    }
}
