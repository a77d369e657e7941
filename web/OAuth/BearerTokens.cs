using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>An access token as a request shows it.</summary>
/// <param name="ByProof">Sent in the scheme <c>DPoP</c> (RFC 9449, section 7.1).</param>
internal sealed record PresentedAccessToken(string Token, bool ByProof);

/// <summary>Access tokens of protected resources: the header, or the form of a post (RFC 6750, section 2). The query is no place for tokens.</summary>
internal static class BearerTokens
{
    public static OAuthError Missing { get; } = new("invalid_request", "The access token is missing.") { Status = StatusCodes.Status401Unauthorized, Challenge = "Bearer realm=\"OrleansAuth\"" };

    public static OAuthError Invalid { get; } = new("invalid_token", "The access token is not valid, or not valid any more.")
    {
        Status = StatusCodes.Status401Unauthorized,
        Challenge = "Bearer realm=\"OrleansAuth\", error=\"invalid_token\"",
    };

    /// <summary>The contract answers 401 where OAuth 2.0 would have 403: clients ask again for more.</summary>
    public static OAuthError InsufficientScope { get; } = new("insufficient_scope", "The access token lacks the scope openid.")
    {
        Status = StatusCodes.Status401Unauthorized,
        Challenge = "Bearer realm=\"OrleansAuth\", error=\"insufficient_scope\", scope=\"openid\"",
    };

    public static async Task<OAuthOutcome<PresentedAccessToken>> Read(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var inHeader = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? new PresentedAccessToken(header["Bearer ".Length..].Trim(), false)
            : header.StartsWith("DPoP ", StringComparison.OrdinalIgnoreCase) ? new PresentedAccessToken(header["DPoP ".Length..].Trim(), true) : null;
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.HasFormContentType) return inHeader is null ? Missing : inHeader;
        var form = await OAuthParameters.ReadForm(http);
        if (form.Value is not { } sent) return form.Error!;
        if (sent["access_token"] is not { } inBody) return inHeader is null ? Missing : inHeader;
        return inHeader is null ? new PresentedAccessToken(inBody, false) : OAuthError.InvalidRequest("The access token is given in two ways at once.");
    }

    /// <summary>A token that is bound to a key needs its proof, everywhere (RFC 9449, section 7); null where all is well.</summary>
    public static async Task<OAuthError?> CheckProof(HttpContext http, DpopProofs proofs, PresentedAccessToken shown, AccessToken access)
    {
        if (access.Thumbprint is not { } bound) return shown.ByProof ? Invalid : null;
        if (!shown.ByProof) return Unproved("invalid_token", "The access token is bound to a key: send it in the scheme DPoP, with a proof.");
        var proof = await proofs.Check(http, shown.Token);
        if (proof.Error is { } wrong) return Unproved(wrong.Error, wrong.Description);
        if (proof.Thumbprint is null) return Unproved(DpopProofs.Missing.Error, DpopProofs.Missing.Description);
        return proof.Thumbprint == bound ? null : Unproved("invalid_token", "The access token is bound to another key.");
    }

    /// <summary>At a resource a missing or bad proof is a challenge (RFC 9449, section 7.1).</summary>
    private static OAuthError Unproved(string error, string description) => new(error, description)
    {
        Status = StatusCodes.Status401Unauthorized,
        Challenge = DpopProofs.Challenge(error),
    };
}
