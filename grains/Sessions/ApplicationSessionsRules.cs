using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Sessions;

/// <summary>Revoking all sessions of an application: the instant is the server's, whatever was sent, and never goes back.</summary>
internal sealed class ApplicationSessionsRules() : FamilyRules<ApplicationSessions>(Families.ApplicationSessions)
{
    protected override ApplicationSessions Complete(ApplicationSessions next, ApplicationSessions? current, RuleContext context) =>
        next with { RevokedBefore = Math.Max(context.Now, (current?.RevokedBefore ?? 0) + 1) };

    protected override void Check(ApplicationSessions next, ApplicationSessions? current, RuleContext context, Errors errors)
    {
    }
}
