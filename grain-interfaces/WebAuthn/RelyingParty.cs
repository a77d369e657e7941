using System.Net;

namespace OrleansAuth.WebAuthn;

/// <summary>For whom passkeys are made, and on which pages they may be used (WebAuthn Level 3, sections 5.1.2 and 13.4.9).</summary>
/// <param name="Id">A domain, in lower case and ASCII. Passkeys belong to it for ever.</param>
/// <param name="Origin">The page of our own that may use them: scheme, host and port.</param>
/// <param name="IncludesBelow">Pages of the domain and of the domains below it may use them too, over https and on every port.</param>
[GenerateSerializer, Immutable, Alias("webauthn.relying-party.v1")]
public sealed record RelyingParty(string Id, string Origin, bool IncludesBelow)
{
    private const string Local = "localhost";

    /// <summary>
    /// Whether a page there may use passkeys of this party. Browsers see to it that the id is the page's domain or one above
    /// it; here it is seen to again, and that the page came over https, but for this machine itself.
    /// </summary>
    public bool Accepts(string origin)
    {
        if (origin.Length > 512 || !Uri.TryCreate(origin, UriKind.Absolute, out var url) || Write(url) != origin) return false;
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && IsLocal(url.IdnHost))) return false;
        if (url.IdnHost != Id && !url.IdnHost.EndsWith("." + Id, StringComparison.Ordinal)) return false;
        return IncludesBelow || origin == Origin;
    }

    /// <summary>The origin of an address as browsers write it (RFC 6454, section 6.2); null for none that has one.</summary>
    public static string? OriginOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) ? Write(url) : null;

    /// <summary>Whether a text can be the id of a relying party: a domain in lower case and ASCII with two labels or more, or localhost. No address.</summary>
    public static bool IsId(string text)
    {
        if (text == Local) return true;
        if (text.Length > 253 || IPAddress.TryParse(text, out _)) return false;
        var labels = text.Split('.');
        return labels.Length > 1 && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => c == '-' || char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c));

    private static bool IsLocal(string host) => host == Local || host.EndsWith("." + Local, StringComparison.Ordinal);

    private static string Write(Uri url) => $"{url.Scheme}://{url.IdnHost}{(url.IsDefaultPort ? "" : $":{url.Port}")}";
}
