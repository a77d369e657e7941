#pragma warning disable CA1822 // the grant that it hands to comes with the next change
namespace OrleansAuth.OAuth;

/// <summary>Checks proofs of possession (RFC 9449).</summary>
internal sealed class DpopProofs
{
    public const string Header = "DPoP";

    public static OAuthError Missing { get; } = new("invalid_dpop_proof", "This client must prove its key with every request: the DPoP header is missing.");

    /// <param name="accessToken">The token that the proof comes with; null at the token endpoint.</param>
    public Task<DpopResult> Check(HttpContext http, string? accessToken) => Task.FromResult(
        http.Request.Headers.ContainsKey(Header) ? new DpopResult(null, new OAuthError("invalid_dpop_proof", "Proofs are not checked here.")) : new DpopResult(null, null));
}

/// <summary>The thumbprint of the proved key, or null where there is no proof; an error where there is a bad one.</summary>
internal readonly record struct DpopResult(string? Thumbprint, OAuthError? Error);
