using System.Text.Json.Nodes;
using OrleansAuth.Administration;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>Signing out (OpenID Connect RP-Initiated and Front-Channel Logout): who proves to be the client ends the session, anybody else makes us ask.</summary>
public sealed class LogoutTests
{
    private const string After = "https://client.example.com/bye";
    private const string LogoutUrl = "https://client.example.com/logged-out";

    [Fact]
    public async Task A_client_that_shows_its_ID_token_ends_the_session_and_gets_the_browser_back()
    {
        var (world, browser, tokens) = await SignedIn();
        using var own = browser;
        var gone = await browser.Open(Address(world, tokens, ("post_logout_redirect_uri", After), ("state", "a state")));
        Assert.Equal(After + "?state=a%20state", gone.Is(302).Leads);
        Assert.DoesNotContain(browser.Cookies, c => c.Key.StartsWith("sso-", StringComparison.Ordinal));
        Assert.Equal("\"storage\"", string.Join("", gone.Headers.GetValues("Clear-Site-Data")));
        Assert.Equal("login_required", await Silent(world, browser));
    }

    [Fact]
    public async Task The_cookie_of_a_session_that_was_ended_is_worth_nothing()
    {
        var (world, browser, tokens) = await SignedIn();
        using var own = browser;
        var kept = browser.Cookies.ToList();
        (await browser.Open(Address(world, tokens))).Is(200);
        foreach (var (name, value) in kept) browser.Cookies[name] = value;
        Assert.Equal("login_required", await Silent(world, browser));
    }

    [Fact]
    public async Task An_ID_token_that_is_too_old_to_use_still_says_who_asks()
    {
        await using var server = await TestServer.Start();
        var (world, browser, tokens) = await SignedIn(server, remember: true);
        using var own = browser;
        server.Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal("yes", await Silent(world, browser));
        (await browser.Open(Address(world, tokens, ("post_logout_redirect_uri", After)))).Is(302);
        Assert.Equal("login_required", await Silent(world, browser));
    }

    [Fact]
    public async Task Nobody_is_signed_out_by_a_link_or_a_form_of_another_site()
    {
        var (world, browser, _) = await SignedIn();
        using var own = browser;
        var asked = (await browser.Open($"/oauth2/logout?client_id={world.Application}&post_logout_redirect_uri={Uri.EscapeDataString(After)}")).Is(200);
        Assert.NotNull(asked.Document.QuerySelector("#logout-form"));
        Assert.Equal("yes", await Silent(world, browser));
        (await browser.Post(asked.Path, [KeyValuePair.Create("confirm", "true")])).Is(200);
        var posted = (await browser.Post("/oauth2/logout", [KeyValuePair.Create("client_id", world.Application.ToString())])).Is(303);
        Assert.NotNull((await browser.Open(posted.Leads!)).Is(200).Document.QuerySelector("#logout-form"));
        Assert.Equal("yes", await Silent(world, browser));
        Assert.Equal(After, (await browser.Submit(asked, "#logout-form", ("confirm", "true"))).Is(303).Leads);
        Assert.Equal("login_required", await Silent(world, browser));
    }

    [Fact]
    public async Task A_client_may_post_its_request()
    {
        var (world, browser, tokens) = await SignedIn();
        using var own = browser;
        var posted = await browser.Post("/oauth2/logout", [KeyValuePair.Create("id_token_hint", (string)tokens["id_token"]!), KeyValuePair.Create("post_logout_redirect_uri", After)]);
        Assert.Equal(After, (await browser.Open(posted.Is(303).Leads!)).Is(302).Leads);
        Assert.Equal("login_required", await Silent(world, browser));
    }

