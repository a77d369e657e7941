using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.Tokens;

public sealed class RefreshApiTests(SessionServer server) : IClassFixture<SessionServer>
{
    [Fact]
    public async Task Whatever_is_wrong_with_a_refresh_token_the_answer_is_the_same_400()
    {
        var world = await server.NewWorld();
        var other = await server.NewWorld();
        var (good, revoked, foreign) = (await world.OpenSession(), await world.OpenSession(), await other.OpenSession());
        await world.Session(revoked).Revoke(new RevokeSession(Actor.System));
        string[] bad =
        [
            "x", good.Token[..^1], good.Token + "A", good.Token[..40], revoked.Token, foreign.Token, Guid.NewGuid().ToString(), new string('a', 5000), "../../etc/passwd", "' or 1=1 --",
            RefreshTokenValue.New(world.TenantId, good.SessionId).Reveal(), RefreshTokenValue.New(world.TenantId, Guid.NewGuid()).Reveal(), RefreshTokenValue.New(Guid.NewGuid(), good.SessionId).Reveal(),
        ];
        var bodies = new HashSet<string>();
        foreach (var token in bad)
        {
            var answer = await world.Post("/api/jwt/refresh", new { refreshToken = token }, null);
            Assert.Equal(400, answer.Status);
            bodies.Add(answer.Body.GetRawText());
        }

        Assert.Contains("[invalid]refreshToken", Assert.Single(bodies), StringComparison.Ordinal);
        Assert.Equal(400, (await world.Post("/api/jwt/refresh", new { }, null)).Status);
        Assert.Equal(200, (await world.Post("/api/jwt/refresh", new { refreshToken = good.Token }, null)).Status);
    }

    [Fact]
    public async Task The_cookie_wins_over_the_body()
    {
        var world = await server.NewWorld();
        var session = await world.OpenSession();
        Assert.Equal(200, (await world.Post("/api/jwt/refresh", new { refreshToken = "x" }, null, $"refresh_token={session.Token}")).Status);
        Assert.Equal(400, (await world.Post("/api/jwt/refresh", new { refreshToken = session.Token }, null, "refresh_token=x")).Status);
    }

    [Fact]
    public async Task Refresh_tokens_are_listed_without_their_value_for_who_may_see_them()
    {
        var world = await server.NewWorld();
        var other = await server.NewWorld();
        var device = new { device = new { name = "phone", type = "MOBILE" } };
        var login = await world.Post("/api/login", new { loginId = world.Email, password = SessionServer.Password, applicationId = world.ApplicationId, metaData = device });
        var id = login.Body.GetProperty("refreshTokenId").GetGuid();
        var token = login.Body.GetProperty("token").GetString();

        var shown = Assert.Single((await world.Get($"/api/jwt/refresh?userId={world.UserId}")).Body.GetProperty("refreshTokens").EnumerateArray());
        Assert.Equal((id, world.ApplicationId, "phone"), (shown.GetProperty("id").GetGuid(), shown.GetProperty("applicationId").GetGuid(), shown.GetProperty("metaData").GetProperty("device").GetProperty("name").GetString()));
        Assert.False(shown.TryGetProperty("token", out _));
        Assert.Equal(id, (await world.Get($"/api/jwt/refresh/{id}")).Body.GetProperty("refreshToken").GetProperty("id").GetGuid());
        Assert.Single((await world.Get("/api/jwt/refresh", "Bearer " + token)).Body.GetProperty("refreshTokens").EnumerateArray());

        Assert.Empty((await other.Get($"/api/jwt/refresh?userId={world.UserId}")).Body.GetProperty("refreshTokens").EnumerateArray());
        Assert.Equal((404, JsonValueKind.Undefined), await StatusAndBody(other, $"/api/jwt/refresh/{id}"));
        Assert.Equal((404, JsonValueKind.Undefined), await StatusAndBody(world, $"/api/jwt/refresh/{Guid.NewGuid()}"));
        Assert.Equal(400, (await world.Get("/api/jwt/refresh")).Status);
    }

    [Fact]
    public async Task Revocation_has_four_scopes_and_stays_in_its_tenant()
    {
        var world = await server.NewWorld();
        var other = await server.NewWorld();
        async Task Revokes(string query, object? body, bool expected, World? caller = null)
        {
            var session = await world.OpenSession();
            query = query.Replace("{id}", session.SessionId.ToString(), StringComparison.Ordinal).Replace("{token}", session.Token, StringComparison.Ordinal);
            Assert.Equal(200, (await (caller ?? world).Call(HttpMethod.Delete, "/api/jwt/refresh" + query, body)).Status);
            Assert.Equal(expected, await world.Refresh(session) is null);
        }

        await Revokes($"?userId={world.UserId}", null, true);
        await Revokes($"?userId={world.UserId}&applicationId={world.ApplicationId}", null, true);
        await Revokes("?token={token}", null, true);
        await Revokes("/{id}", null, true);
        await Revokes("", new { userId = world.UserId }, true);
        await Revokes($"?userId={world.UserId}", null, false, other);
        await Revokes("/{id}", null, false, other);
        await Revokes("?token={token}", null, false, other);
        await Revokes($"?userId={Guid.NewGuid()}", null, false);
        Assert.Equal(400, (await world.Call(HttpMethod.Delete, "/api/jwt/refresh")).Status);
        Assert.Equal(400, (await other.Call(HttpMethod.Delete, $"/api/jwt/refresh?applicationId={world.ApplicationId}")).Status);
    }

