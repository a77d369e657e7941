using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.UserActions;

public sealed class RateLimitTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task While_there_were_too_many_failures_the_right_password_is_as_wrong_as_any()
    {
        var world = await Limited("failedLogin");
        await world.Fail(5);
        Assert.Equal("", (await world.LogIn()).Is(404).Text);
        Pass(59);
        (await world.LogIn()).Is(404);
        // What is refused unseen does not lengthen the time.
        Pass(1);
        (await world.LogIn()).Is(200);
    }

    [Fact]
    public async Task A_failure_that_is_not_looked_at_does_not_feed_the_lockout()
    {
        var world = await ActionWorld.WithLockout(_server, new { tooManyAttempts = 4 }, tenant => tenant["rateLimitConfiguration"] = Limit("failedLogin", 3));
        await world.Fail(30);
        Pass(60);
        (await world.LogIn()).Is(200);
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_limited_too_and_one_time_passwords_and_application_tokens_are()
    {
        var world = await Limited("failedLogin");
        await world.Fail(7, "nobody@example.com");
        (await world.LogIn()).Is(200);

        var changed = (await world.Post("/api/user/forgot-password", new { loginId = world.Email, sendForgotPasswordEmail = false })).Is(200);
        var once = (await world.Server.Post($"/api/user/change-password/{changed.Body["changePasswordId"]}", new { password = "another horse battery" }, key: "", tenant: world.Tenant)).Is(200);
        await world.Fail(5);
        (await world.Post("/api/login", new { oneTimePassword = (string?)once.Body["oneTimePassword"], applicationId = world.Application })).Is(404);
    }

    [Fact]
    public async Task Forgotten_passwords_are_mailed_only_so_often_and_nobody_is_told()
    {
        var world = await Limited("forgotPassword");
        Assert.Equal(0, await Mails(world));
        for (var i = 0; i < 8; i++)
            Assert.NotNull((await world.Post("/api/user/forgot-password", new { loginId = world.Email })).Is(200).Body["changePasswordId"]);
        Assert.Equal(5, await Mails(world));
        Pass(60);
        (await world.Post("/api/user/forgot-password", new { loginId = world.Email })).Is(200);
        Assert.Equal(6, await Mails(world));
    }

    private async Task<ActionWorld> Limited(string action) => await ActionWorld.New(_server, (tenant, _) => tenant["rateLimitConfiguration"] = Limit(action, 5));

    private static JsonObject Limit(string action, int limit) => new() { [action] = new JsonObject { ["enabled"] = true, ["limit"] = limit, ["timePeriodInSeconds"] = 60 } };

    /// <summary>Mails to users of the tenant that wait: it has no mail server that takes them.</summary>
    private async Task<long> Mails(ActionWorld world) => (await _server.Services.GetRequiredService<IStore>().Query(
        "select count(*) as n from outbox where queue = @queue and tenant_id = @tenant", row => row.Long("n"), default, ("queue", "mail"), ("tenant", world.Tenant)))[0];

    private void Pass(int seconds) => _server.Time.UtcNow += TimeSpan.FromSeconds(seconds);
}
