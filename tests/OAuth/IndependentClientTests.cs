using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>A client that others wrote and certified goes through all of the protocol, knowing nothing but the tenant's address.</summary>
public sealed class IndependentClientTests
{
    private const string AfterLogout = "https://client.example.com/bye";

    [Fact]
    public async Task The_npm_package_openid_client_uses_every_grant_and_endpoint()
    {
        await using var server = await TestServer.Start(time: new ManualTime { UtcNow = Clock.System.UtcNow });
        var world = await OAuthWorld.Make(server, new JsonObject
        {
            ["authorizedRedirectURLs"] = new JsonArray(OAuthWorld.Redirect, AfterLogout),
            ["enabledGrants"] = new JsonArray("authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"),
        });
        var open = await server.NewApplication(world.Tenant, new JsonObject
        {
            ["oauthConfiguration"] = new JsonObject { ["authorizedRedirectURLs"] = new JsonArray(OAuthWorld.Redirect), ["clientAuthenticationPolicy"] = "NotRequired" },
        });
        (await server.Post($"/api/user/registration/{world.User}", new { registration = new { applicationId = open } }, tenant: world.Tenant)).Is(200);
        var (machine, target) = await Entities(server, world.Tenant);

        var result = await NodeClient.Run(
            "openid",
            new
            {
                issuer = $"{server.Url.ToString().TrimEnd('/')}/{world.Tenant}",
                confidential = new { id = world.Application, secret = world.Secret },
                @public = new { id = open },
                entity = new { id = (string)machine["clientId"]!, secret = (string)machine["clientSecret"]!, target },
                redirectUri = OAuthWorld.Redirect,
                afterLogout = AfterLogout,
                loginId = world.Email,
                password = OAuthWorld.Password,
            },
            limit: TimeSpan.FromMinutes(2));

        var seen = (JsonObject)JsonNode.Parse(result.Json.GetRawText())!;
        Assert.Equal(world.User.ToString(), (string?)seen["claims"]!["sub"]);
        Assert.Equal(world.Email, (string?)seen["claims"]!["email"]);
    }

    /// <summary>A machine that may read another one.</summary>
    private static async Task<(JsonObject Machine, Guid Target)> Entities(TestServer server, Guid tenant)
    {
        var type = (await server.Post("/api/entity/type", new { entityType = new { name = $"Type {Guid.NewGuid()}", permissions = new[] { new { name = "read" }, new { name = "write" } } } })).Is(200).Body["entityType"]!["id"]!;
        var machine = (JsonObject)(await server.Post("/api/entity", new { entity = new { name = "machine", type = new { id = (Guid)type } } }, tenant: tenant)).Is(200).Body["entity"]!;
        var target = (Guid)(await server.Post("/api/entity", new { entity = new { name = "target", type = new { id = (Guid)type } } }, tenant: tenant)).Is(200).Body["entity"]!["id"]!;
        (await server.Post($"/api/entity/{target}/grant", new { grant = new { recipientEntityId = (Guid)machine["id"]!, permissions = new[] { "read" } } }, tenant: tenant)).Is(200);
        return (machine, target);
    }
}
