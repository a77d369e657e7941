using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Webhooks;

/// <summary>The actions of webhooks (<see cref="WebhookActions"/>).</summary>
internal static class WebhookChange
{
    private const int LongestReason = 500;

    public static Outcome<Webhook> Apply(Webhook current, ActOnConfiguration command, RuleContext context)
    {
        switch (command.Action)
        {
            case WebhookActions.Pause:
                return current with { Paused = true };
            case WebhookActions.Resume:
                return current with { Paused = false, DisabledInstant = null, DisabledReason = null };
            case WebhookActions.Disable:
                var reason = command.Argument!.Read<DisabledWebhook>().Reason;
                return current with { DisabledInstant = current.DisabledInstant ?? context.Now, DisabledReason = reason[..Math.Min(reason.Length, LongestReason)] };
            case WebhookActions.Renew:
                return Renew(current, command.Argument!.Read<NewWebhookSecret>(), context.Now);
            case WebhookActions.Serve:
                var added = command.Argument!.Read<WebhookTenant>().TenantId;
                return current.Serves(added) ? current : current with { TenantIds = current.TenantIds.Add(added) };
            case WebhookActions.Leave:
                return current with { TenantIds = current.TenantIds.Remove(command.Argument!.Read<WebhookTenant>().TenantId) };
            default:
                throw new NotSupportedException($"A webhook cannot be {command.Action}.");
        }
    }

    private static Outcome<Webhook> Renew(Webhook current, NewWebhookSecret wanted, long now)
    {
        var longest = (long)WebhookSecrets.LongestOverlap.TotalSeconds;
        if (wanted.OverlapInSeconds < 0 || wanted.OverlapInSeconds > longest)
            return Refusal.Invalid(ContractError.At("overlapInSeconds", "invalid", $"The [overlapInSeconds] must be between 0 and {longest}."));
        if (wanted.Secret is { } own && !WebhookSecrets.IsValid(own))
            return Refusal.Invalid(ContractError.At("secret", "invalid", "The [secret] is whsec_ and 24 to 64 random bytes as Base64; without one, the server makes it."));
        return WebhookSecrets.Renew(current, wanted.Secret ?? WebhookSecrets.New(), now, TimeSpan.FromSeconds(wanted.OverlapInSeconds));
    }
}
