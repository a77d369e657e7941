using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>Refresh tokens of OAuth 2.0 clients: rotation, reuse, scopes and ends.</summary>
public sealed class RefreshGrantTests
{
    private static readonly JsonObject OneTime = (JsonObject)JsonNode.Parse("""{"jwtConfiguration":{"refreshTokenUsagePolicy":"OneTimeUse","refreshTokenRevocationPolicy":{"onOneTimeTokenReuse":true}}}""")!;

    [Fact]
    public async Task Of_fifty_at_once_with_a_one_time_token_one_wins_and_the_family_ends()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, tenant: (JsonObject)OneTime.DeepClone());
        var token = (string?)(await world.Tokens())["refresh_token"];
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Refresh(world, token))));
        var won = Assert.Single(answers, a => (int)a.Status == 200);
        Assert.All(answers.Where(a => a != won), a => Assert.Equal("invalid_grant", (string?)a.Is(400).Body["error"]));
        (await Refresh(world, (string?)won.Body["refresh_token"])).Is(400);
    }

    [Fact]
    public async Task A_token_that_was_exchanged_stays_exchanged_after_a_restart()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server, tenant: (JsonObject)OneTime.DeepClone());
        var first = (string?)(await world.Tokens())["refresh_token"];
        var second = (string?)(await Refresh(world, first)).Is(200).Body["refresh_token"];
        Assert.NotEqual(first, second);
        await using var again = await server.Restart();
        (await Refresh(world.On(again), first)).Is(400);
        (await Refresh(world.On(again), second)).Is(400);
    }

    [Fact]
    public async Task Public_clients_get_one_time_tokens_whatever_the_settings_say()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["clientAuthenticationPolicy"] = "NotRequired" });
        var first = (string?)(await world.Redeem(await world.Code(), ("client_secret", null))).Is(200).Body["refresh_token"];
        var second = (string?)(await Refresh(world, first, ("client_secret", null))).Is(200).Body["refresh_token"];
        Assert.NotEqual(first, second);
        (await Refresh(world, first, ("client_secret", null))).Is(400);
        (await Refresh(world, second, ("client_secret", null))).Is(400);

        // One that proved its secret keeps what the settings say.
        var kept = (string?)(await world.Tokens())["refresh_token"];
        Assert.Equal(kept, (string?)(await Refresh(world, kept)).Is(200).Body["refresh_token"]);
    }

    [Fact]
    public async Task Asking_for_more_is_refused_and_costs_nothing()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, tenant: (JsonObject)OneTime.DeepClone());
        var token = (string?)(await world.Tokens(("scope", "openid email offline_access")))["refresh_token"];
        Assert.Equal("invalid_scope", (string?)(await Refresh(world, token, ("scope", "openid profile"))).Is(400).Body["error"]);
        var less = (await Refresh(world, token, ("scope", "openid"))).Is(200).Body;
        Assert.Equal("openid", (string?)less["scope"]);
        // The grant itself keeps its width (RFC 6749, section 6).
        Assert.Equal("openid email offline_access", (string?)(await Refresh(world, (string?)less["refresh_token"])).Is(200).Body["scope"]);
    }

    [Fact]
    public async Task Another_client_cannot_use_it_and_a_damaged_one_is_nobodys()
    {
        var server = await TestServer.Shared;
        var (world, stranger) = (await OAuthWorld.Make(server), await OAuthWorld.Make(server));
        var token = (string)(await world.Tokens())["refresh_token"]!;
        foreach (var wrong in (string[])[token[..^1], token + "A", token[..43], " " + token, token.ToUpperInvariant(), "", "x"])
            (await Refresh(world, wrong)).Is(400);
        (await Refresh(stranger, token)).Is(400);
        var neighbour = await server.NewApplication(world.Tenant, JsonNode.Parse("""{"oauthConfiguration":{"clientSecret":"the neighbour's secret"}}"""));
        (await Refresh(world, token, ("client_id", neighbour.ToString()), ("client_secret", "the neighbour's secret"))).Is(400);
        (await world.Post("/oauth2/revoke", ("client_id", neighbour.ToString()), ("client_secret", "the neighbour's secret"), ("token", token))).Is(200);
        (await Refresh(world, token)).Is(200);
    }

    [Fact]
    public async Task Revoking_ends_it_and_introspection_says_so_to_its_client_only()
    {
        var server = await TestServer.Shared;
        var (world, stranger) = (await OAuthWorld.Make(server), await OAuthWorld.Make(server));
        var tokens = await world.Tokens();
        var access = (string?)tokens["access_token"];
        Assert.True((bool)(await world.Post("/oauth2/introspect", ("token", access))).Is(200).Body["active"]!);
        (await stranger.Post("/oauth2/introspect", ("token", access))).Is(401);
        (await world.Post("/oauth2/introspect", ("token", access), ("client_secret", "wrong"))).Is(401);
        (await world.Post("/oauth2/revoke", ("token", (string?)tokens["refresh_token"]))).Is(200);
        Assert.False((bool)(await world.Post("/oauth2/introspect", ("token", access))).Is(200).Body["active"]!);
        (await Refresh(world, (string?)tokens["refresh_token"])).Is(400);
        (await world.Post("/oauth2/revoke", ("token", "never heard of"))).Is(200);
    }

    [Theory]
    [InlineData("Fixed", 59, 60, 61)]
    [InlineData("SlidingWindow", 59, 90, 151)]
    [InlineData("SlidingWindowWithMaximumLifetime", 59, 99, 100)]
    public async Task It_ends_when_its_policy_says(string policy, int alive, int last, int over)
    {
        await using var server = await TestServer.Start();
        var settings = (JsonObject)JsonNode.Parse($$$$"""{"jwtConfiguration":{"refreshTokenTimeToLiveInMinutes":60,"refreshTokenExpirationPolicy":"{{{{policy}}}}","refreshTokenSlidingWindowConfiguration":{"maximumTimeToLiveInMinutes":100}}}""")!;
        var world = await OAuthWorld.Make(server, tenant: settings);
        var token = (string?)(await world.Tokens())["refresh_token"];
        var start = server.Time.UtcNow;
        server.Time.UtcNow = start + TimeSpan.FromMinutes(alive);
        (await Refresh(world, token)).Is(200);
        server.Time.UtcNow = start + TimeSpan.FromMinutes(last) - TimeSpan.FromSeconds(1);
        (await Refresh(world, token)).Is(200);
        server.Time.UtcNow = start + TimeSpan.FromMinutes(over);
        (await Refresh(world, token)).Is(400);
    }

    private static Task<Answer> Refresh(OAuthWorld world, string? token, params (string, string?)[] values) =>
        world.Token([("grant_type", "refresh_token"), ("refresh_token", token), .. values]);
}
