using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Recovery;

namespace OrleansAuth.Verification;

/// <summary>An address is verified by what was sent there, once, in its time, as long as it is the user's.</summary>
public sealed class EmailVerificationTests
{
    [Fact]
    public async Task The_link_in_the_mail_verifies_the_address_once()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Links);
        var (link, id) = RecoveryWorld.Read(Assert.Single(await world.Mails()));
        Assert.StartsWith($"{RecoveryWorld.Origin}/email/verify/", link.OriginalString, StringComparison.Ordinal);
        Assert.Contains($"tenantId={world.Tenant}", link.Query, StringComparison.Ordinal);
        Assert.Contains($"client_id={world.Application}", link.Query, StringComparison.Ordinal);
        Assert.False(await world.IsVerified());
        (await world.LogIn(RecoveryWorld.Password)).Is(212);
        (await world.Server.Get($"/api/user?verificationId={id}", tenant: world.Tenant)).Is(200);

        Assert.Equal("", (await Verify(world, id)).Is(200).Text);

        Assert.True(await world.IsVerified());
        (await world.LogIn(RecoveryWorld.Password)).Is(200);
        (await Verify(world, id)).Is(404);
        await world.Restart();
        (await Verify(world, id)).Is(404);
        var user = (JsonObject)(await world.Server.Get($"/api/user/{world.User}")).Body["user"]!;
        Assert.Equal("Completed", (string?)user["identities"]!.AsArray().Single(i => (string?)i!["type"]!["name"] == "email")!["verifiedReason"]);
    }

    [Fact]
    public async Task An_id_survives_a_restart_and_is_good_in_its_tenant_and_time_only()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Links);
        var other = await world.Server.NewTenant();
        var id = await world.Id();
        await world.Restart();
        (await Verify(world, id, tenant: other)).Is(404);
        (await world.Server.Get($"/api/user?verificationId={id}", tenant: other)).Is(404);
        (await Verify(world, id + "x")).Is(404);
        world.Server.Time.UtcNow += TimeSpan.FromSeconds(86_400);
        (await Verify(world, id)).Is(404);
        var fresh = (string)(await Resend(world, send: false)).Is(200).Body["verificationId"]!;
        world.Server.Time.UtcNow += TimeSpan.FromSeconds(86_399);
        (await Verify(world, fresh)).Is(200);
    }

    [Fact]
    public async Task A_new_id_voids_the_one_before_and_another_address_voids_both()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Links);
        var first = await world.Id();
        var second = (string)(await Resend(world)).Is(200).Body["verificationId"]!;
        (await Verify(world, first)).Is(404);
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { email = "moved@example.com" } })).Is(200);
        (await Verify(world, second)).Is(404);
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { email = world.Email } })).Is(200);
        (await Verify(world, second)).Is(404);
        Assert.False(await world.IsVerified());
    }

    [Fact]
    public async Task Of_many_who_bring_an_id_at_once_one_succeeds()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Links);
        var id = await world.Id();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Verify(world, id)));
        Assert.Single(answers, a => (int)a.Status == 200);
        Assert.Equal(19, answers.Count(a => (int)a.Status == 404));
    }

    [Fact]
    public async Task A_changed_address_is_asked_for_again_where_the_tenant_says_so()
    {
        await using var world = await RecoveryWorld.New(new { emailConfiguration = new { verifyEmail = true, verifyEmailWhenChanged = true } });
        (await Verify(world, await world.Id())).Is(200);
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { email = "moved@example.com" } })).Is(200);
        Assert.False(await world.IsVerified());
        (await Verify(world, await world.Id("moved@example.com"))).Is(200);
        Assert.True(await world.IsVerified());
        (await world.Server.Patch($"/api/user/{world.User}", new { skipVerification = true, user = new { email = "again@example.com" } })).Is(200);
        Assert.True(await world.IsVerified());
        Assert.Empty(await world.Mails("again@example.com"));
    }

    [Fact]
    public async Task A_code_needs_its_id_and_the_login_tells_that_to_who_knows_the_password()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Codes);
        var mail = Assert.Single(await world.Mails());
        Assert.DoesNotContain("/email/verify", mail.Text, StringComparison.Ordinal);
        var code = ProofMails.Code(mail);
        var login = (await world.LogIn(RecoveryWorld.Password)).Is(212);
        var id = (string)login.Body["emailVerificationId"]!;
        Assert.Null(login.Body["token"]);
        Assert.DoesNotContain(code, login.Text, StringComparison.Ordinal);
        Assert.Equal(id, (string?)(await world.LogIn(RecoveryWorld.Password)).Is(212).Body["emailVerificationId"]);
        Assert.DoesNotContain(id, (await world.LogIn("wrong password")).Is(404).Text, StringComparison.Ordinal);
        (await Verify(world, code)).Is(404);
        Assert.Equal("[missing]oneTimeCode", (await Verify(world, id)).Is(400).FieldError("oneTimeCode"));
        (await Verify(world, id, "AAAAAA")).Is(404);
        await world.Restart();
        (await Verify(world, id, $" {code.ToLowerInvariant()} ")).Is(200);
        (await world.LogIn(RecoveryWorld.Password)).Is(200);
        (await Verify(world, id, code)).Is(404);
    }

    [Fact]
    public async Task Five_wrong_codes_are_looked_at_for_an_id_also_when_they_come_at_once()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Codes);
        var (id, code) = await NewPair(world);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Verify(world, id, $"WRONG{i}"))), a => a.Is(404));
        (await Verify(world, id, code)).Is(404);
        await world.Restart();
        (await Verify(world, id, code)).Is(404);
        (id, code) = await NewPair(world);
        for (var i = 0; i < 4; i++) (await Verify(world, id, "WRONG1")).Is(404);
        (await Verify(world, id, code)).Is(200);
    }

    [Fact]
    public async Task New_ids_give_no_new_guesses_without_end()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Codes);
        for (var round = 0; round < 5; round++)
        {
            var (worn, _) = await NewPair(world);
            for (var i = 0; i < 5; i++) (await Verify(world, worn, "WRONG1")).Is(404);
        }

        var (id, code) = await NewPair(world);
        (await Verify(world, id, code)).Is(404);
        world.Server.Time.UtcNow += TimeSpan.FromHours(1);
        (await Verify(world, id, code)).Is(200);
    }

    [Fact]
    public async Task Ids_and_codes_are_told_to_keys_and_nobody_else()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Codes);
        var body = new JsonObject { ["user"] = new JsonObject { ["email"] = "bob@example.com", ["password"] = "correct horse" } };
        var created = (await world.Server.Post("/api/user", body, tenant: world.Tenant)).Is(200).Body;
        Assert.Equal((string?)created["emailVerificationId"], (string?)created["verificationIds"]![0]!["id"]);
        Assert.Equal("bob@example.com", (string?)created["verificationIds"]![0]!["value"]);
        (await Verify(world, (string)created["emailVerificationId"]!, (string)created["emailVerificationOneTimeCode"]!)).Is(200);
        Assert.Equal("", (await Resend(world, key: "")).Is(200).Text);
        Assert.Equal("", (await Resend(world, "nobody@example.com", key: "")).Is(200).Text);
        (await Resend(world, "nobody@example.com")).Is(404);
        Assert.NotNull((await Resend(world)).Is(200).Body["oneTimeCode"]);
    }

    [Fact]
    public async Task An_operator_may_vouch_and_nobody_else()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Gates);
        Assert.Equal("[blank]verificationId", (await world.Server.Post("/api/user/verify-email", new { userId = world.User }, key: "", tenant: world.Tenant)).Is(400).FieldError("verificationId"));
        (await world.Server.Post("/api/user/verify-email", new { userId = world.User }, tenant: await world.Server.NewTenant())).Is(404);
        Assert.False(await world.IsVerified());
        (await world.Server.Post("/api/user/verify-email", new { userId = world.User }, tenant: world.Tenant)).Is(200);
        Assert.True(await world.IsVerified());
    }

    [Fact]
    public async Task Without_a_key_a_message_is_sent_again_within_the_limit()
    {
        var tenant = RecoveryWorld.Merge(ProofMails.Links, new { rateLimitConfiguration = new { sendEmailVerification = new { enabled = true, limit = 2, timePeriodInSeconds = 60 } } });
        await using var world = await RecoveryWorld.New(tenant);
        for (var i = 0; i < 4; i++) Assert.Equal("", (await Resend(world, key: "")).Is(200).Text);
        Assert.Equal(3, (await world.Mails()).Length);
        Assert.Equal("{}", (await Resend(world)).Is(200).Text);
        await world.Restart();
        (await Resend(world, key: "")).Is(200);
        Assert.Empty(await world.Mails());
        world.Server.Time.UtcNow += TimeSpan.FromSeconds(60);
        (await Resend(world, key: "")).Is(200);
        (await Verify(world, await world.Id())).Is(200);
        (await Resend(world, key: "")).Is(200);
        Assert.Single(await world.Mails());
    }

    [Fact]
    public async Task Where_nothing_is_verified_nothing_is_sent()
    {
        await using var world = await RecoveryWorld.New();
        Assert.Empty(await world.Mails());
        Assert.Contains("[EmailVerificationDisabled]", (await Resend(world)).Is(403).Text, StringComparison.Ordinal);
        Assert.Contains("[EmailVerificationDisabled]", (await Resend(world, "nobody@example.com", key: "")).Is(403).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"emailConfiguration":{"verifyEmail":true,"verificationStrategy":"FormField"}}""", "[invalid]tenant.emailConfiguration.verificationStrategy")]
    [InlineData("""{"userDeletePolicy":{"unverified":{"enabled":true,"numberOfDaysToRetain":0}}}""", "[invalid]tenant.userDeletePolicy.unverified.numberOfDaysToRetain")]
    public async Task Settings_that_contradict_each_other_are_refused(string settings, string error)
    {
        var server = await TestServer.Shared;
        var tenant = (JsonObject)JsonNode.Parse(settings)!;
        tenant["name"] = Guid.NewGuid().ToString();
        Assert.Contains(error, (await server.Post("/api/tenant", new JsonObject { ["tenant"] = tenant })).Is(400).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_a_first_password_proves_the_address_so_no_second_mail_goes_out()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Links);
        var body = new JsonObject { ["sendSetPasswordEmail"] = true, ["user"] = new JsonObject { ["email"] = "bob@example.com" } };
        (await world.Server.Post("/api/user", body, tenant: world.Tenant)).Is(200);
        var (link, id) = RecoveryWorld.Read(Assert.Single(await world.Mails("bob@example.com")));
        Assert.Contains("/password/change/", link.OriginalString, StringComparison.Ordinal);
        (await Verify(world, id)).Is(404);
    }

    private static Task<Answer> Verify(RecoveryWorld world, string id, string? code = null, Guid? tenant = null) =>
        world.Server.Post("/api/user/verify-email", code is null ? new { verificationId = id } : new { verificationId = id, oneTimeCode = code }, key: "", tenant: tenant);

    private static Task<Answer> Resend(RecoveryWorld world, string? email = null, bool send = true, string? key = null) =>
        world.Server.Put($"/api/user/verify-email?email={Uri.EscapeDataString(email ?? world.Email)}&applicationId={world.Application}" + (send ? "" : "&sendVerifyEmail=false"), null, key, world.Tenant);

    private static async Task<(string Id, string Code)> NewPair(RecoveryWorld world)
    {
        var answer = (await Resend(world, send: false)).Is(200).Body;
        return ((string)answer["verificationId"]!, (string)answer["oneTimeCode"]!);
    }
}
