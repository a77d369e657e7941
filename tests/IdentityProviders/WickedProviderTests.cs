using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrleansAuth.Administration;
using OrleansAuth.Common;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// What a provider, or somebody between it and us, may try (attacks 28 and 29 of our list). Each ends on the sign-in page with
/// a sentence, without a session, without a user and without a link.
/// </summary>
public sealed class WickedProviderTests
{
    private const string Proof = "does not prove";

    public static TheoryData<string, string> Tokens() => new()
    {
        { "no subject", "sub=" }, { "an empty subject", "sub=\"\"" }, { "a blank subject", "sub=\"  \"" }, { "a subject of null", "sub=null" }, { "a number as subject", "sub=42" },
        { "a truth as subject", "sub=true" }, { "a list as subject", "sub=[\"a\"]" }, { "an object as subject", "sub={}" }, { "a subject with a line end", "sub=\"a\\n\"" },
        { "a subject that is too long", $"sub=\"{new string('x', 256)}\"" },
        { "another issuer", "iss=\"https://other.example.com\"" }, { "an issuer with a slash more", "iss=\"{issuer}/\"" }, { "no issuer", "iss=" },
        { "another audience", "aud=\"somebody-else\"" }, { "no audience", "aud=" }, { "two audiences and no azp", "aud=[\"the-server\",\"somebody-else\"]" },
        { "another azp", "azp=\"somebody-else\"" }, { "an azp that is no text", "azp=7" },
        { "an end in the past", "exp=1" }, { "no end", "exp=" }, { "a beginning in the future", "nbf=99999999999" }, { "an issue in the future", "iat=99999999999" }, { "no issue", "iat=" },
        { "another nonce", "nonce=\"another\"" }, { "no nonce", "nonce=" }, { "a nonce that is no text", "nonce=1" },
        { "another access token", "at_hash=\"AAAAAAAAAAAAAAAAAAAAAA\"" }, { "a hash that is no text", "at_hash=1" }, { "another code", "c_hash=\"AAAAAAAAAAAAAAAAAAAAAA\"" },
    };

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task An_ID_token_that_is_wrong_in_one_claim_proves_nothing(string what, string change)
    {
        await using var world = await FederationWorld.Make();
        world.Provider.Claims = claims =>
        {
            var (name, value) = (change[..change.IndexOf('=')], change[(change.IndexOf('=') + 1)..].Replace("{issuer}", world.Provider.Issuer, StringComparison.Ordinal));
            if (value.Length == 0) claims.Remove(name);
            else claims[name] = JsonNode.Parse(value);
        };
        await Refused(world, Proof, what);
    }

    public static TheoryData<string> Signatures() => ["none", "None", "without a signature", "HMAC with the public key", "HMAC with the client's secret", "a key of its own in the header", "a key that is not published", "a key of another", "changed claims", "crit", "another type", "half of a surrogate pair", "two claims of one name", "not a token"];

