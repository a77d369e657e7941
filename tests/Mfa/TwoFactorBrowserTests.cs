using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mfa;

/// <summary>The pages of the second factor in a real browser, with a checker of accessibility that is not ours.</summary>
public sealed class TwoFactorBrowserTests
{
    private const int HeaviestPage = 60_000;
    private static readonly string[] Grave = ["moderate", "serious", "critical"];
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];

    [Fact]
    public async Task A_person_sets_a_second_factor_up_and_signs_in_with_it()
    {
        await using var server = await TestServer.Start(settings: "--environment=Development");
        var oauth = new JsonObject { ["authorizedRedirectURLs"] = new JsonArray(new Uri(server.Url, "/client/callback").ToString()) };
        var world = await OAuthWorld.Make(server, oauth, tenant: (JsonObject)JsonNode.Parse("""{"name":"x","multiFactorConfiguration":{"loginPolicy":"Required","email":{"enabled":true},"sms":{"enabled":true}}}""")!);
        (await server.Patch($"/api/tenant/{world.Tenant}", new { tenant = new { name = $"Northwind Books {Guid.NewGuid().ToString()[..4]}" } })).Is(200);
        var second = await OAuthWorld.AnotherUser(world);
        await Enable(server, second);
        server.Time.UtcNow += TimeSpan.FromSeconds(60);
        var change = (string)(await server.Post("/api/user/forgot-password", new { loginId = second.Email, sendForgotPasswordEmail = false }, tenant: world.Tenant)).Is(200).Body["changePasswordId"]!;
        var address = new Uri(server.Url, world.Authorize(("redirect_uri", new Uri(server.Url, "/client/callback").ToString()), ("scope", "openid"))).ToString();
        var result = await NodeClient.Run("two-factor-pages", new
        {
            Tools.Chromium,
            Screenshots = Environment.GetEnvironmentVariable("SCREENSHOTS"),
            Now = server.Time.UtcNow.ToUnixTimeMilliseconds(),
            world.Email,
            OAuthWorld.Password,
            Enable = address,
            Second = new { Address = address, second.Email, Secret = Convert.ToHexStringLower(Secret) },
            Change = new Uri(server.Url, $"/password/change/{change}?tenantId={world.Tenant}"),
        }, limit: TimeSpan.FromMinutes(4));

        var seen = result.Json;
        Assert.Empty(seen.GetProperty("violations").EnumerateArray().Where(v => Grave.Contains(v.GetProperty("impact").GetString())).Select(v => v.GetRawText()));
        Assert.Empty(seen.GetProperty("complaints").EnumerateArray().Select(c => c.GetString()));
        Assert.All(seen.GetProperty("weights").EnumerateObject(), page => Assert.True(page.Value.GetInt32() < HeaviestPage, page.ToString()));
    }

    /// <summary>An authenticator and an address.</summary>
    private static async Task Enable(TestServer server, OAuthWorld world)
    {
        var code = Totp.Code(Secret, Totp.Step(server.Time.UtcNow.ToUnixTimeMilliseconds(), 30), TotpAlgorithm.HmacSHA1, 6);
        (await server.Post($"/api/user/two-factor/{world.User}", new { method = "authenticator", code, secret = Convert.ToBase64String(Secret) })).Is(200);
        (await server.Post("/api/two-factor/send", new { userId = world.User, method = "email", email = world.Email })).Is(200);
        var store = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Storage.IStore>(server.Services);
        while ((await store.Query("select count(*) as found from outbox", row => row.Long("found")))[0] > 0) await Task.Yield();
        var grains = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<IGrainFactory>(server.Services);
        var mail = (await Mail.MailCatcherGrainKeys.MailCatcher(grains).Newest()).First(m => m.To == world.Email);
        var sent = System.Text.RegularExpressions.Regex.Match(mail.Text, @"\b\d{6}\b").Value;
        (await server.Post($"/api/user/two-factor/{world.User}", new { method = "email", email = world.Email, code = sent })).Is(200);
    }
}
