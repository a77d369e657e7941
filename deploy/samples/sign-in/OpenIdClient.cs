using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Sample;

/// <summary>
/// The authorization code flow with PKCE, as OpenID Connect Core and RFC 9700 (OAuth 2.0 Security Best Current Practice) want
/// it. Whatever the server answers is checked here before anything else of the application sees it.
/// </summary>
public sealed class OpenIdClient
{
    private readonly OpenIdSettings _settings;
    private readonly IHttpClientFactory _http;
    private readonly TimeProvider _time;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _discovery;
    private readonly JsonWebTokenHandler _tokens = new();

    public OpenIdClient(OpenIdSettings settings, IHttpClientFactory http, TimeProvider time)
    {
        (_settings, _http, _time) = (settings, http, time);
        // Reads the server's addresses and keys, keeps them, and reads them again when a token names a key it does not know.
        // Without TLS anybody on the way could answer for the server, so only this machine may do without.
        _discovery = new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{settings.Authority}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(http.CreateClient()) { RequireHttps = !new Uri(settings.Authority).IsLoopback });
    }

    /// <summary>Where to send the browser, and what to remember until it is back.</summary>
    public async Task<(string Address, PendingSignIn Pending)> BeginSignIn(string redirectUri)
    {
        var server = await Server();
        var pending = new PendingSignIn(State: Random(), Nonce: Random(), Verifier: Random(), redirectUri);
        return (QueryHelpers.AddQueryString(server.AuthorizationEndpoint, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = _settings.ClientId,
            ["redirect_uri"] = redirectUri,
            ["scope"] = _settings.Scope,
            // Comes back with the answer: it shows that the answer is to a question of this browser (RFC 6749, section 10.12).
            ["state"] = pending.State,
            // Comes back inside the ID token: the token was made for this sign-in and is not one from elsewhere.
            ["nonce"] = pending.Nonce,
            // The server gets the hash now and the verifier with the code, so a stolen code is worth nothing (RFC 7636).
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(pending.Verifier))),
            ["code_challenge_method"] = "S256",
        }), pending);
    }

    /// <summary>Turns the answer that the browser brought back into tokens.</summary>
    /// <exception cref="SignInException">The server refused, or the answer is not one to our question.</exception>
    public async Task<Tokens> FinishSignIn(IQueryCollection answer, PendingSignIn? pending)
    {
        if (pending is null || !Same(answer["state"], pending.State))
            throw new SignInException("This sign-in was not begun in this browser, or too long ago.");

        // Says which server answered, so that a code is never carried to another one (RFC 9207).
        if (!Same(answer["iss"], (await Server()).Issuer))
            throw new SignInException("The answer comes from another server than the one that was asked.");

        if (answer["error"] is [{ } error, ..]) throw new SignInException(Described(error, answer["error_description"]));

        var tokens = await Request(before: null, new()
        {
            ["grant_type"] = "authorization_code",
            ["code"] = answer["code"].ToString(),
            ["redirect_uri"] = pending.RedirectUri,
            ["code_verifier"] = pending.Verifier,
        });
        return tokens.Claims.TryGetValue("nonce", out var nonce) && Same(nonce as string, pending.Nonce)
            ? tokens
            : throw new SignInException("The ID token was made for another sign-in.");
    }

    /// <summary>Gets the next tokens. The refresh token is good once: whoever calls this keeps what it returns, and calls it one at a time.</summary>
    /// <exception cref="SignInException">The session is over.</exception>
    public Task<Tokens> Refresh(Tokens tokens) => Request(before: tokens, new()
    {
        ["grant_type"] = "refresh_token",
        ["refresh_token"] = tokens.RefreshToken ?? throw new SignInException("The server gave no refresh token: ask for the scope offline_access."),
    });

    /// <summary>The user's claims as they are now.</summary>
    public async Task<Dictionary<string, JsonElement>> UserInfo(Tokens tokens)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, (await Server()).UserInfoEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        using var response = await Send(request);
        if (!response.IsSuccessStatusCode) throw new SignInException("The server no longer takes the access token.");
        var claims = await response.Content.ReadFromJsonAsync<Dictionary<string, JsonElement>>() ?? [];
        // Userinfo is not signed; it counts only for the user of the ID token (OpenID Connect Core, section 5.3.4).
        return claims.TryGetValue("sub", out var subject) && Same(subject.GetString(), tokens.Subject)
            ? claims
            : throw new SignInException("Userinfo is about another user.");
    }

    /// <summary>Makes the refresh token worthless, since nobody will use it any more (RFC 7009).</summary>
    public async Task Revoke(Tokens tokens)
    {
        if (tokens.RefreshToken is null) return;
        using var request = Form((await Server()).RevocationEndpoint, new() { ["token"] = tokens.RefreshToken, ["token_type_hint"] = "refresh_token" });
        using var response = await Send(request);
    }

    /// <summary>Where to send the browser to end the session at the server too (OpenID Connect RP-Initiated Logout).</summary>
    /// <param name="idToken">The hint: shows whose session is meant, so the server need not ask.</param>
    /// <param name="returnTo">Where the server sends the browser after; an address that it knows.</param>
    public async Task<string> SignOutAddress(string idToken, string returnTo) =>
        QueryHelpers.AddQueryString((await Server()).EndSessionEndpoint, new Dictionary<string, string?>
        {
            ["id_token_hint"] = idToken,
            ["client_id"] = _settings.ClientId,
            ["post_logout_redirect_uri"] = returnTo,
        });

    /// <summary>The server's description of itself, which has to name the issuer that was asked for (OpenID Connect Discovery, section 4.3).</summary>
    private async Task<OpenIdConnectConfiguration> Server()
    {
        OpenIdConnectConfiguration server;
        try
        {
            server = await _discovery.GetConfigurationAsync();
        }
        catch (InvalidOperationException error)
        {
            throw new SignInException($"The identity server does not answer at {_settings.Authority}. Is it running?", error);
        }

        return server.Issuer == _settings.Authority ? server : throw new SignInException($"The server at {_settings.Authority} says that it is {server.Issuer}.");
    }

    private async Task<Tokens> Request(Tokens? before, Dictionary<string, string> form)
    {
        using var request = Form((await Server()).TokenEndpoint, form);
        using var response = await Send(request);
        var answer = await response.Content.ReadFromJsonAsync<TokenAnswer>() ?? new TokenAnswer();
        if (!response.IsSuccessStatusCode || answer.AccessToken is null) throw new SignInException(Described(answer.Error ?? "no tokens", answer.ErrorDescription));

        // A refresh may leave out what has not changed.
        var idToken = answer.IdToken ?? before?.IdToken ?? throw new SignInException("The server sent no ID token: ask for the scope openid.");
        var claims = answer.IdToken is null ? before!.Claims : await Validated(idToken);
        var tokens = new Tokens(answer.AccessToken, _time.GetUtcNow().AddSeconds(answer.ExpiresIn), answer.RefreshToken ?? before?.RefreshToken, idToken, claims);
        return before is null || tokens.Subject == before.Subject ? tokens : throw new SignInException("The new tokens are another user's.");
    }

    /// <summary>Checks signature, issuer, audience and lifetime of an ID token (OpenID Connect Core, section 3.1.3.7).</summary>
    private async Task<IReadOnlyDictionary<string, object>> Validated(string idToken)
    {
        var result = await _tokens.ValidateTokenAsync(idToken, new TokenValidationParameters
        {
            ConfigurationManager = _discovery, // the issuer and its keys
            ValidAudience = _settings.ClientId,
            // Never the token's own choice: only signatures whose key the server alone has.
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512, SecurityAlgorithms.RsaSha256],
            ClockSkew = TimeSpan.FromMinutes(1),
        });
        return result.IsValid ? result.Claims.AsReadOnly() : throw new SignInException("The ID token is not valid.", result.Exception);
    }

    /// <summary>A form with the client's authentication: its secret in the header, or for a public client only its id.</summary>
    private HttpRequestMessage Form(string address, Dictionary<string, string> form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address);
        if (_settings.ClientSecret is { Length: > 0 } secret)
        {
            var pair = $"{Uri.EscapeDataString(_settings.ClientId)}:{Uri.EscapeDataString(secret)}"; // RFC 6749, section 2.3.1
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
        }
        else
        {
            form["client_id"] = _settings.ClientId;
        }

        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request)
    {
        try
        {
            return await _http.CreateClient().SendAsync(request);
        }
        catch (HttpRequestException error)
        {
            throw new SignInException("The identity server does not answer. Is it running?", error);
        }
    }

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static bool Same(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    private static string Described(string error, string? description) =>
        string.IsNullOrEmpty(description) ? $"The server answered: {error}." : $"The server answered: {error}. {description}";
}
