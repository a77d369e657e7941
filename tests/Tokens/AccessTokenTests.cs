using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Keys;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Tokens;

public sealed partial class AccessTokenTests(SessionServer server) : IClassFixture<SessionServer>
{
    [Fact]
    public async Task A_token_of_a_registered_user_has_exactly_the_claims_and_the_header_of_the_contract()
    {
        var world = await server.NewWorld(application: a => a with { OauthConfiguration = new() { ScopeHandlingPolicy = OAuthScopeHandlingPolicy.Compatibility } });
        var answer = await world.Post("/api/login", world.Credentials());
        var (header, claims) = Parts(answer.Body.GetProperty("token").GetString()!);
        var now = server.Time.UtcNow.ToUnixTimeSeconds();

        Assert.Equal(200, answer.Status);
        Assert.Equal(["alg", "kid", "typ"], header.Select(m => m.Key));
        Assert.Equal(("ES256", "JWT"), ((string?)header["alg"], (string?)header["typ"]));
        Assert.Equal(
            ["applicationId", "aud", "auth_time", "authenticationType", "email", "email_verified", "exp", "iat", "iss", "jti", "preferred_username", "roles", "sid", "sub", "tid"],
            claims.Select(m => m.Key).Order());
        Assert.Equal(world.ApplicationId.ToString(), (string?)claims["aud"]);
        Assert.Equal(world.ApplicationId.ToString(), (string?)claims["applicationId"]);
        Assert.Equal((now, now, now + 3600), ((long)claims["iat"]!, (long)claims["auth_time"]!, (long)claims["exp"]!));
        Assert.Equal((world.Tenant.Issuer, world.UserId.ToString(), world.TenantId.ToString()), ((string?)claims["iss"], (string?)claims["sub"], (string?)claims["tid"]));
        Assert.Equal(("PASSWORD", world.Email, true), ((string?)claims["authenticationType"], (string?)claims["email"], (bool)claims["email_verified"]!));
        Assert.Equal(answer.Body.GetProperty("refreshTokenId").GetString(), (string?)claims["sid"]);
        Assert.Equal("""["reader"]""", claims["roles"]!.ToJsonString());
        Assert.Equal((now + 3600) * 1000, answer.Body.GetProperty("tokenExpirationInstant").GetInt64());
    }

    [Fact]
    public async Task A_strict_application_gets_no_personal_claims_and_a_stranger_to_it_no_roles()
    {
        var world = await server.NewWorld();
        var (_, claims) = Parts((await world.Post("/api/login", world.Credentials())).Body.GetProperty("token").GetString()!);
        Assert.False(claims.ContainsKey("email") || claims.ContainsKey("preferred_username") || claims.ContainsKey("email_verified"));

        var elsewhere = Guid.NewGuid();
        await server.Save(Families.Applications, elsewhere, world.Application with { Id = elsewhere, Name = elsewhere.ToString(), OauthConfiguration = new(), Roles = [] }, world.TenantId);
        var answer = await world.Post("/api/login", new { loginId = world.Email, password = SessionServer.Password, applicationId = elsewhere });
        (_, claims) = Parts(answer.Body.GetProperty("token").GetString()!);
        Assert.Equal(202, answer.Status);
        Assert.Equal(elsewhere.ToString(), (string?)claims["aud"]);
        Assert.False(claims.ContainsKey("applicationId") || claims.ContainsKey("roles") || claims.ContainsKey("sid"));
    }

