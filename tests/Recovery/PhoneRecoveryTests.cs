using System.Text.RegularExpressions;
using OrleansAuth.Administration;
using OrleansAuth.Common;

namespace OrleansAuth.Recovery;

/// <summary>The way to a new password by a text message: who holds the phone, and nobody else, gets there, once.</summary>
public sealed partial class PhoneRecoveryTests
{
    private const string Number = "+4915112345678";
    private static readonly object Verifies = new { phoneConfiguration = new { verifyPhoneNumber = true } };
    private static readonly object ByPhone = new { loginIdTypes = new[] { "phoneNumber" } };

    [Fact]
    public async Task Who_names_a_number_gets_a_text_message_whose_link_works_once_and_proves_the_number()
    {
        await using var world = await RecoveryWorld.New(Verifies, new { phoneNumber = Number });
        var (texts, mails) = ((await world.Mails(Number)).Length, (await world.Mails()).Length);
        Assert.False(await IsVerified(world, world.User));
        Assert.Equal("", (await world.Ask("+49 151 1234-5678", ByPhone)).Is(200).Text);
        Assert.Equal((texts + 1, mails), ((await world.Mails(Number)).Length, (await world.Mails()).Length));
        var id = await Id(world, Number);
        await world.Restart();
        Assert.NotNull((await world.Change(id)).Is(200).Body["oneTimePassword"]);
        Assert.True(await IsVerified(world, world.User));
        (await world.Change(id, "a third horse")).Is(404);
        (await world.LogIn("another horse")).Is(200);
    }

    [Fact]
    public async Task The_way_is_that_of_the_name_and_the_flags_can_only_close_it()
    {
        await using var world = await RecoveryWorld.New(user: new { phoneNumber = Number });
        var (texts, mails) = ((await world.Mails(Number)).Length, (await world.Mails()).Length);
        foreach (var flags in (object[])[new { sendForgotPasswordEmail = false }, new { sendForgotPasswordMessage = false, loginIdTypes = new[] { "phoneNumber" } }, new { sendForgotPasswordEmail = false, loginIdTypes = new[] { "phoneNumber" } }])
        {
            var named = ContractJson.ToNode(flags).ContainsKey("loginIdTypes") ? Number : world.Email;
            Assert.NotNull((await world.Begin(named, flags)).Is(200).Body["changePasswordId"]);
        }

        Assert.Equal((texts, mails), ((await world.Mails(Number)).Length, (await world.Mails()).Length));
        (await world.Begin(world.Email)).Is(200);
        Assert.Equal((texts, mails + 1), ((await world.Mails(Number)).Length, (await world.Mails()).Length));
        (await world.Begin(Number, ByPhone)).Is(200);
        (await world.Begin(Number, new { sendForgotPasswordEmail = false, sendForgotPasswordMessage = true, loginIdTypes = new[] { "phoneNumber" } })).Is(200);
        Assert.Equal((texts + 2, mails + 1), ((await world.Mails(Number)).Length, (await world.Mails()).Length));
        // A number is a name only for who says so.
        (await world.Begin(Number)).Is(404);
    }

