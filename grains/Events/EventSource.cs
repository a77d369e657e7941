using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Events;

/// <summary>
/// Where events begin. A grain opens the events of an operation, adds what happens, asks whoever may prevent it, and puts the rest into
/// the commit that makes it true. What nobody receives costs one look-up.
/// </summary>
internal sealed class EventSource(ConfigurationReader configuration, TransactionDesk desk, SecretBox secrets, Clock clock)
{
    /// <param name="tenantId">Null for events of the server itself.</param>
    /// <param name="subject">What all of them are about; each receiver hears of one subject in the order of the commits.</param>
    public OperationEvents Begin(Guid? tenantId, Guid subject, EventInfo? info) => new(configuration.Current, desk, secrets, clock, new EventScope(tenantId, subject, info));
}

/// <summary>What the events of one operation have in common; see <see cref="EventSource.Begin"/>.</summary>
internal sealed record EventScope(Guid? TenantId, Guid Subject, EventInfo? Info);
