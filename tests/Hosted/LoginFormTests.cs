using System.Text.Json.Nodes;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.Hosted;

/// <summary>The forms of a login do what their page says and nothing else, whatever is posted to them.</summary>
public sealed class LoginFormTests
{
    [Fact]
    public async Task A_wrong_password_and_an_unknown_login_look_the_same()
    {
        var world = await Worlds.Plain;
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize())).Is(200);
        var wrong = (await browser.Submit(page, "#sign-in-form", ("loginId", world.Email), ("password", "wrong"))).Is(200);
        var unknown = (await browser.Submit(page, "#sign-in-form", ("loginId", "nobody@example.com"), ("password", "wrong"))).Is(200);
        var alert = wrong.Document.QuerySelector("[role=alert]")!.TextContent;
        Assert.Equal(alert, unknown.Document.QuerySelector("[role=alert]")!.TextContent);
        Assert.DoesNotContain(browser.Cookies, c => c.Key.StartsWith("sso-", StringComparison.Ordinal));
        Assert.Equal(Plain(wrong), Plain(unknown));

        string Plain(Page page) => System.Text.RegularExpressions.Regex.Replace(page.Text, "value=\"[^\"]*\"", "").Replace(world.Email, "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_site_cannot_sign_its_visitor_in()
    {
        var world = await Worlds.Plain;
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize())).Is(200);
        var fields = new Dictionary<string, string> { ["loginId"] = world.Email, ["password"] = OAuthWorld.Password };

        // Without the form's token; with the token of another browser.
        (await browser.Post(world.Authorize(), fields)).Is(200);
        using var stranger = world.Browser();
        var foreign = (await stranger.Open(world.Authorize())).Is(200).Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        (await browser.Post(world.Authorize(), fields.Append(new("__RequestVerificationToken", foreign)))).Is(200);

        // With everything right, but sent by another site, as the browser says.
        var own = page.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        foreach (var (name, value) in new[] { ("Origin", "https://evil.example.com"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site") })
        {
            browser.Headers[name] = value;
            (await browser.Post(world.Authorize(), fields.Append(new("__RequestVerificationToken", own)))).Is(200);
            browser.Headers.Remove(name);
        }

        Assert.DoesNotContain(browser.Cookies, c => c.Key.StartsWith("sso-", StringComparison.Ordinal));
        (await browser.Post(world.Authorize(), fields.Append(new("__RequestVerificationToken", own)))).Is(303);
    }

    [Fact]
    public async Task Another_site_cannot_consent_register_or_choose_for_its_visitor()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["relationship"] = "ThirdParty" }, JsonNode.Parse("""{"registrationConfiguration":{"enabled":true}}""")!.AsObject());
        using var browser = world.Browser();
        var asked = (await world.SignIn(browser)).Is(303).Leads!;
        (await browser.Post(asked, [new("allow", "true")])).Is(400);
        browser.Headers["Sec-Fetch-Site"] = "cross-site";
        var page = (await browser.Open(asked)).Is(200);
        Assert.Null((await browser.Submit(page, ("allow", "true"))).Is(403).Leads);
        foreach (var path in (string[])["/oauth2/register", "/oauth2/not-registered", "/oauth2/choose-account"])
            (await browser.Post(path + world.Authorize()["/oauth2/authorize".Length..], [new("email", "a@example.com")])).Is(403);
    }

    [Fact]
    public async Task A_client_may_post_its_request()
    {
        var world = await Worlds.Plain;
        using var browser = world.Browser();
        var parameters = System.Web.HttpUtility.ParseQueryString(world.Authorize().Split('?')[1]);
        browser.Headers["Sec-Fetch-Site"] = "cross-site";
        browser.Headers["Origin"] = "https://client.example.com";
        var page = (await browser.Post("/oauth2/authorize", parameters.AllKeys.Select(k => KeyValuePair.Create(k!, parameters[k]!)))).Is(303);
        Assert.StartsWith("/oauth2/authorize?", page.Leads, StringComparison.Ordinal);
        (await browser.Open(page.Leads!)).Is(200);
    }

    [Fact]
    public async Task Who_registers_chooses_nothing_but_what_the_page_asks()
    {
        var settings = """{"registrationConfiguration":{"enabled":true,"firstName":{"enabled":true}},"roles":[{"name":"reader","isDefault":true},{"name":"admin","isSuperRole":true}]}""";
        var world = await OAuthWorld.Make(await TestServer.Shared, application: JsonNode.Parse(settings)!.AsObject(), tenant: JsonNode.Parse("""{"emailConfiguration":{"verifyEmail":true}}""")!.AsObject());
        using var browser = world.Browser();
        var page = (await browser.Open("/oauth2/register" + world.Authorize()["/oauth2/authorize".Length..])).Is(200);
        var (email, id) = ($"{Guid.NewGuid():N}@example.com", Guid.NewGuid());
        var answer = (await browser.Submit(
            page, "form", ("email", email), ("password", OAuthWorld.Password), ("firstName", "Ada"), ("lastName", "Hidden"), ("verified", "true"), ("user.verified", "true"), ("id", id.ToString()), ("userId", id.ToString()),
            ("tenantId", Guid.NewGuid().ToString()), ("roles", "admin"), ("registration.roles", "admin"), ("user.data.admin", "true"), ("data", "{}"), ("expiry", "1"))).Is(303);
        var tokens = (await world.Redeem(OAuthWorld.Answer(answer)["code"]!)).Is(200).Body;
        var user = (await world.Server.Get($"/api/user/{tokens["userId"]}", tenant: world.Tenant)).Is(200).Body["user"]!;
        Assert.Equal((email, "Ada", null, false, world.Tenant), ((string?)user["email"], (string?)user["firstName"], (string?)user["lastName"], (bool?)user["verified"] ?? false, (Guid)user["tenantId"]!));
        Assert.NotEqual(id, (Guid)user["id"]!);
        Assert.Null(user["data"]);
        Assert.Equal("""["reader"]""", user["registrations"]![0]!["roles"]!.ToJsonString());
    }

    [Fact]
    public async Task A_registration_that_is_demanded_cannot_be_walked_around()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["requireRegistration"] = true }, registered: false);
        using var browser = world.Browser();
        var next = (await world.SignIn(browser)).Is(303).Leads!;
        Assert.StartsWith("/oauth2/not-registered?", next, StringComparison.Ordinal);
        var page = (await browser.Open(next)).Is(200);
        Assert.StartsWith("/oauth2/not-registered?", (await browser.Open(world.Authorize())).Is(303).Leads, StringComparison.Ordinal);
        Assert.Equal("interaction_required", OAuthWorld.Answer(await browser.Open(world.Authorize(("prompt", "none"))))["error"]);

        // Nobody may register here, whatever is posted.
        var token = page.Document.QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value") ?? (await Token(browser, world));
        Assert.Null((await browser.Post(next, [new("__RequestVerificationToken", token)])).Leads);
        (await browser.Open("/oauth2/register" + world.Authorize()["/oauth2/authorize".Length..])).Is(303);
    }

    [Theory]
    [InlineData("/oauth2/consent")]
    [InlineData("/oauth2/not-allowed")]
    [InlineData("/oauth2/not-registered")]
    [InlineData("/oauth2/choose-account")]
    [InlineData("/oauth2/device-approve")]
    public async Task A_step_that_is_not_next_leads_to_the_one_that_is(string path)
    {
        var world = await Worlds.Plain;
        using var stranger = world.Browser();
        var query = world.Authorize()["/oauth2/authorize".Length..];
        Assert.Equal("/oauth2/authorize" + query, (await stranger.Open(path + query)).Is(303).Leads);
        (await stranger.Open(path)).Is(400);
        using var known = world.Browser();
        await world.SignIn(known);
        Assert.NotNull(OAuthWorld.Answer((await known.Open(path + query)).Is(302))["code"]);
    }

    private static async Task<string> Token(Visitor browser, OAuthWorld world) =>
        (await browser.Open(world.Authorize(("prompt", "login")))).Is(200).Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
}
