using System.Text.Json.Nodes;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.Forms;
using OrleansAuth.OAuth;
using OrleansAuth.Recovery;
using OrleansAuth.Verification;

namespace OrleansAuth.Hosted;

/// <summary>Steps of a registration form that verify: before the code there is no next step and no account.</summary>
public sealed class RegistrationProofTests
{
    private const string Number = "+4915112345678";

    [Fact]
    public async Task The_code_leads_to_the_next_step_and_the_address_of_the_account_is_verified()
    {
        await using var server = await GatePageTests.Development();
        var (world, register) = await World(server, ProofMails.Gates);
        using var browser = world.Browser();
        var email = $"{Guid.NewGuid():N}@example.com";
        var step = (await browser.Submit((await browser.Open(register)).Is(200), ("user.email", email), ("user.password", OAuthWorld.Password))).Is(200);
        Assert.NotNull(step.Document.QuerySelector("#code"));
        Assert.Contains(email, step.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        (await server.Get($"/api/user?email={email}", tenant: world.Tenant)).Is(404);
        foreach (var wrong in (string[])["", "AAAAAA", new string('A', 300)])
            Assert.NotNull((await browser.Submit(step, ("code", wrong))).Is(200).Document.QuerySelector("#code-note.error"));
        var last = (await browser.Submit(step, ("code", ProofMails.Code(Assert.Single(await RecoveryWorld.Mails(server, email)))))).Is(200);
        Assert.NotNull(last.Document.QuerySelector("#user-data-size"));
        (await server.Get($"/api/user?email={email}", tenant: world.Tenant)).Is(404);

        // No gate after that: the account comes verified, and nothing else is sent.
        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(last, ("user.data.size", "M"))).Is(303))["code"]);
        var user = (await server.Get($"/api/user?email={email}", tenant: world.Tenant)).Is(200).Body["user"]!;
        Assert.True((bool)user["verified"]!);
        Assert.Equal("Completed", (string?)user["identities"]!.AsArray().Single(i => (string)i!["type"]!["name"]! == "email")!["verifiedReason"]);
        Assert.Single(await RecoveryWorld.Mails(server, email));
    }

    [Fact]
    public async Task Nothing_that_is_posted_skips_the_code()
    {
        await using var server = await GatePageTests.Development();
        var (world, register) = await World(server);
        using var browser = world.Browser();
        var email = $"{Guid.NewGuid():N}@example.com";
        var first = (await browser.Open(register)).Is(200);
        var all = new (string, string)[] { ("user.email", email), ("user.password", OAuthWorld.Password), ("user.data.size", "M"), ("user.verified", "true"), ("code", ""), ("verificationIds", "any") };
        var code = (await browser.Submit(first, all)).Is(200);
        Assert.NotNull(code.Document.QuerySelector("#code"));
        foreach (var attempt in ((string, string)[][])[[], all, [("do", "next")], [("back", "false")], [("user.data.size", "M")], [("code", "AAAAAA"), ("user.data.size", "M")]])
            Assert.NotNull((await browser.Submit(code, attempt)).Is(200).Document.QuerySelector("#code"));
        Assert.NotNull((await browser.Submit(code, ("progress", ""), ("user.data.size", "M"))).Is(200).Document.QuerySelector("#user-email"));
        Assert.NotNull((await browser.Open(register + "&step=2")).Is(200).Document.QuerySelector("#user-email"));
        (await server.Get($"/api/user?email={email}", tenant: world.Tenant)).Is(404);
    }

    [Fact]
    public async Task Another_address_needs_another_code()
    {
        await using var server = await GatePageTests.Development();
        var (world, register) = await World(server);
        using var browser = world.Browser();
        var (mine, theirs) = ($"{Guid.NewGuid():N}@example.com", $"{Guid.NewGuid():N}@example.com");
        var step = (await browser.Submit((await browser.Open(register)).Is(200), ("user.email", mine), ("user.password", OAuthWorld.Password))).Is(200);
        var last = (await browser.Submit(step, ("code", ProofMails.Code((await RecoveryWorld.Mails(server, mine))[0])))).Is(200);
        var back = (await browser.Submit(last, ("back", "true"))).Is(200);
        Assert.Equal(mine, back.Document.QuerySelector("#user-email")!.GetAttribute("value"));

        // The same address is not asked for again, another one is.
        Assert.NotNull((await browser.Submit(back, ("user.email", mine.ToUpperInvariant()), ("user.password", OAuthWorld.Password))).Is(200).Document.QuerySelector("#user-data-size"));
        var other = (await browser.Submit(back, ("user.email", theirs), ("user.password", OAuthWorld.Password))).Is(200);
        Assert.NotNull((await browser.Submit(other, ("code", ProofMails.Code((await RecoveryWorld.Mails(server, mine))[0])))).Is(200).Document.QuerySelector("#code-note.error"));
        Assert.Single(await RecoveryWorld.Mails(server, theirs));
    }

    [Fact]
    public async Task Numbers_are_verified_by_text_message_and_an_optional_one_that_is_left_out_is_not()
    {
        await using var server = await GatePageTests.Development();
        var phone = await Field(server, new { key = "user.phoneNumber", type = "phoneNumber", name = $"Phone {Guid.NewGuid()}", control = "text", required = false });
        var (world, register) = await World(server, null, new { fields = new[] { phone } }, new { type = "verifyPhoneNumber", fields = Array.Empty<Guid>() });
        foreach (var number in (string[])[Number, ""])
        {
            using var browser = world.Browser();
            var email = $"{Guid.NewGuid():N}@example.com";
            var step = (await browser.Submit((await browser.Open(register)).Is(200), ("user.email", email), ("user.password", OAuthWorld.Password))).Is(200);
            step = (await browser.Submit(step, ("code", ProofMails.Code((await RecoveryWorld.Mails(server, email))[0])))).Is(200);
            step = (await browser.Submit(step, ("user.data.size", "M"))).Is(200);
            var sent = await browser.Submit(step, ("user.phoneNumber", number.Length == 0 ? "" : "+49 (151) 1234-5678"));
            if (number.Length > 0) sent = await browser.Submit(sent.Is(200), ("code", ProofMails.Code((await RecoveryWorld.Mails(server, number))[0])));
            Assert.NotNull(OAuthWorld.Answer(sent.Is(303))["code"]);
            var identities = (await server.Get($"/api/user?email={email}", tenant: world.Tenant)).Is(200).Body["user"]!["identities"]!.AsArray();
            Assert.Equal(number.Length > 0, identities.Any(i => (string)i!["type"]!["name"]! == "phoneNumber" && (bool)i["verified"]!));
        }
    }

    [Fact]
    public async Task A_taken_address_looks_like_any_other_until_it_is_proved()
    {
        await using var server = await GatePageTests.Development();
        var (world, register) = await World(server);
        var pages = new List<string>();
        Page? last = null;
        using var browser = world.Browser();
        foreach (var email in (string[])["new@example.com", world.Email])
        {
            var step = (await browser.Submit((await browser.Open(register)).Is(200), ("user.email", email), ("user.password", OAuthWorld.Password))).Is(200);
            pages.Add(step.Document.QuerySelector("main")!.TextContent.Replace(email, "", StringComparison.Ordinal));
            last = (await browser.Submit(step, ("code", ProofMails.Code((await RecoveryWorld.Mails(server, email))[0])))).Is(200);
        }

        Assert.Equal(pages[0], pages[1]);
        var told = (await browser.Submit(last!, ("user.data.size", "M"))).Is(200);
        Assert.Contains("There is an account with this email", told.Document.QuerySelector("#user-email-note")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Few_codes_are_sent_to_an_address_and_few_wrong_ones_are_looked_at()
    {
        await using var server = await GatePageTests.Development();
        var (world, register) = await World(server);
        using var browser = world.Browser();
        var email = $"{Guid.NewGuid():N}@example.com";
        var step = (await browser.Submit((await browser.Open(register)).Is(200), ("user.email", email), ("user.password", OAuthWorld.Password))).Is(200);
        var right = ProofMails.Code((await RecoveryWorld.Mails(server, email))[0]);
        for (var i = 0; i < 5; i++) (await browser.Submit(step, ("code", "AAAAAA"))).Is(200);
        Assert.NotNull((await browser.Submit(step, ("code", right))).Is(200).Document.QuerySelector("#code-note.error"));

        for (var i = 0; i < 6; i++) step = (await browser.Submit(step, ("do", "resend"))).Is(200);
        Assert.NotNull(step.Document.QuerySelector("#code-note.error"));
        var mails = await RecoveryWorld.Mails(server, email);
        Assert.Equal(5, mails.Length);
        Assert.NotNull((await browser.Submit(step, ("code", ProofMails.Code(mails[0])))).Is(200).Document.QuerySelector("#user-data-size"));
        server.Time.UtcNow += TimeSpan.FromHours(2);
        (await browser.Submit((await browser.Open(register)).Is(200), ("user.email", email), ("user.password", OAuthWorld.Password))).Is(200);
        Assert.Equal(6, (await RecoveryWorld.Mails(server, email)).Length);
    }

    [Fact]
    public async Task Many_messages_for_one_network_are_refused_whatever_the_addresses()
    {
        await using var server = await GatePageTests.Development();
        var (world, register) = await World(server);
        using var browser = world.Browser();
        Page? step = null;
        for (var i = 0; i < GuessLimits.PerAddress + 1; i++)
            step = (await browser.Submit((await browser.Open(register)).Is(200), ("user.email", $"many{i}@example.com"), ("user.password", OAuthWorld.Password))).Is(200);
        Assert.NotNull(step!.Document.QuerySelector("#code-note.error"));
        Assert.Empty(await RecoveryWorld.Mails(server, $"many{GuessLimits.PerAddress}@example.com"));
    }

    [Fact]
    public async Task Of_several_who_end_it_at_once_one_makes_the_account()
    {
        await using var server = await GatePageTests.Development();
        var (world, register) = await World(server);
        using var browser = world.Browser();
        var email = $"{Guid.NewGuid():N}@example.com";
        var step = (await browser.Submit((await browser.Open(register)).Is(200), ("user.email", email), ("user.password", OAuthWorld.Password))).Is(200);
        var last = (await browser.Submit(step, ("code", ProofMails.Code((await RecoveryWorld.Mails(server, email))[0])))).Is(200);
        // Each in a browser of its own that has come as far: the one that wins is signed in, the others are not.
        var others = Enumerable.Range(0, 4).Select(_ => world.Browser()).ToList();
        foreach (var other in others)
            foreach (var (name, value) in browser.Cookies) other.Cookies[name] = value;
        var answers = await Task.WhenAll(others.Select(other => other.Submit(last, ("user.data.size", "M"))));
        others.ForEach(other => other.Dispose());
        Assert.Single(answers, a => (int)a.Status == 303 && a.Leads!.StartsWith(OAuthWorld.Redirect, StringComparison.Ordinal));
        Assert.Equal(1, (int)(await server.Get($"/api/user/search?queryString={email}", tenant: world.Tenant)).Is(200).Body["total"]!);
    }

    private static async Task<Guid> Field(TestServer server, object field) => (Guid)(await server.Post("/api/form/field", new { field })).Is(200).Body["field"]!["id"]!;

    /// <summary>E-mail and password, the code, then a size; and whatever comes after that.</summary>
    internal static async Task<(OAuthWorld World, string Register)> World(TestServer server, object? tenant = null, params object[] more)
    {
        var size = await Field(server, new { key = "user.data.size", name = $"Size {Guid.NewGuid()}", control = "select", options = new[] { "S", "M" }, required = true });
        object[] steps =
        [
            new { fields = new[] { BuiltInForms.FieldId("user.email"), BuiltInForms.FieldId("user.password") } },
            new { type = "verifyEmail", fields = Array.Empty<Guid>() },
            new { fields = new[] { size } },
            .. more,
        ];
        var form = (Guid)(await server.Post("/api/form", new { form = new { name = $"Steps {Guid.NewGuid()}", type = "registration", steps } })).Is(200).Body["form"]!["id"]!;
        var world = await OAuthWorld.Make(
            server,
            application: (JsonObject)JsonNode.Parse($$"""{"registrationConfiguration":{"enabled":true,"type":"advanced","formId":"{{form}}"} }""")!,
            tenant: RecoveryWorld.Merge(new { }, tenant));
        return (world, world.Authorize().Replace("authorize", "register", StringComparison.Ordinal));
    }
}
