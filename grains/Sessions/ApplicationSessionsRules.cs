using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Storage.Tokens;

namespace OrleansAuth.Sessions;

/// <summary>Revoking all sessions of an application: the instant is the server's, whatever was sent, and never goes back.</summary>
internal sealed class ApplicationSessionsRules() : FamilyRules<ApplicationSessions>(Families.ApplicationSessions)
{
    protected override ApplicationSessions Complete(ApplicationSessions next, ApplicationSessions? current, RuleContext context) =>
        next with { RevokedBefore = Math.Max(context.Now, (current?.RevokedBefore ?? 0) + 1) };

    /// <summary>Every change of this object is a revocation; for receivers it is the event of the application's users all at once.</summary>
    protected override void Raise(ApplicationSessions? next, ApplicationSessions? current, RuleContext context, OperationEvents events)
    {
        if (next is not { TenantId: { } tenantId }) return;
        events.Add(EventTypes.JwtRefreshTokenRevoke, () => new JsonObject
        {
            ["applicationId"] = next.Id,
            ["applicationTimeToLiveInSeconds"] = TokenSettings.Find(context.Snapshot, tenantId, next.Id) is { } settings
                ? new JsonObject { [next.Id.ToString()] = settings.Jwt.TimeToLiveInSeconds }
                : [],
        });
    }

    protected override void Check(ApplicationSessions next, ApplicationSessions? current, RuleContext context, Errors errors)
    {
    }
}
