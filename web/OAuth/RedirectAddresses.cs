using System.Text.RegularExpressions;
using OrleansAuth.Applications;

namespace OrleansAuth.OAuth;

/// <summary>
/// Where an answer may be sent: to registered addresses, compared as text (RFC 9700, section 2.1). Two exceptions: the port
/// of a loopback address (RFC 8252, section 7.3), and wildcards where an administrator allows them.
/// </summary>
internal static class RedirectAddresses
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the address is one of the client's.</summary>
    public static bool IsRegistered(OAuthClient client, string address) => client.OAuth.AuthorizedRedirectURLs.Any(registered => Matches(registered, address, client.OAuth.AuthorizedURLValidationPolicy));

    /// <summary>Whether a browser may go there after it was signed out: where it may go after a login, or where application or tenant say.</summary>
    public static bool IsRegisteredForLogout(OAuthClient client, string address) => IsRegistered(client, address)
        || IsExactly(client.OAuth.LogoutURL, address) || IsExactly(client.Tenant.LogoutURL, address);

    /// <summary>Whether an address is the one that is registered, as text.</summary>
    public static bool IsExactly(string? registered, string address) => !string.IsNullOrEmpty(registered) && string.Equals(registered, address, StringComparison.Ordinal);

    private static bool Matches(string registered, string address, AuthorizedUrlValidationPolicy policy)
    {
        var isPattern = registered.Contains('*', StringComparison.Ordinal);
        if (!isPattern && string.Equals(registered, address, StringComparison.Ordinal)) return true;
        if (!IsPlain(address)) return false;
        if (isPattern) return policy == AuthorizedUrlValidationPolicy.AllowWildcards && MatchesWildcard(registered, address);
        return WithoutLoopbackPort(registered) is { } ours && ours == WithoutLoopbackPort(address);
    }

    /// <summary>Only what no two parsers read differently: absolute, without user, fragment, backslash, spaces, controls or dots in the path.</summary>
    private static bool IsPlain(string address) =>
        address.Length <= 2048 && Uri.TryCreate(address, UriKind.Absolute, out var url) && url is { Fragment: "", UserInfo: "" }
        && address.All(c => c is > ' ' and < (char)127 and not '\\' and not '@' and not '#' and not '"' and not '<' and not '>')
        && !HasDotSegment(address);

    private static bool HasDotSegment(string address)
    {
        var path = address.Split('?')[0];
        return path.Split('/').Skip(3).Any(segment => Uri.UnescapeDataString(Uri.UnescapeDataString(segment)) is var plain && (plain.Split(';')[0] is "." or ".." || plain.Contains('/', StringComparison.Ordinal) || plain.Contains('\\', StringComparison.Ordinal)));
    }

    /// <summary>
    /// A star stands for one or more characters of one host label, one port, one path segment or one query value; it never
    /// reaches over a dot, a slash or another separator, so <c>https://*.example.com</c> is no other domain.
    /// </summary>
    private static bool MatchesWildcard(string registered, string address)
    {
        try
        {
            var pattern = "^" + Regex.Escape(registered).Replace("\\*", "[A-Za-z0-9_~%+-]+", StringComparison.Ordinal) + "$";
            return Regex.IsMatch(address, pattern, RegexOptions.CultureInvariant, Patience);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>A loopback address over http without its port; null for every other address.</summary>
    private static string? WithoutLoopbackPort(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && url.Host is "127.0.0.1" or "[::1]" && address.StartsWith($"http://{url.Host}", StringComparison.Ordinal)
            ? $"{url.Host} {url.PathAndQuery}"
            : null;
}
