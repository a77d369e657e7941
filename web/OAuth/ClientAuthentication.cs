using System.Text;
using OrleansAuth.Applications;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.OAuth;

/// <summary>Who calls the token endpoint or one of its neighbours.</summary>
/// <param name="IsAuthenticated">The client proved to have its secret; without, it is only who it says.</param>
internal sealed record CallingClient(OAuthClient Client, bool IsAuthenticated)
{
    /// <summary>The client sent no secret and may do so: it is public (RFC 6749, section 2.1).</summary>
    public bool IsPublic => !IsAuthenticated;
}

/// <summary>
/// Client authentication (RFC 6749, section 2.3): <c>client_secret_basic</c>, <c>client_secret_post</c> or none, by the
/// application's policy. A secret that is sent is always checked, also where none is needed.
/// </summary>
internal static class ClientAuthentication
{
    private const int LongestHeader = 2048;

    /// <summary>Id and secret as sent, before anything is looked up.</summary>
    /// <param name="Secret">Null where none was sent.</param>
    internal sealed record Credentials(string? ClientId, string? Secret);

    /// <summary>Reads id and secret from the header or the form. Two ways at once are refused (section 2.3).</summary>
    public static OAuthOutcome<Credentials> Read(HttpContext http, OAuthParameters form)
    {
        var (id, secret) = (form["client_id"], form["client_secret"]);
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return new Credentials(id, secret);
        if (Decode(header["Basic ".Length..].Trim()) is not { } basic) return OAuthError.InvalidClient("malformed_authorization_header");
        if (secret is not null || (id is not null && id != basic.ClientId)) return OAuthError.InvalidRequest("The client authenticates in two ways at once.", "multiple_client_authentication");
        return basic;
    }

    /// <summary>The client, as far as its policy lets it be one.</summary>
    /// <param name="usesProof">The request carries a PKCE verifier, which may stand in for the secret.</param>
    public static OAuthOutcome<CallingClient> Check(Credentials sent, OAuthParameters form, ConfigurationSnapshot snapshot, bool usesProof)
    {
        if (sent.ClientId is null) return OAuthError.InvalidClient("missing_client_id");
        if (OAuthClient.Find(snapshot, sent.ClientId, form["tenantId"]) is not { } client) return OAuthError.InvalidClient("invalid_client_id");
        if (sent.Secret is not null)
            return client.HasSecret(sent.Secret) ? new CallingClient(client, true) : OAuthError.InvalidClient("invalid_client_authentication");
        return client.OAuth.ClientAuthenticationPolicy switch
        {
            ClientAuthenticationPolicy.NotRequired => new CallingClient(client, false),
            ClientAuthenticationPolicy.NotRequiredWhenUsingPKCE when usesProof => new CallingClient(client, false),
            _ => OAuthError.InvalidClient("missing_client_secret"),
        };
    }

    /// <summary>Reads and checks in one step.</summary>
    public static OAuthOutcome<CallingClient> Authenticate(HttpContext http, OAuthParameters form, ConfigurationSnapshot snapshot, bool usesProof = false)
    {
        var sent = Read(http, form);
        return sent.Value is { } credentials ? Check(credentials, form, snapshot, usesProof) : sent.Error!;
    }

    /// <summary>Id and secret are form-encoded before they are put together (section 2.3.1).</summary>
    private static Credentials? Decode(string text)
    {
        if (text.Length > LongestHeader) return null;
        try
        {
            var pair = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(text));
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) return null;
            var secret = Uri.UnescapeDataString(pair[(colon + 1)..].Replace('+', ' '));
            return new Credentials(Uri.UnescapeDataString(pair[..colon].Replace('+', ' ')), secret.Length == 0 ? null : secret);
        }
        catch (Exception error) when (error is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}
