using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Forms;
using OrleansAuth.Keys;
using OrleansAuth.Mail;
using OrleansAuth.OAuth;
using OrleansAuth.Storage;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;
using OrleansAuth.Verification;

namespace OrleansAuth.Applications;

/// <summary>What makes an application valid, and what the server completes in one.</summary>
internal sealed class ApplicationRules() : FamilyRules<Application>(Families.Applications)
{
    /// <summary>Schemes that a browser would run or read from the user's own machine.</summary>
    private static readonly string[] NeverRedirected = ["javascript", "data", "vbscript", "file", "blob"];

    public override bool RemovesAtOnce => false;

    public override IReadOnlyCollection<string> NotCopied => ["name", "active", "state", "oauthConfiguration.clientId", "oauthConfiguration.clientSecret", "roles.id", "scopes.id"];

    public override ItemRules? Items(string list) => list switch
    {
        "roles" => new RoleRules(),
        "scopes" => new ScopeRules(),
        _ => null,
    };

    protected override IEnumerable<UniqueName> Names(Application value) =>
    [
        Name(value.Name, value.TenantId),
        new(new ClaimKey("client-id", value.ClientId), "oauthConfiguration.clientId"),
    ];

    protected override Application Activate(Application value, bool active) =>
        value with { Active = active, State = active ? ObjectState.Active : ObjectState.Inactive };

    protected override Refusal? RefuseRemoval(Application current, RuleContext context) =>
        current.Id == WellKnown.AdministrationApplication || current.Id == WellKnown.TenantManagerApplication
        ? Refusal.Invalid(ContractError.General("[administrationApplication]", "The applications that every system has cannot be deactivated or deleted."))
        : null;

