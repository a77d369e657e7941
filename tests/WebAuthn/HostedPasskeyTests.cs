using System.Text.Json.Nodes;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.WebAuthn;

/// <summary>What the script of the pages may do, and what nobody else may.</summary>
public sealed class HostedPasskeyTests
{
    [Fact]
    public async Task A_passkey_opens_a_session_and_the_client_gets_its_code()
    {
        var (world, authenticator) = await World();
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize())).Is(200);
        Assert.Equal("username webauthn", page.Document.QuerySelector("#loginId")!.GetAttribute("autocomplete"));
        Assert.True(page.Document.QuerySelector("#passkey-part")!.HasAttribute("hidden"));
        var answer = (await Send(browser, page, authenticator.Get(await Options(browser, page, world)))).Is(303);
        Assert.NotNull(OAuthWorld.Answer(answer)["code"]);
        Assert.Contains(browser.Cookies, c => c.Key.StartsWith("sso-", StringComparison.Ordinal));
        Assert.NotNull(OAuthWorld.Answer((await browser.Open(world.Authorize())).Is(302))["code"]);
        var tokens = (await world.Redeem(OAuthWorld.Answer(answer)["code"]!)).Is(200).Body;
        Assert.Equal("WEBAUTHN", (string)OAuthWorld.Claims((string)tokens["access_token"]!)["authenticationType"]!);
    }

    [Fact]
    public async Task The_script_runs_by_its_nonce_and_only_where_passkeys_are_on()
    {
        var (world, _) = await World();
        using var browser = world.Browser();
        var (first, second) = ((await browser.Open(world.Authorize())).Is(200), (await browser.Open(world.Authorize())).Is(200));
        var script = Assert.Single(first.Document.QuerySelectorAll("script"));
        var policy = Policy(first);
        Assert.Contains($"script-src 'nonce-{script.GetAttribute("nonce")}'; connect-src 'self'; ", policy, StringComparison.Ordinal);
        Assert.Equal("", script.TextContent);
        Assert.NotEqual(policy, Policy(second));
        var asset = (await world.Server.Get(script.GetAttribute("src")!, key: "")).Is(200);
        Assert.Contains("immutable", asset.Headers["Cache-Control"], StringComparison.Ordinal);

        var off = await OAuthWorld.Make(world.Server);
        var plain = (await browser.Open(off.Authorize())).Is(200);
        Assert.Empty(plain.Document.QuerySelectorAll("script"));
        Assert.DoesNotContain("script-src", Policy(plain), StringComparison.Ordinal);
        Assert.DoesNotContain("webauthn", plain.Text, StringComparison.OrdinalIgnoreCase);
        (await browser.Open(off.Authorize().Replace("authorize", "webauthn", StringComparison.Ordinal))).Is(303);

        static string Policy(Page page) => page.Headers.GetValues("Content-Security-Policy").Single();
    }

    [Fact]
    public async Task Another_site_cannot_sign_its_visitor_in_with_its_own_passkey()
    {
        var (world, authenticator) = await World();
        using var attacker = world.Browser();
        var own = (await attacker.Open(world.Authorize())).Is(200);
        var credential = authenticator.Get(await Options(attacker, own, world));

        // Posted by a page of another site; without a token; with the token of the other browser.
        using var victim = world.Browser();
        var page = (await victim.Open(world.Authorize())).Is(200);
        victim.Headers["Sec-Fetch-Site"] = "cross-site";
        (await Send(victim, page, credential)).Is(403);
        victim.Headers.Remove("Sec-Fetch-Site");
        var address = world.Authorize().Replace("authorize", "webauthn", StringComparison.Ordinal);
        Assert.Null((await victim.Post(address, [new("credential", credential.ToJsonString())])).Leads);
        Assert.Null((await victim.Post(address, [new("credential", credential.ToJsonString()), new("__RequestVerificationToken", Token(own))])).Leads);

        // Even with everything right, a challenge is answered in the browser that it was made for.
        Assert.Null((await Send(victim, page, credential)).Leads);
        Assert.DoesNotContain(victim.Cookies, c => c.Key.StartsWith("sso-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_are_for_the_script_of_our_own_pages()
    {
        var (world, _) = await World();
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize())).Is(200);
        var start = page.Document.QuerySelector("#passkey-form")!.GetAttribute("data-start")!;
        Assert.Equal(403, (int)(await Ask(world, start, "form=x", "")).Status);
        Assert.Equal(403, (int)(await Ask(world, start, Cookies(browser), "nonsense")).Status);
        Assert.Equal(403, (int)(await Ask(world, start, Cookies(browser), Token(page), ("Sec-Fetch-Site", "cross-site"))).Status);
        Assert.Equal(403, (int)(await Ask(world, start, Cookies(browser), Token(page), ("Origin", "https://evil.example.com"))).Status);
        Assert.Equal(400, (int)(await Ask(world, "/oauth2/webauthn/start?client_id=x", Cookies(browser), Token(page))).Status);
        Assert.Equal(404, (int)(await Ask(world, start.Replace("/start", "-add/start", StringComparison.Ordinal), Cookies(browser), Token(page))).Status);
        Assert.Equal(200, (int)(await Ask(world, start, Cookies(browser), Token(page))).Status);
    }

    [Fact]
    public async Task A_challenge_of_the_pages_is_worth_nothing_at_the_API_and_the_other_way_round()
    {
        var (world, authenticator) = await World();
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize())).Is(200);
        (await world.Server.Post("/api/webauthn/login", new { credential = authenticator.Get(await Options(browser, page, world)) }, key: "", tenant: world.Tenant)).Is(404);
        var options = (await world.Server.Post("/api/webauthn/start", new { userId = world.User, applicationId = world.Application, workflow = "bootstrap" }, tenant: world.Tenant)).Is(200).Body["options"]!;
        Assert.Null((await Send(browser, page, authenticator.Get(options))).Leads);

        // A page below the domain may use passkeys by the API where the tenant names the domain; our own pages stay where they are.
        var elsewhere = authenticator.Get(await Options(browser, page, world), new Ceremony { Origin = "https://www.login.example.com" });
        Assert.Null((await Send(browser, page, elsewhere)).Leads);
    }

    [Fact]
    public async Task A_passkey_is_added_by_who_has_just_signed_in()
    {
        await using var server = await TestServer.Start();
        var (world, _) = await World(server);
        var other = await OAuthWorld.AnotherUser(world);
        using var browser = other.Browser();
        var page = (await browser.Open(other.Authorize())).Is(200);
        var offered = (await browser.Submit(page, "#sign-in-form", ("loginId", other.Email), ("password", OAuthWorld.Password), ("rememberMe", ""), ("passkeys", "true"))).Is(303);
        Assert.StartsWith("/oauth2/webauthn-add?", offered.Leads, StringComparison.Ordinal);
        var add = (await browser.Open(offered.Leads!)).Is(200);
        var options = await Options(browser, add, other);
        Assert.Equal(other.User.ToByteArray(bigEndian: true), System.Buffers.Text.Base64Url.DecodeFromChars((string)options["user"]!["id"]!));
        var authenticator = new SoftAuthenticator();
        var onward = (await Send(browser, add, authenticator.Create(options))).Is(303);
        Assert.NotNull(OAuthWorld.Answer((await browser.Open(onward.Leads!)).Is(302))["code"]);
        Assert.Single((await server.Get($"/api/webauthn?userId={other.User}")).Body["credentials"]!.AsArray());

        // Later the page leads on: the session is not fresh enough to add another one.
        server.Time.Advance(TimeSpan.FromMinutes(11));
        (await browser.Open(offered.Leads!)).Is(303);
        using var again = other.Browser();
        page = (await again.Open(other.Authorize())).Is(200);
        Assert.NotNull(OAuthWorld.Answer((await Send(again, page, authenticator.Get(await Options(again, page, other)))).Is(303))["code"]);
    }

    [Fact]
    public async Task Whoever_says_not_now_goes_on_and_is_not_asked_again()
    {
        var (world, _) = await World();
        var other = await OAuthWorld.AnotherUser(world);
        using var browser = other.Browser();
        foreach (var asked in (bool[])[true, false])
        {
            var page = (await browser.Open(other.Authorize(("prompt", "login")))).Is(200);
            var next = (await browser.Submit(page, "#sign-in-form", ("loginId", other.Email), ("password", OAuthWorld.Password), ("rememberMe", ""), ("passkeys", "true"))).Is(303);
            if (asked)
            {
                var add = (await browser.Open(next.Leads!)).Is(200);
                next = (await browser.Post(next.Leads!, [new("__RequestVerificationToken", Token(add))])).Is(303);
                next = (await browser.Open(next.Leads!)).Is(302);
            }

            Assert.NotNull(OAuthWorld.Answer(next)["code"]);
        }
    }

    private static async Task<(OAuthWorld World, SoftAuthenticator Authenticator)> World(TestServer? server = null)
    {
        var passkeys = JsonNode.Parse("""{"enabled":true,"bootstrapWorkflow":{"enabled":true},"reauthenticationWorkflow":{"enabled":true},"relyingPartyId":"login.example.com"}""");
        var world = await OAuthWorld.Make(server ?? await TestServer.Shared, tenant: new JsonObject { ["webAuthnConfiguration"] = passkeys, ["baseURL"] = PasskeyWorld.Origin });
        var (authenticator, _) = await new PasskeyWorld(world.Server, world.Tenant, world.Application, world.User, world.Email).Register();
        return (world, authenticator);
    }

    private static string Token(Page page) => page.Document.QuerySelector("#passkey-form input[name=__RequestVerificationToken]")!.GetAttribute("value")!;

    private static string Cookies(Visitor browser) => string.Join("; ", browser.Cookies.Select(c => $"{c.Key}={c.Value}"));

    private static async Task<JsonNode> Options(Visitor browser, Page page, OAuthWorld world) =>
        (await Ask(world, page.Document.QuerySelector("#passkey-form")!.GetAttribute("data-start")!, Cookies(browser), Token(page))).Is(200).Body["options"]!;

    private static Task<Answer> Ask(OAuthWorld world, string path, string cookies, string token, params (string Name, string Value)[] headers) =>
        world.Server.Send(HttpMethod.Post, path, "{}", key: "", cookie: cookies, headers: [("RequestVerificationToken", token), .. headers]);

    private static Task<Page> Send(Visitor browser, Page page, JsonObject credential) =>
        browser.Submit(page, "#passkey-form", ("credential", credential.ToJsonString()), ("rememberMe", "false"));
}