    [Fact]
    public async Task Another_number_or_another_password_voids_what_was_sent_also_when_the_old_number_comes_back()
    {
        await using var world = await RecoveryWorld.New(user: new { phoneNumber = Number });
        await world.Ask(Number, ByPhone);
        var id = await Id(world, Number);
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { phoneNumber = "+4915199999999" } })).Is(200);
        (await world.Change(id)).Is(404);
        Assert.Empty((await world.Server.Get($"/api/user/change-password/{id}", key: "")).Is(404).Text);

        await world.Ask("+4915199999999", ByPhone);
        var second = await Id(world, "+4915199999999");
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { password = "a new horse" } })).Is(200);
        (await world.Change(second)).Is(404);
        (await world.LogIn("a new horse")).Is(200);
    }

    [Fact]
    public async Task Numbers_of_nobody_and_of_another_tenant_get_the_same_answer_and_no_message()
    {
        await using var world = await RecoveryWorld.New(user: new { phoneNumber = Number });
        var before = (await world.Mails(Number)).Length;
        var elsewhere = await world.Server.NewTenant(new { baseURL = RecoveryWorld.Origin });
        Assert.Equal("", (await world.Ask("+4915100000000", ByPhone)).Is(200).Text);
        Assert.Equal("", (await world.Server.Post("/api/user/forgot-password", new { loginId = Number, loginIdTypes = new[] { "phoneNumber" } }, key: "", tenant: elsewhere)).Is(200).Text);
        Assert.Empty((await world.Server.Post("/api/user/forgot-password", new { loginId = Number, loginIdTypes = new[] { "phoneNumber" } }, tenant: elsewhere)).Is(404).Text);
        Assert.Equal(before, (await world.Mails(Number)).Length);
        Assert.Empty(await world.Mails("+4915100000000"));
        await world.Ask(Number, ByPhone);
        (await world.Change(await Id(world, Number), tenant: elsewhere)).Is(404);
    }

    [Fact]
    public async Task Texts_and_mails_are_counted_together()
    {
        await using var world = await RecoveryWorld.New(new { rateLimitConfiguration = new { forgotPassword = new { enabled = true, limit = 2, timePeriodInSeconds = 60 } } }, new { phoneNumber = Number });
        var (texts, mails) = ((await world.Mails(Number)).Length, (await world.Mails()).Length);
        await world.Ask(Number, ByPhone);
        await world.Ask(world.Email);
        await world.Mails();
        Assert.Equal("", (await world.Ask(Number, ByPhone)).Is(200).Text);
        Assert.NotNull((await world.Begin(Number, ByPhone)).Is(200).Body["changePasswordId"]);
        Assert.Equal((texts + 1, mails + 1), ((await world.Mails(Number)).Length, (await world.Mails()).Length));
    }

    [Fact]
    public async Task Of_many_who_bring_one_link_at_once_one_changes_the_password()
    {
        await using var world = await RecoveryWorld.New(user: new { phoneNumber = Number });
        await world.Ask(Number, ByPhone);
        var id = await Id(world, Number);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => world.Change(id, $"horse number {i}")));
        Assert.Single(answers, a => (int)a.Status == 200);
    }

    [Fact]
    public async Task Without_a_messenger_there_is_no_such_way()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant(new { passwordEncryptionConfiguration = new { encryptionScheme = "salted-sha256", encryptionSchemeFactor = 1 } });
        (await server.Post("/api/user", new { user = new { phoneNumber = Number, password = RecoveryWorld.Password } }, tenant: tenant)).Is(200);
        (await server.Post("/api/user/forgot-password", new { loginId = Number, loginIdTypes = new[] { "phoneNumber" } }, tenant: tenant)).Is(422);
        var refused = (await server.Post("/api/user", new { user = new { phoneNumber = "+4915112345679" }, sendSetPasswordIdentityType = "phone" }, tenant: tenant)).Is(400);
        Assert.Equal("[invalid]sendSetPasswordIdentityType", refused.FieldError("sendSetPasswordIdentityType"));
    }

    [Fact]
    public async Task A_new_user_chooses_the_first_password_by_a_text_message()
    {
        await using var world = await RecoveryWorld.New(Verifies);
        foreach (var path in (string[])["/api/user", "/api/user/registration"])
        {
            var number = $"+49151{Random.Shared.Next(10_000_000, 99_999_999)}";
            var body = RecoveryWorld.Merge(new { user = new { phoneNumber = number }, sendSetPasswordIdentityType = "phone", sendSetPasswordEmail = true }, path == "/api/user" ? null : new { registration = new { applicationId = world.Application } });
            var created = (await world.Server.Post(path, body, tenant: world.Tenant)).Is(200).Body;
            Assert.Null(created["token"]);
            // The link proves the number as well, so nothing else is sent for that.
            Assert.Null(created["verificationIds"]);
            var text = Assert.Single(await world.Mails(number));
            Assert.StartsWith("Choose your password", text.Text, StringComparison.Ordinal);
            var user = (Guid)created["user"]!["id"]!;
            Assert.False(await IsVerified(world, user));
            (await world.Change(await Id(world, number), "the first horse")).Is(200);
            Assert.True(await IsVerified(world, user));
        }
    }

    [Fact]
    public async Task Who_is_to_choose_a_password_must_be_reached_and_doNotSend_needs_one_now()
    {
        await using var world = await RecoveryWorld.New();
        async Task<Answer> Create(object user, string type, object? more = null) =>
            await world.Server.Post("/api/user", RecoveryWorld.Merge(new { user, sendSetPasswordIdentityType = type }, more), tenant: world.Tenant);

        Assert.Equal("[blank]user.phoneNumber", (await Create(new { email = "ann@example.com" }, "phone")).Is(400).FieldError("user.phoneNumber"));
        Assert.Equal("[blank]user.password", (await Create(new { email = "ann@example.com" }, "doNotSend", new { sendSetPasswordEmail = true })).Is(400).FieldError("user.password"));
        Assert.Equal("[invalid]sendSetPasswordIdentityType", (await Create(new { email = "ann@example.com" }, "pigeon")).Is(400).FieldError("sendSetPasswordIdentityType"));
        (await Create(new { email = "ann@example.com" }, "email")).Is(200);
        Assert.Single(await world.Mails("ann@example.com"));
    }

    [Fact]
    public async Task The_page_takes_a_number_and_says_the_same_of_every_number()
    {
        await using var world = await RecoveryWorld.New(user: new { phoneNumber = Number });
        var before = (await world.Mails(Number)).Length;
        var texts = new List<string>();
        foreach (var number in (string[])[Number, "+4915100000000"])
        {
            using var browser = new Visitor(world.Server.Url);
            var page = (await browser.Open($"/password/forgot?tenantId={world.Tenant}")).Is(200);
            texts.Add((await browser.Open((await browser.Submit(page, "#forgot-form", ("loginId", number))).Is(303).Leads!)).Is(200).Text);
        }

        Assert.Equal(texts[0], texts[1]);
        Assert.Equal(before + 1, (await world.Mails(Number)).Length);
        using var phone = new Visitor(world.Server.Url);
        var link = new Uri(Link().Match((await world.Mails(Number))[0].Text).Value);
        var change = (await phone.Open(link.PathAndQuery)).Is(200);
        Assert.StartsWith("/password/complete", (await phone.Submit(change, ("password", "another horse"), ("passwordConfirm", "another horse"))).Is(303).Leads, StringComparison.Ordinal);
        (await world.LogIn("another horse")).Is(200);
    }

    private static async Task<string> Id(RecoveryWorld world, string number) => Uri.UnescapeDataString(new Uri(Link().Match((await world.Mails(number))[0].Text).Value).Segments[^1]);

    private static async Task<bool> IsVerified(RecoveryWorld world, Guid user) =>
        (await world.Server.Get($"/api/user/{user}", tenant: world.Tenant)).Is(200).Body["user"]!["identities"]!.AsArray().Any(i => (string)i!["type"]!["name"]! == "phoneNumber" && (bool)i["verified"]!);

    [GeneratedRegex(@"https?://\S+/password/change/\S+")]
    private static partial Regex Link();
}