    protected override void Raise(Application? next, Application? current, RuleContext context, OperationEvents events)
    {
        if (next is not null && current is not null) PublicKeyChange.Raise(current, next, context, events);
    }

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
            RegistrationDeletePolicy = new ApplicationRegistrationDeletePolicy { Unverified = VerificationRules.Completed(next.RegistrationDeletePolicy.Unverified, current?.RegistrationDeletePolicy.Unverified, context.Now) },
            Roles = CompleteRoles(next.Roles, current, context),
            Scopes = CompleteScopes(next.Scopes, current, next.Id, context),
        };
    }

    /// <summary>Roles have operations of their own, so an update that sends none keeps those there are; one that names them again keeps their ids.</summary>
    private static ImmutableArray<ApplicationRole> CompleteRoles(ImmutableArray<ApplicationRole> roles, Application? current, RuleContext context)
    {
        if (roles.IsEmpty) return current?.Roles ?? [];
        if (roles.Length > ItemRules.MostItems) return roles; // refused by the check; not worth completing
        var byId = current?.Roles.ToLookup(r => r.Id);
        var byName = current?.Roles.ToLookup(r => r.Name, StringComparer.OrdinalIgnoreCase);
        return [.. roles.Select(role => RoleRules.Completed(role, (role.Id is { } id ? byId?[id] : byName?[role.Name?.Trim()])?.FirstOrDefault(), role.Id, context))];
    }

    private static ImmutableArray<ApplicationOAuthScope> CompleteScopes(ImmutableArray<ApplicationOAuthScope> scopes, Application? current, Guid applicationId, RuleContext context)
    {
        if (scopes.IsEmpty) return current?.Scopes ?? [];
        var byId = current?.Scopes.ToLookup(s => s.Id);
        var byName = current?.Scopes.ToLookup(s => s.Name);
        return [.. scopes.Select(scope => ScopeRules.Completed(scope, (scope.Id is { } id ? byId?[id] : byName?[scope.Name])?.FirstOrDefault(), scope.Id, applicationId, context))];
    }

    protected override void Check(Application next, Application? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        errors.InTenant(next.TenantId, current is null, context);
        var oauth = next.OauthConfiguration;
        foreach (var url in oauth.AuthorizedRedirectURLs) CheckRedirect(url, oauth.AuthorizedURLValidationPolicy, errors);
        foreach (var grant in oauth.EnabledGrants.Where(g => !GrantTypes.All.Contains(g)))
            errors.Add("oauthConfiguration.enabledGrants", "invalid", $"There is no grant [{grant}].");
        errors.HttpUrl(oauth.LogoutURL, "oauthConfiguration.logoutURL");
        errors.HttpUrl(oauth.BackChannelLogoutURL, "oauthConfiguration.backChannelLogoutURL");
        errors.NotLonger(oauth.ClientSecret, "oauthConfiguration.clientSecret", 255);
        errors.Theme(next.ThemeId, current?.ThemeId, context);
        VerificationRules.Check(next, errors);
        errors.Form(next.RegistrationConfiguration.FormId, current?.RegistrationConfiguration.FormId, FormType.Registration, "registrationConfiguration.formId", context);
        errors.Form(next.FormConfiguration.AdminRegistrationFormId, current?.FormConfiguration.AdminRegistrationFormId, FormType.AdminRegistration, "formConfiguration.adminRegistrationFormId", context);
        errors.Form(next.FormConfiguration.SelfServiceFormId, current?.FormConfiguration.SelfServiceFormId, FormType.SelfServiceUser, "formConfiguration.selfServiceFormId", context);
        CheckItems(next, context, errors);
        errors.Templates(next, current, context.Snapshot);
        if (next.JwtConfiguration.Enabled) TokenRules.Check(next.JwtConfiguration, "jwtConfiguration", context.Snapshot, errors);
    }

    private static void CheckItems(Application next, RuleContext context, Errors errors)
    {
        if (next.Roles.Length > ItemRules.MostItems) errors.Add("roles", "tooMany", $"An application may have at most {ItemRules.MostItems} roles.");
        if (next.Scopes.Length > ItemRules.MostItems) errors.Add("scopes", "tooMany", $"An application may have at most {ItemRules.MostItems} scopes.");
        if (errors.Any) return;
        var taken = RoleRules.OfOthers(next.Id, context);
        foreach (var role in next.Roles) RoleRules.Checked(role, taken, errors, "roles.");
        foreach (var scope in next.Scopes) ScopeRules.Checked(scope, errors, "scopes.");
        Different(next.Roles.Select(r => r.Name?.ToUpperInvariant()), "roles", "names");
        Different(next.Roles.Select(r => r.Id), "roles", "ids");
        Different(next.Scopes.Select(s => s.Name?.ToUpperInvariant()), "scopes", "names");
        Different(next.Scopes.Select(s => s.Id), "scopes", "ids");

        void Different<T>(IEnumerable<T> values, string list, string what)
        {
            if (values.GroupBy(v => v).Any(same => same.Skip(1).Any())) errors.Add(list, "duplicate", $"The {list} of an application have different {what}.");
        }
    }

    /// <summary>A redirect address is absolute and has no fragment (RFC 6749, section 3.1.2); a wildcard only where the policy allows it.</summary>
    private static void CheckRedirect(string url, AuthorizedUrlValidationPolicy policy, Errors errors)
    {
        var plain = policy == AuthorizedUrlValidationPolicy.AllowWildcards ? url.Replace("*", "x", StringComparison.Ordinal) : url;
        // The scheme is looked for in the text, because a path such as /callback is an absolute file address to the parser.
        var harmless = url.Length <= 2048 && !url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) && Uri.CheckSchemeName(plain.Split(':')[0]) && plain.Contains(':', StringComparison.Ordinal)
            && Uri.TryCreate(plain, UriKind.Absolute, out var uri) && uri is { Fragment.Length: 0, UserInfo.Length: 0 } && !NeverRedirected.Contains(uri.Scheme);
        if (!harmless || plain.Contains('*', StringComparison.Ordinal))
            errors.Add("oauthConfiguration.authorizedRedirectURLs", "invalid", $"[{url}] is not an absolute URL without a fragment.");
    }

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
