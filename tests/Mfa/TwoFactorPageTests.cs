using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mfa;

/// <summary>The pages of the second factor, and the gate behind them when tokens are given out.</summary>
public sealed class TwoFactorPageTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];

    [Fact]
    public async Task A_code_after_the_password_brings_the_user_to_the_client()
    {
        await using var server = await TestServer.Start();
        var world = await WithAuthenticator(server);
        using var browser = world.Browser();
        var asked = await world.SignIn(browser);
        Assert.StartsWith("/oauth2/two-factor?", asked.Is(303).Leads, StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Cookies, c => c.Key.StartsWith("sso-", StringComparison.Ordinal));
        var page = (await browser.Open(asked.Leads!)).Is(200);
        var input = page.Document.QuerySelector("#code")!;
        Assert.Equal(("one-time-code", "numeric"), (input.GetAttribute("autocomplete"), input.GetAttribute("inputmode")));
        var wrong = (await browser.Submit(page, "#two-factor-form", ("code", "000000"))).Is(200);
        Assert.NotNull(wrong.Document.QuerySelector("#code-note"));
        var answer = OAuthWorld.Answer((await browser.Submit(wrong, "#two-factor-form", ("code", Code(server)), ("trustComputer", "true"))).Is(303));
        var tokens = (await world.Redeem(answer["code"]!)).Is(200);
        Assert.Equal(["pwd", "otp", "mfa"], Claims(tokens, "id_token")["amr"]!.AsArray().Select(a => (string)a!));
        Assert.Contains(browser.Cookies, c => c.Key == "fusionauth.trust");
        Assert.DoesNotContain(browser.Cookies, c => c.Key.StartsWith("two-factor-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_trusted_browser_is_not_asked_again()
    {
        await using var server = await TestServer.Start();
        var world = await WithAuthenticator(server);
        using var browser = world.Browser();
        var page = (await browser.Open((await world.SignIn(browser)).Leads!)).Is(200);
        OAuthWorld.Answer((await browser.Submit(page, "#two-factor-form", ("code", Code(server)), ("trustComputer", "true"))).Is(303));
        Assert.NotNull(OAuthWorld.Answer((await world.SignIn(browser, ("prompt", "login"))).Is(303))["code"]);
        using var other = world.Browser();
        Assert.StartsWith("/oauth2/two-factor?", (await world.SignIn(other)).Is(303).Leads, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forced_set_up_cannot_be_walked_around()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server, tenant: Policy("Required"));
        using var browser = world.Browser();
        var asked = (await world.SignIn(browser)).Is(303);
        Assert.StartsWith("/oauth2/two-factor-enable?", asked.Leads, StringComparison.Ordinal);

        // Deep links, the start of the login again, and pages of other steps: all lead to the password or to the set-up.
        foreach (var path in (string[])["authorize", "consent", "not-registered", "choose-account", "two-factor", "two-factor-methods"])
        {
            var page = await browser.Open(world.Authorize().Replace("/oauth2/authorize", $"/oauth2/{path}", StringComparison.Ordinal));
            Assert.True(page.Leads is null ? page.Document.QuerySelector("#sign-in-form") is not null : !page.Leads.StartsWith(OAuthWorld.Redirect, StringComparison.Ordinal), path);
        }

        var enable = (await browser.Open(asked.Leads!)).Is(200);
        Assert.NotNull(enable.Document.QuerySelector("svg.qr path"));
        Assert.Empty(enable.Document.QuerySelectorAll("script, style, [style]"));
        var secret = Base32.Decode(enable.Document.QuerySelector("input[name=secret]")!.GetAttribute("value")!)!;
        Assert.Equal(Base32.Encode(secret), enable.Document.QuerySelector("#secret")!.TextContent.Replace(" ", "", StringComparison.Ordinal));
        (await browser.Submit(enable, "#enable-form", ("code", "000000"))).Is(200);
        var done = (await browser.Submit(enable, "#enable-form", ("code", Code(server, secret)))).Is(200);
        Assert.Equal(10, done.Document.QuerySelector("#recovery-codes")!.TextContent.Split('\n').Distinct().Count());
        var answer = OAuthWorld.Answer((await browser.Submit(done, "#complete-form")).Is(303));
        (await world.Redeem(answer["code"]!)).Is(200);

        // From now on the method is asked for.
        using var other = world.Browser();
        Assert.StartsWith("/oauth2/two-factor?", (await world.SignIn(other)).Is(303).Leads, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_from_before_needs_the_factor_once_the_policy_asks_for_it()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server, tenant: (JsonObject)JsonNode.Parse("""{"externalIdentifierConfiguration":{"authorizationGrantIdTimeToLiveInSeconds":300}}""")!);
        using var browser = world.Browser();
        var code = await world.Code(browser);
        Assert.NotNull(OAuthWorld.Answer(await browser.Open(world.Authorize()))["code"]);
        await Enable(server, world.User);

        // A code from before the change is not exchanged: the gate is asked when tokens are given out.
        Assert.Equal("multi_factor_challenge_required", (string?)(await world.Redeem(code)).Is(400).Body["error_reason"]);
        Assert.Equal("interaction_required", OAuthWorld.Answer(await browser.Open(world.Authorize(("prompt", "none"))))["error"]);
        var asked = await browser.Open(world.Authorize());
        Assert.StartsWith("/oauth2/two-factor?", asked.Leads, StringComparison.Ordinal);
        server.Time.UtcNow += TimeSpan.FromMinutes(2);
        var page = (await browser.Open(asked.Leads!)).Is(200);
        var answer = OAuthWorld.Answer((await browser.Submit(page, "#two-factor-form", ("code", Code(server)))).Is(303));
        var claims = Claims((await world.Redeem(answer["code"]!)).Is(200), "id_token");
        Assert.True((long)claims["auth_time"]! <= server.Time.UtcNow.ToUnixTimeSeconds() - 120, "The first factor was proved before.");
        Assert.NotNull(OAuthWorld.Answer(await browser.Open(world.Authorize()))["code"]);
        Assert.Equal("login_required", OAuthWorld.Answer(await browser.Open(world.Authorize(("prompt", "none"), ("max_age", "60"))))["error"]);
    }

    [Fact]
    public async Task A_session_without_the_factor_of_another_application_is_asked_for_it_there()
    {
        await using var server = await TestServer.Start();
        var world = await WithAuthenticator(server, application: Policy("Disabled"));
        var strict = await server.NewApplication(world.Tenant, new { oauthConfiguration = new { authorizedRedirectURLs = new[] { OAuthWorld.Redirect }, enabledGrants = new[] { "authorization_code" } } });
        using var browser = world.Browser();
        Assert.NotNull(OAuthWorld.Answer((await world.SignIn(browser)).Is(303))["code"]);
        Assert.StartsWith("/oauth2/two-factor?", (await browser.Open(world.Authorize(("client_id", strict.ToString())))).Leads, StringComparison.Ordinal);
        Assert.NotNull(OAuthWorld.Answer(await browser.Open(world.Authorize()))["code"]);
    }

    [Fact]
    public async Task The_id_of_a_waiting_login_is_worth_nothing_in_another_application_or_tenant()
    {
        await using var server = await TestServer.Start();
        var world = await WithAuthenticator(server);
        var other = await OAuthWorld.Make(server);
        using var browser = world.Browser();
        var asked = (await world.SignIn(browser)).Is(303).Leads!;
        var held = browser.Cookies.Single(c => c.Key.StartsWith("two-factor-", StringComparison.Ordinal)).Value;
        using var stranger = other.Browser();
        stranger.Cookies[$"two-factor-{other.Tenant:N}"] = held;
        Assert.NotNull((await stranger.Open((await stranger.Open(other.Authorize().Replace("authorize", "two-factor", StringComparison.Ordinal))).Leads!)).Document.QuerySelector("#sign-in-form"));
        server.Time.UtcNow += TimeSpan.FromMinutes(5);
        Assert.StartsWith("/oauth2/authorize", (await browser.Open(asked)).Leads, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recovery_code_is_a_method_to_choose()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server);
        var codes = await Enable(server, world.User);
        using var browser = world.Browser();
        var page = (await browser.Open((await world.SignIn(browser)).Leads!)).Is(200);
        var methods = (await browser.Open(page.Document.QuerySelector("#methods")!.GetAttribute("href")!)).Is(200);
        var chosen = (await browser.Submit(methods, "#methods-form", ("methodId", "recovery"))).Is(303);
        var recovery = (await browser.Open(chosen.Leads!)).Is(200);
        Assert.Null(recovery.Document.QuerySelector("#code")!.GetAttribute("inputmode"));
        OAuthWorld.Answer((await browser.Submit(recovery, "#two-factor-form", ("code", codes[3]))).Is(303));
    }

    [Fact]
    public async Task The_password_grant_says_what_is_missing()
    {
        await using var server = await TestServer.Start();
        var world = await WithAuthenticator(server, oauth: new JsonObject { ["enabledGrants"] = new JsonArray("password") });
        var refused = (await world.Token(("grant_type", "password"), ("username", world.Email), ("password", OAuthWorld.Password), ("scope", "openid"))).Is(400);
        Assert.Equal("two_factor_required", (string?)refused.Body["error"]);
        Assert.Equal("authenticator", (string?)refused.Body["two_factor_methods"]![0]!["method"]);
        (await server.Post("/api/two-factor/login", new { twoFactorId = (string)refused.Body["two_factor_id"]!, code = Code(server) }, key: "")).Is(200);
        Assert.Equal("invalid_grant", (string?)(await world.Token(("grant_type", "password"), ("username", world.Email), ("password", "wrong"))).Is(400).Body["error"]);
    }

    private static JsonObject Policy(string policy) => new() { ["multiFactorConfiguration"] = new JsonObject { ["loginPolicy"] = policy } };

    /// <summary>A user with an authenticator, its first step used up.</summary>
    private static async Task<OAuthWorld> WithAuthenticator(TestServer server, JsonObject? application = null, JsonObject? oauth = null)
    {
        var world = await OAuthWorld.Make(server, oauth, application);
        await Enable(server, world.User);
        return world;
    }

    private static async Task<string[]> Enable(TestServer server, Guid user)
    {
        var added = (await server.Post($"/api/user/two-factor/{user}", new { method = "authenticator", code = Code(server), secret = Convert.ToBase64String(Secret) })).Is(200);
        server.Time.UtcNow += TimeSpan.FromSeconds(30);
        return [.. added.Body["recoveryCodes"]!.AsArray().Select(c => (string)c!)];
    }

    private static string Code(TestServer server, byte[]? secret = null) =>
        Totp.Code(secret ?? Secret, Totp.Step(server.Time.UtcNow.ToUnixTimeMilliseconds(), 30), TotpAlgorithm.HmacSHA1, 6);

    private static JsonObject Claims(Answer tokens, string name) =>
        (JsonObject)JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(((string)tokens.Body[name]!).Split('.')[1]))!;
}
