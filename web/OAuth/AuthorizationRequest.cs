using System.Collections.Immutable;

namespace OrleansAuth.OAuth;

/// <summary>What comes back from the authorization endpoint.</summary>
[Flags]
internal enum ResponseType
{
    None = 0,
    Code = 1,
    Token = 2,
    IdToken = 4,
}

/// <summary>How the answer travels (OAuth 2.0 Multiple Response Types, section 2.1; OAuth 2.0 Form Post).</summary>
internal enum ResponseMode { Query, Fragment, FormPost }

/// <summary>What the client asks about interaction (OpenID Connect Core, section 3.1.2.1).</summary>
[Flags]
internal enum Prompt
{
    Unsaid = 0,
    None = 1,
    Login = 2,
    Consent = 4,
    SelectAccount = 8,
}

/// <summary>A valid authorization request: the client is known and the address to answer to is its own.</summary>
internal sealed record AuthorizationRequest(OAuthClient Client, string RedirectUri, ResponseType ResponseType, ResponseMode ResponseMode, ScopeList Scope)
{
    public string? State { get; init; }
    public string? Nonce { get; init; }
    public string? CodeChallenge { get; init; }
    public Prompt Prompt { get; init; }

    /// <summary>How long ago the user may have signed in, in seconds; null for any time.</summary>
    public long? MaxAge { get; init; }

    public string? LoginHint { get; init; }
    public string? IdTokenHint { get; init; }

    /// <summary>The identity provider to sign in with, as the contract has it: its id.</summary>
    public string? IdpHint { get; init; }

    public string? Locale { get; init; }
    public ImmutableArray<string> Resources { get; init; } = [];

    /// <summary>The key that the code is bound to (RFC 9449, section 10).</summary>
    public string? Thumbprint { get; init; }

    /// <summary>The pushed request that these parameters came from (RFC 9126), to be used up by the answer.</summary>
    public string? PushedRequest { get; init; }

    /// <summary>When the pushed request came in, milliseconds since 1970.</summary>
    public long? PushedAt { get; init; }

    /// <summary>The device that waits for the user (RFC 8628), in place of an address to answer to.</summary>
    public WaitingDevice? Device { get; init; }
}

/// <summary>
/// Why a request cannot go on. Without an address the user sees a page and is sent nowhere; with one, the client is told.
/// </summary>
internal sealed record AuthorizationRefusal(OAuthError Error)
{
    /// <summary>The address that the client is told at; null where there is none that could be trusted.</summary>
    public AuthorizationReturn? Return { get; init; }
}

/// <summary>Where and how a client is answered.</summary>
internal sealed record AuthorizationReturn(string RedirectUri, ResponseMode Mode, string? State, string Issuer, string? Locale);
