using OrleansAuth.Hosting;
using OrleansAuth.Tenants;

namespace OrleansAuth.Common;

/// <summary>
/// Under which address people and clients reach the server. It comes from settings and never from a request's headers, which
/// anybody can write: links in mails, issuers of tokens and discovery documents are made of it.
/// </summary>
internal sealed class PublicAddress(IConfiguration settings)
{
    private const string Setting = "Web:PublicUrl";
    private readonly string? _configured = Read(settings[Setting]);
    private string _listening = AuthServer.DefaultUrl;

    /// <summary>Scheme, host and port, without a slash at the end: the setting, or the first address that the server listens on.</summary>
    public string Origin => _configured ?? _listening;

    /// <summary>The same for one tenant, which may have an address of its own.</summary>
    public string OriginOf(Tenant tenant) => string.IsNullOrEmpty(tenant.BaseURL) ? Origin : tenant.BaseURL.TrimEnd('/');

    /// <summary>
    /// Whom tokens of the tenant come from. A tenant that never chose an issuer is its own address here, so that what
    /// discovery says and what tokens say is one and the same (OpenID Connect Discovery, section 4.3).
    /// </summary>
    public string Issuer(Tenant tenant) =>
        string.IsNullOrEmpty(tenant.Issuer) || tenant.Issuer == Tenant.PlaceholderIssuer ? $"{OriginOf(tenant)}/{tenant.Id}" : tenant.Issuer;

    /// <summary>Notes where the server listens, for those who configured nothing.</summary>
    public void Listening(IEnumerable<string> urls)
    {
        if (urls.FirstOrDefault() is { } url) _listening = ListenAddress.Reachable(url.TrimEnd('/'));
    }

    private static string? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { PathAndQuery: "/", Fragment: "", UserInfo: "" } && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
            return url.GetLeftPart(UriPartial.Authority);
        throw new SettingsException($"{Setting} must be the address that people reach the server under, such as https://login.example.com, without a path.");
    }
}
