using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Recovery;
using OrleansAuth.Verification;

namespace OrleansAuth.Passwordless;

/// <summary>A code that was handed out or sent signs in once, in its time, through the same gates as a password.</summary>
public sealed class PasswordlessApiTests
{
    [Fact]
    public async Task A_code_signs_in_once_and_gives_the_state_back()
    {
        await using var world = await New();
        var code = (string)(await Start(world, new { state = new { basket = 7 } })).Is(200).Body["code"]!;
        await world.Restart();
        var login = (await LogIn(world, code)).Is(200).Body;
        Assert.Equal(7, (int)login["state"]!["basket"]!);
        Assert.NotNull(login["refreshToken"]);
        Assert.Equal("PASSWORDLESS", Claims((string)login["token"]!)["authenticationType"]!.ToString());
        (await LogIn(world, code)).Is(404);
        await world.Restart();
        (await LogIn(world, code)).Is(404);
    }

    [Fact]
    public async Task Of_many_who_bring_a_code_at_once_one_gets_in()
    {
        await using var world = await New();
        var code = (string)(await Start(world)).Is(200).Body["code"]!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LogIn(world, code)));
        Assert.Single(answers, a => (int)a.Status == 200);
        Assert.Equal(19, answers.Count(a => (int)a.Status == 404));
    }

    [Fact]
    public async Task The_link_in_the_mail_carries_the_code_and_proves_the_address()
    {
        await using var world = await New(ProofMails.Gates);
        (await world.LogIn(RecoveryWorld.Password)).Is(212);
        Assert.Equal("", (await Send(world, new { loginId = world.Email, applicationId = world.Application, state = new { a = 1 } })).Is(200).Text);
        var (link, code) = RecoveryWorld.Read((await world.Mails())[0]);
        Assert.StartsWith($"{RecoveryWorld.Origin}/oauth2/passwordless/", link.OriginalString, StringComparison.Ordinal);
        (await LogIn(world, code)).Is(200);
        Assert.True(await world.IsVerified());
    }

    [Fact]
    public async Task A_code_that_only_the_caller_got_proves_no_address()
    {
        await using var world = await New(ProofMails.Gates);
        (await LogIn(world, (string)(await Start(world)).Is(200).Body["code"]!)).Is(212);
        Assert.False(await world.IsVerified());
        var code = (string)(await Start(world)).Is(200).Body["code"]!;
        Assert.Equal("", (await Send(world, new { code })).Is(200).Text);
        Assert.Equal(code, RecoveryWorld.Read((await world.Mails())[0]).Id);
        (await LogIn(world, code)).Is(200);
        Assert.True(await world.IsVerified());
    }

    [Fact]
    public async Task A_short_code_needs_the_long_one_and_few_wrong_ones_are_looked_at()
    {
        await using var world = await New(passwordless: new { enabled = true, emailLoginStrategy = "FormField" });
        var started = (await Start(world)).Is(200).Body;
        var (code, shortCode) = ((string)started["code"]!, (string)started["oneTimeCode"]!);
        (await LogIn(world, code)).Is(404);
        (await LogIn(world, shortCode)).Is(404);
        (await Send(world, new { code })).Is(200);
        Assert.Equal(shortCode, ProofMails.Code((await world.Mails())[0]));
        for (var i = 0; i < 4; i++) (await LogIn(world, code, "WRONG1")).Is(404);
        (await LogIn(world, code, shortCode)).Is(200);

        started = (await Start(world)).Is(200).Body;
        (code, shortCode) = ((string)started["code"]!, (string)started["oneTimeCode"]!);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 30).Select(i => LogIn(world, code, $"WRONG{i}"))), a => a.Is(404));
        (await LogIn(world, code, shortCode)).Is(404);
        await world.Restart();
        (await LogIn(world, code, shortCode)).Is(404);
    }

    [Fact]
    public async Task A_code_is_over_after_its_time_and_with_another_password_or_address()
    {
        await using var world = await New();
        var code = await NewCode();
        world.Server.Time.UtcNow += TimeSpan.FromSeconds(180);
        (await LogIn(world, code)).Is(404);
        code = await NewCode();
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { password = "another horse" } })).Is(200);
        (await LogIn(world, code)).Is(404);
        code = await NewCode();
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { email = "moved@example.com" } })).Is(200);
        (await LogIn(world, code)).Is(404);
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { email = world.Email } })).Is(200);
        (await LogIn(world, code)).Is(404);
        var (one, two) = (await NewCode(), await NewCode());
        (await LogIn(world, one)).Is(200);
        (await LogIn(world, two)).Is(404);

        async Task<string> NewCode() => (string)(await Start(world)).Is(200).Body["code"]!;
    }

    [Fact]
    public async Task A_code_is_good_for_its_tenant_and_application_and_as_nothing_else()
    {
        await using var world = await New();
        var code = (string)(await Start(world)).Is(200).Body["code"]!;
        (await LogIn(world, code, tenant: await world.Server.NewTenant())).Is(404);
        (await LogIn(world, code, application: await world.Server.NewApplication(world.Tenant))).Is(404);
        (await world.Server.Post("/api/user/verify-email", new { verificationId = code }, key: "")).Is(404);
        (await world.Server.Post("/api/identity/verify/complete", new { verificationId = code }, key: "")).Is(404);
        (await world.Change(code)).Is(404);
        (await LogIn(world, code, application: world.Application)).Is(200);
    }

    [Fact]
    public async Task The_gates_are_those_of_a_password()
    {
        await using var world = await New();
        var code = (string)(await Start(world)).Is(200).Body["code"]!;
        (await world.Server.Delete($"/api/user/{world.User}")).Is(200);
        (await LogIn(world, code)).Is(423);
        (await Start(world)).Is(404);
        (await world.Server.Put($"/api/user/{world.User}?reactivate=true", null)).Is(200);
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { passwordChangeRequired = true } })).Is(200);
        Assert.NotNull((await LogIn(world, (string)(await Start(world)).Is(200).Body["code"]!)).Is(203).Body["changePasswordId"]);
        (await LogIn(world, code)).Is(404);
    }

    [Fact]
    public async Task Where_it_is_switched_off_nothing_starts_and_what_was_started_ends_nowhere()
    {
        await using var world = await New();
        var code = (string)(await Start(world)).Is(200).Body["code"]!;
        (await world.Server.Patch($"/api/application/{world.Application}", new { application = new { passwordlessConfiguration = new { enabled = false } } })).Is(200);
        Assert.Contains("[PasswordlessDisabled]", (await Start(world)).Is(403).Text, StringComparison.Ordinal);
        Assert.Contains("[PasswordlessDisabled]", (await Send(world, new { loginId = "nobody", applicationId = world.Application })).Is(403).Text, StringComparison.Ordinal);
        (await LogIn(world, code)).Is(404);
    }

    [Fact]
    public async Task Without_a_key_every_name_gets_the_same_answer_and_messages_keep_to_the_limit()
    {
        await using var world = await New(new { rateLimitConfiguration = new { sendPasswordless = new { enabled = true, limit = 2, timePeriodInSeconds = 60 } } });
        foreach (var name in new[] { world.Email, world.Email, world.Email, "nobody@example.com" })
            Assert.Equal("", (await Send(world, new { loginId = name, applicationId = world.Application })).Is(200).Text);
        Assert.Equal(2, (await world.Mails()).Length);
        Assert.Empty(await world.Mails("nobody@example.com"));
        (await world.Server.Post("/api/passwordless/start", new { loginId = world.Email, applicationId = world.Application }, key: "")).Is(401);
        (await Start(world, new { loginId = "nobody@example.com" })).Is(404);
    }

    [Theory]
    [InlineData("""{}""", "code")]
    [InlineData("""{"code":""}""", "code")]
    [InlineData("""{"code":7}""", "code")]
    [InlineData("""{"code":"x","metaData":{"device":{"name":"LONG"}}}""", "metaData")]
    public async Task What_is_missing_or_too_long_is_said(string body, string field)
    {
        var server = await TestServer.Shared;
        Assert.NotNull((await server.Post("/api/passwordless/login", body.Replace("LONG", new string('x', 5000), StringComparison.Ordinal), key: "")).Is(400).FieldError(field));
    }

    internal static async Task<RecoveryWorld> New(object? tenant = null, object? passwordless = null)
    {
        var world = await RecoveryWorld.New(tenant);
        (await world.Server.Patch($"/api/application/{world.Application}", new { application = new { passwordlessConfiguration = passwordless ?? new { enabled = true } } })).Is(200);
        return world;
    }

    private static Task<Answer> Start(RecoveryWorld world, object? more = null) =>
        world.Server.Post("/api/passwordless/start", RecoveryWorld.Merge(new { loginId = world.Email, applicationId = world.Application }, more), tenant: world.Tenant);

    private static Task<Answer> Send(RecoveryWorld world, object body) => world.Server.Post("/api/passwordless/send", body, key: "", tenant: world.Tenant);

    private static Task<Answer> LogIn(RecoveryWorld world, string code, string? oneTimeCode = null, Guid? tenant = null, Guid? application = null) =>
        world.Server.Post("/api/passwordless/login", new { code, oneTimeCode, applicationId = application }, key: "", tenant: tenant);

    private static JsonObject Claims(string token) => (JsonObject)JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]))!;
}
