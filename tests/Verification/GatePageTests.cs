using System.Text.Json.Nodes;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Recovery;

namespace OrleansAuth.Verification;

/// <summary>Who has to verify something first waits at a page, and nobody gets past it in another way.</summary>
public sealed class GatePageTests
{
    [Fact]
    public async Task The_link_is_opened_and_confirmed_elsewhere_and_the_login_goes_on_where_it_waits()
    {
        await using var server = await Development();
        var world = await World(server, ProofMails.Gates);
        using var browser = world.Browser();
        var gate = await Gate(world, browser);
        var stays = (await browser.Submit(gate, "#verify-form", ("do", "go-on"))).Is(200);
        Assert.NotNull(stays.Document.QuerySelector("#fault"));
        (await browser.Submit(gate, "#resend-form", ("do", "resend"))).Is(200);

        using var phone = world.Browser();
        var link = RecoveryWorld.Read((await RecoveryWorld.Mails(server, world.Email))[0]).Link.PathAndQuery;
        var page = (await phone.Open(link)).Is(200);
        Assert.Contains(world.Email, page.Text, StringComparison.Ordinal);
        (await browser.Submit(gate, "#verify-form", ("do", "go-on"))).Is(200);
        (await phone.Open((await phone.Submit(page, "#verify-form")).Is(303).Leads!)).Is(200);
        (await phone.Submit(page, "#verify-form")).Is(404);

        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(gate, "#verify-form", ("do", "go-on"))).Is(303))["code"]);
        Assert.NotNull(OAuthWorld.Answer((await browser.Open(world.Authorize())).Is(302))["code"]);
    }

    [Fact]
    public async Task In_the_browser_that_waits_the_confirmed_page_leads_on()
    {
        await using var server = await Development();
        var world = await World(server, ProofMails.Gates);
        using var browser = world.Browser();
        await Gate(world, browser);
        var link = RecoveryWorld.Read((await RecoveryWorld.Mails(server, world.Email))[0]).Link.PathAndQuery;
        var done = (await browser.Open((await browser.Submit((await browser.Open(link)).Is(200), "#verify-form")).Is(303).Leads!)).Is(200);
        var gate = (await browser.Open(done.Document.QuerySelector("#next")!.GetAttribute("href")!)).Is(200);
        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(gate, "#verify-form", ("do", "go-on"))).Is(303))["code"]);
    }

    [Fact]
    public async Task A_code_is_typed_at_the_gate_and_the_login_goes_on()
    {
        await using var server = await Development();
        var world = await World(server, ProofMails.Codes);
        using var browser = world.Browser();
        var gate = await Gate(world, browser);
        foreach (var wrong in (string[])["", "AAAAAA", new string('A', 300)])
        {
            var page = (await browser.Submit(gate, "#verify-form", ("do", "go-on"), ("code", wrong))).Is(200);
            Assert.NotNull(page.Document.QuerySelector("#code-note.error"));
        }

        // Neither nothing, nor something unknown, nor a page further on gets anybody past the gate.
        (await browser.Submit(gate, "#verify-form", ("do", "elsewhere"), ("code", ""))).Is(200);
        (await browser.Post(gate.Path, [])).Is(400);
        var authorize = (await browser.Open(world.Authorize())).Is(200);
        Assert.NotNull(authorize.Document.QuerySelector("#sign-in-form"));
        Assert.StartsWith("/oauth2/authorize", (await browser.Open(world.Authorize().Replace("authorize", "consent", StringComparison.Ordinal))).Is(303).Leads, StringComparison.Ordinal);

        var code = ProofMails.Code((await RecoveryWorld.Mails(server, world.Email))[0]);
        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(gate, "#verify-form", ("do", "go-on"), ("code", code))).Is(303))["code"]);
    }

    [Fact]
    public async Task Without_the_password_nobody_waits_there_and_with_a_new_one_nobody_goes_on()
    {
        await using var server = await Development();
        var world = await World(server, ProofMails.Gates);
        using var stranger = world.Browser();
        var path = world.Authorize().Replace("/oauth2/authorize", "/email/verification-required", StringComparison.Ordinal);
        Assert.StartsWith("/oauth2/authorize?", (await stranger.Open(path)).Is(303).Leads, StringComparison.Ordinal);
        using var browser = world.Browser();
        var gate = await Gate(world, browser);
        server.Time.UtcNow += TimeSpan.FromSeconds(1);
        (await server.Patch($"/api/user/{world.User}", new { user = new { password = "another horse battery" } })).Is(200);
        (await server.Post("/api/user/verify-email", new { userId = world.User }, tenant: world.Tenant)).Is(200);
        Assert.StartsWith("/oauth2/authorize?", (await browser.Submit(gate, "#verify-form", ("do", "go-on"))).Is(303).Leads, StringComparison.Ordinal);
        Assert.NotNull((await browser.Open(world.Authorize())).Is(200).Document.QuerySelector("#sign-in-form"));
    }

    [Fact]
    public async Task A_form_of_another_site_does_nothing_at_the_gate()
    {
        await using var server = await Development();
        var world = await World(server, ProofMails.Codes);
        using var browser = world.Browser();
        var gate = await Gate(world, browser);
        var before = (await RecoveryWorld.Mails(server, world.Email)).Length;
        await browser.Submit(gate, "#resend-form", ("do", "resend"), ("__RequestVerificationToken", "forged"));
        Assert.Equal(before, (await RecoveryWorld.Mails(server, world.Email)).Length);
    }

    [Fact]
    public async Task A_mistyped_address_is_mended_and_one_of_somebody_else_looks_the_same()
    {
        await using var server = await Development();
        var world = await World(server, ProofMails.Codes);
        var other = await OAuthWorld.AnotherUser(world);
        using var browser = world.Browser();
        var gate = await Gate(world, browser);
        var mended = (await browser.Submit(gate, "#email-form", ("do", "email"), ("email", "mended@example.com"))).Is(200);
        var taken = (await browser.Submit(gate, "#email-form", ("do", "email"), ("email", other.Email))).Is(200);
        Assert.Equal(mended.Document.QuerySelector("main")!.TextContent, taken.Document.QuerySelector("main")!.TextContent);
        Assert.NotNull((await browser.Submit(gate, "#email-form", ("do", "email"), ("email", "no address"))).Is(200).Document.QuerySelector("#email-note.error"));
        var code = ProofMails.Code(Assert.Single(await RecoveryWorld.Mails(server, "mended@example.com")));
        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(gate, "#verify-form", ("do", "go-on"), ("code", code))).Is(303))["code"]);
    }

    [Fact]
    public async Task A_taken_address_is_registered_as_if_it_were_free_and_only_the_holder_hears_of_it()
    {
        await using var server = await Development();
        var world = await World(server, ProofMails.Codes, """{"registrationConfiguration":{"enabled":true}}""");
        var address = world.Authorize().Replace("authorize", "register", StringComparison.Ordinal);
        var pages = new List<Page>();
        foreach (var email in (string[])["new@example.com", world.Email])
        {
            using var browser = world.Browser();
            var sent = (await browser.Submit((await browser.Open(address)).Is(200), "#register-form", ("email", email), ("password", OAuthWorld.Password))).Is(303);
            var gate = (await browser.Open(sent.Leads!)).Is(200);
            Assert.Equal(200, (int)(await browser.Submit(gate, "#resend-form", ("do", "resend"))).Status);
            pages.Add((await browser.Submit(gate, "#verify-form", ("do", "go-on"), ("code", "AAAAAA"))).Is(200));
        }

        Assert.Equal(pages[0].Path, pages[1].Path);
        Assert.Equal(pages[0].Document.QuerySelector("main")!.TextContent, pages[1].Document.QuerySelector("main")!.TextContent);
        Assert.DoesNotContain("already", pages[1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "javascript")]
    [InlineData("Forwarded", "host=evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task What_a_request_calls_the_server_reaches_no_link(string header, string value)
    {
        await using var server = await Development();
        var world = await World(server, ProofMails.Gates);
        await server.Send(HttpMethod.Put, $"/api/user/verify-email?email={world.Email}", null, "", world.Tenant, headers: [(header, value)]);
        foreach (var mail in await RecoveryWorld.Mails(server, world.Email))
            Assert.Equal(server.Url.Authority, RecoveryWorld.Read(mail).Link.Authority);
    }

    [Fact]
    public async Task Another_message_is_asked_for_by_page_and_every_address_looks_the_same()
    {
        await using var server = await Development();
        var world = await World(server, ProofMails.Gates);
        var before = (await RecoveryWorld.Mails(server, world.Email)).Length;
        var texts = new List<string>();
        foreach (var email in (string[])[world.Email, "nobody@example.com"])
        {
            using var browser = world.Browser();
            var page = (await browser.Open($"/email/verify?tenantId={world.Tenant}&client_id={world.Application}")).Is(200);
            Assert.NotNull((await browser.Submit(page, "#again-form", ("email", ""))).Is(200).Document.QuerySelector("#email-note.error"));
            texts.Add((await browser.Open((await browser.Submit(page, "#again-form", ("email", email))).Is(303).Leads!)).Is(200).Text);
        }

        Assert.Equal(texts[0], texts[1]);
        Assert.Equal(before + 1, (await RecoveryWorld.Mails(server, world.Email)).Length);
    }

    [Fact]
    public async Task An_id_of_another_tenant_or_of_nobody_opens_nothing()
    {
        await using var server = await Development();
        var world = await World(server, ProofMails.Gates);
        var id = RecoveryWorld.Read((await RecoveryWorld.Mails(server, world.Email))[0]).Id;
        using var browser = world.Browser();
        foreach (var path in (string[])[$"/email/verify/{id}?tenantId={await server.NewTenant()}", "/email/verify/unknown", $"/registration/verify/{id}", $"/oauth2/passwordless/{id}?tenantId={world.Tenant}"])
            Assert.Null((await browser.Open(path)).Document.QuerySelector("#verify-form, #link-form"));
    }

    internal static Task<TestServer> Development() => TestServer.Start(settings: ["--environment=Development"]);

    /// <summary>A client in a tenant that verifies, and a user whose address is not verified.</summary>
    internal static async Task<OAuthWorld> World(TestServer server, object tenant, string application = "{}")
    {
        var settings = RecoveryWorld.Merge(new { }, tenant);
        var world = await OAuthWorld.Make(server, application: (JsonObject)JsonNode.Parse(application)!, tenant: settings);
        await server.Delete($"/api/user/{world.User}?hardDelete=true");
        JsonObject body = new() { ["user"] = new JsonObject { ["email"] = world.Email, ["password"] = OAuthWorld.Password }, ["registration"] = new JsonObject { ["applicationId"] = world.Application } };
        (await server.Post($"/api/user/registration/{world.User}", body, tenant: world.Tenant)).Is(200);
        return world;
    }

    /// <summary>Signs in with the right password, up to the gate.</summary>
    internal static async Task<Page> Gate(OAuthWorld world, Visitor browser, string page = "/email/verification-required?")
    {
        var sent = (await world.SignIn(browser)).Is(303);
        Assert.StartsWith(page, sent.Leads, StringComparison.Ordinal);
        return (await browser.Open(sent.Leads!)).Is(200);
    }
}
