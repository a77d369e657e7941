using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.IdentityProviders;

/// <summary>A provider that others wrote, a real browser that goes there and back, and a checker of accessibility that is not ours.</summary>
public sealed class UpstreamClientTests
{
    private const int HeaviestPage = 60_000;
    private const string Image = "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20viewBox=%220%200%2020%2020%22%3E%3Crect%20width=%2220%22%20height=%2220%22%20rx=%225%22%20fill=%22%230f766e%22/%3E%3C/svg%3E";

    private static readonly string[] Grave = ["moderate", "serious", "critical"];

    [Fact]
    public async Task People_sign_in_with_the_npm_package_oidc_provider()
    {
        await using var server = await TestServer.Start(folder: null, new ManualTime { UtcNow = Clock.System.UtcNow }, "--Webhooks:AllowPrivateAddresses=true");
        var callback = new Uri(server.Url, "/client/callback").ToString();
        var world = await OAuthWorld.Make(server, new JsonObject { ["authorizedRedirectURLs"] = new JsonArray(callback) }, JsonNode.Parse("""{"registrationConfiguration":{"enabled":true}}""")!.AsObject());
        (await server.Patch($"/api/tenant/{world.Tenant}", new { tenant = new { name = $"Northwind Books {Guid.NewGuid().ToString()[..4]}" } })).Is(200);
        (await server.Patch($"/api/application/{world.Application}", new { application = new { name = "Reading room" } })).Is(200);
        var result = await NodeClient.Run("upstream", new
        {
            Tools.Chromium,
            Screenshots = Environment.GetEnvironmentVariable("SCREENSHOTS"),
            Server = server.Url.ToString().TrimEnd('/'),
            ApiKey = TestServer.SuperKey,
            world.Application,
            Authorize = new Uri(server.Url, world.Authorize(("redirect_uri", callback), ("scope", "openid"))).ToString(),
            world.Email,
            OAuthWorld.Password,
            Image,
        }, limit: TimeSpan.FromMinutes(4));

        var seen = result.Json;
        Assert.Empty(seen.GetProperty("violations").EnumerateArray().Where(v => Grave.Contains(v.GetProperty("impact").GetString())).Select(v => v.GetRawText()));
        Assert.Empty(seen.GetProperty("complaints").EnumerateArray().Select(c => c.GetString()));
        Assert.All(seen.GetProperty("weights").EnumerateObject().Where(p => !p.Name.StartsWith("/interaction", StringComparison.Ordinal)), page => Assert.True(page.Value.GetInt32() < HeaviestPage, page.ToString()));
        Assert.Contains("did not sign in", seen.GetProperty("answers").GetProperty("cancelled").GetString(), StringComparison.Ordinal);
        Assert.Contains("nicht angemeldet", seen.GetProperty("answers").GetProperty("german").GetString(), StringComparison.Ordinal);

        // Grace has an account of her own with one link; Kate is a link of the user who signed in and said yes.
        var grace = (await server.Get("/api/user?email=grace.hopper@corp.example", tenant: world.Tenant)).Is(200).Body["user"]!;
        Assert.Equal(("Grace", "Hopper", true), ((string?)grace["firstName"], (string?)grace["lastName"], (bool)grace["verified"]!));
        Assert.Equal("grace", (string?)await Link(server, (Guid)grace["id"]!, seen.GetProperty("staff").GetGuid()));
        Assert.Equal("kate", (string?)await Link(server, world.User, seen.GetProperty("partners").GetGuid()));
    }

    private static async Task<JsonNode?> Link(TestServer server, Guid user, Guid provider) =>
        Assert.Single((JsonArray)(await server.Get($"/api/identity-provider/link?userId={user}&identityProviderId={provider}")).Is(200).Body["identityProviderLinks"]!)!["identityProviderUserId"];
}
