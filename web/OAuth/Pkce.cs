using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Applications;

namespace OrleansAuth.OAuth;

/// <summary>Proof Key for Code Exchange (RFC 7636), with <c>S256</c> only: a plain challenge protects nobody.</summary>
internal static class Pkce
{
    /// <summary>Whether a verifier may be one: 43 to 128 unreserved characters (section 4.1).</summary>
    public static bool IsVerifier(string text) => text.Length is >= 43 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');

    /// <summary>Whether a challenge may be one: SHA-256 in base64url (section 4.2).</summary>
    public static bool IsChallenge(string text) => text.Length == 43 && Base64Url.IsValid(text);

    /// <summary>What an authorization request shows of a verifier (section 4.2).</summary>
    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public static bool Matches(string verifier, string challenge) =>
        IsVerifier(verifier) && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(ChallengeOf(verifier)), Encoding.ASCII.GetBytes(challenge));

    /// <summary>
    /// What is wrong with the challenge of an authorization request, or null. Clients that need no secret cannot leave it
    /// out (RFC 9700, section 2.1.1): for those the code would be a bearer token.
    /// </summary>
    public static OAuthError? Check(OAuthClient client, string? challenge, string? method)
    {
        if (challenge is null)
        {
            if (method is not null) return OAuthError.InvalidRequest("There is a code_challenge_method without a code_challenge.", "missing_code_challenge");
            return IsDemanded(client) ? OAuthError.InvalidRequest("This client must use PKCE: the code_challenge is missing.", "missing_code_challenge") : null;
        }

        if (method != "S256") return OAuthError.InvalidRequest("The code_challenge_method must be S256.", "invalid_code_challenge_method");
        return IsChallenge(challenge) ? null : OAuthError.InvalidRequest("The code_challenge is not a SHA-256 in base64url.", "invalid_code_challenge");
    }

    private static bool IsDemanded(OAuthClient client) =>
        client.OAuth.ProofKeyForCodeExchangePolicy == ProofKeyForCodeExchangePolicy.Required
        || client.OAuth.ClientAuthenticationPolicy != ClientAuthenticationPolicy.Required;
}
