using System.Buffers.Text;
using System.Text.Json;
using OrleansAuth.Applications;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>The tokens in the answer to a registration that creates its user.</summary>
public sealed class FirstTokenTests(SessionServer server) : IClassFixture<SessionServer>
{
    [Fact]
    public async Task A_registration_with_its_user_answers_a_refresh_token_that_works()
    {
        var world = await server.NewWorld();
        var user = Guid.NewGuid();
        var answer = await Register(world, user);
        Assert.Equal(200, answer.Status);
        var session = Session(answer.Body);

        Assert.Equal(session.SessionId, JsonElement.Parse(Base64Url.DecodeFromChars(answer.Body.GetProperty("token").GetString()!.Split('.')[1])).GetProperty("sid").GetGuid());
        Assert.Equal(session.SessionId, Assert.Single(await Sessions(world, user)).GetProperty("id").GetGuid());
        var refreshed = await world.Post("/api/jwt/refresh", new { refreshToken = session.Token }, null);
        Assert.Equal((200, session.SessionId), (refreshed.Status, refreshed.Body.GetProperty("refreshTokenId").GetGuid()));

        // The other path, where the server chooses the id, answers the same.
        Assert.NotNull(Session((await Register(world, null)).Body).Token);
    }

    [Fact]
    public async Task There_is_no_refresh_token_where_the_application_gives_none_out()
    {
        var world = await server.NewWorld();
        var user = Guid.NewGuid();
        await world.Change(a => a with { LoginConfiguration = a.LoginConfiguration with { GenerateRefreshTokens = false } });
        var answer = await Register(world, user);
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Body.TryGetProperty("token", out _));
        AssertNoSession(answer.Body);
        Assert.Empty(await Sessions(world, user));
    }

    [Fact]
    public async Task A_user_who_exists_gets_none_by_a_registration()
    {
        var world = await server.NewWorld();
        var second = Guid.NewGuid();
        await server.Save(Families.Applications, second, new Application { Name = second.ToString(), LoginConfiguration = world.Application.LoginConfiguration }, world.TenantId);
        var answer = await world.Post($"/api/user/registration/{world.UserId}", new { registration = new { applicationId = second } });
        Assert.Equal(200, answer.Status);
        AssertNoSession(answer.Body);
        Assert.Equal(400, (await Register(world, world.UserId)).Status);
        Assert.Empty(await Sessions(world, world.UserId));

        var alone = await world.Post("/api/user", new { user = new { email = NewEmail(), password = SessionServer.Password }, applicationId = world.ApplicationId });
        Assert.Equal(200, alone.Status);
        AssertNoSession(alone.Body);
    }

    [Fact]
    public async Task A_shut_gate_withholds_both_tokens_and_opens_no_session()
    {
        var world = await server.NewWorld(t => t with { EmailConfiguration = t.EmailConfiguration with { VerifyEmail = true, Unverified = new() { Behavior = UnverifiedBehavior.Gated } } });
        await Withheld(world);
        Assert.NotNull(Session((await Register(world, null, new { skipVerification = true })).Body).Token);
        await Withheld(world, new { skipVerification = true, sendSetPasswordEmail = true });

        var other = await server.NewWorld(application: a => a with { VerifyRegistration = true, Unverified = new() { Behavior = UnverifiedBehavior.Gated } });
        await Withheld(other);
        Assert.NotNull(Session((await Register(other, null, new { skipRegistrationVerification = true })).Body).Token);
        await Withheld(other, new { skipRegistrationVerification = true }, server.Time.UtcNow.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Of_many_who_register_one_user_at_once_one_gets_a_refresh_token()
    {
        var world = await server.NewWorld();
        var user = Guid.NewGuid();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Register(world, user)));
        var won = Session(Assert.Single(answers, a => a.Status == 200).Body);
        Assert.Equal(won.SessionId, Assert.Single(await Sessions(world, user)).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_first_refresh_token_outlives_a_restart_and_a_revoked_one_stays_revoked()
    {
        var world = await server.NewWorld();
        var (kept, revoked) = (Session((await Register(world, null)).Body), Session((await Register(world, null)).Body));
        Assert.Equal(200, (await world.Call(HttpMethod.Delete, $"/api/jwt/refresh/{revoked.SessionId}")).Status);
        await server.Restart();
        Assert.Equal(400, (await world.Post("/api/jwt/refresh", new { refreshToken = revoked.Token }, null)).Status);
        Assert.Equal(200, (await world.Post("/api/jwt/refresh", new { refreshToken = kept.Token }, null)).Status);
    }

    private static async Task Withheld(World world, object? options = null, long? expiry = null)
    {
        var user = Guid.NewGuid();
        var answer = await Register(world, user, options, expiry);
        Assert.Equal(200, answer.Status);
        Assert.False(answer.Body.TryGetProperty("token", out _));
        AssertNoSession(answer.Body);
        Assert.Empty(await Sessions(world, user));
    }

    private static Task<(int Status, JsonElement Body, HttpResponseMessage Raw)> Register(World world, Guid? id, object? options = null, long? expiry = null)
    {
        var body = options is null ? [] : JsonSerializer.SerializeToNode(options)!.AsObject();
        body["user"] = JsonSerializer.SerializeToNode(new { email = NewEmail(), password = SessionServer.Password, expiry });
        body["registration"] = JsonSerializer.SerializeToNode(new { applicationId = world.ApplicationId });
        return world.Post("/api/user/registration" + (id is null ? "" : $"/{id}"), body);
    }

    private static OpenedSession Session(JsonElement answer) => new(answer.GetProperty("refreshTokenId").GetGuid(), answer.GetProperty("refreshToken").GetString()!);

    private static void AssertNoSession(JsonElement answer) =>
        Assert.False(answer.TryGetProperty("refreshToken", out _) || answer.TryGetProperty("refreshTokenId", out _));

    private static async Task<JsonElement[]> Sessions(World world, Guid user) =>
        [.. (await world.Get($"/api/jwt/refresh?userId={user}")).Body.GetProperty("refreshTokens").EnumerateArray()];

    private static string NewEmail() => $"{Guid.NewGuid():N}@example.com";
}
