using System.Text.Json.Nodes;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Recovery;
using OrleansAuth.Verification;

namespace OrleansAuth.Passwordless;

/// <summary>The link and the code of a message sign in the browser that asked for them, where it was.</summary>
public sealed class PasswordlessPageTests
{
    [Fact]
    public async Task The_link_goes_on_with_the_request_that_it_was_asked_for_in()
    {
        await using var server = await GatePageTests.Development();
        var world = await World(server, "ClickableLink");
        using var browser = world.Browser();
        var start = (await browser.Open(world.Authorize())).Is(200).Document.QuerySelector("#passwordless")!.GetAttribute("href")!;
        await Ask(browser, start, world.Email);
        var link = await Link(server, world.Email);
        var page = await Open(browser, link);
        Assert.Contains(world.Email, page.Text, StringComparison.Ordinal);
        page = await Open(browser, link);
        var answer = OAuthWorld.Answer((await browser.Submit(page, "#link-form")).Is(303));
        Assert.Equal("the state", answer["state"]);
        var token = (await world.Redeem(answer["code"]!)).Is(200).Body;
        Assert.Equal(world.User.ToString(), (string?)OAuthWorld.Claims((string)token["id_token"]!)["sub"]);
        using var again = world.Browser();
        Assert.Null((await again.Open(link)).Document.QuerySelector("#link-form"));
    }

    [Fact]
    public async Task A_forwarded_link_signs_nobody_in_who_did_not_ask_for_it()
    {
        await using var server = await GatePageTests.Development();
        var world = await World(server, "ClickableLink");
        using var attacker = world.Browser();
        await Ask(attacker, Start(world), world.Email);
        var link = await Link(server, world.Email);
        using var victim = world.Browser();
        foreach (var (path, title) in ((string, string)[])[(link, "Open this link where you asked for it"), ("/oauth2/passwordless/unknown?tenantId=" + world.Tenant, "This link is not good any more")])
        {
            var told = (await victim.Open(path)).Is(404);
            Assert.Equal(title, told.Document.QuerySelector("h1")!.TextContent.Trim());
            Assert.Null(told.Document.QuerySelector("#again"));
            Assert.DoesNotContain(world.Email, told.Text, StringComparison.Ordinal);
        }

        var page = await victim.Open(link + $"&response_type=code&redirect_uri={Uri.EscapeDataString(OAuthWorld.Redirect)}&code_challenge={OAuthWorld.Challenge}&code_challenge_method=S256");
        Assert.Null(page.Is(404).Document.QuerySelector("#link-form"));
        Assert.DoesNotContain(world.Email, page.Text, StringComparison.Ordinal);

        // A browser with a ticket of its own is another browser too, and so is the API.
        await Ask(victim, Start(world), "nobody@example.com");
        Assert.Null((await victim.Open(page.Path)).Document.QuerySelector("#link-form"));
        var form = (await victim.Open(Start(world))).Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        (await victim.Post(page.Path, [new("__RequestVerificationToken", form)])).Is(404);
        (await server.Post("/api/passwordless/login", new { code = Uri.UnescapeDataString(new Uri(server.Url, link).Segments[^1]) }, key: "")).Is(404);
        Assert.NotNull((await Open(attacker, link)).Document.QuerySelector("#link-form"));
    }