    [Fact]
    public async Task A_refreshed_token_says_so_and_keeps_when_the_user_signed_in()
    {
        var world = await server.NewWorld();
        var signedIn = server.Time.UtcNow.ToUnixTimeSeconds();
        var login = await world.Post("/api/login", world.Credentials());
        server.Pass(TimeSpan.FromMinutes(10));
        var refreshed = await world.Post("/api/jwt/refresh", new { refreshToken = login.Body.GetProperty("refreshToken").GetString(), timeToLiveInSeconds = 60 }, null);
        var (header, claims) = Parts(refreshed.Body.GetProperty("token").GetString()!);

        Assert.Equal(["refreshToken", "refreshTokenId", "token"], refreshed.Body.EnumerateObject().Select(m => m.Name));
        Assert.Equal("""["refresh_token"]""", header["gty"]!.ToJsonString());
        Assert.Equal(("REFRESH_TOKEN", signedIn), ((string?)claims["authenticationType"], (long)claims["auth_time"]!));
        Assert.Equal((long)claims["iat"]! + 60, (long)claims["exp"]!);
        var longer = await world.Post("/api/jwt/refresh", new { refreshToken = login.Body.GetProperty("refreshToken").GetString(), timeToLiveInSeconds = 100_000 }, null);
        (_, claims) = Parts(longer.Body.GetProperty("token").GetString()!);
        Assert.Equal((long)claims["iat"]! + 3600, (long)claims["exp"]!);
    }

