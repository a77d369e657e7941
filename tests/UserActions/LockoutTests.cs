using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Hosting;

namespace OrleansAuth.UserActions;

public sealed class LockoutTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task After_five_wrong_passwords_the_right_one_is_refused_until_the_time_is_over()
    {
        var world = await ActionWorld.WithLockout(_server);
        await world.Fail(5);
        var action = Assert.Single((await world.LogIn()).Is(409).Body["actions"]!.AsArray())!;
        Assert.Equal(world.Now + 180_000, (long)action["expiry"]!);
        Pass(179);
        (await world.LogIn("wrong")).Is(409);
        Pass(179);
        (await world.LogIn()).Is(409);
        Pass(180);
        (await world.LogIn()).Is(200);
    }

    [Fact]
    public async Task Failures_count_from_the_last_one_and_a_login_forgets_them()
    {
        var world = await ActionWorld.WithLockout(_server);
        await world.Fail(4);
        Pass(61);
        await world.Fail(4);
        (await world.LogIn()).Is(200);
        await world.Fail(4);
        Pass(60);
        await world.Fail(1);
        (await world.LogIn()).Is(409);
    }

    [Fact]
    public async Task Without_an_action_there_is_no_lockout()
    {
        var world = await ActionWorld.New(_server);
        await world.Fail(20);
        (await world.LogIn()).Is(200);
        Assert.Empty(await world.List());
    }

    [Fact]
    public async Task Months_and_years_go_by_the_calendar()
    {
        _server.Time.UtcNow = new DateTimeOffset(2027, 1, 31, 8, 0, 0, TimeSpan.Zero);
        var world = await ActionWorld.WithLockout(_server, new { actionDuration = 1, actionDurationUnit = "MONTHS", tooManyAttempts = 1 });
        await world.Fail(1);
        Assert.Equal(new DateTimeOffset(2027, 2, 28, 8, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), (long)(await world.LogIn()).Is(409).Body["actions"]![0]!["expiry"]!);
        await world.Change(new { failedAuthenticationConfiguration = new { actionDuration = 2_000_000_000, actionDurationUnit = "YEARS" } });
        Assert.Equal(long.MaxValue, (long)(await world.LogIn()).Is(409).Body["actions"]![0]!["expiry"]!);
    }

    [Fact]
    public async Task The_lockout_is_in_the_log_with_its_end_and_can_be_cancelled_there()
    {
        var world = await ActionWorld.WithLockout(_server);
        await world.Fail(5);
        Pass(60);
        (await world.LogIn()).Is(409);
        var action = Assert.Single(await world.List("&preventingLogin=true"))!;
        Assert.Equal((world.Ban, world.Now + 180_000), ((Guid)action["userActionId"]!, (long)action["expiry"]!));
        Assert.Null(action["actionerUserId"]);

        (await world.Cancel((Guid)action["id"]!)).Is(200);
        await world.Fail(4);
        (await world.LogIn()).Is(200);
        Assert.Empty(await world.List("&active=true"));
    }

    [Fact]
    public async Task A_lockout_can_be_made_longer_and_no_attempt_makes_it_shorter()
    {
        var world = await ActionWorld.WithLockout(_server);
        await world.Fail(5);
        var id = (Guid)(await world.List())[0]!["id"]!;
        (await world.Modify(id, new { expiry = long.MaxValue })).Is(200);
        (await world.LogIn()).Is(409);
        Pass(1_000_000);
        Assert.Equal(long.MaxValue, (long)(await world.LogIn()).Is(409).Body["actions"]![0]!["expiry"]!);
    }

    [Fact]
    public async Task Its_end_is_noted_when_it_is_over_and_not_when_it_was_first_due()
    {
        var world = await ActionWorld.WithLockout(_server);
        await world.Fail(5);
        Pass(100);
        (await world.LogIn()).Is(409);
        Pass(100);
        await Note();
        var action = Assert.Single(await world.List("&active=true"))!.AsObject();
        Assert.Single(ActionWorld.History(action));
        Pass(80);
        await Note();
        action = Assert.Single(await world.List("&active=false"))!.AsObject();
        Assert.Equal(2, ActionWorld.History(action).Count);
        Assert.Equal(world.Now, (long)action["expiry"]!);
    }

    [Fact]
    public async Task A_second_lockout_before_the_end_of_the_first_was_noted_leaves_two_whole_entries()
    {
        var world = await ActionWorld.WithLockout(_server);
        await world.Fail(5);
        Pass(181);
        await world.Fail(5);
        await Note();
        var actions = await world.List();
        Assert.Equal([1, 2], actions.Select(a => ActionWorld.History(a!.AsObject()).Count));
        Assert.Single(await world.List("&active=true"));
    }

    [Fact]
    public async Task A_reset_of_the_password_ends_it_where_the_tenant_says_so()
    {
        foreach (var ends in (bool[])[true, false])
        {
            var world = await ActionWorld.WithLockout(_server, new { actionCancelPolicy = new { onPasswordReset = ends } });
            var ticket = (string)(await world.Post("/api/user/forgot-password", new { loginId = world.Email, sendForgotPasswordEmail = false })).Is(200).Body["changePasswordId"]!;
            await world.Fail(5);
            (await world.Server.Post($"/api/user/change-password/{ticket}", new { password = "another horse battery" }, key: "", tenant: world.Tenant)).Is(200);
            (await world.LogIn("another horse battery")).Is(ends ? 200 : 409);
            Assert.Equal(ends ? 0 : 1, (await world.List("&active=true")).Count);
        }
    }

    [Fact]
    public async Task What_the_user_holds_is_over_with_the_lockout()
    {
        var world = await ActionWorld.WithLockout(_server);
        var token = (string)(await world.LogIn()).Is(200).Body["refreshToken"]!;
        await world.Fail(4);
        (await Refresh(world, token)).Is(200);
        await world.Fail(1);
        (await Refresh(world, token)).Is(400);
        Pass(181);
        (await Refresh(world, token)).Is(400);
    }

    [Fact]
    public async Task Tokens_of_the_registration_and_guesses_at_the_present_password_count_too()
    {
        var world = await ActionWorld.WithLockout(_server);
        var jwt = (string)(await world.LogIn()).Is(200).Body["token"]!;
        for (var i = 0; i < 5; i++)
            (await _server.Send(HttpMethod.Post, "/api/user/change-password", new { currentPassword = "wrong", password = "another horse battery" }, key: "", tenant: world.Tenant, bearer: jwt)).Is(404);
        (await world.LogIn()).Is(409);
        (await _server.Send(HttpMethod.Post, "/api/user/change-password", new { currentPassword = ActionWorld.Password, password = "another horse battery" }, key: "", tenant: world.Tenant, bearer: jwt)).Is(404);
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_locked_in_the_same_way_and_alone()
    {
        var world = await ActionWorld.WithLockout(_server);
        await world.Fail(5, "Nobody@example.com");
        await world.Fail(5);
        var (known, unknown) = ((await world.LogIn()).Is(409), (await world.LogIn(loginId: "nobody@EXAMPLE.com ")).Is(409));
        Assert.Equal(Shape(known), Shape(unknown));
        Assert.Equal(known.Headers.Keys.Order(), unknown.Headers.Keys.Order());
        await world.Fail(1, "somebody@example.com");

        Pass(100);
        (await world.LogIn(loginId: "nobody@example.com")).Is(409);
        Pass(179);
        (await world.LogIn(loginId: "nobody@example.com")).Is(409);
        Pass(180);
        await world.Fail(1, "nobody@example.com");
        var other = await ActionWorld.WithLockout(_server);
        await other.Fail(5, "nobody@example.com");
    }

    [Fact]
    public async Task Spelling_a_name_differently_gives_nobody_more_tries()
    {
        var world = await ActionWorld.WithLockout(_server);
        foreach (var name in (string[])[world.Email, world.Email.ToUpperInvariant(), " " + world.Email, "u" + world.User.ToString("N"), "U" + world.User.ToString("N").ToUpperInvariant()])
            await world.Fail(1, name);
        (await world.LogIn()).Is(409);
        (await world.LogIn(loginId: "u" + world.User.ToString("N"))).Is(409);
    }

    [Fact]
    public async Task What_a_proxy_would_say_about_the_caller_changes_no_limit()
    {
        var world = await ActionWorld.WithLockout(_server);
        for (var i = 0; i < 5; i++)
            (await world.LogIn("wrong", headers: [("X-Forwarded-For", i % 2 == 0 ? $"203.0.113.{i}, 10.0.0.1" : "no address, at all"), ("Forwarded", $"for=203.0.113.{i}"), ("X-Real-IP", $"::{i}")])).Is(404);
        (await world.LogIn(headers: ("X-Forwarded-For", "198.51.100.7"))).Is(409);
    }

    private static string Shape(Answer answer) => string.Join(',', answer.Body["actions"]!.AsArray().Single()!.AsObject().Select(m => $"{m.Key}:{m.Value!.GetValueKind()}:{(m.Key.EndsWith("ame", StringComparison.Ordinal) ? (string?)m.Value : "")}"));

    private static Task<Answer> Refresh(ActionWorld world, string token) => world.Post("/api/jwt/refresh", new { refreshToken = token });

    private Task<int> Note() => _server.Services.GetRequiredService<ActionEnds>().Note();

    private void Pass(int seconds) => _server.Time.UtcNow += TimeSpan.FromSeconds(seconds);
}
