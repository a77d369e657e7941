using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OrleansAuth.IdentityProviders;

/// <summary>What the token endpoint of a provider gave out. Kept nowhere.</summary>
internal sealed record UpstreamTokenSet(string IdToken, string? AccessToken)
{
    /// <summary>Says nothing that is secret.</summary>
    public override string ToString() => "tokens";
}

/// <summary>The requests that follow a code: to the token endpoint and to userinfo (OpenID Connect Core, sections 3.1.3 and 5.3).</summary>
internal sealed class UpstreamTokens(UpstreamHttp http)
{
    private const int LongestToken = 64 * 1024;
    private const int LongestError = 64;

    /// <summary>Redeems the code. A refusal of the provider is a fault of its own kind.</summary>
    public async Task<(UpstreamTokenSet? Tokens, UpstreamFault Kind, string? Fault)> Redeem(string endpoint, ProviderClient client, RedeemUpstreamCode command)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)) return (null, UpstreamFault.Unreachable, "The token endpoint is no address.");
        var form = new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = command.Code, ["redirect_uri"] = command.RedirectUri };
        if (command.Verifier is { } verifier) form["code_verifier"] = verifier;
        using var request = new HttpRequestMessage(HttpMethod.Post, uri);
        Authenticate(request, form, client);
        request.Content = new FormUrlEncodedContent(form);
        var answer = await http.Send(request).ConfigureAwait(false);
        if (answer.Fault is { } fault) return (null, UpstreamFault.Unreachable, $"The token endpoint: {fault}");
        var said = UpstreamJson.Read(answer.Body);
        if (answer.Status is >= 400 and < 500) return (null, UpstreamFault.Refused, $"The token endpoint refused with {answer.Status} {Error(said)}.");
        if (!answer.IsSuccess || said is not { } tokens) return (null, UpstreamFault.Unreachable, $"The token endpoint answered {answer.Status} and nothing that can be read.");
        return Text(tokens, "id_token") is { } idToken
            ? (new UpstreamTokenSet(idToken, Text(tokens, "access_token")), default, null)
            : (null, UpstreamFault.Invalid, "The token endpoint gave out no ID token; does the client have the scope openid?");
    }

    /// <summary>What the provider tells about whoever the access token is for.</summary>
    public async Task<(JsonElement? Claims, string? Fault)> UserInfo(string endpoint, string accessToken)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || !accessToken.All(c => c is > ' ' and <= '~')) return (null, "The userinfo endpoint is no address, or the access token is none.");
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        var answer = await http.Send(request).ConfigureAwait(false);
        if (answer.Fault is { } fault) return (null, $"The userinfo endpoint: {fault}");
        if (!answer.IsSuccess) return (null, $"The userinfo endpoint answered {answer.Status}.");
        return UpstreamJson.Read(answer.Body) is { } claims ? (claims, null) : (null, "The userinfo endpoint answered with what is no JSON object.");
    }

    /// <summary>Name and secret are encoded before they go into the header (RFC 6749, section 2.3.1).</summary>
    private static void Authenticate(HttpRequestMessage request, Dictionary<string, string> form, ProviderClient client)
    {
        if (client is { Authentication: ProviderClientAuthentication.ClientSecretBasic, ClientSecret: { } secret })
        {
            var pair = $"{FormEncoded(client.ClientId!)}:{FormEncoded(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
            return;
        }

        form["client_id"] = client.ClientId!;
        if (client is { Authentication: ProviderClientAuthentication.ClientSecretPost, ClientSecret: { } posted }) form["client_secret"] = posted;
    }

    private static string FormEncoded(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    /// <summary>The code of an OAuth error, as far as it is one; what else the provider says may be about somebody.</summary>
    private static string Error(JsonElement? said) =>
        said is { } answer && Text(answer, "error") is { Length: <= LongestError } error && error.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? error : "";

    private static string? Text(JsonElement document, string member) =>
        document.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= LongestToken } text ? text : null;
}
