using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.UserActions;

public sealed class LoginPreventionTests
{
    [Fact]
    public async Task An_action_in_force_keeps_the_user_out_and_says_so_to_who_has_the_password()
    {
        await using var server = await TestServer.Start();
        var world = await ActionWorld.New(server);
        var code = $"C{Guid.NewGuid():N}";
        var reason = (Guid)(await world.Post("/api/user-action-reason", new { userActionReason = new { code, text = $"Text {code}" } })).Is(200).Body["userActionReason"]!["id"]!;
        (await world.LogIn()).Is(200);
        var id = await world.Taken(new { expiry = world.Now + 60_000, reasonId = reason });

        var action = Assert.Single((await world.LogIn()).Is(409).Body["actions"]!.AsArray())!.AsObject();
        Assert.Equal(["actionId", "actionerUserId", "expiry", "localizedName", "localizedReason", "name", "reason", "reasonCode"], action.Select(m => m.Key).Order());
        Assert.Equal((id, world.Actioner, world.Now + 60_000, code), ((Guid)action["actionId"]!, (Guid)action["actionerUserId"]!, (long)action["expiry"]!, (string?)action["reasonCode"]));
        Assert.Equal("", (await world.LogIn("wrong")).Is(404).Text);
        server.Time.UtcNow += TimeSpan.FromMinutes(1);
        (await world.LogIn()).Is(200);
    }

    [Fact]
    public async Task What_the_user_holds_is_over_and_stays_over_where_the_tenant_says_so()
    {
        var world = await ActionWorld.New(await TestServer.Shared);
        var token = (string)(await world.LogIn()).Is(200).Body["refreshToken"]!;
        Assert.Equal(200, (int)(await Refresh(world, token)).Status);
        var id = await world.Taken(new { expiry = long.MaxValue });
        (await Refresh(world, token)).Is(400);
        Assert.Empty((await world.Server.Get($"/api/jwt/refresh?userId={world.User}", tenant: world.Tenant)).Is(200).Body["refreshTokens"]!.AsArray());
        (await world.Cancel(id)).Is(200);
        (await Refresh(world, token)).Is(400);
        (await world.LogIn()).Is(200);
    }

    [Fact]
    public async Task Without_that_policy_tokens_rest_while_it_is_in_force()
    {
        var world = await ActionWorld.New(await TestServer.Shared, (tenant, _) =>
            tenant["jwtConfiguration"] = JsonNode.Parse("""{"refreshTokenRevocationPolicy":{"onLoginPrevented":false,"onPasswordChanged":true}}"""));
        var token = (string)(await world.LogIn()).Is(200).Body["refreshToken"]!;
        var id = await world.Taken(new { expiry = long.MaxValue });
        (await Refresh(world, token)).Is(400);
        (await world.Server.Put($"/api/login/{world.User}/{world.Application}", new { }, tenant: world.Tenant)).Is(409);
        (await world.Cancel(id)).Is(200);
        (await Refresh(world, token)).Is(200);
    }

    [Fact]
    public async Task An_action_that_names_applications_keeps_out_of_those_alone()
    {
        var world = await ActionWorld.New(await TestServer.Shared);
        var other = await world.Server.NewApplication(world.Tenant);
        (await world.Post($"/api/user/registration/{world.User}", new { registration = new { applicationId = other } })).Is(200);
        var (here, there) = ((string)(await world.LogIn()).Is(200).Body["refreshToken"]!, (string)(await world.LogIn(application: other)).Is(200).Body["refreshToken"]!);
        await world.Taken(new { expiry = long.MaxValue, applicationIds = new[] { world.Application } });
        (await world.LogIn()).Is(409);
        (await Refresh(world, here)).Is(400);
        (await world.LogIn(application: other)).Is(200);
        (await Refresh(world, there)).Is(200);
    }

    [Fact]
    public async Task A_user_has_only_so_many_actions_that_keep_out()
    {
        var world = await ActionWorld.New(await TestServer.Shared);
        for (var i = 0; i < 50; i++) (await world.Take(new { expiry = long.MaxValue })).Is(200);
        Assert.Equal("[tooMany]action", (await world.Take(new { expiry = long.MaxValue })).Is(400).GeneralError);
        Assert.Equal(50, (await world.LogIn()).Is(409).Body["actions"]!.AsArray().Count);
    }

    [Fact]
    public async Task It_is_in_force_after_a_restart()
    {
        var server = await TestServer.Start();
        var first = server;
        try
        {
            var world = await ActionWorld.New(server);
            await world.Taken(new { expiry = long.MaxValue });
            server = await server.Restart();
            (await server.Post("/api/login", new { loginId = world.Email, password = ActionWorld.Password, applicationId = world.Application }, tenant: world.Tenant)).Is(409);
        }
        finally
        {
            await server.DisposeAsync();
            await first.DisposeAsync();
        }
    }

    private static Task<Answer> Refresh(ActionWorld world, string token) => world.Post("/api/jwt/refresh", new { refreshToken = token });
}
