using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Recovery;
using OrleansAuth.Storage;
using OrleansAuth.Users;

namespace OrleansAuth.Events;

/// <summary>Logins, their devices, and refusals that tell a stranger nothing.</summary>
public sealed class LoginEventTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.Start(settings: "--environment=Development");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_login_tells_how_and_from_where_and_shows_the_user_after_it()
    {
        var world = await (await UserEventWorld.New(_server)).WithUser();
        (await world.Post("/api/login", new { loginId = world.Email, password = UserEventWorld.Password, applicationId = world.Application, ipAddress = "203.0.113.7" })).Is(200);
        var login = await world.One(EventTypes.UserLoginSuccess);
        Assert.Equal("PASSWORD", (string?)login["authenticationType"]);
        Assert.Equal(world.Application, (Guid)login["applicationId"]!);
        Assert.Equal("203.0.113.7", (string?)login["ipAddress"]);
        Assert.Equal("203.0.113.7", (string?)login["info"]!["ipAddress"]);
        Assert.Equal(_server.Time.UtcNow.ToUnixTimeMilliseconds(), (long)login["user"]!["lastLoginInstant"]!);
    }

    [Fact]
    public async Task A_failed_login_of_a_known_name_is_told_and_one_of_an_unknown_name_is_written_as_well()
    {
        var world = await (await UserEventWorld.New(_server)).WithUser();
        (await world.LogIn("wrong")).Is(404);
        var failed = await world.One(EventTypes.UserLoginFailed);
        Assert.Equal("credentials", (string?)failed["reason"]!["code"]);
        Assert.Equal("PASSWORD", (string?)failed["authenticationType"]);
        var before = await Decoys(world.Tenant);

        (await world.LogIn("wrong", "nobody@example.com")).Is(404);

        await world.One(EventTypes.UserLoginFailed);
        Assert.Equal(before + 1, await Decoys(world.Tenant));
        Assert.Empty(await _server.Services.GetRequiredService<IStore>().Query(
            "select id from webhook_event where tenant_id = @tenant and type like 'user.%' and subject <> @user", row => row.Guid("id"), default, ("tenant", world.Tenant), ("user", world.User.ToString("N"))));
    }

    [Fact]
    public async Task A_device_is_new_once_and_the_first_one_is_not()
    {
        var world = await (await UserEventWorld.New(_server)).WithUser();
        (await world.LogIn(agent: "Fox/1.0")).Is(200);
        (await world.LogIn(agent: "Fox/2.5")).Is(200);
        Assert.Empty(await world.Told(EventTypes.UserLoginNewDevice));
        (await world.LogIn(agent: "Bear/1.0")).Is(200);
        (await world.LogIn(agent: "Bear/1.0")).Is(200);
        await world.One(EventTypes.UserLoginNewDevice);
        (await world.Post("/api/login", new { loginId = world.Email, password = UserEventWorld.Password, applicationId = world.Application, newDevice = true }, "Bear/1.0")).Is(200);
        Assert.Equal(2, (await world.Told(EventTypes.UserLoginNewDevice)).Count);
        Assert.Empty(await world.Told(EventTypes.UserLoginSuspicious));
    }

    [Fact]
    public async Task A_new_device_is_told_behind_the_second_factor_and_not_before()
    {
        var world = await (await UserEventWorld.New(_server)).WithUser();
        await world.AddAuthenticator();
        foreach (var agent in (string[])["Fox", "Bear"])
        {
            world.Wait();
            var id = (string)(await world.LogIn(agent: agent)).Is(242).Body["twoFactorId"]!;
            Assert.Empty(await world.Told(EventTypes.UserLoginNewDevice));
            (await world.Post("/api/two-factor/login", new { twoFactorId = id, code = world.Code() })).Is(200);
        }

        await world.One(EventTypes.UserLoginNewDevice);
        Assert.All(await world.Told(EventTypes.UserTwoFactorSuccess), e => Assert.Equal("authenticator", (string?)e["method"]));
    }

    [Fact]
    public async Task What_changed_lately_makes_a_new_device_suspicious()
    {
        var world = await (await UserEventWorld.New(_server)).WithUser();
        (await world.LogIn(agent: "Fox")).Is(200);
        world.Wait();
        (await world.Change(new { password = "another password", email = "moved@example.com" })).Is(200);
        world.Wait();
        (await world.LogIn("another password", "moved@example.com", "Bear")).Is(200);
        var told = await world.One(EventTypes.UserLoginSuspicious);
        Assert.Equal(["RecentIdentityChange", "RecentPasswordChange", "UnrecognizedDevice"], told["threatsDetected"]!.AsArray().Select(t => (string)t!));
        world.Wait(200 * 86_400);
        (await world.LogIn("another password", "moved@example.com", "Owl")).Is(200);
        Assert.Equal(["DormantAccount", "UnrecognizedDevice"], (await world.Told(EventTypes.UserLoginSuspicious))[^1]["threatsDetected"]!.AsArray().Select(t => (string)t!));
    }

    [Fact]
    public async Task Where_the_tenant_has_a_template_the_user_hears_of_a_new_device_without_any_receiver()
    {
        var template = (Guid)(await _server.Post("/api/email/template", new { emailTemplate = new { name = $"{Guid.NewGuid():N}", defaultSubject = "A new device", defaultTextTemplate = "Hello", defaultHtmlTemplate = "<p>Hello</p>" } })).Is(200).Body["emailTemplate"]!["id"]!;
        var tenant = await _server.NewTenant(new { emailConfiguration = new { loginNewDeviceEmailTemplateId = template } });
        (await _server.Post("/api/user", new { user = new { email = "eve@example.com", password = UserEventWorld.Password } }, tenant: tenant)).Is(200);
        foreach (var agent in (string[])["Fox", "Bear", "Bear"])
            (await _server.Send(HttpMethod.Post, "/api/login", new { loginId = "eve@example.com", password = UserEventWorld.Password }, tenant: tenant, headers: [("User-Agent", agent)])).Is(200);
        Assert.Single(await RecoveryWorld.Mails(_server, "eve@example.com"), mail => mail.Subject == "A new device");
    }

    [Fact]
    public async Task Tokens_are_told_sealed_and_the_old_one_with_the_new()
    {
        var world = await (await UserEventWorld.New(_server)).WithUser();
        var login = (await world.LogIn()).Is(200).Body;
        var answer = (await world.Post("/api/jwt/refresh", new { refreshToken = (string)login["refreshToken"]!, token = (string)login["token"]! })).Is(200).Body;
        var told = await world.One(EventTypes.JwtRefresh);
        Assert.Equal((string?)answer["refreshToken"], (string?)told["refreshToken"]);
        Assert.Equal((string?)login["token"], (string?)told["original"]);
        Assert.Equal(world.User, (Guid)told["userId"]!);
        Assert.Equal(world.Application, (Guid)told["applicationId"]!);
        var stored = await _server.Services.GetRequiredService<IStore>().Query("select body from webhook_event where id = @id", row => row.Text("body"), default, ("id", (Guid)told["id"]!));
        Assert.DoesNotContain((string)login["refreshToken"]!, Assert.Single(stored), StringComparison.Ordinal);

        (await world.Delete($"/api/jwt/refresh?userId={world.User}&applicationId={world.Application}")).Is(200);
        var revoked = await world.One(EventTypes.JwtRefreshTokenRevoke);
        Assert.Equal(world.Application, (Guid)revoked["applicationId"]!);
        Assert.Equal(3600, (int)revoked["applicationTimeToLiveInSeconds"]![world.Application.ToString()]!);
    }

    /// <summary>How often somebody was counted in the tenant who stands in for unknown names.</summary>
    private async Task<long> Decoys(Guid tenant)
    {
        var versions = await _server.Services.GetRequiredService<IStore>().Query(
            "select id, version from state where kind = 'user-attempts' and tenant_id = @tenant", row => (Id: row.Text("id"), Version: row.Long("version")), default, ("tenant", tenant));
        return versions.Where(row => row.Id.Contains('/', StringComparison.Ordinal) && UserGrainKeys.IsReserved(Guid.ParseExact(row.Id[33..], "N"))).Sum(row => row.Version);
    }
}
