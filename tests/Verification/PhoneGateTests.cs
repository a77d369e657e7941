using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Recovery;

namespace OrleansAuth.Verification;

/// <summary>Who has a phone number that is not verified waits, or is told so, on every way in.</summary>
public sealed class PhoneGateTests
{
    internal const string Number = "+4915112345678";

    internal static object Settings(string behavior, string strategy = "ClickableLink") => new
    {
        phoneConfiguration = new { verifyPhoneNumber = true, verificationStrategy = strategy, unverified = new { behavior, allowPhoneNumberChangeWhenGated = true } },
    };

    [Fact]
    public async Task A_login_that_is_gated_gets_no_token_and_the_id_that_the_code_belongs_to()
    {
        await using var world = await RecoveryWorld.New(Settings("Gated", "FormField"), new { phoneNumber = Number });
        var stopped = (await world.LogIn(RecoveryWorld.Password)).Is(212).Body;
        Assert.Null(stopped["token"]);
        Assert.Null(stopped["refreshToken"]);
        Assert.NotNull(stopped["user"]);
        var id = (string)stopped["identityVerificationId"]!;
        var code = ProofMails.Code((await world.Mails(Number))[0]);
        // The same id as long as it is good.
        await world.Restart();
        Assert.Equal(id, (string?)(await world.LogIn(RecoveryWorld.Password)).Is(212).Body["identityVerificationId"]);
        (await Complete(world, id, "AAAAAA")).Is(404);
        (await Complete(world, id, code, await world.Server.NewTenant())).Is(404);
        (await Complete(world, id, code)).Is(200);
        Assert.NotNull((await world.LogIn(RecoveryWorld.Password)).Is(200).Body["token"]);
    }

    [Fact]
    public async Task Where_it_is_allowed_the_login_only_says_so_and_with_links_there_is_no_id()
    {
        await using var allowed = await RecoveryWorld.New(Settings("Allow"), new { phoneNumber = Number });
        var told = (await allowed.LogIn(RecoveryWorld.Password)).Is(212).Body;
        Assert.NotNull(told["token"]);
        Assert.Null(told["identityVerificationId"]);
        await using var gated = await RecoveryWorld.New(Settings("Gated"), new { phoneNumber = Number });
        Assert.Null((await gated.LogIn(RecoveryWorld.Password)).Is(212).Body["identityVerificationId"]);
    }

