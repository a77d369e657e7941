using OrleansAuth.Configuration;

namespace OrleansAuth.Sessions;

/// <summary>
/// What holds for all sessions of one application; its id is the application's. Kept beside the application, so that
/// replacing the application cannot bring revoked sessions back. No endpoint shows it.
/// </summary>
public sealed record ApplicationSessions : ConfigurationObject, IInTenant
{
    /// <summary>Sessions that were open at this instant are over; milliseconds since 1970.</summary>
    public long RevokedBefore { get; init; }

    public Guid? TenantId { get; init; }
}
