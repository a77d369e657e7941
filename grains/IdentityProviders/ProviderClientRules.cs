using System.Collections.Immutable;
using System.Text.RegularExpressions;
using OrleansAuth.Common;

namespace OrleansAuth.IdentityProviders;

/// <summary>What makes a client of a provider valid: addresses, names of claims, its secret.</summary>
internal static partial class ProviderClientRules
{
    private const int LongestUrl = 2_048;
    private const int LongestSecret = 4_000;
    private const int LongestName = 255;
    private const int MostDomains = 1_000;

    public static void Check(IdentityProvider next, Errors errors)
    {
        var oauth = next.OAuth2;
        if (oauth.Issuer is null) errors.Add("oauth2.issuer", "blank", "The [identityProvider.oauth2.issuer] must be given: its discovery document says which keys sign ID tokens.");
        CheckUrl(oauth.Issuer, "oauth2.issuer", errors);
        if (oauth.Issuer?.Contains('?', StringComparison.Ordinal) == true) errors.Add("oauth2.issuer", "invalid", "An issuer has no query.");
        CheckUrl(oauth.AuthorizationEndpoint, "oauth2.authorization_endpoint", errors);
        CheckUrl(oauth.TokenEndpoint, "oauth2.token_endpoint", errors);
        CheckUrl(oauth.UserinfoEndpoint, "oauth2.userinfo_endpoint", errors);
        if (string.IsNullOrWhiteSpace(oauth.ClientId)) errors.Add("oauth2.client_id", "blank", "The [identityProvider.oauth2.client_id] must not be blank.");
        CheckClientId(oauth.ClientId, "oauth2.client_id", errors);
        CheckScope(oauth.Scope, "oauth2.scope", errors);
        errors.NotLonger(oauth.ClientSecret, "oauth2.client_secret", LongestSecret);
        if (oauth.ClientSecret is null && oauth.ClientAuthenticationMethod != ProviderClientAuthentication.None)
            errors.Add("oauth2.client_secret", "blank", "The secret must be given, and again whenever the issuer, the token endpoint or the client change; none is for public clients.");
        foreach (var (claim, field) in new[] { (oauth.UniqueIdClaim, "uniqueIdClaim"), (oauth.EmailClaim, "emailClaim"), (oauth.EmailVerifiedClaim, "emailVerifiedClaim"), (oauth.UsernameClaim, "usernameClaim") })
            errors.Required(claim, $"oauth2.{field}", LongestName);
    }

    public static void CheckClientId(string? value, string field, Errors errors)
    {
        errors.NotLonger(value, field, LongestName);
        if (value?.Any(c => c is < ' ' or > '~') == true) errors.Add(field, "invalid", $"The [identityProvider.{field}] has characters that a client's name cannot have (RFC 6749, appendix A.1).");
    }

    public static void CheckScope(string? value, string field, Errors errors)
    {
        errors.NotLonger(value, field, 1_000);
        if (value?.Any(c => c is < ' ' or '"' or '\\' or > '~') == true) errors.Add(field, "invalid", $"The [identityProvider.{field}] has characters that scopes cannot have (RFC 6749, section 3.3).");
    }

    public static void CheckDomains(ImmutableArray<string> domains, Errors errors)
    {
        if (domains.Length > MostDomains) errors.Add("domains", "tooMany", $"A provider may have at most {MostDomains} domains.");
        foreach (var domain in domains.Take(MostDomains).Where(d => d.Length > 253 || !Domain().IsMatch(d)))
            errors.Add("domains", "invalid", $"[{(domain.Length > 64 ? domain[..64] : domain)}] is not the domain of an address, such as example.com.");
    }

    private static void CheckUrl(string? value, string field, Errors errors)
    {
        if (value is null) return;
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp) || value.Length > LongestUrl || value.Any(c => c is <= ' ' or > '~'))
            errors.Add(field, "invalid", $"The [identityProvider.{field}] must be an absolute https address.");
        else if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            errors.Add(field, "invalid", $"The [identityProvider.{field}] must have neither a name, a password nor a fragment.");
    }

    [GeneratedRegex(@"^(?!-)[\p{L}\p{Nd}-]{1,63}(?:\.[\p{L}\p{Nd}-]{1,63})+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Domain();
}