    [Fact]
    public async Task Revoking_an_application_ends_its_sessions_again_and_again()
    {
        var world = await server.NewWorld();
        for (var round = 0; round < 2; round++)
        {
            var session = await world.OpenSession();
            Assert.NotNull(await world.Refresh(session));
            Assert.Equal(200, (await world.Call(HttpMethod.Delete, $"/api/jwt/refresh?applicationId={world.ApplicationId}")).Status);
            Assert.Null(await world.Refresh(session));
            Assert.Empty((await world.Get($"/api/jwt/refresh?userId={world.UserId}")).Body.GetProperty("refreshTokens").EnumerateArray());
            server.Pass(TimeSpan.FromMilliseconds(1));
        }

        Assert.NotNull(await world.Refresh(await world.OpenSession()));
    }

    [Fact]
    public async Task A_user_revokes_its_own_tokens_and_nobody_elses()
    {
        var world = await server.NewWorld();
        var other = await server.NewWorld();
        var bearer = "Bearer " + (await world.Post("/api/login", world.Credentials())).Body.GetProperty("token").GetString();
        var own = await world.OpenSession();
        var colleague = Guid.NewGuid();
        var email = $"{colleague:N}@example.com";
        await server.Grains.User(world.TenantId, colleague).Create(new CreateUser(JsonText.From(new { email, password = SessionServer.Password }), JsonText.From(new { applicationId = world.ApplicationId }), false, true, Actor.System));
        var theirs = (await (world with { UserId = colleague, Email = email }).LogIn()).Session!;

        Assert.Equal(401, (await world.Call(HttpMethod.Delete, $"/api/jwt/refresh/{theirs.SessionId}", null, bearer)).Status);
        Assert.Equal(401, (await world.Call(HttpMethod.Delete, $"/api/jwt/refresh?token={theirs.Token}", null, bearer)).Status);
        Assert.Equal(401, (await world.Call(HttpMethod.Delete, $"/api/jwt/refresh?userId={world.UserId}", null, bearer)).Status);
        Assert.NotNull(await world.Refresh(theirs));
        Assert.Equal(200, (await world.Call(HttpMethod.Delete, $"/api/jwt/refresh?token={own.Token}", null, bearer)).Status);
        Assert.Null(await world.Refresh(own));
    }

    [Fact]
    public async Task Imported_tokens_refresh_and_are_checked_before_any_is_stored()
    {
        var world = await server.NewWorld();
        string Token() => $"imported.{Guid.NewGuid():N}/+=";
        var (first, second) = (Token(), Token());
        object Row(string token, Guid? user = null) => new { token, userId = user ?? world.UserId, applicationId = world.ApplicationId, startInstant = server.Time.UtcNow.ToUnixTimeMilliseconds(), metaData = new { device = new { name = "old" } } };
        Assert.Equal((200, JsonValueKind.Undefined), await Import(world, Row(first), Row(second)));
        Assert.Equal(200, (await world.Post("/api/jwt/refresh", new { refreshToken = second }, null)).Status);
        Assert.Equal(2, (await world.Get($"/api/jwt/refresh?userId={world.UserId}")).Body.GetProperty("refreshTokens").GetArrayLength());

        var third = Token();
        Assert.Equal(400, (await Import(world, Row(third), new { token = "" })).Status);
        Assert.Equal(400, (await world.Post("/api/jwt/refresh", new { refreshToken = third }, null)).Status);
        Assert.Equal(400, (await Import(world, Row(third), Row(third))).Status);
        Assert.Equal(400, (await Import(world, Row(first))).Status);
        Assert.Equal(400, (await Import(world, Row(third, Guid.NewGuid()))).Status);
        Assert.Equal(400, (await Import(world)).Status);
    }

    private static async Task<(int Status, JsonValueKind)> Import(World world, params object[] tokens)
    {
        var answer = await world.Post("/api/user/refresh-token/import", new { refreshTokens = tokens });
        return (answer.Status, answer.Body.ValueKind);
    }

    private static async Task<(int, JsonValueKind)> StatusAndBody(World world, string path)
    {
        var answer = await world.Get(path);
        return (answer.Status, answer.Body.ValueKind);
    }
}
