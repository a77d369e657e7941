using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Keys;

namespace OrleansAuth.OAuth;

/// <summary>Tokens that are bound to a key (RFC 9449): worth something with a proof, nothing without, and a proof is good once.</summary>
public sealed class DpopTests
{
    [Fact]
    public async Task A_bound_token_is_worth_something_with_its_proof_only()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var key = new ProofMaker(world.Server);
        var tokens = (await Redeem(world, key.Proof("POST", "/oauth2/token"))).Is(200).Body;
        Assert.Equal("DPoP", (string?)tokens["token_type"]);
        var token = (string)tokens["access_token"]!;
        Assert.Equal(key.Thumbprint, (string?)OAuthWorld.Claims(token)["cnf"]!["jkt"]);
        (await Show(world, token, key.Proof("GET", "/oauth2/userinfo", token))).Is(200);
        (await world.Server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: token)).Is(401);
        Assert.Contains("algs=", (await Show(world, token, null)).Is(401).Headers["WWW-Authenticate"], StringComparison.Ordinal);
        using var thief = new ProofMaker(world.Server);
        (await Show(world, token, thief.Proof("GET", "/oauth2/userinfo", token))).Is(401);
        Assert.Equal(key.Thumbprint, (string?)(await world.Post("/oauth2/introspect", ("token", token))).Is(200).Body["cnf"]!["jkt"]);
    }

    [Fact]
    public async Task Our_own_API_asks_for_the_proof_too()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var key = new ProofMaker(world.Server);
        var token = (string)(await Redeem(world, key.Proof("POST", "/oauth2/token"))).Is(200).Body["access_token"]!;
        var refused = (await Show(world, token, key.Proof("GET", "/oauth2/userinfo", token), "/api/user")).Is(401);
        Assert.Equal("", refused.Text);
        Assert.StartsWith("DPoP error=\"invalid_dpop_proof\"", refused.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Equal(world.User, (Guid)(await Show(world, token, key.Proof("GET", "/api/user", token), "/api/user")).Is(200).Body["user"]!["id"]!);
        (await world.Server.Send(HttpMethod.Get, "/api/user", bearer: token)).Is(401);
        (await world.Server.Send(HttpMethod.Get, "/api/user", key: "", cookie: $"access_token={token}")).Is(401);
        (await world.Server.Send(HttpMethod.Get, "/api/jwt/validate", bearer: token)).Is(401);
    }

    public static TheoryData<string> BentProofs => ["method", "address", "path", "old", "early", "token", "typ", "none", "hs256", "crit", "private", "no jwk", "no jti", "signature", "other key", "twice", "number"];

    [Theory, MemberData(nameof(BentProofs))]
    public async Task A_proof_that_is_not_for_this_request_proves_nothing(string how)
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var key = new ProofMaker(world.Server);
        var token = (string)(await Redeem(world, key.Proof("POST", "/oauth2/token"))).Is(200).Body["access_token"]!;
        var proof = key.Proof("GET", "/oauth2/userinfo", token, (header, claims) => Bend(how, header, claims));
        if (how == "signature") proof = proof[..^3] + (proof.EndsWith("AAA", StringComparison.Ordinal) ? "BBB" : "AAA");
        if (how == "twice") proof = $"{proof},{proof}";
        Assert.Equal("invalid_dpop_proof", (string?)(await Show(world, token, proof)).Is(401).Body["error"]);
    }

    [Fact]
    public async Task A_proof_is_good_once_also_when_many_show_it_at_once()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var key = new ProofMaker(world.Server);
        var token = (string)(await Redeem(world, key.Proof("POST", "/oauth2/token"))).Is(200).Body["access_token"]!;
        var proof = key.Proof("GET", "/oauth2/userinfo", token);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Show(world, token, proof)));
        Assert.Single(answers, a => (int)a.Status == 200);
    }

    [Fact]
    public async Task A_proof_that_was_used_is_known_after_a_restart()
    {
        var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server);
        using var key = new ProofMaker(server);
        var token = (string)(await Redeem(world, key.Proof("POST", "/oauth2/token"))).Is(200).Body["access_token"]!;
        var address = "https://login.example.com/oauth2/userinfo";
        (await server.Patch($"/api/tenant/{world.Tenant}", new JsonObject { ["tenant"] = new JsonObject { ["baseURL"] = "https://login.example.com", ["issuer"] = OAuthWorld.Claims(token)["iss"]!.DeepClone() } })).Is(200);
        var proof = key.Proof("GET", "/oauth2/userinfo", token, (_, claims) => claims["htu"] = address);
        (await Show(world, token, proof)).Is(200);
        await using var next = await server.Restart();
        // The other way round, a proof that nobody saw is good: what is refused is the repetition.
        Assert.Equal("invalid_dpop_proof", (string?)(await Show(world.On(next), token, proof)).Is(401).Body["error"]);
        (await Show(world.On(next), token, key.Proof("GET", "/oauth2/userinfo", token, (_, claims) => claims["htu"] = address))).Is(200);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_must_prove_its_key_gets_nothing_without()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["requireDPoP"] = true });
        using var key = new ProofMaker(world.Server);
        Assert.Equal("invalid_dpop_proof", (string?)(await world.Redeem(await world.Code())).Is(400).Body["error"]);
        (await Redeem(world, key.Proof("POST", "/oauth2/token"))).Is(200);
    }

    [Fact]
    public async Task A_public_client_refreshes_with_the_same_key_only()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["clientAuthenticationPolicy"] = "NotRequired" });
        using var key = new ProofMaker(world.Server);
        var tokens = (await Redeem(world, key.Proof("POST", "/oauth2/token"), ("client_secret", null))).Is(200).Body;
        (string, string?)[] refresh = [("grant_type", "refresh_token"), ("refresh_token", (string?)tokens["refresh_token"]), ("client_secret", null)];
        using var thief = new ProofMaker(world.Server);
        (await world.Token(refresh)).Is(400);
        (await Post(world, "/oauth2/token", thief.Proof("POST", "/oauth2/token"), refresh)).Is(400);
        Assert.Equal("DPoP", (string?)(await Post(world, "/oauth2/token", key.Proof("POST", "/oauth2/token"), refresh)).Is(200).Body["token_type"]);
    }

    [Fact]
    public async Task A_code_that_was_asked_for_with_a_key_goes_to_that_key()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var key = new ProofMaker(world.Server);
        using var thief = new ProofMaker(world.Server);
        var code = await world.Code(null, ("dpop_jkt", key.Thumbprint));
        (await world.Redeem(code)).Is(400);
        (await Post(world, "/oauth2/token", thief.Proof("POST", "/oauth2/token"), CodeForm(code))).Is(400);
        (await Post(world, "/oauth2/token", key.Proof("POST", "/oauth2/token"), CodeForm(code))).Is(200);
    }

    [Fact]
    public void The_thumbprint_is_the_one_of_the_RFC()
    {
        // RFC 7638, section 3.1.
        var jwk = JsonElement.Parse("""
            {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
            """);
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", ProofKey.TryRead(jwk, "RS256")!.Thumbprint);
        Assert.Null(ProofKey.TryRead(jwk, "RS512"));
        Assert.Null(ProofKey.TryRead(jwk, "ES256"));
        Assert.Null(ProofKey.TryRead(jwk, "none"));
    }

    [Fact]
    public void A_key_that_is_too_small_or_on_no_curve_is_no_key()
    {
        using var small = RSA.Create(1024);
        var modulus = System.Buffers.Text.Base64Url.EncodeToString(small.ExportParameters(false).Modulus);
        Assert.Null(ProofKey.TryRead(JsonElement.Parse($$"""{"kty":"RSA","n":"{{modulus}}","e":"AQAB"}"""), "RS256"));
        var zero = new string('A', 43);
        Assert.Null(ProofKey.TryRead(JsonElement.Parse($$"""{"kty":"EC","crv":"P-256","x":"{{zero}}","y":"{{zero}}"}"""), "ES256"));
        Assert.Null(ProofKey.TryRead(JsonElement.Parse($$"""{"kty":"OKP","crv":"Ed25519","x":"{{zero}}"}"""), "EdDSA"));
    }

    private static void Bend(string how, JsonObject header, JsonObject claims)
    {
        switch (how)
        {
            case "method": claims["htm"] = "POST"; break;
            case "address": claims["htu"] = "https://elsewhere.example.com/oauth2/userinfo"; break;
            case "path": claims["htu"] = claims["htu"]!.GetValue<string>() + "/"; break;
            case "old": claims["iat"] = claims["iat"]!.GetValue<long>() - 61; break;
            case "early": claims["iat"] = claims["iat"]!.GetValue<long>() + 61; break;
            case "token": claims["ath"] = claims["jti"]!.DeepClone(); break;
            case "typ": header["typ"] = "JWT"; break;
            case "none": header["alg"] = "none"; break;
            case "hs256": header["alg"] = "HS256"; break;
            case "crit": header["crit"] = new JsonArray("exp"); break;
            case "private": header["jwk"]!["d"] = "AAAA"; break;
            case "no jwk": header.Remove("jwk"); break;
            case "no jti": claims.Remove("jti"); break;
            case "other key": header["jwk"]!["x"] = header["jwk"]!["y"]!.DeepClone(); break;
            case "number": claims["iat"] = "soon"; break;
        }
    }

    private static (string, string?)[] CodeForm(string code) => [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", OAuthWorld.Redirect), ("code_verifier", OAuthWorld.Verifier)];

    private static async Task<Answer> Redeem(OAuthWorld world, string proof, params (string, string?)[] values) => await Post(world, "/oauth2/token", proof, [.. CodeForm(await world.Code()), .. values]);

    private static Task<Answer> Post(OAuthWorld world, string path, string proof, params (string, string?)[] values) => world.Post(path, [("DPoP", proof)], values);

    private static Task<Answer> Show(OAuthWorld world, string token, string? proof, string path = "/oauth2/userinfo") =>
        world.Server.Send(HttpMethod.Get, path, key: $"DPoP {token}", headers: proof is null ? [] : [("DPoP", proof)]);
}