    [Fact]
    public async Task A_code_is_typed_in_the_browser_that_asked_and_wrong_ones_are_counted()
    {
        await using var server = await GatePageTests.Development();
        var world = await World(server, "FormField");
        using var browser = world.Browser();
        var page = await Ask(browser, Start(world), world.Email);
        var code = ProofMails.Code((await RecoveryWorld.Mails(server, world.Email))[0]);
        using var other = world.Browser();
        var elsewhere = (await other.Open(page.Path)).Is(200);
        Assert.NotNull((await other.Submit(elsewhere, "#code-form", ("code", code))).Is(200).Document.QuerySelector("#code-note.error"));
        for (var i = 0; i < 4; i++) Assert.NotNull((await browser.Submit(page, "#code-form", ("code", i == 0 ? "" : "AAAAAA"))).Is(200).Document.QuerySelector("#code-note.error"));
        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(page, "#code-form", ("code", code))).Is(303))["code"]);

        page = await Ask(other, Start(world), world.Email);
        code = ProofMails.Code((await RecoveryWorld.Mails(server, world.Email))[0]);
        for (var i = 0; i < 5; i++) (await other.Submit(page, "#code-form", ("code", "AAAAAA"))).Is(200);
        Assert.NotNull((await other.Submit(page, "#code-form", ("code", code))).Is(200).Document.QuerySelector("#code-note.error"));
    }

    [Theory]
    [InlineData("ClickableLink")]
    [InlineData("FormField")]
    public async Task Every_name_leads_to_the_same_pages(string strategy)
    {
        await using var server = await GatePageTests.Development();
        var world = await World(server, strategy);
        var texts = new List<string>();
        foreach (var name in (string[])[world.Email, "nobody@example.com"])
        {
            using var browser = world.Browser();
            var page = await Ask(browser, Start(world), name);
            await RecoveryWorld.Mails(server, name);
            if (strategy == "FormField") page = (await browser.Submit(page, "#code-form", ("code", "AAAAAA"))).Is(200);
            texts.Add(page.Document.QuerySelector("main")!.TextContent);
        }

        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public async Task An_empty_form_stays_and_where_it_is_switched_off_there_is_no_page()
    {
        await using var server = await GatePageTests.Development();
        var world = await World(server, "FormField");
        using var browser = world.Browser();
        var page = (await browser.Open(Start(world))).Is(200);
        Assert.NotNull((await browser.Submit(page, "#passwordless-form", ("loginId", " "))).Is(200).Document.QuerySelector("#loginId-note.error"));
        (await server.Patch($"/api/application/{world.Application}", new { application = new { passwordlessConfiguration = new { enabled = false } } })).Is(200);
        Assert.StartsWith("/oauth2/authorize?", (await browser.Open(Start(world))).Is(303).Leads, StringComparison.Ordinal);
        Assert.Null((await browser.Open(world.Authorize())).Is(200).Document.QuerySelector("#passwordless"));
    }

    [Fact]
    public async Task The_gate_of_the_address_opens_with_the_message_that_went_there()
    {
        await using var server = await GatePageTests.Development();
        var world = await GatePageTests.World(server, ProofMails.Gates, """{"passwordlessConfiguration":{"enabled":true}}""");
        using var browser = world.Browser();
        await Ask(browser, Start(world), world.Email);
        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(await Open(browser, await Link(server, world.Email)), "#link-form")).Is(303))["code"]);
        Assert.True((bool)(await server.Get($"/api/user/{world.User}")).Body["user"]!["verified"]!);
    }

    [Fact]
    public async Task A_link_that_the_API_sent_goes_on_with_the_request_in_its_state()
    {
        await using var server = await GatePageTests.Development();
        var world = await World(server, "ClickableLink");
        var state = new { client_id = world.Application.ToString(), redirect_uri = OAuthWorld.Redirect, response_type = "code", code_challenge = OAuthWorld.Challenge, code_challenge_method = "S256", state = "mine" };
        (await server.Post("/api/passwordless/send", new { loginId = world.Email, applicationId = world.Application, state }, key: "")).Is(200);
        using var browser = world.Browser();
        var page = await Open(browser, await Link(server, world.Email));
        Assert.Equal("mine", OAuthWorld.Answer((await browser.Submit(page, "#link-form")).Is(303))["state"]);
    }

    private static Task<OAuthWorld> World(TestServer server, string strategy) => OAuthWorld.Make(
        server, application: (JsonObject)JsonNode.Parse($$"""{"passwordlessConfiguration":{"enabled":true,"emailLoginStrategy":"{{strategy}}"} }""")!);

    private static string Start(OAuthWorld world) => world.Authorize().Replace("/oauth2/authorize", "/oauth2/passwordless", StringComparison.Ordinal);

    private static async Task<Page> Ask(Visitor browser, string start, string name)
    {
        var sent = (await browser.Submit((await browser.Open(start)).Is(200), "#passwordless-form", ("loginId", name))).Is(303);
        Assert.DoesNotContain(name, sent.Leads, StringComparison.Ordinal);
        return (await browser.Open(sent.Leads!)).Is(200);
    }

    private static async Task<string> Link(TestServer server, string email)
    {
        var link = RecoveryWorld.Read((await RecoveryWorld.Mails(server, email))[0]).Link;
        Assert.Equal(server.Url.Authority, link.Authority);
        return link.PathAndQuery;
    }

    /// <summary>Opens the short link, which puts its request into the address.</summary>
    private static async Task<Page> Open(Visitor browser, string link) => (await browser.Open((await browser.Open(link)).Is(303).Leads!)).Is(200);
}
