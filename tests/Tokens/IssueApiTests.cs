using System.Text.Json;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.Tokens;

/// <summary>A refresh token of one application shown for one of another.</summary>
public sealed class IssueApiTests(SessionServer server) : IClassFixture<SessionServer>
{
    [Fact]
    public async Task A_refresh_token_of_one_application_opens_a_session_of_another_and_is_not_used_up()
    {
        var (world, target) = await TwoApplications();
        await world.Tokens(jwt => jwt with { RefreshTokenUsagePolicy = RefreshTokenUsagePolicy.OneTimeUse });
        var (access, given) = await LogIn(world);
        var issued = await Issue(world, target, access, given);
        Assert.Equal(200, issued.Status);
        var opened = issued.Body.GetProperty("refreshToken").GetString()!;
        Assert.NotEqual(given, opened);
        Assert.NotEqual(opened, (await Issue(world, target, access, given)).Body.GetProperty("refreshToken").GetString());

        Assert.Equal(3, (await Sessions(world)).Length);
        Assert.Equal(2, (await Sessions(world)).Count(s => s.GetProperty("applicationId").GetGuid() == target));
        Assert.Equal(200, await Refresh(world, opened));
        Assert.Equal(200, await Refresh(world, given));
        Assert.Equal(400, await Refresh(world, given));
    }

    [Fact]
    public async Task A_refresh_token_that_is_not_good_gets_the_same_400_as_for_a_refresh()
    {
        var (world, target) = await TwoApplications();
        await world.Tokens(jwt => jwt with { RefreshTokenUsagePolicy = RefreshTokenUsagePolicy.OneTimeUse, RefreshTokenRevocationPolicy = new() { OnOneTimeTokenReuse = true }, RefreshTokenTimeToLiveInMinutes = 10 });
        var expired = await world.OpenSession();
        server.Pass(TimeSpan.FromMinutes(10));
        var (access, _) = await LogIn(world);
        var (revoked, spent) = (await world.OpenSession(), await world.OpenSession());
        await world.Session(revoked).Revoke(new RevokeSession(Actor.System));
        var next = (await world.Refresh(spent))!;
        var (colleague, stranger) = (await (await Colleague(world)).OpenSession(), await (await server.NewWorld()).OpenSession());
        var before = (await Sessions(world)).Length;
        var bodies = new HashSet<string>();
        foreach (var token in (string[])["x", expired.Token, revoked.Token, spent.Token, colleague.Token, stranger.Token, RefreshTokenValue.New(world.TenantId, spent.SessionId).Reveal(), new('a', 5000)])
        {
            var answer = await Issue(world, target, access, token);
            Assert.Equal(400, answer.Status);
            bodies.Add(answer.Body.GetRawText());
        }

        Assert.Equal((await world.Post("/api/jwt/refresh", new { refreshToken = "x" }, null)).Body.GetRawText(), Assert.Single(bodies));
        Assert.Contains("[invalid]refreshToken", bodies.Single(), StringComparison.Ordinal);
        Assert.Equal(before, (await Sessions(world)).Length);

        // Showing a spent value is no use of it: the session goes on.
        Assert.Equal(200, await Refresh(world, next));
    }

    [Fact]
    public async Task There_is_no_refresh_token_without_one_nor_for_an_application_that_gives_none_out_or_does_not_know_the_user()
    {
        var (world, target) = await TwoApplications();
        var (silent, unknown) = (await Application(world, generates: false), await Application(world));
        await Register(world, silent);
        var (access, given) = await LogIn(world);
        foreach (var (application, token, status) in ((Guid, string?, int)[])[(target, null, 200), (silent, given, 200), (unknown, given, 202)])
        {
            var answer = await Issue(world, application, access, token);
            Assert.Equal(status, answer.Status);
            Assert.True(answer.Body.TryGetProperty("token", out _));
            Assert.False(answer.Body.TryGetProperty("refreshToken", out _));
        }

        Assert.Equal(400, (await Issue(world, silent, access, "x")).Status);
        Assert.Single(await Sessions(world));
    }

    [Fact]
    public async Task One_session_beside_another_does_not_prolong_the_sign_in()
    {
        var (world, target) = await TwoApplications();
        await world.Tokens(jwt => jwt with { RefreshTokenTimeToLiveInMinutes = 50 });
        var (access, given) = await LogIn(world);
        server.Pass(TimeSpan.FromMinutes(49));
        var opened = (await Issue(world, target, access, given)).Body.GetProperty("refreshToken").GetString()!;
        Assert.Equal(200, await Refresh(world, opened));

        // Where sessions live shorter, this one would be over already.
        var brief = server.Snapshot.Find<Application>(target)! with { JwtConfiguration = new() { Enabled = true, RefreshTokenTimeToLiveInMinutes = 49 } };
        await server.Save(Families.Applications, target, brief, world.TenantId);
        var none = await Issue(world, target, access, given);
        Assert.Equal((200, false), (none.Status, none.Body.TryGetProperty("refreshToken", out _)));

        server.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(400, await Refresh(world, opened));
        Assert.Equal(400, await Refresh(world, given));
    }

