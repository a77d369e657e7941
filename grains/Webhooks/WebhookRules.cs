using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Keys;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Tenants;

namespace OrleansAuth.Webhooks;

/// <summary>
/// What makes a webhook valid. Its secrets are never shown, and what is sent to the receiver stays with the server that it was given
/// for. A key of one tenant has the webhooks that serve this tenant alone.
/// </summary>
internal sealed class WebhookRules() : FamilyRules<Webhook>(Families.Webhooks)
{
    private const int LongestTimeout = 30_000;
    private const int LongestCertificate = 16 * 1024;
    private const int MostTenants = 10_000;

    protected override bool Sees(Webhook value, RuleContext context) => OwnTenant(context) is not { } own || value.IsOnlyOf(own);

    protected override Outcome<Webhook> Act(Webhook current, ActOnConfiguration command, RuleContext context) => WebhookChange.Apply(current, command, context);

    protected override Webhook Complete(Webhook next, Webhook? current, RuleContext context)
    {
        var sameServer = current is not null && OutgoingTarget.SameServer(next.Url, current.Url);
        return WithHeaderSecrets(next, sameServer ? current!.SecretHeaders() : ImmutableDictionary<string, string>.Empty) with
        {
            DisabledInstant = current?.DisabledInstant,
            DisabledReason = current?.DisabledReason,
            FormerSecrets = current?.FormerSecrets,
            HttpAuthenticationPassword = next.HttpAuthenticationPassword ?? (sameServer && next.HttpAuthenticationUsername == current!.HttpAuthenticationUsername ? current.HttpAuthenticationPassword : null),
            Paused = current?.Paused ?? false,
            Secret = next.Secret ?? current?.Secret ?? WebhookSecrets.New(),
            TenantIds = current is null && !next.Global && next.TenantIds.IsEmpty && OwnTenant(context) is { } own ? [own] : [.. next.TenantIds.Distinct()],
            Url = next.Url?.Trim(),
        };
    }

    /// <summary>Secret values leave what is shown. One that comes back as it was shown is the one that is stored.</summary>
    private static Webhook WithHeaderSecrets(Webhook next, ImmutableDictionary<string, string> stored)
    {
        var secrets = next.Headers.Where(header => OutgoingHeaders.IsSecret(header.Key))
            .ToImmutableDictionary(header => header.Key, header => header.Value == Webhook.HiddenValue ? stored.GetValueOrDefault(header.Key, "") : header.Value);
        return next with
        {
            Headers = next.Headers.SetItems(secrets.Keys.Select(name => KeyValuePair.Create(name, Webhook.HiddenValue))),
            HeaderSecrets = secrets.IsEmpty ? null : JsonSerializer.Serialize(secrets, ContractJson.Options),
        };
    }

    protected override void Check(Webhook next, Webhook? current, RuleContext context, Errors errors)
    {
        OutgoingTarget.CheckUrl(next.Url, "webhook", errors);
        OutgoingTarget.CheckBasic(next.HttpAuthenticationUsername, next.HttpAuthenticationPassword, "webhook", errors);
        OutgoingHeaders.Check(next.HeadersToSend(), "webhook", errors);
        if (next.SecretHeaders().Any(header => header.Value.Length == 0))
            errors.Add("headers", "blank", "A header whose name sounds like a secret needs its value, and again whenever the server of the address changes.");
        errors.NotLonger(next.Description, "description", 1_000);
        CheckTimeout(next.ConnectTimeout, "connectTimeout", errors);
        CheckTimeout(next.ReadTimeout, "readTimeout", errors);
        foreach (var type in next.EventsEnabled.Keys.Where(type => !EventTypes.All.Contains(type)))
            errors.Add($"eventsEnabled.{type}", "invalid", $"There is no event type [{type}].");
        CheckTenants(next, current, context, errors);
        CheckKeys(next, current, context, errors);
        if (!WebhookSecrets.IsValid(next.Secret!))
            errors.Add("secret", "invalid", "The [webhook.secret] is whsec_ and 24 to 64 random bytes as Base64; without one, the server makes it.");
        else if (current?.Secret is { } before && next.Secret != before)
            errors.Add("secret", "invalid", "The secret of a webhook changes by POST /api/webhook/{id}/secret alone, so that the one before can go on signing for a while.");
    }

