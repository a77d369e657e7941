using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>
/// Keys, lifetimes and claims by tenant and application, as the building blocks of ASP.NET Core see them: they read the
/// discovery document and the keys over HTTP, and validate the ID token as OpenID Connect Core wants it.
/// </summary>
public sealed class TokenSettingsTests
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("RS512")]
    public async Task The_building_blocks_of_ASPNET_Core_validate_an_id_token_by_any_key(string algorithm)
    {
        await using var server = await TestServer.Start(time: new ManualTime { UtcNow = Clock.System.UtcNow });
        var key = (string)(await server.Post("/api/key/generate", new { key = new { name = $"{algorithm} {Guid.NewGuid()}", algorithm, length = algorithm[0] == 'R' ? 2048 : (int?)null } })).Is(200).Body["key"]!["id"]!;
        var world = await OAuthWorld.Make(server, application: Jwt($$"""{"enabled":true,"idTokenKeyId":"{{key}}","accessTokenKeyId":"{{key}}","timeToLiveInSeconds":77,"refreshTokenTimeToLiveInMinutes":5}"""));
        var tokens = await world.Tokens();
        Assert.Equal(77, (int)tokens["expires_in"]!);

        var configuration = await Discover(world);
        var text = (string)tokens["id_token"]!;
        var result = await Validate(configuration, world, text);
        Assert.True(result.IsValid, result.Exception?.Message);
        var token = (JsonWebToken)result.SecurityToken;
        Assert.Equal((algorithm, world.User.ToString()), (token.Alg, token.Subject));
        new OpenIdConnectProtocolValidator { RequireStateValidation = false, RequireNonce = true, NonceLifetime = TimeSpan.FromDays(36_500), RequireTimeStampInNonce = false }.ValidateTokenResponse(new OpenIdConnectProtocolValidationContext
        {
            ProtocolMessage = new OpenIdConnectMessage { IdToken = text, AccessToken = (string)tokens["access_token"]! },
            ClientId = world.Application.ToString(),
            Nonce = "the nonce",
            ValidatedIdToken = new System.IdentityModel.Tokens.Jwt.JwtSecurityTokenHandler().ReadJwtToken(text),
        });
        Assert.False((await Validate(configuration, world, text[..^4] + "AAAA")).IsValid);
    }

    [Theory]
    [InlineData("092dbedc-30af-4149-9c61-b578f2c72f59", "HS256", "a client secret of thirty-two or more bytes")]
    [InlineData("c753a44d-7f2e-48d3-bc4e-c2c16488a23b", "HS512", "a client secret of sixty-four or more bytes, as an HMAC of that size needs one")]
    public async Task The_contracts_shadow_keys_sign_with_the_client_secret(string key, string algorithm, string secret)
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["clientSecret"] = secret }, Jwt($$"""{"enabled":true,"idTokenKeyId":"{{key}}","timeToLiveInSeconds":60,"refreshTokenTimeToLiveInMinutes":5}"""));
        var text = (string)(await world.Tokens())["id_token"]!;
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(text, new TokenValidationParameters
        {
            IssuerSigningKey = new SymmetricSecurityKey(System.Text.Encoding.UTF8.GetBytes(secret)),
            ValidAudience = world.Application.ToString(),
            ValidateIssuer = false,
            ValidateLifetime = false,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal(algorithm, ((JsonWebToken)result.SecurityToken).Alg);

        // It works as a hint, and never as an access token.
        using var browser = world.Browser();
        await world.SignIn(browser);
        Assert.NotNull(OAuthWorld.Answer(await browser.Open(world.Authorize(("prompt", "none"), ("id_token_hint", text))))["code"]);
        (await world.Server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: text)).Is(401);
    }

    [Fact]
    public async Task A_compatible_application_gets_email_and_name_without_asking()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["scopeHandlingPolicy"] = "Compatibility", ["unknownScopePolicy"] = "Allow" });
        var tokens = await world.Tokens(("scope", "openid whatever"));
        Assert.Equal("openid whatever", (string?)tokens["scope"]);
        Assert.Equal(world.Email, (string?)OAuthWorld.Claims((string)tokens["id_token"]!)["email"]);
        Assert.Equal(world.Email, (string?)OAuthWorld.Claims((string)tokens["access_token"]!)["email"]);
        Assert.Equal(world.Email, (string?)(await world.Server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: (string)tokens["access_token"]!)).Is(200).Body["email"]);
        var strict = await (await Worlds.Plain).Tokens(("scope", "openid"));
        Assert.Null(OAuthWorld.Claims((string)strict["id_token"]!)["email"]);
        Assert.Null(OAuthWorld.Claims((string)strict["access_token"]!)["email"]);
    }

    [Fact]
    public async Task An_unknown_scope_is_removed_where_the_application_says_so()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["unknownScopePolicy"] = "Remove", ["providedScopePolicy"] = JsonNode.Parse("""{"email":{"enabled":false}}""") });
        Assert.Equal("openid profile", (string?)(await world.Tokens(("scope", "openid whatever email profile")))["scope"]);
    }

    [Fact]
    public async Task A_resource_that_the_application_may_have_tokens_for_is_in_the_audience()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["authorizedResourceUris"] = new JsonArray("https://api.example.com") });
        var tokens = await world.Tokens(("resource", "https://api.example.com"));
        var access = (string)tokens["access_token"]!;
        Assert.Equal($"""["{world.Application}","https://api.example.com"]""", OAuthWorld.Claims(access)["aud"]!.ToJsonString());
        (await world.Server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: access)).Is(200);
        var next = (await world.Token(("grant_type", "refresh_token"), ("refresh_token", (string?)tokens["refresh_token"]))).Is(200).Body;
        Assert.Equal(2, OAuthWorld.Claims((string)next["access_token"]!)["aud"]!.AsArray().Count);
    }

    private static JsonObject Jwt(string settings) => new() { ["jwtConfiguration"] = JsonNode.Parse(settings) };

    private static Task<OpenIdConnectConfiguration> Discover(OAuthWorld world) => OpenIdConnectConfigurationRetriever.GetAsync(
        $"{world.Server.Url}{world.Tenant}/.well-known/openid-configuration", new Microsoft.IdentityModel.Protocols.HttpDocumentRetriever { RequireHttps = false }, CancellationToken.None);

    private static Task<TokenValidationResult> Validate(OpenIdConnectConfiguration configuration, OAuthWorld world, string token) => new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidIssuer = configuration.Issuer,
        ValidAudience = world.Application.ToString(),
        IssuerSigningKeys = configuration.SigningKeys,
        ClockSkew = TimeSpan.FromMinutes(1),
    });
}
