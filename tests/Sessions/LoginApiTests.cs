using System.Text.Json;
using OrleansAuth.Configuration;
using OrleansAuth.Keys;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

public sealed class LoginApiTests(SessionServer server) : IClassFixture<SessionServer>
{
    [Fact]
    public async Task A_login_answers_with_tokens_user_and_cookies_that_no_script_reads()
    {
        var world = await server.NewWorld();
        var answer = await world.Post("/api/login", world.Credentials());
        Assert.Equal(200, answer.Status);
        Assert.Equal(["refreshToken", "refreshTokenId", "token", "tokenExpirationInstant", "user"], answer.Body.EnumerateObject().Select(m => m.Name));
        Assert.Equal(world.UserId, answer.Body.GetProperty("user").GetProperty("id").GetGuid());
        Assert.False(answer.Body.GetProperty("user").TryGetProperty("password", out _));
        var cookies = answer.Raw.Headers.GetValues("Set-Cookie").ToList();
        var access = Assert.Single(cookies, c => c.StartsWith("access_token=", StringComparison.Ordinal));
        var refresh = Assert.Single(cookies, c => c.StartsWith("refresh_token=", StringComparison.Ordinal));
        Assert.All(cookies, c => Assert.Contains("httponly", c, StringComparison.OrdinalIgnoreCase));
        Assert.All(cookies, c => Assert.Contains("samesite=lax", c, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("max-age", access, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=2592000", refresh, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_closed_door_has_its_status_and_wrong_and_unknown_have_the_same_empty_one()
    {
        var world = await server.NewWorld();
        var wrong = await world.Post("/api/login", world.Credentials("wrong"));
        var unknown = await world.Post("/api/login", world.Credentials(loginId: "nobody@example.com"));
        var strange = await world.Post("/api/login", world.Credentials(loginId: new string('x', 5000)));
        Assert.All([wrong, unknown, strange], a => Assert.Equal((404, JsonValueKind.Undefined), (a.Status, a.Body.ValueKind)));
        Assert.Equal(Headers(wrong.Raw), Headers(unknown.Raw));

        await world.Change(new { expiry = 1 });
        Assert.Equal(410, (await world.Post("/api/login", world.Credentials())).Status);
        Assert.Null((await world.User.Remove(new RemoveUser(false, Actor.System))).Refusal);
        Assert.Equal((423, JsonValueKind.Undefined), await StatusAndBody(world));

        var aged = await server.NewWorld(t => t with { MaximumPasswordAge = new() { Enabled = true, Days = 1 } });
        server.Pass(TimeSpan.FromDays(1));
        var change = await aged.Post("/api/login", aged.Credentials());
        Assert.Equal((203, "Expired"), (change.Status, change.Body.GetProperty("changePasswordReason").GetString()));
        Assert.False(change.Body.TryGetProperty("token", out _));
    }

    [Fact]
    public async Task What_is_missing_or_malformed_is_named()
    {
        var world = await server.NewWorld();
        Assert.Equal(["loginId", "password"], (await world.Post("/api/login", new { })).Body.GetProperty("fieldErrors").EnumerateObject().Select(f => f.Name));
        Assert.Equal(["applicationId"], (await world.Post("/api/login", new { loginId = "a", password = "b", applicationId = Guid.NewGuid() })).Body.GetProperty("fieldErrors").EnumerateObject().Select(f => f.Name));
        Assert.Equal(["loginIdTypes"], (await world.Post("/api/login", new { loginId = "a", password = "b", loginIdTypes = new[] { "shoeSize" } })).Body.GetProperty("fieldErrors").EnumerateObject().Select(f => f.Name));
    }

    [Fact]
    public async Task A_key_is_needed_unless_the_application_says_otherwise()
    {
        var world = await server.NewWorld();
        Assert.Equal((401, JsonValueKind.Undefined), await StatusAndBody(world, null));
        Assert.Equal(401, (await world.Post("/api/login", new { loginId = "a", password = "b", applicationId = Guid.NewGuid() }, null)).Status);
        await world.Change(a => a with { LoginConfiguration = a.LoginConfiguration with { RequireAuthentication = false } });
        Assert.Equal(200, (await world.Post("/api/login", world.Credentials(), null)).Status);

        var other = await server.NewWorld();
        var scoped = $"scoped-{Guid.NewGuid():N}";
        await server.Save(Families.ApiKeys, Guid.NewGuid(), new ApiKey { Key = scoped, TenantId = other.TenantId });
        Assert.Equal(401, (await world.Post("/api/login", world.Credentials(), scoped)).Status);
    }

    [Fact]
    public async Task The_address_of_the_user_counts_only_from_who_has_a_key()
    {
        var world = await server.NewWorld(application: a => a with { LoginConfiguration = new() { RequireAuthentication = false } });
        var credentials = new { loginId = world.Email, password = SessionServer.Password, applicationId = world.ApplicationId, ipAddress = "192.0.2.1" };
        await world.Post("/api/login", credentials);
        await world.Post("/api/login", credentials, null);
        var found = await world.Post("/api/system/login-record/search", new { retrieveTotal = true, search = new { userId = world.UserId } });
        var logins = found.Body.GetProperty("logins").EnumerateArray().ToList();
        Assert.Equal(2, found.Body.GetProperty("total").GetInt32());
        Assert.Equal(["127.0.0.1", "192.0.2.1"], logins.Select(l => l.GetProperty("ipAddress").GetString()).Order());
        Assert.All(logins, l => Assert.Equal(world.Application.Name, l.GetProperty("applicationName").GetString()));

        var elsewhere = await server.NewWorld();
        Assert.Empty((await elsewhere.Get($"/api/system/login-record/search?userId={world.UserId}")).Body.GetProperty("logins").EnumerateArray());
        Assert.Single((await world.Get($"/api/system/login-record/search?userId={world.UserId}&numberOfResults=1&startRow=1")).Body.GetProperty("logins").EnumerateArray());
        Assert.Equal(400, (await world.Get("/api/system/login-record/search?start=yesterday")).Status);
    }

    [Fact]
    public async Task Who_wants_no_token_gets_none_and_no_session()
    {
        var world = await server.NewWorld();
        var answer = await world.Post("/api/login", new { loginId = world.Email, password = SessionServer.Password, applicationId = world.ApplicationId, noJWT = true });
        Assert.Equal((200, "user"), (answer.Status, Assert.Single(answer.Body.EnumerateObject()).Name));
        Assert.False(answer.Raw.Headers.Contains("Set-Cookie"));
        Assert.Empty((await world.Get($"/api/jwt/refresh?userId={world.UserId}")).Body.GetProperty("refreshTokens").EnumerateArray());
    }

    [Fact]
    public async Task A_ping_counts_and_a_token_cannot_prolong_itself_by_it()
    {
        var world = await server.NewWorld();
        var token = (await world.Post("/api/login", world.Credentials())).Body.GetProperty("token").GetString();
        var byToken = await world.Call(HttpMethod.Put, "/api/login", null, "Bearer " + token);
        Assert.Equal((200, JsonValueKind.Undefined), (byToken.Status, byToken.Body.ValueKind));
        var byKey = await world.Call(HttpMethod.Put, $"/api/login/{world.UserId}/{world.ApplicationId}?ipAddress=192.0.2.9");
        Assert.Equal(200, byKey.Status);
        Assert.True(byKey.Body.TryGetProperty("token", out _));
        Assert.Equal(200, (await world.Call(HttpMethod.Put, $"/api/login/{world.UserId}")).Status);
        Assert.Equal(200, (await world.Call(HttpMethod.Put, "/api/login", new { userId = world.UserId })).Status);
        Assert.Equal(404, (await world.Call(HttpMethod.Put, $"/api/login/{Guid.NewGuid()}")).Status);
        Assert.Equal(401, (await world.Call(HttpMethod.Put, $"/api/login/{world.UserId}", null, "Bearer " + token)).Status);
        Assert.Equal(5, (await world.Post("/api/system/login-record/search", new { retrieveTotal = true, search = new { userId = world.UserId } })).Body.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_logout_clears_cookies_and_ends_what_its_token_proves()
    {
        var world = await server.NewWorld();
        var (first, second) = (await world.OpenSession(), await world.OpenSession());
        var forged = RefreshTokenValue.New(world.TenantId, first.SessionId).Reveal();
        var nothing = await world.Post("/api/logout", new { global = true, refreshToken = forged }, null);
        Assert.Equal((200, JsonValueKind.Undefined), (nothing.Status, nothing.Body.ValueKind));
        Assert.Equal(2, nothing.Raw.Headers.GetValues("Set-Cookie").Count(c => c.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)));
        Assert.NotNull(await world.Refresh(first));

        Assert.Equal(200, (await world.Post("/api/logout", new { }, null, $"refresh_token={first.Token}")).Status);
        Assert.Null(await world.Refresh(first));
        Assert.NotNull(await world.Refresh(second));

        var third = await world.OpenSession();
        Assert.Equal(200, (await world.Call(HttpMethod.Post, $"/api/logout?global=true&refreshToken={second.Token}", null, null)).Status);
        Assert.Null(await world.Refresh(third));
    }

    private static async Task<(int, JsonValueKind)> StatusAndBody(World world, string? authorization = SessionServer.ApiKey)
    {
        var answer = await world.Post("/api/login", world.Credentials(), authorization);
        return (answer.Status, answer.Body.ValueKind);
    }

    private static string Headers(HttpResponseMessage response) =>
        string.Join(';', response.Headers.Concat(response.Content.Headers).Where(h => h.Key != "Date").Select(h => $"{h.Key}={string.Join(',', h.Value)}").Order());
}
