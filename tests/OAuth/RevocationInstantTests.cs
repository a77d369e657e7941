using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.OAuth;

/// <summary>Access tokens and revocations in one second, and in one millisecond: what came first is over, what came later is good.</summary>
public sealed class RevocationInstantTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(998)]
    public async Task A_token_is_over_with_a_revocation_later_in_its_second_and_the_next_one_is_not(int milliseconds)
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server);
        var before = (string)(await world.Tokens())["access_token"]!;
        Assert.True(await IsActive(world, before));
        server.Time.UtcNow += TimeSpan.FromMilliseconds(milliseconds);
        (await server.Delete($"/api/jwt/refresh?userId={world.User}", tenant: world.Tenant)).Is(200);
        Assert.False(await IsActive(world, before));
        (await server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: before)).Is(401);

        // In the very same millisecond as the revocation.
        var after = (string)(await world.Tokens())["access_token"]!;
        Assert.True(await IsActive(world, after));
        (await server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: after)).Is(200);
        Assert.Equal(OAuthWorld.Claims(before)["iat"]!.ToString(), OAuthWorld.Claims(after)["iat"]!.ToString());
        Assert.NotEqual(OAuthWorld.Claims(before)["jti"]!.ToString(), OAuthWorld.Claims(after)["jti"]!.ToString());
    }

    [Fact]
    public async Task It_holds_after_a_restart()
    {
        var server = await TestServer.Start();
        // The server listens elsewhere after a restart; the issuer must not follow it.
        var world = await OAuthWorld.Make(server, tenant: (JsonObject)JsonNode.Parse("""{"issuer":"https://login.example.com"}""")!);
        var before = (string)(await world.Tokens())["access_token"]!;
        (await server.Delete($"/api/jwt/refresh?userId={world.User}", tenant: world.Tenant)).Is(200);
        var after = (string)(await world.Tokens())["access_token"]!;
        await using var restarted = await server.Restart();
        world = world.On(restarted);
        Assert.False(await IsActive(world, before));
        Assert.True(await IsActive(world, after));
    }

    [Fact]
    public async Task A_revocation_for_one_application_leaves_the_tokens_of_the_others()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server);
        var token = (string)(await world.Tokens())["access_token"]!;
        var other = await server.NewApplication(world.Tenant);
        (await server.Post($"/api/user/registration/{world.User}", new { registration = new { applicationId = other } }, tenant: world.Tenant)).Is(200);
        (await server.Delete($"/api/jwt/refresh?userId={world.User}&applicationId={other}", tenant: world.Tenant)).Is(200);
        Assert.True(await IsActive(world, token));
        (await server.Delete($"/api/jwt/refresh?userId={world.User}&applicationId={world.Application}", tenant: world.Tenant)).Is(200);
        Assert.False(await IsActive(world, token));
    }

    [Fact]
    public void The_id_of_a_token_says_when_it_was_issued_and_comes_after_what_its_subject_knows_of()
    {
        var subject = new TokenSubject(Guid.NewGuid(), Guid.NewGuid(), null, false, null, false, []);
        const long Now = 1_793_534_400_123;
        Assert.Equal(Now, Issued(TokenIds.New(subject, Now), Now));
        Assert.Equal(Now + 1, Issued(TokenIds.New(subject with { TokensAfter = Now }, Now), Now));
        Assert.Equal(Now + 5, Issued(TokenIds.New(subject with { TokensAfter = Now + 4 }, Now), Now));
        Assert.Equal(2, new[] { TokenIds.New(subject, Now), TokenIds.New(subject, Now) }.Distinct().Count());
    }

    [Theory]
    [InlineData("""{"iat":1793534400,"jti":"3f2504e0-4f89-41d3-9a0c-0305e82c3301"}""")]
    [InlineData("""{"iat":1793534400,"jti":"something else"}""")]
    [InlineData("""{"iat":1793534400,"jti":7}""")]
    [InlineData("""{"iat":1793534400}""")]
    public void A_token_of_an_earlier_version_counts_as_issued_at_the_end_of_its_second(string claims) =>
        Assert.Equal(1_793_534_400_999, TokenIds.IssuedAt(JsonElement.Parse(claims)));

    private static long Issued(Guid id, long now) => TokenIds.IssuedAt(JsonElement.Parse($$"""{"iat":{{now / 1000}},"jti":"{{id}}"}"""));

    private static async Task<bool> IsActive(OAuthWorld world, string token) => (bool)(await world.Post("/oauth2/introspect", ("token", token))).Is(200).Body["active"]!;
}
