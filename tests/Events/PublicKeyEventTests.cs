using OrleansAuth.Common;

namespace OrleansAuth.Events;

public sealed class PublicKeyEventTests
{
    [Fact]
    public async Task Applications_hear_that_another_key_signs_their_tokens()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        var (inherits, own) = (await server.NewApplication(world.Tenant), await server.NewApplication(world.Tenant));
        await SignsWith($"/api/application/{own}", "application", await Key("ES256"));
        await SignsWith($"/api/tenant/{world.Tenant}", "tenant", await Key("ES256"));
        await SignsWith($"/api/application/{inherits}", "application", await Key("RS256"));
        // The name of something is nothing that tokens are verified by.
        (await server.Patch($"/api/application/{own}", new { application = new { name = $"Renamed {own}" } }, tenant: world.Tenant)).Is(200);

        Assert.Equal([[own], [inherits], [inherits]], await Told());

        async Task<List<List<Guid>>> Told() => [.. (await world.Told(EventTypes.JwtPublicKeyUpdate)).Select(e => e["applicationIds"]!.AsArray().Select(id => (Guid)id!).ToList())];

        async Task SignsWith(string path, string root, Guid key) => (await server.Patch(
            path, new Dictionary<string, object> { [root] = new { jwtConfiguration = new { enabled = true, accessTokenKeyId = key, idTokenKeyId = key, timeToLiveInSeconds = 600, refreshTokenTimeToLiveInMinutes = 60 } } }, tenant: world.Tenant)).Is(200);

        async Task<Guid> Key(string algorithm) => (Guid)(await server.Post("/api/key/generate", new { key = new { name = $"Key {Guid.NewGuid()}", algorithm, length = algorithm == "RS256" ? 2048 : (int?)null } })).Is(200).Body["key"]!["id"]!;
    }

    [Fact]
    public async Task What_a_shared_secret_signs_has_no_public_key_that_could_change()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        var application = await server.NewApplication(world.Tenant);
        for (var round = 0; round < 2; round++)
        {
            var key = (Guid)(await server.Post("/api/key/generate", new { key = new { name = $"Key {Guid.NewGuid()}", algorithm = "HS256" } })).Is(200).Body["key"]!["id"]!;
            (await server.Patch($"/api/application/{application}", new { application = new { jwtConfiguration = new { enabled = true, accessTokenKeyId = key, idTokenKeyId = key, timeToLiveInSeconds = 600, refreshTokenTimeToLiveInMinutes = 60 } } }, tenant: world.Tenant)).Is(200);
        }

        // Once, when the key of the tenant was left.
        Assert.InRange((await world.Told(EventTypes.JwtPublicKeyUpdate)).Count, 0, 1);
    }
}