    protected override void Storing(Webhook next, Webhook? current, Commit commit)
    {
        if (current is not null && next.IsAtWork && !current.IsAtWork) commit.Wake(next.Id);
    }

    protected override void Removing(Webhook current, Commit commit) => commit.Forget(current.Id);

    private static void CheckTimeout(int? value, string field, Errors errors)
    {
        if (value is { } given) errors.InRange(given, field, 1, LongestTimeout);
        else errors.Add(field, "missing", $"The [webhook.{field}] must be given, in milliseconds from 1 to {LongestTimeout}.");
    }

    private static void CheckTenants(Webhook next, Webhook? current, RuleContext context, Errors errors)
    {
        if (next.Global && !next.TenantIds.IsEmpty)
            errors.Add("tenantIds", "invalid", "A global webhook serves all tenants; the [webhook.tenantIds] are for one that does not.");
        if (next.TenantIds.Length > MostTenants) errors.Add("tenantIds", "tooMany", $"A webhook may name at most {MostTenants} tenants.");
        foreach (var tenant in next.TenantIds.Take(MostTenants).Where(id => context.Snapshot.Find<Tenant>(id) is null))
            errors.Add("tenantIds", "invalid", $"There is no tenant with the Id [{tenant}].");
        if (OwnTenant(context) is not { } own) return;
        if (!next.IsOnlyOf(own)) errors.Add("tenantIds", "invalid", "A key of one tenant has webhooks of this tenant alone.");
        foreach (var type in EventTypes.OfSystem.Where(type => next.EventsEnabled.GetValueOrDefault(type)))
            errors.Add($"eventsEnabled.{type}", "invalid", $"The event [{type}] tells about all tenants; a key of one cannot ask for it.");

        // What another tenant's receiver takes for proof could otherwise sign what this tenant makes up.
        if (Keys(next).Except(current is null ? [] : Keys(current)).Any())
            errors.Add("signatureConfiguration.signingKeyId", "invalid", "Keys belong to all tenants, and a key of one tenant cannot choose among them.");
    }

    private static IEnumerable<Guid> Keys(Webhook webhook) => new[] { webhook.SignatureConfiguration.SigningKeyId, webhook.SslCertificateKeyId }.OfType<Guid>();

    private static void CheckKeys(Webhook next, Webhook? current, RuleContext context, Errors errors)
    {
        const string SigningKey = "signatureConfiguration.signingKeyId";
        if (next.SignatureConfiguration is { Enabled: true, SigningKeyId: null })
            errors.Add(SigningKey, "missing", "A signature needs a key: choose one that can sign.");
        TokenRules.CheckSigningKey(next.SignatureConfiguration.SigningKeyId, SigningKey, context.Snapshot, errors);
        if (next.SslCertificateKeyId is { } id && context.Snapshot.Find<Key>(id) is not { HasPrivateKey: true, Certificate: not null })
            errors.Add("sslCertificateKeyId", "invalid", $"There is no key with the Id [{id}] that has a private key and a certificate.");
        errors.NotLonger(next.SslCertificate, "sslCertificate", LongestCertificate);
        if (next.SslCertificate is { Length: > 0 and <= LongestCertificate } pem && pem != current?.SslCertificate && !HoldsCertificates(pem))
            errors.Add("sslCertificate", "invalid", "The [webhook.sslCertificate] is one certificate or several in PEM, without a private key.");
    }

    private static bool HoldsCertificates(string pem)
    {
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal)) return false;
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            return certificates.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            foreach (var certificate in certificates) certificate.Dispose();
        }
    }

    /// <summary>The tenant that the key which asks is bound to; null where it is bound to none, and for the server itself.</summary>
    private static Guid? OwnTenant(RuleContext context) => context.Snapshot.Find<ApiKey>(context.Actor.ApiKeyId)?.TenantId;
}