    [Theory]
    [MemberData(nameof(Signatures))]
    public async Task A_token_that_the_provider_did_not_sign_proves_nothing(string way)
    {
        await using var world = await FederationWorld.Make();
        var (provider, stranger) = (world.Provider, new SigningPair("one"));
        provider.Key = way.StartsWith("HMAC", StringComparison.Ordinal) ? new SigningPair("one", 2048) : provider.Key;
        provider.Sign = (header, claims) =>
        {
            switch (way)
            {
                case "none" or "None":
                    header["alg"] = way;
                    return SigningPair.Text(header, claims) + ".";
                case "without a signature":
                    return SigningPair.Text(header, claims) + ".";
                case "HMAC with the public key":
                    return Hmac(header, claims, Encoding.ASCII.GetBytes(provider.Key.Pem));
                case "HMAC with the client's secret":
                    return Hmac(header, claims, Encoding.UTF8.GetBytes(WickedProvider.ClientSecret));
                case "a key of its own in the header":
                    header["jwk"] = stranger.Public();
                    header["jku"] = provider.Issuer + "/keys";
                    return stranger.Sign(header, claims);
                case "a key that is not published":
                    header["kid"] = "two";
                    return stranger.Sign(header, claims);
                case "a key of another":
                    return stranger.Sign(header, claims);
                case "changed claims":
                    var parts = provider.Key.Sign(header, claims).Split('.');
                    claims["sub"] = "somebody else";
                    return $"{SigningPair.Text(header, claims)}.{parts[2]}";
                case "crit":
                    header["crit"] = new JsonArray("exp");
                    return provider.Key.Sign(header, claims);
                case "another type":
                    header["typ"] = "at+jwt";
                    return provider.Key.Sign(header, claims);
                case "half of a surrogate pair":
                    return provider.Key.SignText(header.ToJsonString(), claims.ToJsonString().Replace("the subject", "\\ud800", StringComparison.Ordinal));
                case "two claims of one name":
                    return provider.Key.SignText(header.ToJsonString(), claims.ToJsonString()[..^1] + ",\"sub\":\"somebody else\"}");
                default:
                    return "abc";
            }
        };
        await Refused(world, Proof, way);
    }

    [Fact]
    public async Task Userinfo_of_somebody_else_brings_nobody_in()
    {
        await using var world = await FederationWorld.Make();
        foreach (var other in new[] { """{"sub":"somebody else","email":"x@example.com","email_verified":true}""", """{"email":"x@example.com","email_verified":true}""", """{"sub":7}""" })
        {
            world.Provider.UserInfo = _ => (JsonObject)JsonNode.Parse(other)!;
            await Refused(world, Proof, other, FederationWorld.Person("the subject"));
        }
    }

    [Fact]
    public async Task The_word_about_one_address_is_no_word_about_another()
    {
        await using var world = await FederationWorld.Make();
        world.Provider.Claims = claims => claims["email"] = world.OAuth.Email;
        world.Provider.UserInfo = _ => FederationWorld.Person("grace", "grace@elsewhere.example", true);
        using var browser = world.OAuth.Browser();
        Assert.StartsWith("/oauth2/start-idp-link?", (await world.SignIn(browser, FederationWorld.Person("grace"))).Is(303).Leads, StringComparison.Ordinal);
        Assert.Empty(await world.LinksOf(world.OAuth.User));
    }

    [Theory]
    [InlineData("a redirect", "does not answer")]
    [InlineData("a server error", "does not answer")]
    [InlineData("no JSON", "does not answer")]
    [InlineData("too much", "does not answer")]
    [InlineData("no ID token", Proof)]
    [InlineData("a refusal", "did not sign you in")]
    public async Task A_token_endpoint_that_does_not_answer_as_it_should_brings_nobody_in(string way, string sentence)
    {
        await using var world = await FederationWorld.Make();
        world.Provider.Token = async http =>
        {
            switch (way)
            {
                case "a redirect":
                    http.Response.Redirect(world.Provider.Issuer + "/token?again");
                    break;
                case "a server error":
                    http.Response.StatusCode = 500;
                    break;
                case "no JSON":
                    await http.Response.WriteAsync("<html>");
                    break;
                case "too much":
                    await http.Response.WriteAsync("{\"id_token\":\"" + new string('x', 2_000_000));
                    break;
                case "no ID token":
                    await http.Response.WriteAsync("""{"access_token":"a","token_type":"Bearer"}""");
                    break;
                default:
                    http.Response.StatusCode = 400;
                    await http.Response.WriteAsync("""{"error":"invalid_grant","error_description":"a secret of somebody"}""");
                    break;
            }

            return true;
        };
        await Refused(world, sentence, way);
        Assert.Equal(1, world.Provider.TokenRequests);
    }

