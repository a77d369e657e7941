using System.Collections.Immutable;
using OrleansAuth.Applications;

namespace OrleansAuth.OAuth;

/// <summary>Which scopes a client may be granted: those of OpenID Connect that the application offers, and its own.</summary>
internal static class Scopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string Phone = "phone";
    public const string Address = "address";
    public const string OfflineAccess = "offline_access";

    private const int Longest = 4096;

    /// <summary>The scopes of a request, each once, after the application's policy for unknown ones.</summary>
    public static OAuthOutcome<ScopeList> Read(OAuthClient client, string? text)
    {
        if (text is null) return new ScopeList([]);
        if (text.Length > Longest || text.Any(c => c is < ' ' or > '~' or '"' or '\\')) return OAuthError.InvalidScope("The scope holds characters that no scope has.", "invalid_scope");
        var asked = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToImmutableArray();
        var unknown = asked.Where(scope => !IsKnown(client, scope)).ToList();
        if (unknown.Count == 0) return new ScopeList(asked);
        return client.OAuth.UnknownScopePolicy switch
        {
            UnknownScopePolicy.Allow => new ScopeList(asked),
            UnknownScopePolicy.Remove => new ScopeList(asked.RemoveRange(unknown)),
            _ => OAuthError.InvalidScope("A scope is asked for that this application does not have.", "unknown_scope"),
        };
    }

    /// <summary>The part of a grant that a later request asks for; more than was granted is refused (RFC 6749, section 6).</summary>
    public static OAuthOutcome<ScopeList> Narrow(ScopeList granted, string? text)
    {
        if (text is null) return granted;
        var asked = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToImmutableArray();
        return asked.All(granted.Names.Contains) ? new ScopeList(asked) : OAuthError.InvalidScope("More is asked for than was granted.", "exceeds_grant");
    }

    /// <summary>Whether the user may leave the scope out of the consent.</summary>
    public static bool IsRequired(OAuthClient client, string scope) => scope == OpenId || Provided(client, scope) is { Required: true } || client.Application.Scopes.Any(s => s.Name == scope && s.Required);

    private static bool IsKnown(OAuthClient client, string scope) => scope switch
    {
        OpenId => true,
        OfflineAccess => true,
        Profile or Email or Phone or Address => Provided(client, scope)!.Enabled,
        _ => client.Application.Scopes.Any(s => s.Name == scope),
    };

    private static Requirable? Provided(OAuthClient client, string scope) => scope switch
    {
        Profile => client.OAuth.ProvidedScopePolicy.Profile,
        Email => client.OAuth.ProvidedScopePolicy.Email,
        Phone => client.OAuth.ProvidedScopePolicy.Phone,
        Address => client.OAuth.ProvidedScopePolicy.Address,
        _ => null,
    };
}

/// <summary>Scopes in the order in which they were asked for.</summary>
internal sealed record ScopeList(ImmutableArray<string> Names)
{
    public bool Contains(string scope) => Names.Contains(scope);

    /// <summary>As on the wire: separated by spaces.</summary>
    public override string ToString() => string.Join(' ', Names);

    public static ScopeList Parse(string? text) => new([.. (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
}
