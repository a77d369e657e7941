using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>Pushed authorization requests (RFC 9126): what the client said in private counts, once, and for itself.</summary>
public sealed class PushedRequestTests
{
    [Fact]
    public async Task A_pushed_request_leads_to_a_code()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        var pushed = (await Push(world)).Is(201).Body;
        Assert.Equal(90, (int)pushed["expires_in"]!);
        using var browser = world.Browser();
        var answer = OAuthWorld.Answer((await SignIn(world, browser, Address(world, pushed))).Is(303));
        Assert.Equal("the state", answer["state"]);
        (await world.Redeem(answer["code"]!)).Is(200);
    }

    [Fact]
    public async Task What_the_browser_adds_does_not_count()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        var address = Address(world, (await Push(world, ("scope", "openid"))).Is(201).Body) + "&scope=openid%20email&redirect_uri=https%3A%2F%2Felsewhere.example.com&state=other&prompt=none";
        using var browser = world.Browser();
        var answer = OAuthWorld.Answer((await SignIn(world, browser, address)).Is(303));
        Assert.Equal("the state", answer["state"]);
        Assert.Equal("openid", (string?)(await world.Redeem(answer["code"]!)).Is(200).Body["scope"]);
    }

    [Fact]
    public async Task A_pushed_request_is_answered_once()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        var address = Address(world, (await Push(world)).Is(201).Body);
        using var browser = world.Browser();
        (await SignIn(world, browser, address)).Is(303);
        (await browser.Open(address)).Is(400);
    }

    [Fact]
    public async Task Two_tabs_that_finish_at_once_get_one_code()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        (await world.SignIn(browser)).Is(303);
        var address = Address(world, (await Push(world)).Is(201).Body);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => browser.Open(address)));
        Assert.Single(answers, a => a.Leads?.Contains("code=", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_pushed_request_is_good_for_its_own_client_and_tenant_only()
    {
        var (world, other) = (await OAuthWorld.Make(await TestServer.Shared), await OAuthWorld.Make(await TestServer.Shared));
        var pushed = (await Push(world)).Is(201).Body;
        using var browser = world.Browser();
        (await browser.Open(Address(other, pushed))).Is(400);
        (await browser.Open(Address(world, pushed) + "x")).Is(400);
        (await browser.Open($"/oauth2/authorize?client_id={world.Application}&request_uri=https%3A%2F%2Fclient.example.com%2Frequest")).Is(400);
    }

    [Fact]
    public async Task A_pushed_request_waits_for_a_while_and_outlives_a_restart()
    {
        var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server);
        var (first, second) = ((await Push(world)).Is(201).Body, (await Push(world)).Is(201).Body);
        await using var next = await server.Restart();
        using var browser = world.On(next).Browser();
        (await browser.Open(Address(world, first))).Is(200);
        next.Time.Advance(TimeSpan.FromSeconds(91));
        // One that was opened in time gets the time that a login takes; the other one came too late.
        (await browser.Open(Address(world, first))).Is(200);
        (await browser.Open(Address(world, second))).Is(400);
        await server.DisposeAsync();
    }

    public static TheoryData<string, string?, string, int> BadRequests => new()
    {
        { "redirect_uri", "https://elsewhere.example.com", "invalid_redirect_uri", 400 },
        { "redirect_uri", null, "missing_redirect_uri", 400 },
        { "request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request_uri", 400 },
        { "response_type", "code id_token", "", 400 },
        { "code_challenge_method", "plain", "invalid_code_challenge_method", 400 },
        { "scope", "openid nonsense", "unknown_scope", 400 },
        { "prompt", "none login", "invalid_prompt", 400 },
        { "client_secret", "wrong", "invalid_client_authentication", 401 },
        { "client_secret", null, "missing_client_secret", 401 },
        { "dpop_jkt", "short", "invalid_dpop_jkt", 400 },
    };

    [Theory, MemberData(nameof(BadRequests))]
    public async Task What_is_wrong_is_said_at_once(string name, string? value, string reason, int status)
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        var refused = (await Push(world, (name, value))).Is(status).Body;
        Assert.Equal(reason, (string?)refused["error_reason"] ?? "");
    }

    [Fact]
    public async Task A_client_that_must_push_cannot_do_without()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["requirePushedAuthorizationRequests"] = true });
        using var browser = world.Browser();
        Assert.Contains("error=invalid_request", (await browser.Open(world.Authorize())).Is(302).Leads, StringComparison.Ordinal);
        (await SignIn(world, browser, Address(world, (await Push(world)).Is(201).Body))).Is(303);
    }

    [Fact]
    public async Task A_proof_that_comes_with_the_push_binds_the_code()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var key = new ProofMaker(world.Server);
        var pushed = (await world.Post("/oauth2/par", [("DPoP", key.Proof("POST", "/oauth2/par"))], Parameters())).Is(201).Body;
        using var browser = world.Browser();
        var code = OAuthWorld.Answer((await SignIn(world, browser, Address(world, pushed))).Is(303))["code"]!;
        (await world.Redeem(code)).Is(400);
        using var other = new ProofMaker(world.Server);
        (await world.Post("/oauth2/par", [("DPoP", other.Proof("POST", "/oauth2/par"))], [.. Parameters(), ("dpop_jkt", key.Thumbprint)])).Is(400);
        (await world.Post("/oauth2/par", [("DPoP", key.Proof("POST", "/oauth2/token"))], Parameters())).Is(400);
    }

    private static (string Name, string? Value)[] Parameters() =>
    [
        ("redirect_uri", OAuthWorld.Redirect), ("response_type", "code"), ("scope", "openid offline_access"), ("state", "the state"), ("nonce", "the nonce"),
        ("code_challenge", OAuthWorld.Challenge), ("code_challenge_method", "S256"),
    ];

    private static Task<Answer> Push(OAuthWorld world, params (string Name, string? Value)[] values) => world.Post("/oauth2/par", [.. Parameters(), .. values]);

    private static string Address(OAuthWorld world, JsonObject pushed) => $"/oauth2/authorize?client_id={world.Application}&request_uri={Uri.EscapeDataString((string)pushed["request_uri"]!)}";

    private static async Task<Administration.Page> SignIn(OAuthWorld world, Administration.Visitor browser, string address) =>
        await browser.Submit((await browser.Open(address)).Is(200), "#sign-in-form", ("loginId", world.Email), ("password", OAuthWorld.Password));
}
