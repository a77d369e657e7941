using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Webhooks;

/// <summary>What makes a webhook valid.</summary>
internal sealed class WebhookRules() : FamilyRules<Webhook>(Families.Webhooks)
{
    protected override void Check(Webhook next, Webhook? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Url, "url", 2048);
        errors.HttpUrl(next.Url, "url");
    }
}
