using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.WebAuthn;

/// <summary>A login by passkey is a login like any other: the same gates, the same answers.</summary>
public sealed class PasskeyLoginTests
{
    [Fact]
    public async Task The_gates_answer_as_they_do_to_a_password()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var (authenticator, _) = await world.Register();
        var server = world.Server;
        var plain = await server.NewApplication(world.Tenant);
        var who = new { userId = world.User, applicationId = plain };
        (await world.LogIn(authenticator, who: who)).Is(202);

        (await server.Patch($"/api/user/{world.User}", new { user = new { passwordChangeRequired = true } })).Is(200);
        var change = (await world.LogIn(authenticator)).Is(203).Body;
        Assert.NotNull(change["changePasswordId"]);
        Assert.Null(change["token"]);
        (await server.Patch($"/api/user/{world.User}", new { user = new { passwordChangeRequired = false, expiry = 1 } })).Is(200);
        Assert.Equal("", (await world.LogIn(authenticator)).Is(410).Text);
        (await server.Patch($"/api/user/{world.User}", """{"user":{"expiry":null}}""")).Is(200);
        (await server.Delete($"/api/user/{world.User}")).Is(200);
        Assert.Equal("", (await world.LogIn(authenticator, who: new { loginId = world.Email })).Is(423).Text);
        (await world.Post("register/start", new { userId = world.User, displayName = "x", workflow = "general" })).Is(404);
        (await server.Put($"/api/user/{world.User}?reactivate=true", new { })).Is(200);
        (await world.LogIn(authenticator)).Is(200);
    }

    [Fact]
    public async Task An_unverified_address_is_told_as_with_a_password()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared, tenant: """{"emailConfiguration":{"verifyEmail":true,"unverified":{"behavior":"Gated"}}}""");
        var (id, email) = (Guid.NewGuid(), $"{Guid.NewGuid():N}@example.com");
        (await world.Server.Post($"/api/user/registration/{id}", new { user = new { email, password = PasskeyWorld.Password }, registration = new { applicationId = world.Application } }, tenant: world.Tenant)).Is(200);
        var unverified = world with { User = id, Email = email };
        var (authenticator, _) = await unverified.Register();
        var answer = (await unverified.LogIn(authenticator)).Is(212);
        Assert.Null(answer.Body["token"]);
        Assert.NotNull(answer.Body["user"]);
    }

    [Fact]
    public async Task What_the_caller_wants_to_find_again_comes_back()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var (authenticator, _) = await world.Register();
        var answer = (await world.LogIn(authenticator, who: new { userId = world.User, state = new { page = "/cart", n = (int?)null } })).Is(200);
        Assert.Equal("""{"page":"/cart"}""", answer.Body["state"]!.ToJsonString());
        Assert.Equal("[invalid]state", (await world.Start(new { userId = world.User, state = new { page = new string('x', 2048) } })).Is(400).FieldError("state"));
    }

    [Fact]
    public async Task Without_tokens_and_with_the_address_of_a_caller_who_has_a_key()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var (authenticator, _) = await world.Register();
        var answer = (await world.LogIn(authenticator.Get(await world.RequestOptions()), new { noJWT = true, ipAddress = "192.0.2.9" }, TestServer.SuperKey)).Is(200);
        Assert.Null(answer.Body["token"]);
        (await world.LogIn(authenticator.Get(await world.RequestOptions()), new { ipAddress = "192.0.2.10" })).Is(200);
        var logins = (await world.Server.Get($"/api/user/recent-login?userId={world.User}")).Is(200).Body["logins"]!.AsArray();
        Assert.Contains(logins, l => (string?)l!["ipAddress"] == "192.0.2.9");
        Assert.DoesNotContain(logins, l => (string?)l!["ipAddress"] == "192.0.2.10");
    }

    [Fact]
    public async Task A_passkey_says_who_it_is_where_nobody_did()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var (authenticator, _) = await world.Register();
        var options = await world.RequestOptions(new { });
        Assert.Empty(options["allowCredentials"]!.AsArray());
        Assert.Equal(world.User, (Guid)(await world.LogIn(authenticator.Get(options))).Is(200).Body["user"]!["id"]!);
        (await world.LogIn(authenticator.Get(await world.RequestOptions(new { }), new Ceremony { UserHandle = [] }))).Is(404);
        (await world.LogIn(authenticator.Get(await world.RequestOptions(new { }), new Ceremony { UserHandle = new byte[16] }))).Is(404);
    }

    [Fact]
    public async Task Whether_the_owner_must_be_recognised_is_for_the_tenant_to_say()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared, """{"bootstrapWorkflow":{"enabled":true,"userVerificationRequirement":"preferred"},"reauthenticationWorkflow":{"enabled":true,"userVerificationRequirement":"required"}}""");
        var weak = new Ceremony { Flags = Ceremony.Present };
        var authenticator = new SoftAuthenticator();
        var made = (await world.Complete(authenticator.Create(await world.CreationOptions("bootstrap"), weak))).Is(200);
        Assert.False((bool)made.Body["credential"]!["authenticatorSupportsUserVerification"]!);
        (await world.Complete(new SoftAuthenticator().Create(await world.CreationOptions("reauthentication"), weak))).Is(400);
        (await world.Complete(new SoftAuthenticator().Create(await world.CreationOptions(), weak))).Is(400);
        (await world.LogIn(authenticator, weak)).Is(200);

        // It would not do for the other workflow, until it has once recognised its owner.
        (await world.Start(workflow: "reauthentication")).Is(400);
        (await world.LogIn(authenticator)).Is(200);
        var again = (await world.Start(workflow: "reauthentication")).Is(200).Body["options"]!;
        (await world.LogIn(authenticator.Get(again, weak))).Is(404);
        (await world.LogIn(authenticator.Get((await world.Start(workflow: "reauthentication")).Body["options"]!))).Is(200);
    }

    [Fact]
    public async Task A_use_is_written_down_and_a_copy_of_the_key_is_reported()
    {
        await using var server = await TestServer.Start();
        var world = await PasskeyWorld.Make(server, """{"debug":true}""");
        var (authenticator, credential) = await world.Register(new SoftAuthenticator { SignCount = 3 });
        server.Time.Advance(TimeSpan.FromMinutes(1));
        authenticator.SignCount = 9;
        (await world.LogIn(authenticator)).Is(200);
        var used = (await server.Get($"/api/webauthn/{credential["id"]}")).Body["credential"]!;
        Assert.Equal((9, (long)credential["lastUseInstant"]! + 60_000), ((int)used["signCount"]!, (long)used["lastUseInstant"]!));
        authenticator.SignCount = 4;
        (await world.LogIn(authenticator)).Is(404);
        Assert.Equal(9, (int)(await server.Get($"/api/webauthn/{credential["id"]}")).Body["credential"]!["signCount"]!);
        var told = await EventLog(server);
        Assert.Contains(told, line => line.StartsWith("Information", StringComparison.Ordinal) && line.Contains((string)credential["id"]!, StringComparison.Ordinal));
        Assert.Contains(told, line => line.StartsWith("Debug", StringComparison.Ordinal) && line.Contains("[SignCount]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_action_that_prevents_logins_stops_passkeys_too_and_bad_passkeys_lock_nobody_out()
    {
        var server = await TestServer.Shared;
        var lockout = await UserAction(server);
        var world = await PasskeyWorld.Make(server, tenant: new JsonObject { ["failedAuthenticationConfiguration"] = new JsonObject { ["userActionId"] = lockout, ["tooManyAttempts"] = 2 } }.ToJsonString());
        var (authenticator, _) = await world.Register();
        for (var i = 0; i < 5; i++) (await world.LogIn(authenticator, new Ceremony { BreaksSignature = true })).Is(404);
        (await server.Post("/api/login", new { loginId = world.Email, password = PasskeyWorld.Password, applicationId = world.Application }, key: "")).Is(200);

        var action = new { actioneeUserId = world.User, actionerUserId = world.User, userActionId = lockout, expiry = 9_223_372_036_854_775_807 };
        (await server.Post("/api/user/action", new { broadcast = false, action }, tenant: world.Tenant)).Is(200);
        var answer = (await world.LogIn(authenticator)).Is(409);
        Assert.Single(answer.Body["actions"]!.AsArray());
        Assert.Null(answer.Body["token"]);
    }

    [Fact]
    public async Task A_passkey_that_recognises_its_owner_is_two_factors_and_one_that_does_not_is_one()
    {
        var world = await PasskeyWorld.Make(
            await TestServer.Shared, """{"bootstrapWorkflow":{"enabled":true,"userVerificationRequirement":"preferred"}}""", """{"multiFactorConfiguration":{"loginPolicy":"Required","authenticator":{"enabled":true}}}""");
        var authenticator = new SoftAuthenticator();
        (await world.Complete(authenticator.Create(await world.CreationOptions("bootstrap")))).Is(200);
        (await world.LogIn(authenticator)).Is(200);
        var challenged = (await world.LogIn(authenticator, new Ceremony { Flags = Ceremony.Present })).Is(242);
        Assert.NotNull(challenged.Body["twoFactorId"]);
        Assert.Null(challenged.Body["token"]);
        (await world.Server.Post("/api/login", new { loginId = world.Email, password = PasskeyWorld.Password, applicationId = world.Application }, key: "")).Is(242);
    }

    [Fact]
    public async Task A_name_that_nobody_has_looks_like_one_that_somebody_has()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var without = await world.Another();
        await world.Register();
        var known = await world.RequestOptions(new { loginId = world.Email });
        foreach (var name in (string[])["nobody@example.com", without.Email, "+4915112345678", "\u0000", new string('x', 3000)])
        {
            var (first, again) = (await world.RequestOptions(new { loginId = name }), await world.RequestOptions(new { loginId = name.ToUpperInvariant() }));
            Assert.Equal(Shape(known), Shape(first));
            Assert.InRange(first["allowCredentials"]!.AsArray().Count, 1, 3);
            if (name.Length is > 1 and < 200) Assert.Equal(first["allowCredentials"]!.ToJsonString(), again["allowCredentials"]!.ToJsonString());
            if (name.Length < 200) Assert.InRange(((string)first["challenge"]!).Length, ((string)known["challenge"]!).Length - 4, ((string)known["challenge"]!).Length + 4);
        }

        // Other tenants, other stand-ins: nobody can compare.
        var elsewhere = await PasskeyWorld.Make(world.Server);
        Assert.NotEqual((await world.RequestOptions(new { loginId = "nobody@example.com" }))["allowCredentials"]!.ToJsonString(), (await elsewhere.RequestOptions(new { loginId = "nobody@example.com" }))["allowCredentials"]!.ToJsonString());

        static string Shape(JsonNode options) => string.Join(',', options.AsObject().Select(m => m.Key)) + string.Join(',', options["allowCredentials"]![0]!.AsObject().Select(m => m.Key));
    }

    private static async Task<Guid> UserAction(TestServer server)
    {
        var id = Guid.NewGuid();
        (await server.Post($"/api/user-action/{id}", new { userAction = new { name = $"Lock {id}", temporal = true, preventLogin = true } })).Is(200);
        return id;
    }

    private static async Task<List<string>> EventLog(TestServer server) =>
        [.. await ((Storage.IStore)server.Services.GetService(typeof(Storage.IStore))!).Query("select type, message from event_log", row => $"{row.Text("type")} {row.Text("message")}")];
}
