using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.WebAuthn;

/// <summary>Passkeys on the hosted pages, in a real browser with authenticators that are not ours.</summary>
public sealed class PasskeyBrowserTests
{
    private const int HeaviestPage = 60_000;
    private static readonly string[] Grave = ["moderate", "serious", "critical"];

    [Fact]
    public async Task A_person_makes_and_uses_passkeys()
    {
        var server = await TestServer.Shared;
        var origin = $"http://localhost:{server.Url.Port}";
        var world = await World(server, origin, "{}");
        var (other, plain) = (await OAuthWorld.AnotherUser(world), await OAuthWorld.AnotherUser(world));
        var weak = await World(server, origin, """{"bootstrapWorkflow":{"enabled":true,"userVerificationRequirement":"discouraged"},"reauthenticationWorkflow":{"enabled":false}}""");
        var result = await NodeClient.Run("passkeys", new
        {
            Tools.Chromium,
            Screenshots = Environment.GetEnvironmentVariable("SCREENSHOTS"),
            Origin = origin,
            Api = new { server.Url, Key = TestServer.SuperKey, world.Tenant },
            User = new { Id = world.User, world.Email },
            Other = new { Id = other.User, other.Email },
            Plain = new { Id = plain.User, plain.Email },
            WeakUser = new { Id = weak.User, weak.Email },
            WeakTenant = weak.Tenant,
            OAuthWorld.Password,
            SignIn = Address(world, origin),
            Weak = Address(weak, origin),
        }, limit: TimeSpan.FromMinutes(3));

        var seen = result.Json;
        Assert.Empty(seen.GetProperty("violations").EnumerateArray().Where(v => Grave.Contains(v.GetProperty("impact").GetString())).Select(v => v.GetRawText()));
        Assert.Empty(seen.GetProperty("complaints").EnumerateArray().Select(c => c.GetString()));
        Assert.All(seen.GetProperty("weights").EnumerateObject(), page => Assert.True(page.Value.GetInt32() < HeaviestPage, page.ToString()));
    }

    private static Task<OAuthWorld> World(TestServer server, string origin, string settings)
    {
        var passkeys = (JsonObject)JsonNode.Parse("""{"enabled":true,"bootstrapWorkflow":{"enabled":true},"reauthenticationWorkflow":{"enabled":true}}""")!;
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(settings)!) passkeys[name] = value?.DeepClone();
        return OAuthWorld.Make(server, new JsonObject { ["authorizedRedirectURLs"] = new JsonArray($"{origin}/client/callback") }, tenant: new JsonObject { ["webAuthnConfiguration"] = passkeys, ["baseURL"] = origin });
    }

    private static string Address(OAuthWorld world, string origin) => origin + world.Authorize(("redirect_uri", $"{origin}/client/callback"));
}
