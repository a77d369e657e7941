using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.UserActions;

namespace OrleansAuth.Hosted;

/// <summary>What the pages say to whom an action keeps out.</summary>
public sealed partial class PreventedLoginTests
{
    [Fact]
    public async Task A_lockout_is_told_with_its_length_to_whoever_tries_and_tells_nothing_else()
    {
        await using var server = await TestServer.Start();
        var (world, _) = await Make(server, lockout: true);
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize())).Is(200);
        foreach (var name in (string[])[world.Email, "nobody@example.com"])
            for (var i = 0; i < 5; i++) Assert.Contains("wrong", Alert(await Try(browser, page, name, "wrong")), StringComparison.Ordinal);

        var known = await Try(browser, page, world.Email, OAuthWorld.Password);
        var unknown = await Try(browser, page, "nobody@example.com", "anything");
        Assert.Equal("Signing in to this account is blocked for now. Try again in 3 min.", Alert(known));
        Assert.Equal(Plain(known), Plain(unknown).Replace("nobody@example.com", "", StringComparison.Ordinal));

        (await server.Patch($"/api/tenant/{world.Tenant}", new { tenant = new { failedAuthenticationConfiguration = new { actionDuration = 3, actionDurationUnit = "DAYS" } } })).Is(200);
        Assert.EndsWith("in 3 days.", Alert(await Try(browser, page, world.Email, OAuthWorld.Password)), StringComparison.Ordinal);
        server.Time.UtcNow += TimeSpan.FromHours(40);
        Assert.DoesNotContain(browser.Cookies, c => c.Key.StartsWith("sso-", StringComparison.Ordinal));

        string Plain(Page shown) => Values().Replace(shown.Text, "").Replace(world.Email, "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_action_ends_the_single_sign_on_session_and_every_refresh_token_of_it()
    {
        var server = await TestServer.Shared;
        var (world, ban) = await Make(server);
        using var browser = world.Browser();
        var code = await world.Code(browser);
        var token = (string)(await world.Redeem(code)).Is(200).Body["refresh_token"]!;
        (await browser.Open(world.Authorize())).Is(302);
        await Take(world, ban, new JsonObject());

        (await browser.Open(world.Authorize())).Is(200);
        (await world.Token(("grant_type", "refresh_token"), ("refresh_token", token))).Is(400);
        var page = await world.SignIn(browser);
        Assert.Equal("Signing in to this account is blocked. Ask whoever runs this service.", Alert(page.Is(200)));
    }

    [Fact]
    public async Task A_code_that_was_handed_out_before_gives_no_token()
    {
        var server = await TestServer.Shared;
        var (world, ban) = await Make(server);
        var code = await world.Code();
        await Take(world, ban, new JsonObject());
        (await world.Redeem(code)).Is(400);
    }

    [Fact]
    public async Task Who_is_kept_out_of_one_application_sees_so_there_and_goes_on_elsewhere()
    {
        var server = await TestServer.Shared;
        var (world, ban) = await Make(server);
        var second = await server.NewApplication(world.Tenant, new { oauthConfiguration = new { authorizedRedirectURLs = new[] { OAuthWorld.Redirect } } });
        using var browser = world.Browser();
        await world.SignIn(browser);
        await Take(world, ban, new JsonObject { ["applicationIds"] = new JsonArray(world.Application), ["expiry"] = server.Time.UtcNow.AddHours(5).ToUnixTimeMilliseconds() });

        var shut = (await browser.Open(world.Authorize())).Is(303);
        Assert.StartsWith("/oauth2/not-allowed?", shut.Leads, StringComparison.Ordinal);
        var page = (await browser.Open(shut.Leads!)).Is(200);
        Assert.Equal("Signing in to this account is blocked for now. Try again in 5 hours.", page.Document.QuerySelector("#fault")!.TextContent);
        Assert.Equal("login_prevented", OAuthWorld.Answer((await browser.Open(world.Authorize(("prompt", "none")))).Is(302))["error_reason"]);
        Assert.StartsWith(OAuthWorld.Redirect, (await browser.Open(world.Authorize(("client_id", second.ToString())))).Is(302).Leads, StringComparison.Ordinal);
    }

    private static async Task<(OAuthWorld World, Guid Ban)> Make(TestServer server, bool lockout = false)
    {
        var ban = await ActionWorld.Define(server, new { name = $"Ban {Guid.NewGuid():N}", temporal = true, preventLogin = true });
        var tenant = lockout ? new JsonObject { ["failedAuthenticationConfiguration"] = new JsonObject { ["userActionId"] = ban } } : null;
        return (await OAuthWorld.Make(server, tenant: tenant), ban);
    }

    private static async Task Take(OAuthWorld world, Guid ban, JsonObject action)
    {
        (action["actioneeUserId"], action["actionerUserId"]) = (world.User, world.User);
        action["userActionId"] = ban;
        action["expiry"] ??= long.MaxValue;
        (await world.Server.Post("/api/user/action", new JsonObject { ["action"] = action }, tenant: world.Tenant)).Is(200);
    }

    private static async Task<Page> Try(Visitor browser, Page page, string name, string password) =>
        (await browser.Submit(page, "#sign-in-form", ("loginId", name), ("password", password))).Is(200);

    private static string Alert(Page page) => page.Document.QuerySelector("[role=alert]")!.TextContent.Trim();

    [GeneratedRegex("value=\"[^\"]*\"")]
    private static partial Regex Values();
}
