using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

public sealed class RefreshTests(SessionServer server) : IClassFixture<SessionServer>
{
    private static JwtConfiguration OneTime(JwtConfiguration jwt) => jwt with { RefreshTokenUsagePolicy = RefreshTokenUsagePolicy.OneTimeUse };

    [Fact]
    public async Task A_reusable_token_stays_the_same()
    {
        var world = await server.NewWorld();
        var session = await world.OpenSession();
        Assert.Equal(session.Token, await world.Refresh(session));
        Assert.Equal(session.Token, await world.Refresh(session));
    }

    [Fact]
    public async Task Of_fifty_refreshes_with_one_one_time_token_exactly_one_succeeds()
    {
        var world = await server.NewWorld();
        await world.Tokens(OneTime);
        var session = await world.OpenSession();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => world.Refresh(session)));

        var next = Assert.Single(answers, a => a is not null);
        Assert.NotEqual(session.Token, next);
        Assert.NotNull(await world.Refresh(session, next));
    }

    [Fact]
    public async Task The_reuse_of_a_spent_token_ends_the_session_where_the_policy_says_so()
    {
        var world = await server.NewWorld();
        await world.Tokens(jwt => OneTime(jwt) with { RefreshTokenRevocationPolicy = new() { OnOneTimeTokenReuse = true } });
        var session = await world.OpenSession();
        var second = await world.Refresh(session);
        var third = await world.Refresh(session, second);

        Assert.Null(await world.Refresh(session));
        Assert.Null(await world.Refresh(session, third));
        Assert.Null(await server.Get<SessionReader>().Find(session.SessionId, server.Snapshot, 0));
    }

    [Fact]
    public async Task An_invented_value_with_the_right_session_id_neither_refreshes_nor_ends_the_session()
    {
        var world = await server.NewWorld();
        await world.Tokens(jwt => OneTime(jwt) with { RefreshTokenRevocationPolicy = new() { OnOneTimeTokenReuse = true } });
        var session = await world.OpenSession();
        var next = await world.Refresh(session);
        Assert.Null(await world.Refresh(session, RefreshTokenValue.New(world.TenantId, session.SessionId).Reveal()));
        Assert.NotNull(await world.Refresh(session, next));
    }

    [Fact]
    public async Task Within_the_grace_period_the_spent_token_gives_the_same_next_token_once_more()
    {
        var world = await server.NewWorld();
        await world.Tokens(jwt => OneTime(jwt) with { RefreshTokenOneTimeUseConfiguration = new() { GracePeriodInSeconds = 10 } });
        var session = await world.OpenSession();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.Refresh(session)));
        var next = Assert.Single(answers.Distinct());

        server.Pass(TimeSpan.FromSeconds(9));
        Assert.Equal(next, await world.Refresh(session));
        server.Pass(TimeSpan.FromSeconds(1));
        Assert.Null(await world.Refresh(session));
        Assert.NotNull(await world.Refresh(session, next));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_clock_that_is_put_back_makes_no_spent_token_good(int grace)
    {
        var world = await server.NewWorld();
        await world.Tokens(jwt => OneTime(jwt) with { RefreshTokenOneTimeUseConfiguration = new() { GracePeriodInSeconds = grace } });
        var session = await world.OpenSession();
        var next = await world.Refresh(session);
        server.Pass(TimeSpan.FromMinutes(-5));
        Assert.Null(await world.Refresh(session));
        Assert.NotNull(await world.Refresh(session, next));
        server.Pass(TimeSpan.FromMinutes(5));
        Assert.Null(await world.Refresh(session));
    }

    [Fact]
    public async Task Who_signs_in_where_the_clock_is_behind_gets_a_session_that_is_good()
    {
        var world = await server.NewWorld();
        server.Pass(TimeSpan.FromMinutes(-5));
        var session = await world.OpenSession();
        Assert.NotNull(await world.Refresh(session));
        server.Pass(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_fixed_lifetime_ends_and_use_does_not_prolong_it()
    {
        var world = await server.NewWorld();
        await world.Tokens(jwt => jwt with { RefreshTokenTimeToLiveInMinutes = 60 });
        var session = await world.OpenSession();
        server.Pass(TimeSpan.FromMinutes(59));
        Assert.NotNull(await world.Refresh(session));
        server.Pass(TimeSpan.FromMinutes(1));
        Assert.Null(await world.Refresh(session));
        Assert.Null(await world.Session(session).Read());
    }

    [Fact]
    public async Task A_sliding_window_moves_with_use_up_to_its_maximum()
    {
        var world = await server.NewWorld();
        await world.Tokens(jwt => jwt with
        {
            RefreshTokenTimeToLiveInMinutes = 60,
            RefreshTokenExpirationPolicy = RefreshTokenExpirationPolicy.SlidingWindowWithMaximumLifetime,
            RefreshTokenSlidingWindowConfiguration = new() { MaximumTimeToLiveInMinutes = 150 },
        });
        var session = await world.OpenSession();
        foreach (var minutes in (int[])[50, 50, 49])
        {
            server.Pass(TimeSpan.FromMinutes(minutes));
            Assert.NotNull(await world.Refresh(session));
        }

        server.Pass(TimeSpan.FromMinutes(1));
        Assert.Null(await world.Refresh(session));

        await world.Tokens(jwt => jwt with { RefreshTokenExpirationPolicy = RefreshTokenExpirationPolicy.SlidingWindow });
        Assert.NotNull(await world.Refresh(session));
        server.Pass(TimeSpan.FromMinutes(60));
        Assert.Null(await world.Refresh(session));
    }

    [Fact]
    public async Task The_settings_of_an_application_count_only_where_it_enables_them()
    {
        var world = await server.NewWorld();
        await world.Change(a => a with { JwtConfiguration = new() { RefreshTokenUsagePolicy = RefreshTokenUsagePolicy.OneTimeUse } });
        var session = await world.OpenSession();
        Assert.Equal(session.Token, await world.Refresh(session));
        await world.Change(a => a with { JwtConfiguration = a.JwtConfiguration with { Enabled = true } });
        Assert.NotEqual(session.Token, await world.Refresh(session));
    }

    [Fact]
    public async Task Revoking_a_user_ends_the_sessions_that_are_open_and_none_that_come()
    {
        var world = await server.NewWorld();
        var session = await world.OpenSession();
        Assert.Null((await world.User.RevokeSessions(new RevokeUserSessions(null, Actor.System))).Refusal);
        var next = await world.OpenSession();

        Assert.Null(await world.Refresh(session));
        Assert.NotNull(await world.Refresh(next));
        Assert.Equal(next.SessionId, Assert.Single(await server.Get<SessionReader>().OfUser(world.UserId, server.Snapshot, 0)).Id);
    }

    [Fact]
    public async Task Revoking_a_user_in_one_application_leaves_the_others_alone()
    {
        var world = await server.NewWorld();
        var session = await world.OpenSession();
        await world.User.RevokeSessions(new RevokeUserSessions(Guid.NewGuid(), Actor.System));
        Assert.NotNull(await world.Refresh(session));
        await world.User.RevokeSessions(new RevokeUserSessions(world.ApplicationId, Actor.System));
        Assert.Null(await world.Refresh(session));
    }

    [Fact]
    public async Task A_session_ends_with_the_registration_and_a_new_registration_does_not_bring_it_back()
    {
        var world = await server.NewWorld();
        var session = await world.OpenSession();
        var registration = new ChangeRegistration(world.ApplicationId, ItemAction.Remove, ChangeKind.Replace, null, Actor.System);
        Assert.Null((await world.User.ChangeRegistration(registration)).Refusal);
        Assert.Null(await world.Refresh(session));

        server.Pass(TimeSpan.FromSeconds(1));
        var again = registration with { Action = ItemAction.Add, Registration = JsonText.From(new { applicationId = world.ApplicationId }) };
        Assert.Null((await world.User.ChangeRegistration(again)).Refusal);
        Assert.Null(await world.Refresh(session));
        Assert.NotNull(await world.Refresh(await world.OpenSession()));
    }

    [Fact]
    public async Task A_session_is_over_where_user_or_application_may_not_go_on()
    {
        var world = await server.NewWorld();
        var session = await world.OpenSession();
        await world.Change(a => a with { LoginConfiguration = a.LoginConfiguration with { AllowTokenRefresh = false } });
        Assert.Null(await world.Refresh(session));
        Assert.NotNull(await world.Refresh(session, throughApi: false));

        await world.Change(new { expiry = server.Time.UtcNow.ToUnixTimeMilliseconds() });
        Assert.Null(await world.Refresh(session, throughApi: false));
        await world.Change(new { expiry = (long?)null });
        await world.DeactivateApplication();
        Assert.Null(await world.Refresh(session, throughApi: false));
    }

    [Fact]
    public async Task A_deactivated_user_has_no_sessions()
    {
        var world = await server.NewWorld();
        var session = await world.OpenSession();
        Assert.Null((await world.User.Remove(new RemoveUser(false, Actor.System))).Refusal);
        Assert.Null(await world.Refresh(session));
        Assert.Null(await world.Session(session).Read());
        Assert.Null((await world.User.Change(new ChangeUser(ChangeKind.Reactivate, JsonText.From(new { }), null, false, false, Actor.System))).Refusal);
        Assert.Null(await world.Refresh(session));
    }

    [Fact]
    public async Task A_new_password_ends_every_session_where_the_tenant_says_so()
    {
        var world = await server.NewWorld();
        var session = await world.OpenSession();
        await world.Change(new { password = "another " + SessionServer.Password });
        Assert.Null(await world.Refresh(session));

        await world.Tokens(jwt => jwt with { RefreshTokenRevocationPolicy = new() { OnPasswordChanged = false } });
        session = (await world.LogIn("another " + SessionServer.Password)).Session!;
        await world.Change(new { password = SessionServer.Password });
        Assert.NotNull(await world.Refresh(session));
    }

    [Fact]
    public async Task The_same_session_id_in_another_tenant_is_no_session()
    {
        var world = await server.NewWorld();
        var other = await server.NewWorld();
        var session = await world.OpenSession();
        Assert.NotNull((await server.Grains.Session(other.TenantId, session.SessionId).Refresh(new RefreshSession(session.Token, Actor.System))).Refusal);
        Assert.Equal(RefusalKind.NotFound, (await server.Grains.Session(other.TenantId, session.SessionId).Revoke(new RevokeSession(Actor.System))).Refusal!.Kind);
        Assert.NotNull(await world.Refresh(session));
    }

    [Fact]
    public async Task An_imported_token_of_any_form_is_found_and_rotates_into_our_own()
    {
        var world = await server.NewWorld();
        await world.Tokens(jwt => OneTime(jwt) with { RefreshTokenRevocationPolicy = new() { OnOneTimeTokenReuse = true } });
        var foreign = $"v1.other/system+{Guid.NewGuid()}";
        var id = Guid.NewGuid();
        var import = new ImportSession(world.UserId, world.ApplicationId, foreign, 1000, server.Time.UtcNow.ToUnixTimeMilliseconds(), null, null, Actor.System);
        Assert.Null((await server.Grains.Session(world.TenantId, id).Import(import)).Refusal);
        Assert.Equal("[duplicate]refreshTokens.token", Assert.Single((await server.Grains.Session(world.TenantId, Guid.NewGuid()).Import(import)).Refusal!.Errors).Code);
        Assert.Equal("[duplicate]refreshTokens.id", Assert.Single((await server.Grains.Session(world.TenantId, id).Import(import)).Refusal!.Errors).Code);
        Assert.Equal((world.TenantId, id), await server.Get<SessionReader>().FindImported(foreign));

        var session = new OpenedSession(id, foreign);
        var second = await world.Refresh(session);
        Assert.True(RefreshTokenValue.TryRead(second, out _));
        var third = await world.Refresh(session, second);
        Assert.NotNull(third);
        Assert.Null(await world.Refresh(session));
        Assert.Null(await world.Refresh(session, third));
    }

    [Fact]
    public async Task Tokens_of_users_who_are_unknown_or_not_registered_are_not_imported()
    {
        var world = await server.NewWorld();
        var other = await server.NewWorld();
        var import = new ImportSession(other.UserId, world.ApplicationId, Guid.NewGuid().ToString(), null, null, null, null, Actor.System);
        Assert.Equal("[invalid]refreshTokens.userId", Assert.Single((await server.Grains.Session(world.TenantId, Guid.NewGuid()).Import(import)).Refusal!.Errors).Code);
    }
}