    [Theory]
    [InlineData(KeyAlgorithm.ES384)]
    [InlineData(KeyAlgorithm.RS256)]
    [InlineData(KeyAlgorithm.HS256)]
    [InlineData(KeyAlgorithm.Ed25519)]
    public async Task A_key_of_any_algorithm_signs_and_verifies(KeyAlgorithm algorithm)
    {
        var world = await server.NewWorld();
        var key = await NewKey(algorithm);
        await world.Tokens(jwt => jwt with { AccessTokenKeyId = key.Id });
        var token = (await world.Post("/api/login", world.Credentials())).Body.GetProperty("token").GetString()!;
        Assert.Equal(algorithm.JoseName(), (string?)Parts(token).Header["alg"]);
        Assert.Equal(200, await Validate(world, token));
        var keys = (await world.Get("/.well-known/jwks.json", null)).Body.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString());
        Assert.Equal(algorithm != KeyAlgorithm.HS256, keys.Contains(key.Kid));
    }

    [Fact]
    public async Task An_expired_signing_key_lets_nobody_in_and_says_what_to_do()
    {
        var world = await server.NewWorld();
        var key = await NewKey(KeyAlgorithm.ES256);
        await world.Tokens(jwt => jwt with { AccessTokenKeyId = key.Id });
        server.Pass(TimeSpan.FromDays(3660));
        var answer = await world.Post("/api/login", world.Credentials());
        Assert.Equal((400, "[InvalidSigningKey]"), (answer.Status, answer.Body.GetProperty("generalErrors")[0].GetProperty("code").GetString()));
        server.Time.UtcNow -= TimeSpan.FromDays(3660);
    }

    [Fact]
    public async Task A_token_ends_on_the_second_and_with_its_tenant_application_issuer_or_key()
    {
        var world = await server.NewWorld();
        var key = await NewKey(KeyAlgorithm.ES256);
        await world.Tokens(jwt => jwt with { AccessTokenKeyId = key.Id });
        var token = (await world.Post("/api/login", world.Credentials())).Body.GetProperty("token").GetString()!;
        server.Pass(TimeSpan.FromSeconds(3599));
        Assert.Equal(200, await Validate(world, token));
        server.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(401, await Validate(world, token));

        token = (await world.Post("/api/login", world.Credentials())).Body.GetProperty("token").GetString()!;
        var issuer = world.Tenant.Issuer;
        await server.Save(Families.Tenants, world.TenantId, world.Tenant with { Issuer = "https://renamed.example.com" });
        Assert.Equal(401, await Validate(world, token));
        await server.Save(Families.Tenants, world.TenantId, world.Tenant with { Issuer = issuer });
        Assert.Equal(200, await Validate(world, token));

        await world.Tokens(jwt => jwt with { AccessTokenKeyId = null });
        Assert.Equal(200, await Validate(world, token));
        var removed = await server.Grains.Configuration(Families.Keys, key.Id).Remove(new RemoveConfiguration(true, null, Actor.System));
        await server.Get<ConfigurationReader>().AtLeast(removed.Value!.Version);
        Assert.Equal(401, await Validate(world, token));

        token = (await world.Post("/api/login", world.Credentials())).Body.GetProperty("token").GetString()!;
        await world.DeactivateApplication();
        Assert.Equal(401, await Validate(world, token));
    }

    [Fact]
    public async Task Every_forged_or_damaged_token_gets_the_same_empty_401()
    {
        var world = await server.NewWorld();
        var other = await server.NewWorld();
        var rsa = await NewKey(KeyAlgorithm.RS256);
        await world.Tokens(jwt => jwt with { AccessTokenKeyId = rsa.Id });
        var token = (await world.Post("/api/login", world.Credentials())).Body.GetProperty("token").GetString()!;
        var (header, claims) = Parts(token);
        var text = token.Split('.');
        string[] forged =
        [
            "", "x", "a.b", "..", "a.b.c.d", text[0] + "." + text[1], text[0] + "." + text[1] + ".", token + "A", token + ".", token[..^1], token[..^4],
            Unsigned(With(header, "alg", "none"), claims, ""), Unsigned(With(header, "alg", "None"), claims, text[2]), Unsigned(With(header, "alg", "nOnE"), claims, ""),
            Hmac(With(header, "alg", "HS256"), claims, rsa.PublicKey!), Hmac(header, claims, rsa.PublicKey!),
            Hmac(With(header, "alg", "HS256"), claims, rsa.PublicKey!.Replace("\n", "", StringComparison.Ordinal)),
            Unsigned(With(header, "alg", "RS512"), claims, text[2]), Unsigned(With(header, "alg", "PS256"), claims, text[2]),
            Unsigned(With(header, "kid", "../../../../dev/null"), claims, text[2]), Unsigned(With(header, "kid", "' or 1=1 --"), claims, text[2]),
            Unsigned(With(header, "kid", ""), claims, text[2]), Unsigned(Without(header, "kid"), claims, text[2]), Unsigned(With(header, "kid", 1), claims, text[2]),
            Own(With(header, "jwk", JsonNode.Parse("""{"kty":"oct","k":"AAAA"}""")!), claims), Own(With(header, "jku", "http://127.0.0.1:1/"), claims),
            Signed(With(header, "typ", "at+jwt"), claims, rsa), Signed(Without(header, "typ"), claims, rsa), Signed(With(header, "crit", new JsonArray("exp")), claims, rsa),
            Signed(header, With(claims, "tid", other.TenantId.ToString()), rsa), Signed(header, With(claims, "iss", other.Tenant.Issuer!), rsa),
            Signed(header, With(claims, "aud", other.ApplicationId.ToString()), rsa), Signed(header, With(claims, "aud", other.TenantId.ToString()), rsa),
            Signed(header, Without(claims, "aud"), rsa), Signed(header, Without(claims, "exp"), rsa), Signed(header, Without(claims, "iat"), rsa), Signed(header, Without(claims, "sub"), rsa),
            Signed(header, Without(claims, "tid"), rsa), Signed(header, With(claims, "exp", "9999999999"), rsa), Signed(header, With(claims, "iat", (long)claims["iat"]! + 31), rsa),
            Signed(header, With(claims, "nbf", (long)claims["iat"]! + 31), rsa), Signed(header, With(claims, "exp", (long)claims["iat"]!), rsa),
            Raw(header.ToJsonString(), claims.ToJsonString()[..^1] + $",\"sub\":\"{other.UserId}\"}}", rsa), Raw(header.ToJsonString(), "[]", rsa), Raw(header.ToJsonString(), "{", rsa),
            new string('a', 1_000_000),
        ];

        foreach (var bad in forged.Where(f => f.Length < 20_000))
        {
            var answer = await world.Get("/api/jwt/validate", "Bearer " + bad);
            Assert.True((answer.Status, answer.Body.ValueKind) == (401, JsonValueKind.Undefined), $"{bad} was answered with {answer.Status}");
        }

        Assert.All(forged, bad => Assert.Null(server.Get<IAccessTokenVerifier>().Verify(bad, server.Snapshot)));
        Assert.Equal(401, await Validate(other, token));
        Assert.Equal(401, (await other.Get("/api/jwt/refresh", "Bearer " + token)).Status);
        Assert.Equal(200, (await world.Get("/api/jwt/refresh", "Bearer " + token)).Status);
        Assert.Equal(200, await Validate(world, token));
        Assert.Equal(200, await Validate(world, Signed(header, claims, rsa)));
    }

    [Fact]
    public async Task A_vended_token_says_what_was_asked_but_never_who_issued_it_and_is_no_login()
    {
        var world = await server.NewWorld();
        var other = await server.NewWorld();
        var answer = await world.Post("/api/jwt/vend", new
        {
            timeToLiveInSeconds = 60,
            claims = new { sub = world.UserId, aud = world.ApplicationId, authenticationType = "PASSWORD", exp = 1, iat = 1, iss = other.Tenant.Issuer, tid = other.TenantId, color = "green" },
        });
        var token = answer.Body.GetProperty("token").GetString()!;
        var (_, claims) = Parts(token);
        var now = server.Time.UtcNow.ToUnixTimeSeconds();

        Assert.Equal((now, now + 60, "green"), ((long)claims["iat"]!, (long)claims["exp"]!, (string?)claims["color"]));
        Assert.Equal((world.Tenant.Issuer, world.TenantId.ToString()), ((string?)claims["iss"], (string?)claims["tid"]));
        Assert.Equal(200, await Validate(world, token));
        Assert.Equal(401, (await world.Get($"/api/jwt/issue?applicationId={world.ApplicationId}", "Bearer " + token)).Status);
        Assert.Equal(401, (await world.Get("/api/jwt/refresh", "Bearer " + token)).Status);
        Assert.Equal(401, (await world.Post("/api/jwt/vend", new { claims = new { } }, "Bearer " + token)).Status);
    }

    [Fact]
    public async Task A_token_of_one_application_is_exchanged_for_one_of_another_with_the_same_end()
    {
        var world = await server.NewWorld();
        var login = await world.Post("/api/login", new { loginId = world.Email, password = SessionServer.Password });
        var token = login.Body.GetProperty("token").GetString()!;
        server.Pass(TimeSpan.FromMinutes(5));
        var issued = await world.Get($"/api/jwt/issue?applicationId={world.ApplicationId}", "Bearer " + token);
        var (before, after) = (Parts(token).Claims, Parts(issued.Body.GetProperty("token").GetString()!).Claims);

        Assert.Equal(200, issued.Status);
        Assert.Equal((long)before["exp"]!, (long)after["exp"]!);
        Assert.Equal(("JWT_SSO", world.ApplicationId.ToString()), ((string?)after["authenticationType"], (string?)after["applicationId"]));
        Assert.Equal((long)before["auth_time"]!, (long)after["auth_time"]!);
        Assert.Equal(400, (await world.Get($"/api/jwt/issue?applicationId={Guid.NewGuid()}", "Bearer " + token)).Status);
        await world.Change(new { expiry = server.Time.UtcNow.ToUnixTimeMilliseconds() });
        Assert.Equal(401, (await world.Get($"/api/jwt/issue?applicationId={world.ApplicationId}", "Bearer " + token)).Status);
    }

    [Fact]
    public async Task The_token_of_a_created_user_says_how_it_came_about()
    {
        var world = await server.NewWorld();
        var issuer = server.Get<TokenIssuer>();
        var subject = (await world.LogIn()).Subject!;
        var created = issuer.IssueForCreated(server.Snapshot, new(JsonText.From(new { }), null, subject), null).Value!;
        var registered = issuer.IssueForCreated(server.Snapshot, new(JsonText.From(new { }), JsonText.From(new { }), subject), world.ApplicationId).Value!;
        Assert.Equal("USER_CREATE", (string?)Parts(created.Token).Claims["authenticationType"]);
        Assert.Equal("REGISTRATION", (string?)Parts(registered.Token).Claims["authenticationType"]);
        Assert.NotNull(server.Get<IAccessTokenVerifier>().Verify(created.Token, server.Snapshot));
        Assert.Equal(world.ApplicationId, server.Get<IAccessTokenVerifier>().Verify(registered.Token, server.Snapshot)!.ApplicationId);
    }

    [Fact]
    public async Task Public_keys_are_there_for_everybody_and_secrets_are_not()
    {
        var world = await server.NewWorld();
        var key = server.Snapshot.Find<Key>(world.Tenant.JwtConfiguration.AccessTokenKeyId!.Value)!;
        Assert.Equal(key.PublicKey, (await world.Get("/api/jwt/public-key", null)).Body.GetProperty("publicKeys").GetProperty(key.Kid!).GetString());
        Assert.Equal(key.PublicKey, (await world.Get($"/api/jwt/public-key?kid={key.Kid}", null)).Body.GetProperty("publicKey").GetString());
        Assert.Equal(key.PublicKey, (await world.Get($"/api/jwt/public-key?applicationId={world.ApplicationId}", null)).Body.GetProperty("publicKey").GetString());
        Assert.Equal(404, (await world.Get("/api/jwt/public-key?kid=unknown", null)).Status);
        var set = await world.Get($"/{world.TenantId}/.well-known/jwks.json", null);
        Assert.DoesNotContain("\"d\"", set.Body.GetRawText(), StringComparison.Ordinal);
        Assert.NotNull(set.Raw.Headers.CacheControl?.MaxAge);
    }

    private async Task<Key> NewKey(KeyAlgorithm algorithm)
    {
        var parts = KeyGenerator.Generate(algorithm, server.Time.UtcNow).Key!.Parts;
        var id = Guid.NewGuid();
        await server.Save(Families.Keys, id, new Key
        {
            Name = id.ToString(),
            Algorithm = algorithm,
            Kid = parts.Kid,
            PublicKey = parts.PublicKey,
            PrivateKey = parts.PrivateKey,
            Certificate = parts.Certificate,
            Secret = parts.Secret,
        });
        return server.Snapshot.Find<Key>(id)!;
    }

    private static async Task<int> Validate(World world, string token) => (await world.Get("/api/jwt/validate", "Bearer " + token)).Status;

    private static (JsonObject Header, JsonObject Claims) Parts(string token)
    {
        var parts = token.Split('.');
        return ((JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!, (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Unsigned(JsonObject header, JsonObject claims, string signature) => $"{Encode(header.ToJsonString())}.{Encode(claims.ToJsonString())}.{signature}";

    private static string Hmac(JsonObject header, JsonObject claims, string secret)
    {
        var signed = $"{Encode(header.ToJsonString())}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)))}";
    }

    /// <summary>Signed by a key that the attacker brings along.</summary>
    private static string Own(JsonObject header, JsonObject claims) =>
        Jws.Sign(Encoding.UTF8.GetBytes(header.ToJsonString()), Encoding.UTF8.GetBytes(claims.ToJsonString()), KeyGenerator.Generate(KeyAlgorithm.RS256, DateTimeOffset.UnixEpoch).Key!);

    private static string Signed(JsonObject header, JsonObject claims, Key key) => Raw(header.ToJsonString(), claims.ToJsonString(), key);

    private static string Raw(string header, string claims, Key key) => Jws.Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(claims), KeyImport.Read(key.Parts()).Key!);
}
