using OrleansAuth.Configuration;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

/// <summary>What was promised before a stop holds after the start.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private readonly SessionServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Spent_and_revoked_stays_spent_and_revoked_and_good_stays_good()
    {
        var world = await _server.NewWorld();
        await world.Tokens(jwt => jwt with { RefreshTokenUsagePolicy = RefreshTokenUsagePolicy.OneTimeUse });
        var used = await world.OpenSession();
        var next = await world.Refresh(used);
        var revoked = await world.OpenSession();
        Assert.Null((await world.Session(revoked).Revoke(new RevokeSession(Actor.System))).Refusal);
        var other = await _server.NewWorld();
        var wholesale = await other.OpenSession();
        await other.User.RevokeSessions(new RevokeUserSessions(null, Actor.System));

        await _server.Restart();

        Assert.Null(await world.Refresh(used));
        Assert.Null(await world.Refresh(revoked));
        Assert.Null(await other.Refresh(wholesale));
        Assert.NotNull(await world.Refresh(used, next));
        Assert.Equal(LoginStatus.Ok, (await world.LogIn()).Status);
    }
}