    [Fact]
    public async Task A_token_endpoint_that_never_ends_its_answer_is_given_up()
    {
        await using var server = await TestServer.Start(folder: null, null, "--Webhooks:AllowPrivateAddresses=true");
        await using var world = await FederationWorld.Make(server: server);
        var (begun, over) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Provider.Token = async http =>
        {
            await http.Response.WriteAsync("{");
            await http.Response.Body.FlushAsync();
            begun.SetResult();
            await over.Task;
            return true;
        };
        using var browser = world.OAuth.Browser();
        var coming = world.SignIn(browser, FederationWorld.Somebody());
        await begun.Task;
        server.Time.Advance(UpstreamHttp.Patience);
        Assert.Contains("does not answer", await FederationWorld.IsRefused(browser, await coming), StringComparison.Ordinal);
        over.SetResult();
    }

    [Theory]
    [InlineData("https://other.example.com", Proof)]
    [InlineData(null, Proof)]
    public async Task An_answer_that_names_another_issuer_or_none_where_it_should_is_not_redeemed(string? issuer, string sentence)
    {
        await using var world = await FederationWorld.Make();
        world.Provider.Discovery = document => document["authorization_response_iss_parameter_supported"] = true;
        using var browser = world.OAuth.Browser();
        var away = await world.Begin(browser);
        Assert.Contains(sentence, await FederationWorld.IsRefused(browser, await browser.Open(world.Provider.Approve(away, FederationWorld.Somebody(), ("iss", issuer)))), StringComparison.Ordinal);
        Assert.Equal(0, world.Provider.TokenRequests);
        away = await world.Begin(browser);
        await world.UserOf(await browser.Open(world.Provider.Approve(away, FederationWorld.Somebody(), ("iss", world.Provider.Issuer))));
    }

    [Fact]
    public async Task A_discovery_document_of_another_issuer_leads_nowhere()
    {
        await using var world = await FederationWorld.Make();
        world.Provider.Discovery = document => document["issuer"] = "https://other.example.com";
        using var browser = world.OAuth.Browser();
        var page = await browser.Open((await browser.Open(world.OAuth.Authorize())).Document.QuerySelector($"#provider-{world.Id}")!.GetAttribute("href")!);
        Assert.Contains("does not answer", await FederationWorld.IsRefused(browser, page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_key_is_found_and_made_up_ones_do_not_ask_again_and_again()
    {
        await using var server = await TestServer.Start(folder: null, null, "--Webhooks:AllowPrivateAddresses=true");
        await using var world = await FederationWorld.Make(server: server);
        using var browser = world.OAuth.Browser();
        await world.UserOf(await world.SignIn(browser, FederationWorld.Somebody()));
        server.Time.Advance(TimeSpan.FromMinutes(1));
        world.Provider.Key = new SigningPair("two");
        using var second = world.OAuth.Browser();
        await world.UserOf(await world.SignIn(second, FederationWorld.Somebody()));
        Assert.Equal(2, world.Provider.KeyRequests);
        world.Provider.Header = header => header["kid"] = Guid.NewGuid().ToString();
        for (var i = 0; i < 3; i++)
        {
            using var stranger = world.OAuth.Browser();
            Assert.Contains(Proof, await FederationWorld.IsRefused(stranger, await world.SignIn(stranger, FederationWorld.Somebody())), StringComparison.Ordinal);
        }

        Assert.Equal(2, world.Provider.KeyRequests);
    }

    private static async Task Refused(FederationWorld world, string sentence, string what, JsonObject? person = null)
    {
        using Visitor browser = world.OAuth.Browser();
        person ??= FederationWorld.Person("the subject", world.OAuth.Email, true);
        var said = await FederationWorld.IsRefused(browser, await world.SignIn(browser, person));
        Assert.True(said.Contains(sentence, StringComparison.Ordinal), $"{what}: {said}");
        Assert.Empty(await world.LinksOf(world.OAuth.User));
        Assert.Equal(1, (int)(await world.Server.Get("/api/user/search?queryString=*", tenant: world.OAuth.Tenant)).Is(200).Body["total"]!);
    }

    private static string Hmac(JsonObject header, JsonObject claims, byte[] key)
    {
        header["alg"] = "HS256";
        var text = SigningPair.Text(header, claims);
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)))}";
    }
}