    [Fact]
    public async Task Users_without_a_number_and_those_before_the_policy_get_in_and_a_new_number_shuts_the_gate()
    {
        await using var world = await RecoveryWorld.New(Settings("Gated"));
        (await world.LogIn(RecoveryWorld.Password)).Is(200);
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { phoneNumber = Number } })).Is(200);
        (await world.LogIn(RecoveryWorld.Password)).Is(212);
        (await world.Server.Post("/api/identity/verify", new { loginId = Number, loginIdType = "phoneNumber" }, tenant: world.Tenant)).Is(200);
        (await world.LogIn(RecoveryWorld.Password)).Is(200);
    }

    [Fact]
    public async Task The_first_token_is_withheld_and_the_email_comes_first()
    {
        await using var world = await RecoveryWorld.New(RecoveryWorld.Merge(Settings("Gated", "FormField"), ProofMails.Codes));
        var created = (await world.Server.Post(
            "/api/user/registration",
            new { user = new { email = "ann@example.com", phoneNumber = Number, password = RecoveryWorld.Password }, registration = new { applicationId = world.Application } },
            tenant: world.Tenant)).Is(200).Body;
        Assert.Null(created["token"]);
        var first = (await world.LogIn(RecoveryWorld.Password, "ann@example.com")).Is(212).Body;
        Assert.NotNull(first["emailVerificationId"]);
        Assert.Null(first["identityVerificationId"]);
        (await world.Server.Post("/api/user/verify-email", new { userId = (Guid)created["user"]!["id"]! }, tenant: world.Tenant)).Is(200);
        Assert.NotNull((await world.LogIn(RecoveryWorld.Password, "ann@example.com")).Is(212).Body["identityVerificationId"]);
    }

    [Fact]
    public async Task A_code_to_the_phone_that_signs_in_proves_the_number_and_opens_the_gate()
    {
        await using var world = await Passwordless.PasswordlessApiTests.New(Settings("Gated"));
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { phoneNumber = Number } })).Is(200);
        (await world.LogIn(RecoveryWorld.Password)).Is(212);
        Assert.Equal("", (await world.Server.Post(
            "/api/passwordless/send", new { loginId = Number, loginIdTypes = new[] { "phoneNumber" }, applicationId = world.Application }, key: "", tenant: world.Tenant)).Is(200).Text);
        var link = (await world.Mails(Number))[0].Text.Split('\n', ' ').First(w => w.Contains("/oauth2/passwordless/", StringComparison.Ordinal));
        var code = Uri.UnescapeDataString(new Uri(link).Segments[^1]);
        (await world.Server.Post("/api/passwordless/login", new { code, applicationId = world.Application }, key: "", tenant: world.Tenant)).Is(200);
        (await world.LogIn(RecoveryWorld.Password)).Is(200);
    }

    [Fact]
    public async Task The_password_grant_and_a_silent_request_name_the_gate()
    {
        await using var server = await GatePageTests.Development();
        var world = await OAuthWorld.Make(server, oauth: (JsonObject)JsonNode.Parse("""{"enabledGrants":["authorization_code","refresh_token","password"]}""")!, tenant: RecoveryWorld.Merge(Settings("Gated"), null));
        using var browser = world.Browser();
        Assert.NotNull(OAuthWorld.Answer((await world.SignIn(browser)).Is(303))["code"]);
        (await server.Patch($"/api/user/{world.User}", new { user = new { phoneNumber = Number } })).Is(200);
        var refused = (await world.Token(("grant_type", "password"), ("username", world.Email), ("password", OAuthWorld.Password), ("scope", "openid"))).Is(400).Body;
        Assert.Equal(("invalid_grant", "phone_verification_required"), ((string?)refused["error"], (string?)refused["error_reason"]));

        // A session from before stops at the gate as well: it is asked whenever something is given out.
        Assert.Equal("interaction_required", OAuthWorld.Answer((await browser.Open(world.Authorize(("prompt", "none")))).Is(302))["error"]);
        Assert.StartsWith("/phone/verification-required?", (await browser.Open(world.Authorize())).Is(303).Leads, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_takes_the_code_and_no_page_further_on_does_without()
    {
        await using var server = await GatePageTests.Development();
        var world = await World(server, Settings("Gated", "FormField"));
        using var browser = world.Browser();
        var gate = await GatePageTests.Gate(world, browser, "/phone/verification-required?");
        foreach (var wrong in (string[])["", "AAAAAA", new string('A', 300)])
            Assert.NotNull((await browser.Submit(gate, "#verify-form", ("do", "go-on"), ("code", wrong))).Is(200).Document.QuerySelector("#code-note.error"));
        Assert.StartsWith("/oauth2/authorize", (await browser.Open(world.Authorize().Replace("authorize", "consent", StringComparison.Ordinal))).Is(303).Leads, StringComparison.Ordinal);
        using var stranger = world.Browser();
        Assert.StartsWith("/oauth2/authorize?", (await stranger.Open(world.Authorize().Replace("/oauth2/authorize", "/phone/verification-required", StringComparison.Ordinal))).Is(303).Leads, StringComparison.Ordinal);

        var before = (await RecoveryWorld.Mails(server, Number)).Length;
        (await browser.Submit(gate, "#resend-form", ("do", "resend"))).Is(200);
        var texts = await RecoveryWorld.Mails(server, Number);
        Assert.Equal(before + 1, texts.Length);
        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(gate, "#verify-form", ("do", "go-on"), ("code", ProofMails.Code(texts[0])))).Is(303))["code"]);
    }

    [Fact]
    public async Task The_link_is_confirmed_and_leads_on_in_the_browser_that_waits()
    {
        await using var server = await GatePageTests.Development();
        var world = await World(server, Settings("Gated"));
        using var browser = world.Browser();
        var gate = await GatePageTests.Gate(world, browser, "/phone/verification-required?");
        Assert.NotNull((await browser.Submit(gate, "#verify-form", ("do", "go-on"))).Is(200).Document.QuerySelector("#fault"));
        var link = (await RecoveryWorld.Mails(server, Number))[0].Text.Split('\n', ' ').First(w => w.Contains("/phone/verify/", StringComparison.Ordinal));
        var page = (await browser.Open(new Uri(link).PathAndQuery)).Is(200);
        var done = (await browser.Open((await browser.Submit(page, "#verify-form")).Is(303).Leads!)).Is(200);
        var back = (await browser.Open(done.Document.QuerySelector("#next")!.GetAttribute("href")!)).Is(200);
        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(back, "#verify-form", ("do", "go-on"))).Is(303))["code"]);
    }

    [Fact]
    public async Task A_mistyped_number_is_mended_at_the_gate_and_the_old_code_is_void()
    {
        await using var server = await GatePageTests.Development();
        var world = await World(server, Settings("Gated", "FormField"));
        using var browser = world.Browser();
        var gate = await GatePageTests.Gate(world, browser, "/phone/verification-required?");
        var old = ProofMails.Code((await RecoveryWorld.Mails(server, Number))[0]);
        foreach (var wrong in (string[])["", "no number"])
            Assert.NotNull((await browser.Submit(gate, "#phone-form", ("do", "phone"), ("phone", wrong))).Is(200).Document.QuerySelector("#phone-note.error"));
        (await browser.Submit(gate, "#phone-form", ("do", "phone"), ("phone", "+4915199999999"))).Is(200);
        Assert.NotNull((await browser.Submit(gate, "#verify-form", ("do", "go-on"), ("code", old))).Is(200).Document.QuerySelector("#code-note.error"));
        var code = ProofMails.Code(Assert.Single(await RecoveryWorld.Mails(server, "+4915199999999")));
        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(gate, "#verify-form", ("do", "go-on"), ("code", code))).Is(303))["code"]);
    }

    private static Task<Answer> Complete(RecoveryWorld world, string id, string code, Guid? tenant = null) =>
        world.Server.Post("/api/identity/verify/complete", new { verificationId = id, oneTimeCode = code }, key: "", tenant: tenant ?? world.Tenant);

    /// <summary>A client, and a user with a number that is not verified.</summary>
    /// <param name="client">Where answers go to; null for what the world has.</param>
    internal static async Task<OAuthWorld> World(TestServer server, object tenant, string? client = null)
    {
        var oauth = client is null ? null : new JsonObject { ["authorizedRedirectURLs"] = new JsonArray(client) };
        var world = await OAuthWorld.Make(server, oauth, tenant: RecoveryWorld.Merge(tenant, null));
        (await server.Patch($"/api/user/{world.User}", new { user = new { phoneNumber = Number } })).Is(200);
        return world;
    }
}
