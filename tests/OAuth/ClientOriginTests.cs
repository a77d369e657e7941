using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>Applications that run in a browser, from where they registered and from nowhere else.</summary>
public sealed class ClientOriginTests
{
    [Fact]
    public async Task A_registered_origin_may_exchange_its_code_and_another_may_not_read_the_answer()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["authorizedOriginURLs"] = new JsonArray("https://spa.example.com/start", "javascript:alert(1)") });
        foreach (var (origin, allowed) in new[] { ("https://spa.example.com", true), ("https://evil.example.com", false), ("https://spa.example.com.evil.com", false), ("http://spa.example.com", false), ("null", false) })
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = world.Server.Url };
            using var preflight = new HttpRequestMessage(HttpMethod.Options, "/oauth2/token");
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", "POST");
            using var answer = await client.SendAsync(preflight);
            Assert.Equal(allowed, answer.IsSuccessStatusCode);
            Assert.Equal(allowed ? origin : null, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
            using var post = new HttpRequestMessage(HttpMethod.Post, "/oauth2/token") { Content = new FormUrlEncodedContent([]) };
            post.Headers.Add("Origin", origin);
            using var posted = await client.SendAsync(post);
            Assert.Equal(allowed, posted.Headers.Contains("Access-Control-Allow-Origin"));
            Assert.Contains("Origin", posted.Headers.Vary);
        }
    }

    [Fact]
    public async Task What_is_public_is_open_to_every_page_and_what_is_not_stays_shut()
    {
        var world = await Worlds.Plain;
        foreach (var path in (string[])["/.well-known/jwks.json", $"/{world.Tenant}/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"])
            Assert.Equal("*", (await world.Server.Get(path, key: "")).Is(200).Headers["Access-Control-Allow-Origin"]);
        foreach (var path in (string[])["/api/status", "/oauth2/authorize", "/oauth2/introspect"])
            Assert.False((await world.Server.Get(path, key: "")).Headers.ContainsKey("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_registration_that_went_away_before_the_exchange_is_missed_there()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["requireRegistration"] = true });
        var code = await world.Code();
        (await world.Server.Delete($"/api/user/registration/{world.User}/{world.Application}", tenant: world.Tenant)).Is(200);
        Assert.Equal("user_not_registered", (string?)(await world.Redeem(code)).Is(400).Body["error_reason"]);
    }
}
