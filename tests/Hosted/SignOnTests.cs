using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.Hosted;

/// <summary>One sign-in for all applications of a tenant: how long it lasts, what ends it, and whose it is.</summary>
public sealed class SignOnTests
{
    [Fact]
    public async Task A_second_application_of_the_tenant_asks_no_password_and_another_tenant_does()
    {
        var server = await TestServer.Shared;
        var (world, foreign) = (await OAuthWorld.Make(server), await OAuthWorld.Make(server));
        var second = await server.NewApplication(world.Tenant, JsonNode.Parse("""{"oauthConfiguration":{"authorizedRedirectURLs":["https://client.example.com/callback"]}}"""));
        using var browser = world.Browser();
        await world.SignIn(browser);
        Assert.Equal("AuthenticatedNotRegistered", OAuthWorld.Answer((await browser.Open(world.Authorize(("client_id", second.ToString())))).Is(302))["userState"]);
        (await browser.Open(foreign.Authorize())).Is(200);
    }

    [Fact]
    public async Task It_ends_when_it_is_idle_for_the_tenants_seconds()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server, tenant: JsonNode.Parse("""{"httpSessionMaxInactiveInterval":600}""")!.AsObject());
        using var browser = world.Browser();
        await world.SignIn(browser);
        for (var visit = 0; visit < 3; visit++)
        {
            server.Time.UtcNow += TimeSpan.FromSeconds(599);
            (await browser.Open(world.Authorize())).Is(302);
        }

        server.Time.UtcNow += TimeSpan.FromSeconds(600);
        (await browser.Open(world.Authorize())).Is(200);
    }

    [Fact]
    public async Task Who_stays_signed_in_stays_so_over_days_and_restarts_until_the_tenants_end()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server, tenant: JsonNode.Parse("""{"jwtConfiguration":{"refreshTokenTimeToLiveInMinutes":2880}}""")!.AsObject());
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize())).Is(200);
        var answer = (await browser.Submit(page, "#sign-in-form", ("loginId", world.Email), ("password", OAuthWorld.Password), ("rememberMe", "true"))).Is(303);
        Assert.Contains("max-age=172800", Assert.Single(answer.SetCookies, c => c.StartsWith("sso-", StringComparison.Ordinal)), StringComparison.Ordinal);
        server.Time.UtcNow += TimeSpan.FromHours(47);
        await using var again = await server.Restart();
        using var later = world.On(again).Browser();
        foreach (var (name, value) in browser.Cookies) later.Cookies[name] = value;
        (await later.Open(world.Authorize())).Is(302);
        server.Time.UtcNow += TimeSpan.FromHours(1);
        (await later.Open(world.Authorize())).Is(200);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_other_sites_and_says_nothing()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        var line = Assert.Single((await world.SignIn(browser)).SetCookies, c => c.StartsWith("sso-", StringComparison.Ordinal));
        Assert.Contains("httponly", line, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", line, StringComparison.Ordinal);
        Assert.DoesNotContain("max-age", line, StringComparison.Ordinal);
        Assert.DoesNotContain(world.User.ToString("N"), line, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(world.Email, line, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_cookie_that_somebody_made_is_worth_nothing()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        await world.SignIn(browser);
        var (name, good) = browser.Cookies.Single(c => c.Key.StartsWith("sso-", StringComparison.Ordinal));
        (await browser.Open(world.Authorize())).Is(302);
        foreach (var forged in (string[])[good[..^1] + (good[^1] == 'A' ? 'E' : 'A'), good[..43] + new string('A', 43), good + "A", "." + good[1..], new string('A', 86), world.User.ToString("N")])
        {
            using var forger = world.Browser();
            forger.Cookies[name] = forged;
            (await forger.Open(world.Authorize())).Is(200);
        }
    }

    [Fact]
    public async Task A_login_never_goes_on_with_a_session_that_was_there_before()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        await world.SignIn(browser);
        var (name, before) = browser.Cookies.Single(c => c.Key.StartsWith("sso-", StringComparison.Ordinal));
        await world.SignIn(browser, ("prompt", "login"));
        Assert.DoesNotContain(before, browser.Cookies[name], StringComparison.Ordinal);

        // Whoever planted or copied the earlier value has nothing in hand.
        using var planter = world.Browser();
        planter.Cookies[name] = before;
        (await planter.Open(world.Authorize())).Is(200);
    }

    [Fact]
    public async Task Accounts_of_one_browser_are_kept_apart_and_can_be_chosen()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        var other = $"{Guid.NewGuid():N}@example.com";
        (await world.Server.Post($"/api/user/registration/{Guid.NewGuid()}", JsonNode.Parse($$$"""{"user":{"email":"{{{other}}}","password":"{{{OAuthWorld.Password}}}"},"registration":{"applicationId":"{{{world.Application}}}" },"skipVerification":true}"""), tenant: world.Tenant)).Is(200);
        using var browser = world.Browser();
        await world.SignIn(browser);
        var page = (await browser.Open(world.Authorize(("login_hint", other)))).Is(200);
        var second = OAuthWorld.Answer((await browser.Submit(page, "#sign-in-form", ("loginId", other), ("password", OAuthWorld.Password))).Is(303));
        Assert.NotEqual(world.User, (Guid)(await world.Redeem(second["code"]!)).Is(200).Body["userId"]!);

        // The first is still there, for who asks for it by name or chooses it.
        Assert.Equal(world.User, (Guid)(await world.Redeem(OAuthWorld.Answer((await browser.Open(world.Authorize(("login_hint", world.Email)))).Is(302))["code"]!)).Is(200).Body["userId"]!);
        var chooser = (await browser.Open((await browser.Open(world.Authorize(("prompt", "select_account")))).Is(303).Leads!)).Is(200);
        Assert.Contains(world.Email, chooser.Text, StringComparison.Ordinal);
        Assert.Contains(other, chooser.Text, StringComparison.Ordinal);
        var button = chooser.Document.QuerySelectorAll("button[name=sessionId]").Single(b => b.TextContent.Contains(world.Email, StringComparison.Ordinal));
        var chosen = OAuthWorld.Answer((await browser.Submit(chooser, "form:has(button[name=sessionId])", ("sessionId", button.GetAttribute("value")!))).Is(303));
        Assert.Equal(world.User, (Guid)(await world.Redeem(chosen["code"]!)).Is(200).Body["userId"]!);

        // From now on it is the one that is used.
        Assert.Equal(world.User, (Guid)(await world.Redeem(OAuthWorld.Answer((await browser.Open(world.Authorize())).Is(302))["code"]!)).Is(200).Body["userId"]!);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("deactivate")]
    [InlineData("revoke")]
    public async Task What_ends_the_users_sessions_ends_this_one(string what)
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        await world.SignIn(browser);
        var user = $"/api/user/{world.User}";
        (what switch
        {
            "password" => await world.Server.Patch(user, new { user = new { password = "another password" } }, tenant: world.Tenant),
            "deactivate" => await world.Server.Delete(user, tenant: world.Tenant),
            _ => await world.Server.Delete($"/api/jwt/refresh?userId={world.User}", tenant: world.Tenant),
        }).Is(200);
        (await browser.Open(world.Authorize())).Is(200);
        Assert.Equal("login_required", OAuthWorld.Answer(await browser.Open(world.Authorize(("prompt", "none"))))["error"]);
    }
}