    public static TheoryData<string, string> BadRequests => new()
    {
        { "post_logout_redirect_uri", "https://elsewhere.example.com" },
        { "post_logout_redirect_uri", After + "?more=1" },
        { "post_logout_redirect_uri", After + "/" },
        { "post_logout_redirect_uri", "javascript:alert(1)" },
        { "id_token_hint", "nonsense" },
        { "id_token_hint", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0." },
        { "client_id", "nobody" },
        { "tenantId", "nowhere" },
    };

    [Theory, MemberData(nameof(BadRequests))]
    public async Task A_request_that_does_not_fit_together_ends_and_redirects_nothing(string name, string value)
    {
        var (world, browser, tokens) = await SignedIn();
        using var own = browser;
        var page = (await browser.Open(Address(world, tokens, (name, value)))).Is(400);
        Assert.Null(page.Leads);
        Assert.Equal("yes", await Silent(world, browser));
    }

    [Fact]
    public async Task An_access_token_and_an_ID_token_of_another_client_or_tenant_are_no_hints()
    {
        var (world, browser, tokens) = await SignedIn();
        using var own = browser;
        var (other, otherBrowser, otherTokens) = await SignedIn();
        otherBrowser.Dispose();
        (await browser.Open($"/oauth2/logout?id_token_hint={tokens["access_token"]}")).Is(400);
        (await browser.Open($"/oauth2/logout?client_id={world.Application}&id_token_hint={otherTokens["id_token"]}")).Is(400);
        (await browser.Open($"/oauth2/logout?tenantId={world.Tenant}&id_token_hint={otherTokens["id_token"]}")).Is(400);
        // A good hint of somebody who is not in this browser ends nothing here.
        (await browser.Open(Address(other, otherTokens))).Is(200);
        Assert.Equal("yes", await Silent(world, browser));
    }

    [Fact]
    public async Task Only_the_session_that_the_hint_names_ends()
    {
        var (world, browser, tokens) = await SignedIn();
        using var own = browser;
        var second = await OAuthWorld.AnotherUser(world);
        var form = (await browser.Open(second.Authorize(("prompt", "login")))).Is(200);
        (await browser.Submit(form, "#sign-in-form", ("loginId", second.Email), ("password", OAuthWorld.Password))).Is(303);
        (await browser.Open(Address(world, tokens, ("post_logout_redirect_uri", After)))).Is(302);
        Assert.Equal("yes", await Silent(second, browser, ("login_hint", second.Email)));
        Assert.Equal("login_required", await Silent(world, browser, ("login_hint", world.Email)));
    }

    [Fact]
    public async Task A_token_of_before_the_user_signed_in_again_still_names_the_session()
    {
        var (world, browser, tokens) = await SignedIn();
        using var own = browser;
        var other = await world.Server.NewApplication(world.Tenant, new JsonObject
        {
            ["oauthConfiguration"] = new JsonObject { ["authorizedRedirectURLs"] = new JsonArray(OAuthWorld.Redirect), ["logoutURL"] = "https://other.example.com/logout" },
        });
        (await browser.Open(world.Authorize(("client_id", other.ToString())))).Is(302);
        for (var again = 0; again < 2; again++)
        {
            var form = (await browser.Open(world.Authorize(("prompt", "login")))).Is(200);
            (await browser.Submit(form, "#sign-in-form", ("loginId", world.Email), ("password", OAuthWorld.Password))).Is(303);
        }

        var page = (await browser.Open(Address(world, tokens))).Is(200);
        Assert.EndsWith($"&sid={OAuthWorld.Claims((string)tokens["id_token"]!)["sid"]}", Assert.Single(page.Document.QuerySelectorAll("iframe")).GetAttribute("src"), StringComparison.Ordinal);
        Assert.Equal("login_required", await Silent(world, browser));
    }

    [Fact]
    public async Task Where_to_go_is_the_client_s_word_then_the_application_s_then_the_tenant_s()
    {
        var (world, browser, tokens) = await SignedIn(oauth: new JsonObject { ["logoutURL"] = LogoutUrl }, tenant: new JsonObject { ["logoutURL"] = "https://tenant.example.com/" });
        using var own = browser;
        Assert.Equal(LogoutUrl, (await browser.Open(Address(world, tokens))).Is(302).Leads);
        Assert.Equal("https://tenant.example.com/", (await browser.Open($"/oauth2/logout?tenantId={world.Tenant}")).Is(302).Leads);
        Assert.Equal(LogoutUrl, (await browser.Open(Address(world, tokens, ("post_logout_redirect_uri", LogoutUrl)))).Is(302).Leads);
    }

    [Fact]
    public async Task All_applications_of_the_session_are_told_in_frames_and_then_the_browser_goes_on()
    {
        var (world, browser, tokens) = await SignedIn();
        using var own = browser;
        var other = await world.Server.NewApplication(world.Tenant, new JsonObject
        {
            ["oauthConfiguration"] = new JsonObject { ["authorizedRedirectURLs"] = new JsonArray(OAuthWorld.Redirect), ["logoutURL"] = "https://other.example.com/logout?x=1" },
        });
        (await browser.Open(world.Authorize(("client_id", other.ToString())))).Is(302);
        var page = (await browser.Open(Address(world, tokens, ("post_logout_redirect_uri", After)))).Is(200);
        var frame = Assert.Single(page.Document.QuerySelectorAll("iframe")).GetAttribute("src")!;
        var id = OAuthWorld.Claims((string)tokens["id_token"]!);
        Assert.Equal($"https://other.example.com/logout?x=1&iss={Uri.EscapeDataString((string)id["iss"]!)}&sid={id["sid"]}", frame);
        Assert.Equal($"2; url={After}", page.Document.QuerySelector("meta[http-equiv=refresh]")!.GetAttribute("content"));
        Assert.Equal(After, page.Document.QuerySelector("#continue")!.GetAttribute("href"));
        Assert.Contains("frame-src https://other.example.com;", string.Join("", page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_that_only_redirects_tells_nobody()
    {
        var (world, browser, tokens) = await SignedIn(oauth: new JsonObject { ["logoutBehavior"] = "RedirectOnly" });
        using var own = browser;
        var other = await world.Server.NewApplication(world.Tenant, new JsonObject
        {
            ["oauthConfiguration"] = new JsonObject { ["authorizedRedirectURLs"] = new JsonArray(OAuthWorld.Redirect), ["logoutURL"] = "https://other.example.com/logout" },
        });
        (await browser.Open(world.Authorize(("client_id", other.ToString())))).Is(302);
        (await browser.Open(Address(world, tokens, ("post_logout_redirect_uri", After)))).Is(302);
    }

    [Fact]
    public async Task Two_tabs_that_sign_out_at_once_both_arrive()
    {
        var (world, browser, tokens) = await SignedIn();
        using var own = browser;
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => browser.Open(Address(world, tokens, ("post_logout_redirect_uri", After)))));
        Assert.All(answers, a => Assert.Equal(After, a.Is(302).Leads));
    }

    [Fact]
    public async Task Who_was_signed_out_stays_so_after_a_restart()
    {
        var server = await TestServer.Start();
        var (world, browser, tokens) = await SignedIn(server);
        var kept = browser.Cookies.ToList();
        (await browser.Open(Address(world, tokens))).Is(200);
        await using var next = await server.Restart();
        using var again = world.On(next).Browser();
        foreach (var (name, value) in kept) again.Cookies[name] = value;
        Assert.Equal("login_required", await Silent(world, again));
        browser.Dispose();
        await server.DisposeAsync();
    }

    private static async Task<(OAuthWorld World, Visitor Browser, JsonObject Tokens)> SignedIn(TestServer? server = null, JsonObject? oauth = null, JsonObject? tenant = null, bool remember = false)
    {
        oauth ??= [];
        oauth["authorizedRedirectURLs"] = new JsonArray(OAuthWorld.Redirect, After);
        var world = await OAuthWorld.Make(server ?? await TestServer.Shared, oauth, tenant: tenant);
        var browser = world.Browser();
        var form = (await browser.Open(world.Authorize())).Is(200);
        var answer = await browser.Submit(form, "#sign-in-form", ("loginId", world.Email), ("password", OAuthWorld.Password), ("rememberMe", remember ? "true" : ""));
        return (world, browser, (await world.Redeem(OAuthWorld.Answer(answer.Is(303))["code"]!)).Is(200).Body);
    }

    private static string Address(OAuthWorld world, JsonObject tokens, params (string Name, string Value)[] values)
    {
        var parameters = new Dictionary<string, string> { ["client_id"] = world.Application.ToString(), ["id_token_hint"] = (string)tokens["id_token"]! };
        foreach (var (name, value) in values) parameters[name] = value;
        return "/oauth2/logout?" + string.Join('&', parameters.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"));
    }

    /// <summary>Whether the browser is signed in: yes, or the error of a request that may show no page.</summary>
    private static async Task<string> Silent(OAuthWorld world, Visitor browser, params (string Name, string? Value)[] values)
    {
        var answer = OAuthWorld.Answer((await browser.Open(world.Authorize([("prompt", "none"), .. values]))).Is(302));
        return answer["error"] ?? "yes";
    }
}
