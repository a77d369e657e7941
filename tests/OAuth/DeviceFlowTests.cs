using System.Text.Json.Nodes;
using OrleansAuth.Administration;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>The device authorization grant (RFC 8628): a device gets in by the word of a user in a browser, and nobody else's.</summary>
public sealed class DeviceFlowTests
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:device_code";

    [Fact]
    public async Task A_device_gets_tokens_once_the_user_lets_it_in()
    {
        await using var server = await TestServer.Start();
        var world = await Make(server);
        var device = await Ask(world, ("scope", "openid offline_access"), ("metaData.device.name", "The television"));
        Assert.Equal((300, 5), ((int)device["expires_in"]!, (int)device["interval"]!));
        Assert.Equal($"{device["verification_uri"]}?user_code={device["user_code"]}", (string?)device["verification_uri_complete"]);
        Assert.Equal("authorization_pending", await Error(world, device));
        using var browser = world.Browser();
        var approve = await Approval(world, browser, Spelled(device));
        Assert.Contains((string)device["user_code"]!, approve.Document.QuerySelector("#user-code")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(("The television", "127.0.0.1"), (approve.Document.QuerySelector("#device-name")!.TextContent, approve.Document.QuerySelector("#address")!.TextContent));
        var done = (await browser.Submit(approve, ("allow", "true"))).Is(303);
        Assert.StartsWith("/oauth2/device-complete?", done.Leads, StringComparison.Ordinal);
        (await browser.Open(done.Leads!)).Is(200);
        server.Time.Advance(TimeSpan.FromSeconds(5));
        var tokens = (await Poll(world, device)).Is(200).Body;
        Assert.Equal((world.User, "openid offline_access"), ((Guid)tokens["userId"]!, (string?)tokens["scope"]));
        Assert.NotNull(tokens["id_token"]);
        (await world.Token(("grant_type", "refresh_token"), ("refresh_token", (string?)tokens["refresh_token"]))).Is(200);
        server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("invalid_grant", await Error(world, device));
        (await browser.Open(AuthorizePath(world, device))).Is(400);
    }

    [Fact]
    public async Task A_device_that_the_user_refuses_stays_out()
    {
        await using var server = await TestServer.Start();
        var world = await Make(server);
        var device = await Ask(world);
        using var browser = world.Browser();
        (await browser.Submit(await Approval(world, browser, (string)device["user_code"]!), ("allow", "false"))).Is(303);
        Assert.Equal("access_denied", await Error(world, device));
    }

    [Fact]
    public async Task A_device_that_asks_too_often_has_to_slow_down()
    {
        await using var server = await TestServer.Start();
        var world = await Make(server);
        var device = await Ask(world);
        Assert.Equal("authorization_pending", await Error(world, device));
        Assert.Equal("slow_down", await Error(world, device));
        server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("slow_down", await Error(world, device));
        server.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("authorization_pending", await Error(world, device));
    }

    [Fact]
    public async Task A_code_that_is_too_old_says_so_and_its_user_code_is_unknown()
    {
        await using var server = await TestServer.Start();
        var world = await Make(server);
        var device = await Ask(world);
        server.Time.Advance(TimeSpan.FromSeconds(301));
        Assert.Equal("expired_token", await Error(world, device));
        Assert.Equal("invalid_user_code", await Reason(server, Validate(world, device)));
        Assert.Equal("invalid_grant", await Error(world, new JsonObject { ["device_code"] = "nobody's" }));
    }

    [Fact]
    public async Task A_user_without_the_registration_that_the_application_demands_cannot_let_a_device_in()
    {
        await using var server = await TestServer.Start();
        var world = await Make(server, new JsonObject { ["requireRegistration"] = true }, registered: false);
        var device = await Ask(world);
        using var browser = world.Browser();
        var page = await browser.Submit((await browser.Open(AuthorizePath(world, device))).Is(200), "#sign-in-form", ("loginId", world.Email), ("password", OAuthWorld.Password));
        Assert.StartsWith("/oauth2/not-registered?", page.Is(303).Leads, StringComparison.Ordinal);
        Assert.StartsWith("/oauth2/not-registered?", (await browser.Open(page.Leads!.Replace("not-registered", "device-approve", StringComparison.Ordinal))).Is(303).Leads, StringComparison.Ordinal);
        var token = await LoginToken(world);
        Assert.Equal("user_not_registered", await Reason(world.Post("/oauth2/device/approve", ("token", token), ("user_code", (string?)device["user_code"]))));
        Assert.Equal("authorization_pending", await Error(world, device));
    }

    [Fact]
    public async Task A_user_who_was_locked_after_letting_it_in_gets_no_device_in()
    {
        await using var server = await TestServer.Start();
        var world = await Make(server);
        var device = await Ask(world);
        await Approve(world, device);
        (await server.Delete($"/api/user/{world.User}", tenant: world.Tenant)).Is(200);
        Assert.Equal("access_denied", await Error(world, device));
    }

    [Fact]
    public async Task A_page_of_somebodys_own_can_look_a_code_up_and_approve_it()
    {
        await using var server = await TestServer.Start();
        var world = await Make(server);
        var device = await Ask(world, ("scope", "openid"), ("metaData.device.name", "The television"));
        (await server.Get(Validate(world, device), key: "")).Is(200);
        var shown = (await world.Post("/oauth2/device/user-code", ("user_code", (string?)device["user_code"]))).Is(200).Body;
        Assert.Equal((world.Application.ToString(), "openid", "The television", world.Tenant), ((string?)shown["client_id"], (string?)shown["scope"], (string?)shown["deviceInfo"]!["name"], (Guid)shown["tenantId"]!));
        (await server.Get($"/oauth2/device/user-code?user_code={device["user_code"]}")).Is(200);
        (await server.Get($"/oauth2/device/user-code?user_code={device["user_code"]}", key: "")).Is(401);
        Assert.Equal("Approved", (string?)(await Approve(world, device))["deviceGrantStatus"]);
        (await Poll(world, device)).Is(200);
    }

    [Fact]
    public async Task Nobody_of_another_tenant_or_application_finds_the_code()
    {
        await using var server = await TestServer.Start();
        var (world, other) = (await Make(server), await Make(server));
        var device = await Ask(world);
        Assert.Equal("invalid_user_code", await Reason(server, Validate(other, device)));
        Assert.Equal("invalid_user_code", await Reason(other.Post("/oauth2/device/user-code", ("user_code", (string?)device["user_code"]))));
        Assert.Equal("invalid_grant", await Error(other, device));
        Assert.Equal("invalid_token", (string?)(await world.Post("/oauth2/device/approve", ("token", await LoginToken(other)), ("user_code", (string?)device["user_code"]))).Is(401).Body["error"]);
        using var browser = world.Browser();
        var form = (await browser.Open($"/oauth2/device?tenantId={other.Tenant}&user_code={device["user_code"]}")).Is(200);
        Assert.NotNull((await browser.Submit(form)).Is(200).Document.QuerySelector("#user-code-note"));
        (await browser.Open(AuthorizePath(other, device))).Is(400);
    }

    [Fact]
    public async Task A_device_code_is_spent_once_however_many_ask_at_once()
    {
        await using var server = await TestServer.Start();
        var world = await Make(server);
        var device = await Ask(world);
        await Approve(world, device);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Poll(world, device)));
        Assert.Single(answers, a => (int)a.Status == 200);
    }

    [Fact]
    public async Task What_the_user_said_outlives_a_restart()
    {
        var server = await TestServer.Start();
        var world = await Make(server);
        var device = await Ask(world);
        await Approve(world, device);
        await using var next = await server.Restart();
        var again = world.On(next);
        (await Poll(again, device)).Is(200);
        next.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("invalid_grant", await Error(again, device));
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Who_guesses_has_to_wait_and_then_may_go_on()
    {
        await using var server = await TestServer.Start();
        var world = await Make(server);
        var device = await Ask(world);
        for (var i = 0; i < GuessLimits.PerAddress; i++)
            Assert.Equal("invalid_user_code", await Reason(server, Validate(world, new JsonObject { ["user_code"] = $"GUESS{i}" })));
        var stopped = (await server.Get(Validate(world, device), key: "")).Is(429);
        Assert.True(int.Parse(stopped.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        using var browser = world.Browser();
        (await browser.Open(AuthorizePath(world, device))).Is(400);
        server.Time.Advance(TimeSpan.FromSeconds(60));
        (await server.Get(Validate(world, device), key: "")).Is(200);
    }

    [Fact]
    public async Task A_form_of_another_site_lets_nothing_in()
    {
        await using var server = await TestServer.Start();
        var world = await Make(server);
        var device = await Ask(world);
        using var browser = world.Browser();
        var approve = await Approval(world, browser, (string)device["user_code"]!);
        (await browser.Post(approve.Path, [KeyValuePair.Create("allow", "true")])).Is(400);
        Assert.Equal("authorization_pending", await Error(world, device));
    }

    [Fact]
    public async Task An_application_that_does_not_allow_the_grant_gets_no_codes()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        Assert.Equal("unauthorized_client", (string?)(await world.Post("/oauth2/device_authorize")).Is(400).Body["error"]);
        (await (await Make(await TestServer.Shared)).Post("/oauth2/device_authorize", ("client_secret", "wrong"))).Is(401);
    }

    private static Task<OAuthWorld> Make(TestServer server, JsonObject? oauth = null, bool registered = true)
    {
        oauth ??= [];
        oauth["enabledGrants"] = new JsonArray("authorization_code", "refresh_token", Grant);
        return OAuthWorld.Make(server, oauth, registered: registered);
    }

    private static async Task<JsonObject> Ask(OAuthWorld world, params (string, string?)[] values) => (await world.Post("/oauth2/device_authorize", values)).Is(200).Body;

    private static Task<Answer> Poll(OAuthWorld world, JsonObject device) => world.Token(("grant_type", Grant), ("device_code", (string?)device["device_code"]));

    private static async Task<string?> Error(OAuthWorld world, JsonObject device) => (string?)(await Poll(world, device)).Is(400).Body["error"];

    private static async Task<string?> Reason(Task<Answer> answer) => (string?)(await answer).Is(400).Body["error_reason"];

    private static Task<string?> Reason(TestServer server, string path) => Reason(server.Get(path, key: ""));

    private static string Validate(OAuthWorld world, JsonObject device) => $"/oauth2/device/validate?client_id={world.Application}&user_code={device["user_code"]}";

    private static string AuthorizePath(OAuthWorld world, JsonObject device) => $"/oauth2/authorize?client_id={world.Application}&tenantId={world.Tenant}&user_code={device["user_code"]}";

    /// <summary>As people type it: in small letters, with a dash in the middle.</summary>
    private static string Spelled(JsonObject device) => ((string)device["user_code"]!).ToLowerInvariant().Insert(3, "-");

    /// <summary>From the page for the code, through the sign-in, to the page that asks.</summary>
    private static async Task<Page> Approval(OAuthWorld world, Visitor browser, string typed)
    {
        var form = (await browser.Open("/oauth2/device")).Is(200);
        var authorize = (await browser.Submit(form, ("user_code", typed))).Is(303);
        var signIn = (await browser.Open(authorize.Leads!)).Is(200);
        var approve = (await browser.Submit(signIn, "#sign-in-form", ("loginId", world.Email), ("password", OAuthWorld.Password))).Is(303);
        Assert.StartsWith("/oauth2/device-approve?", approve.Leads, StringComparison.Ordinal);
        return (await browser.Open(approve.Leads!)).Is(200);
    }

    private static async Task<string?> LoginToken(OAuthWorld world) => (string?)(await world.Server.Post(
        "/api/login", new JsonObject { ["loginId"] = world.Email, ["password"] = OAuthWorld.Password, ["applicationId"] = world.Application }, key: "", tenant: world.Tenant)).Body["token"];

    private static async Task<JsonObject> Approve(OAuthWorld world, JsonObject device) =>
        (await world.Post("/oauth2/device/approve", ("token", await LoginToken(world)), ("user_code", (string?)device["user_code"]))).Is(200).Body;
}
