using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Mail;

namespace OrleansAuth.Recovery;

/// <summary>A password changes by what proves the right to it, once, and what opened the old one opens nothing any more.</summary>
public sealed class ChangePasswordTests
{
    [Fact]
    public async Task Of_many_who_use_an_id_at_once_one_succeeds()
    {
        await using var world = await RecoveryWorld.New();
        var id = await world.NewId();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => world.Change(id, $"another horse {i}")));
        var winner = Assert.Single(answers.Select((answer, i) => (answer, i)), a => (int)a.answer.Status == 200);
        Assert.All(answers.Where(a => a != winner.answer), a => a.Is(404));
        (await world.LogIn($"another horse {winner.i}")).Is(200);
        await world.Restart();
        (await world.Change(id)).Is(404);
    }

    [Fact]
    public async Task An_id_is_good_in_its_tenant_until_its_time_and_after_a_restart()
    {
        await using var world = await RecoveryWorld.New();
        var other = await world.Server.NewTenant();
        var (early, late) = (await world.NewId(), await world.NewId());
        (await world.Change(early, tenant: other)).Is(404);
        (await world.Server.Get($"/api/user/change-password/{early}", key: "", tenant: other)).Is(404);
        await world.Restart();
        world.Server.Time.UtcNow += TimeSpan.FromSeconds(599);
        (await world.Server.Get($"/api/user?changePasswordId={early}", tenant: world.Tenant)).Is(200);
        (await world.Change(early)).Is(200);
        world.Server.Time.UtcNow += TimeSpan.FromSeconds(1);
        (await world.Change(late)).Is(404);
        (await world.Server.Get($"/api/user/change-password/{late}", key: "")).Is(404);
    }

    [Fact]
    public async Task A_change_voids_every_other_id_also_one_of_the_same_millisecond()
    {
        await using var world = await RecoveryWorld.New();
        var ids = new[] { await world.NewId(), await world.NewId(mailed: true), await world.NewId() };
        (await world.Change(ids[0])).Is(200);
        (await world.Change(ids[1])).Is(404);
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { password = "by an administrator" } })).Is(200);
        (await world.Change(ids[2])).Is(404);
        (await world.Change(await world.NewId())).Is(200);
    }

    [Fact]
    public async Task An_id_that_was_mailed_is_void_once_the_user_has_another_address()
    {
        await using var world = await RecoveryWorld.New();
        var (mailed, told) = (await world.NewId(mailed: true), await world.NewId());
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { email = "moved@example.com" } })).Is(200);
        (await world.Change(mailed)).Is(404);
        (await world.Change(told)).Is(200);
    }

    [Fact]
    public async Task A_deactivated_user_changes_nothing()
    {
        await using var world = await RecoveryWorld.New();
        var id = await world.NewId();
        (await world.Server.Delete($"/api/user/{world.User}")).Is(200);
        (await world.Change(id)).Is(404);
        (await world.Begin(world.Email)).Is(404);
    }

    [Fact]
    public async Task A_change_ends_the_sessions_that_the_old_password_opened()
    {
        await using var world = await RecoveryWorld.New();
        var token = (string)(await world.LogIn(RecoveryWorld.Password)).Is(200).Body["refreshToken"]!;
        (await world.Server.Post("/api/jwt/refresh", new { refreshToken = token }, key: "")).Is(200);
        (await world.Change(await world.NewId())).Is(200);
        (await world.Server.Post("/api/jwt/refresh", new { refreshToken = token }, key: "")).Is(400);
        await world.Restart();
        (await world.Server.Post("/api/jwt/refresh", new { refreshToken = token }, key: "")).Is(400);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task A_mailed_id_proves_the_address_where_the_tenant_takes_that(bool mailed, bool allowed, bool verified)
    {
        await using var world = await RecoveryWorld.New(new
        {
            emailConfiguration = new { verifyEmail = true, verificationEmailTemplateId = BuiltInMessages.MailOf("EmailVerification"), implicitEmailVerificationAllowed = allowed },
        });
        Assert.False((bool)(await world.Server.Get($"/api/user/{world.User}")).Body["user"]!["verified"]!);
        (await world.Change(await world.NewId(mailed))).Is(200);
        var user = (JsonObject)(await world.Server.Get($"/api/user/{world.User}")).Body["user"]!;
        Assert.Equal(verified, (bool)user["verified"]!);
        if (verified) Assert.Equal("Implicit", (string?)user["identities"]!.AsArray().Single(i => (string?)i!["type"]!["name"] == "email")!["verifiedReason"]);
    }

    [Fact]
    public async Task A_password_that_the_rules_refuse_leaves_the_id_as_it_was()
    {
        await using var world = await RecoveryWorld.New();
        var id = await world.NewId();
        Assert.Equal("[tooShort]password", (await world.Change(id, "short")).Is(400).FieldError("password"));
        Assert.Equal("[blank]password", (await world.Server.Post($"/api/user/change-password/{id}", new { }, key: "")).Is(400).FieldError("password"));
        (await world.Change(id)).Is(200);
    }

    [Fact]
    public async Task Earlier_passwords_do_not_come_back_as_long_as_the_tenant_remembers_them()
    {
        await using var world = await RecoveryWorld.New(new { passwordValidationRules = new { rememberPreviousPasswords = new { enabled = true, count = 2 } } });
        Assert.Equal("[previouslyUsed]password", (await world.Change(await world.NewId(), RecoveryWorld.Password)).Is(400).FieldError("password"));
        (await world.Change(await world.NewId(), "second horse")).Is(200);
        (await world.Change(await world.NewId(), "third horse")).Is(200);
        await world.Restart();
        Assert.Equal("[previouslyUsed]password", (await world.Change(await world.NewId(), RecoveryWorld.Password)).Is(400).FieldError("password"));
        Assert.Equal("[previouslyUsed]user.password", (await world.Server.Patch($"/api/user/{world.User}", new { user = new { password = "second horse" } })).Is(400).FieldError("user.password"));
        (await world.Change(await world.NewId(), "fourth horse")).Is(200);
        (await world.Change(await world.NewId(), RecoveryWorld.Password)).Is(200);
    }

    [Fact]
    public async Task A_young_password_stays_unless_it_has_to_be_changed()
    {
        await using var world = await RecoveryWorld.New(new { minimumPasswordAge = new { enabled = true, seconds = 60 } });
        Assert.Equal("[tooYoung]password", (await world.Change(await world.NewId())).Is(400).FieldError("password"));
        world.Server.Time.UtcNow += TimeSpan.FromSeconds(60);
        (await world.Change(await world.NewId())).Is(200);
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { passwordChangeRequired = true } })).Is(200);
        (await world.Change(await world.NewId(), "a third horse")).Is(200);
    }

    [Fact]
    public async Task A_login_that_demands_a_new_password_opens_the_way_to_it()
    {
        await using var world = await RecoveryWorld.New();
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { passwordChangeRequired = true } })).Is(200);
        (await world.LogIn("wrong password")).Is(404);
        var answer = (await world.LogIn(RecoveryWorld.Password)).Is(203);
        Assert.Equal("Administrative", (string?)answer.Body["changePasswordReason"]);
        Assert.Null(answer.Body["token"]);
        (await world.Change((string)answer.Body["changePasswordId"]!)).Is(200);
        (await world.LogIn("another horse")).Is(200);
    }

    [Fact]
    public async Task By_a_token_the_current_password_is_needed_and_wrong_ones_say_nothing()
    {
        await using var world = await RecoveryWorld.New();
        var token = (string)(await world.LogIn(RecoveryWorld.Password)).Is(200).Body["token"]!;
        Task<Answer> By(object body) => world.Server.Send(HttpMethod.Post, "/api/user/change-password", body, bearer: token);
        Assert.Equal("[blank]currentPassword", (await By(new { password = "another horse" })).Is(400).FieldError("currentPassword"));
        (await By(new { password = "another horse", currentPassword = "wrong" })).Is(404);
        (await By(new { password = "another horse", currentPassword = "wrong", loginId = "somebody@example.com" })).Is(404);
        Assert.NotNull((await By(new { password = "another horse", currentPassword = RecoveryWorld.Password })).Is(200).Body["oneTimePassword"]);
        (await world.LogIn("another horse")).Is(200);
        (await world.Server.Send(HttpMethod.Get, "/api/user/change-password", bearer: token)).Is(200);
    }

    [Fact]
    public async Task By_a_key_the_name_is_enough_and_errors_are_told()
    {
        await using var world = await RecoveryWorld.New();
        Task<Answer> By(object body, string? key = null, Guid? tenant = null) => world.Server.Post("/api/user/change-password", body, key, tenant ?? world.Tenant);
        Assert.Equal("[invalid]loginId", (await By(new { loginId = "nobody@example.com", password = "another horse" })).Is(400).FieldError("loginId"));
        Assert.Equal("[notEqual]currentPassword", (await By(new { loginId = world.Email, password = "another horse", currentPassword = "wrong" })).Is(400).FieldError("currentPassword"));
        Assert.Equal("[invalid]loginId", (await By(new { loginId = world.Email, password = "another horse" }, tenant: await world.Server.NewTenant())).Is(400).FieldError("loginId"));
        (await By(new { loginId = world.Email, password = "another horse", currentPassword = RecoveryWorld.Password }, key: "")).Is(404);
        Assert.Equal("", (await By(new { loginId = world.Email, password = "another horse", currentPassword = RecoveryWorld.Password })).Is(200).Text);
        (await world.LogIn("another horse")).Is(200);
        (await world.Server.Get($"/api/user/change-password?loginId={world.Email}", tenant: world.Tenant)).Is(200);
        (await world.Server.Get("/api/user/change-password?loginId=nobody", tenant: world.Tenant)).Is(404);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"changePasswordId":""}""")]
    [InlineData("""{"changePasswordId":"x"}""")]
    [InlineData("""{"password":"another horse"}""")]
    [InlineData("""{"password":"another horse","changePasswordId":""}""")]
    [InlineData("""{"password":"another horse","changePasswordId":"unknown"}""")]
    [InlineData("""{"password":"another horse","changePasswordId":{"$ne":""}}""")]
    [InlineData("""{"password":"another horse","trustToken":"x","trustChallenge":"y"}""")]
    public async Task Nobody_gets_to_the_last_step_without_what_was_handed_out(string body)
    {
        var server = await TestServer.Shared;
        Assert.InRange((int)(await server.Post("/api/user/change-password", body, key: "")).Status, 400, 404);
    }

    [Fact]
    public async Task What_was_given_out_for_one_thing_is_good_for_no_other()
    {
        await using var world = await RecoveryWorld.New();
        var id = await world.NewId();
        (await world.Server.Post("/api/login", new { oneTimePassword = id, applicationId = world.Application }, key: "", tenant: world.Tenant)).Is(404);
        var once = (string)(await world.Change(id)).Is(200).Body["oneTimePassword"]!;
        (await world.Change(once)).Is(404);
        world.Server.Time.UtcNow += TimeSpan.FromSeconds(60);
        (await world.Server.Post("/api/login", new { oneTimePassword = once, applicationId = world.Application }, key: "", tenant: world.Tenant)).Is(404);
    }
}