    [Fact]
    public async Task A_revocation_reaches_a_session_that_was_checked_before_it()
    {
        var (world, target) = await TwoApplications();
        var session = await world.OpenSession();
        var good = (await world.Session(session).Check(new CheckSession(session.Token, world.UserId))).Value!;
        Assert.NotNull((await world.User.Ping(new PingLogin(target, Actor.System) { Beside = good })).Value!.Session);
        await world.User.RevokeSessions(new RevokeUserSessions(world.ApplicationId, Actor.System));
        var late = await world.User.Ping(new PingLogin(target, Actor.System) { Beside = good });
        Assert.Equal("[invalid]refreshToken", Assert.Single(late.Refusal!.Errors).Code);
    }

    [Fact]
    public async Task A_ping_opens_no_session_whatever_it_says()
    {
        var (world, target) = await TwoApplications();
        var (access, given) = await LogIn(world);
        var body = new { userId = world.UserId, applicationId = target, opensSession = true, refreshToken = given, beside = new { opened = 1, signedIn = 1, lifetimeStart = 1 } };
        foreach (var authorization in (string[])[SessionServer.ApiKey, "Bearer " + access])
        {
            var answer = await world.Call(HttpMethod.Put, "/api/login?refreshToken=" + given, body, authorization);
            Assert.Equal(200, answer.Status);
            Assert.False(answer.Body.ValueKind == JsonValueKind.Object && answer.Body.TryGetProperty("refreshToken", out _));
        }

        Assert.Single(await Sessions(world));
    }

    [Fact]
    public async Task Revoked_sessions_of_both_applications_stay_revoked_after_a_restart()
    {
        var (world, target) = await TwoApplications();
        var (access, given) = await LogIn(world);
        var opened = (await Issue(world, target, access, given)).Body.GetProperty("refreshToken").GetString()!;
        var kept = (await Issue(world, target, access, given)).Body.GetProperty("refreshToken").GetString()!;
        Assert.Equal(200, (await world.Call(HttpMethod.Delete, $"/api/jwt/refresh?token={opened}")).Status);
        Assert.Equal(200, (await world.Call(HttpMethod.Delete, $"/api/jwt/refresh?token={given}")).Status);
        await server.Restart();
        Assert.Equal((400, 400, 200), (await Refresh(world, opened), await Refresh(world, given), await Refresh(world, kept)));
        Assert.Equal(400, (await Issue(world, target, access, given)).Status);
    }

    /// <summary>A world whose user is registered for a second application.</summary>
    private async Task<(World World, Guid Target)> TwoApplications()
    {
        var world = await server.NewWorld();
        var target = await Application(world);
        await Register(world, target);
        return (world, target);
    }

    private async Task<Guid> Application(World world, bool generates = true)
    {
        var id = Guid.NewGuid();
        var application = new Application { Name = id.ToString(), LoginConfiguration = new() { GenerateRefreshTokens = generates, AllowTokenRefresh = true } };
        await server.Save(Families.Applications, id, application, world.TenantId);
        return id;
    }

    private static async Task<World> Colleague(World world)
    {
        var id = Guid.NewGuid();
        var colleague = world with { UserId = id, Email = $"{id:N}@example.com" };
        var created = await colleague.User.Create(new CreateUser(
            JsonText.From(new { email = colleague.Email, password = SessionServer.Password }), JsonText.From(new { applicationId = world.ApplicationId }), false, true, Actor.System));
        Assert.Null(created.Refusal);
        return colleague;
    }

    private static async Task Register(World world, Guid application) =>
        Assert.Equal(200, (await world.Post($"/api/user/registration/{world.UserId}", new { registration = new { applicationId = application } })).Status);

    private static async Task<(string Access, string RefreshToken)> LogIn(World world)
    {
        var answer = await world.Post("/api/login", world.Credentials());
        Assert.Equal(200, answer.Status);
        return (answer.Body.GetProperty("token").GetString()!, answer.Body.GetProperty("refreshToken").GetString()!);
    }

    private static Task<(int Status, JsonElement Body, HttpResponseMessage Raw)> Issue(World world, Guid application, string access, string? refreshToken) =>
        world.Get($"/api/jwt/issue?applicationId={application}" + (refreshToken is null ? "" : $"&refreshToken={refreshToken}"), "Bearer " + access);

    private static async Task<int> Refresh(World world, string token) => (await world.Post("/api/jwt/refresh", new { refreshToken = token }, null)).Status;

    private static async Task<JsonElement[]> Sessions(World world) =>
        [.. (await world.Get($"/api/jwt/refresh?userId={world.UserId}")).Body.GetProperty("refreshTokens").EnumerateArray()];
}
