using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Keys;
using OrleansAuth.Tenants;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// What makes an identity provider valid. Its secret is never shown, and stays with the issuer, the token endpoint and the
/// client that it was given for. A key of one tenant has the providers of this tenant alone.
/// </summary>
internal sealed class IdentityProviderRules() : FamilyRules<IdentityProvider>(Families.IdentityProviders)
{
    protected override bool Sees(IdentityProvider value, RuleContext context) => OwnTenant(context) is not { } own || value.TenantId == own;

    protected override IEnumerable<UniqueName> Names(IdentityProvider value) => value.Domains.Select(domain =>
        new UniqueName(new Storage.ClaimKey($"{Family.Name}-domain/{value.TenantId?.ToString("N") ?? "all"}", domain), "domains"));

    protected override IdentityProvider Complete(IdentityProvider next, IdentityProvider? current, RuleContext context)
    {
        var completed = WithApplicationSecrets(next, current) with
        {
            Domains = [.. next.Domains.Where(d => d is not null).Select(d => d.Trim().ToLowerInvariant()).Distinct()],
            Name = next.Name?.Trim(),
            TenantId = current is not null ? current.TenantId : next.TenantId ?? OwnTenant(context),
            Type = next.Type ?? current?.Type,
        };
        // What was given for one place would otherwise be sent to another that somebody else may have chosen.
        var stays = current is not null && SameTarget(next.OAuth2, current.OAuth2) && next.OAuth2.ClientId == current.OAuth2.ClientId;
        return completed with { OAuth2 = completed.OAuth2 with { ClientSecret = Given(next.OAuth2.ClientSecret) ?? (stays ? current!.OAuth2.ClientSecret : null) } };
    }

    protected override void Check(IdentityProvider next, IdentityProvider? current, RuleContext context, Errors errors)
    {
        if (next.Type is not IdentityProviderType.OpenIDConnect)
        {
            errors.Add("type", next.Type is null ? "missing" : "invalid", next.Type is null
                ? "The [identityProvider.type] must be given: OpenIDConnect."
                : $"Identity providers of the type {next.Type} are not served by this version; OpenIDConnect is.");
            return;
        }

        if (current is not null && current.Type != next.Type) errors.Add("type", "invalid", "The type of an identity provider cannot be changed.");
        errors.Required(next.Name, "name");
        errors.NotLonger(next.ButtonText, "buttonText", 255);
        CheckPicture(next.ButtonImageURL, "buttonImageURL", errors);
        if (next.LambdaConfiguration?.ReconcileId is not null) errors.Add("lambdaConfiguration.reconcileId", "invalid", "Lambdas are not served by this version.");
        CheckTenant(next, current, context, errors);
        ProviderClientRules.Check(next, errors);
        ProviderClientRules.CheckDomains(next.Domains, errors);
        CheckApplications(next, current, context, errors);
        // What is gone since it was named is no fault of whoever changes something else.
        foreach (var (id, tenant) in next.TenantConfiguration)
        {
            var isNew = current?.TenantConfiguration.ContainsKey(id) != true;
            if (isNew && (context.Snapshot.Find<Tenant>(id) is null || (next.TenantId is { } only && only != id))) errors.Add("tenantConfiguration", "invalid", $"There is no tenant with the Id [{id}] for this provider.");
            if (tenant is null) errors.Add("tenantConfiguration", "couldNotConvert", "The configuration of a tenant is an object.");
            else errors.InRange(tenant.LimitUserLinkCount.MaximumLinks, "tenantConfiguration.limitUserLinkCount.maximumLinks", 1, 1_000);
        }
    }

    private static void CheckTenant(IdentityProvider next, IdentityProvider? current, RuleContext context, Errors errors)
    {
        if (current is null && next.TenantId is { } tenant) errors.InTenant(tenant, isNew: true, context);
        if (OwnTenant(context) is { } own && next.TenantId != own) errors.Add("tenantId", "invalid", "A key of one tenant has identity providers of this tenant alone.");
    }

    private static void CheckApplications(IdentityProvider next, IdentityProvider? current, RuleContext context, Errors errors)
    {
        var secrets = ProviderClient.Secrets(next);
        foreach (var (id, own) in next.ApplicationConfiguration)
        {
            var field = $"applicationConfiguration.{id}";
            var isNew = current?.ApplicationConfiguration.ContainsKey(id) != true;
            if (isNew && (context.Snapshot.Find<Application>(id) is not { } application || (next.TenantId is { } tenant && application.TenantId != tenant)))
                errors.Add(field, "invalid", $"There is no application with the Id [{id}] for this provider.");
            errors.NotLonger(own.ButtonText, $"{field}.buttonText", 255);
            CheckPicture(own.ButtonImageURL, $"{field}.buttonImageURL", errors);
            if (own.OAuth2 is not { } client) continue;
            ProviderClientRules.CheckClientId(client.ClientId, $"{field}.oauth2.client_id", errors);
            ProviderClientRules.CheckScope(client.Scope, $"{field}.oauth2.scope", errors);
            if (client.ClientId is not null && next.OAuth2.ClientAuthenticationMethod != ProviderClientAuthentication.None && !secrets.ContainsKey(id))
                errors.Add($"{field}.oauth2.client_secret", "blank", "Another client needs its own secret, and again whenever the issuer, the token endpoint or the client change.");
        }
    }

    private static void CheckPicture(string? url, string field, Errors errors)
    {
        if (url is null) return;
        errors.NotLonger(url, field, 2_048);
        if (!Themes.CssValue.IsPicture(url)) errors.Add(field, "invalid", $"The [identityProvider.{field}] must be an https address or a picture as data:.");
    }

    /// <summary>Secrets of applications leave what is shown. One that was left out is the stored one, where it still goes to the same place.</summary>
    private static IdentityProvider WithApplicationSecrets(IdentityProvider next, IdentityProvider? current)
    {
        var (secrets, stored) = (ImmutableDictionary.CreateBuilder<Guid, string>(), current is null ? ImmutableDictionary<Guid, string>.Empty : ProviderClient.Secrets(current));
        var applications = next.ApplicationConfiguration.Where(a => a.Value is not null).ToImmutableDictionary();
        foreach (var (id, own) in applications)
        {
            if (own.OAuth2 is not { } client) continue;
            var stays = current is not null && SameTarget(next.OAuth2, current.OAuth2) && (current.ApplicationConfiguration.GetValueOrDefault(id)?.OAuth2?.ClientId ?? current.OAuth2.ClientId) == (client.ClientId ?? next.OAuth2.ClientId);
            if ((Given(client.ClientSecret) ?? (stays ? stored.GetValueOrDefault(id) : null)) is { } secret) secrets[id] = secret;
            applications = applications.SetItem(id, own with { OAuth2 = client with { ClientSecret = null } });
        }

        return next with { ApplicationConfiguration = applications, ApplicationSecrets = secrets.Count == 0 ? null : JsonSerializer.Serialize(secrets.ToImmutable(), ContractJson.Options) };
    }

    private static bool SameTarget(ProviderOAuth2Configuration one, ProviderOAuth2Configuration other) => one.Issuer == other.Issuer && one.TokenEndpoint == other.TokenEndpoint;

    private static string? Given(string? secret) => string.IsNullOrEmpty(secret) ? null : secret;

    /// <summary>The tenant that the key which asks is bound to; null where it is bound to none, and for the server itself.</summary>
    private static Guid? OwnTenant(RuleContext context) => context.Snapshot.Find<ApiKey>(context.Actor.ApiKeyId)?.TenantId;
}
