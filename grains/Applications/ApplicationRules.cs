using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Tenants;

namespace OrleansAuth.Applications;

/// <summary>What makes an application valid, and what the server completes in one.</summary>
internal sealed class ApplicationRules() : FamilyRules<Application>(Families.Applications)
{
    private static readonly string[] Grants =
    [
        "authorization_code", "implicit", "password", "client_credentials", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
    ];

    public override bool RemovesAtOnce => false;

    public override IReadOnlyCollection<string> NotCopied => ["name", "active", "state"];

    public override ItemRules? Items(string list) => list switch
    {
        "roles" => new RoleRules(),
        "scopes" => new ScopeRules(),
        _ => null,
    };

    protected override IEnumerable<UniqueName> Names(Application value) =>
    [
        Name(value.Name, value.TenantId),
        new(new ClaimKey("client-id", value.OauthConfiguration.ClientId ?? value.Id.ToString()), "oauthConfiguration.clientId"),
    ];

    protected override Application Activate(Application value, bool active) =>
        value with { Active = active, State = active ? ObjectState.Active : ObjectState.Inactive };

    protected override Refusal? RefuseRemoval(Application current, RuleContext context) => current.Id == WellKnown.AdministrationApplication
        ? Refusal.Invalid(ContractError.General("[administrationApplication]", "The administration application cannot be deactivated or deleted."))
        : null;

    /// <summary>Registrations in the users' own state go with the application too: they are not shown once it is gone.</summary>
    protected override void Removing(Application current, Commit commit) =>
        commit.Delete(Tables.UserRegistration, ("application_id", current.Id)).Delete(Tables.RefreshToken, ("application_id", current.Id));

    protected override Application Complete(Application next, Application? current, RuleContext context)
    {
        var oauth = next.OauthConfiguration;
        return next with
        {
            Name = next.Name.Trim(),
            Active = current?.Active ?? true,
            State = current?.State ?? ObjectState.Active,
            OauthConfiguration = oauth with
            {
                ClientId = current?.OauthConfiguration.ClientId ?? next.Id.ToString(),
                ClientSecret = string.IsNullOrWhiteSpace(oauth.ClientSecret) ? current?.OauthConfiguration.ClientSecret ?? NewSecret() : oauth.ClientSecret,
            },
            Roles = CompleteRoles(next.Roles, current, context),
            Scopes = CompleteScopes(next.Scopes, current, next.Id, context),
        };
    }

    /// <summary>Roles have operations of their own, so an update that sends none keeps those there are; one that names them again keeps their ids.</summary>
    private static ImmutableArray<ApplicationRole> CompleteRoles(ImmutableArray<ApplicationRole> roles, Application? current, RuleContext context)
    {
        if (roles.IsEmpty) return current?.Roles ?? [];
        return [.. roles.Select(role => RoleRules.Completed(role, current?.Roles.FirstOrDefault(r => r.Id == role.Id || (role.Id is null && r.Name == role.Name)), role.Id, context))];
    }

    private static ImmutableArray<ApplicationOAuthScope> CompleteScopes(ImmutableArray<ApplicationOAuthScope> scopes, Application? current, Guid applicationId, RuleContext context)
    {
        if (scopes.IsEmpty) return current?.Scopes ?? [];
        return [.. scopes.Select(scope => ScopeRules.Completed(scope, current?.Scopes.FirstOrDefault(s => s.Id == scope.Id), scope.Id, applicationId, context))];
    }

    protected override void Check(Application next, Application? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        if (next.TenantId is null || context.Snapshot.Find<Tenant>(next.TenantId) is null)
            errors.Add("tenantId", "invalid", "The application must belong to a tenant that exists.");
        var oauth = next.OauthConfiguration;
        foreach (var url in oauth.AuthorizedRedirectURLs) CheckRedirect(url, oauth.AuthorizedURLValidationPolicy, errors);
        foreach (var grant in oauth.EnabledGrants.Where(g => !Grants.Contains(g)))
            errors.Add("oauthConfiguration.enabledGrants", "invalid", $"There is no grant [{grant}].");
        errors.HttpUrl(oauth.LogoutURL, "oauthConfiguration.logoutURL");
        errors.NotLonger(oauth.ClientSecret, "oauthConfiguration.clientSecret", 255);
        foreach (var role in next.Roles) RoleRules.Checked(role, errors, "roles");
        if (next.Roles.Select(r => r.Name?.ToUpperInvariant()).Distinct().Count() != next.Roles.Length)
            errors.Add("roles", "duplicate", "The roles of an application have different names.");
        if (next.JwtConfiguration.Enabled) TokenRules.Check(next.JwtConfiguration, "jwtConfiguration", context.Snapshot, errors);
    }

    /// <summary>A redirect address is absolute and has no fragment (RFC 6749, section 3.1.2); a wildcard only where the policy allows it.</summary>
    private static void CheckRedirect(string url, AuthorizedUrlValidationPolicy policy, Errors errors)
    {
        var plain = policy == AuthorizedUrlValidationPolicy.AllowWildcards ? url.Replace("*", "x", StringComparison.Ordinal) : url;
        if (!Uri.TryCreate(plain, UriKind.Absolute, out var uri) || uri.Fragment.Length > 0 || plain.Contains('*', StringComparison.Ordinal) || url.Length > 2048 || url.Any(char.IsControl))
            errors.Add("oauthConfiguration.authorizedRedirectURLs", "invalid", $"[{url}] is not an absolute URL without a fragment.");
    }

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
