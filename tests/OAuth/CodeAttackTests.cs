using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>A code in the wrong hands, at the wrong time or twice is worth nothing.</summary>
public sealed class CodeAttackTests
{
    [Fact]
    public async Task Of_many_at_once_at_most_one_gets_tokens_and_in_the_end_nobody_keeps_them()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        var code = await world.Code();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => world.Redeem(code))));
        var won = answers.Where(a => (int)a.Status == 200).ToList();
        Assert.True(won.Count <= 1, $"{won.Count} got tokens.");
        Assert.All(answers.Except(won), a => Assert.Equal("invalid_grant", (string?)a.Is(400).Body["error"]));
        foreach (var answer in won)
            (await world.Token(("grant_type", "refresh_token"), ("refresh_token", (string?)answer.Body["refresh_token"]))).Is(400);
    }

    [Fact]
    public async Task A_second_use_is_recognised_after_its_time_and_after_a_restart()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server);
        var code = await world.Code();
        var tokens = (await world.Redeem(code)).Is(200).Body;
        server.Time.UtcNow += TimeSpan.FromSeconds(31);
        (await world.Token(("grant_type", "refresh_token"), ("refresh_token", (string?)tokens["refresh_token"]))).Is(200);
        await using var again = await server.Restart();
        var restarted = world.On(again);
        Assert.Equal("invalid_grant", (string?)(await restarted.Redeem(code)).Is(400).Body["error"]);
        (await restarted.Token(("grant_type", "refresh_token"), ("refresh_token", (string?)tokens["refresh_token"]))).Is(400);
    }

    [Fact]
    public async Task A_code_ends_after_the_tenants_seconds_exactly()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server, tenant: JsonNode.Parse("""{"externalIdentifierConfiguration":{"authorizationGrantIdTimeToLiveInSeconds":10}}""")!.AsObject());
        var (early, late) = (await world.Code(), await world.Code());
        server.Time.UtcNow += TimeSpan.FromMilliseconds(9_999);
        (await world.Redeem(early)).Is(200);
        server.Time.UtcNow += TimeSpan.FromMilliseconds(1);
        (await world.Redeem(late)).Is(400);
    }

    [Fact]
    public async Task Another_client_gets_nothing_for_it_and_uses_nothing_up()
    {
        var server = await TestServer.Shared;
        var (world, stranger) = (await OAuthWorld.Make(server), await OAuthWorld.Make(server));
        var neighbour = await server.NewApplication(world.Tenant, JsonNode.Parse("""{"oauthConfiguration":{"authorizedRedirectURLs":["https://client.example.com/callback"],"clientSecret":"the neighbour's secret"}}"""));
        var code = await world.Code();
        (await stranger.Redeem(code)).Is(400);
        (await world.Redeem(code, ("client_id", neighbour.ToString()), ("client_secret", "the neighbour's secret"))).Is(400);
        (await world.Redeem(code, ("redirect_uri", OAuthWorld.Redirect + "/"))).Is(400);
        (await world.Redeem(code, ("redirect_uri", null))).Is(400);
        (await world.Redeem(code)).Is(200);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    [InlineData("short")]
    public async Task Without_the_verifier_there_are_no_tokens(string? verifier)
    {
        var world = await Worlds.Plain;
        Assert.Equal("invalid_grant", (string?)(await world.Redeem(await world.Code(), ("code_verifier", verifier))).Is(400).Body["error"]);
    }

    [Fact]
    public async Task A_verifier_for_a_code_without_challenge_is_refused()
    {
        var world = await Worlds.Plain;
        var code = await world.Code(null, ("code_challenge", null), ("code_challenge_method", null));
        (await world.Redeem(code)).Is(400);
        (await world.Redeem(code, ("code_verifier", null))).Is(200);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("s256")]
    [InlineData("")]
    public async Task No_other_method_than_S256_is_taken(string method)
    {
        var world = await Worlds.Plain;
        using var browser = world.Browser();
        Assert.Equal("invalid_request", OAuthWorld.Answer((await browser.Open(world.Authorize(("code_challenge_method", method)))).Is(302))["error"]);
    }

    [Fact]
    public async Task A_client_without_a_secret_cannot_leave_the_challenge_out()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["clientAuthenticationPolicy"] = "NotRequired" });
        using var browser = world.Browser();
        Assert.Equal("invalid_request", OAuthWorld.Answer((await browser.Open(world.Authorize(("code_challenge", null), ("code_challenge_method", null)))).Is(302))["error"]);
        (await world.Redeem(await world.Code(), ("client_secret", null))).Is(200);
        // A secret that is sent is looked at, also where none is needed.
        Assert.Equal("invalid_client", (string?)(await world.Redeem(await world.Code(), ("client_secret", "wrong"))).Is(401).Body["error"]);
    }

    [Fact]
    public async Task Who_may_not_come_in_any_more_gets_nothing_for_a_code_from_before()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        var (locked, revoked) = (await world.Code(), await world.Code());
        (await world.Server.Delete($"/api/jwt/refresh?userId={world.User}", tenant: world.Tenant)).Is(200);
        (await world.Redeem(revoked)).Is(400);
        (await world.Server.Delete($"/api/user/{world.User}", tenant: world.Tenant)).Is(200);
        (await world.Redeem(locked)).Is(400);
    }

    [Fact]
    public async Task The_client_has_to_show_who_it_is()
    {
        var world = await Worlds.Plain;
        var code = await world.Code();
        foreach (var (id, secret) in new (string?, string?)[] { (world.Application.ToString(), null), (world.Application.ToString(), "wrong"), (null, world.Secret), (Guid.NewGuid().ToString(), world.Secret), (world.Application + " ", world.Secret) })
        {
            var refused = (await world.Redeem(code, ("client_id", id), ("client_secret", secret))).Is(401);
            Assert.Equal("invalid_client", (string?)refused.Body["error"]);
            Assert.StartsWith("Basic", refused.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        }

        // A signed assertion is no way that is offered: alone it proves nothing (RFC 7523).
        (await world.Redeem(code, ("client_secret", null), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", "e30.e30.e30"))).Is(401);
        (await world.Redeem(code)).Is(200);
    }
}
