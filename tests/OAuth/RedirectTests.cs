using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>Nothing is ever sent to an address that the application did not register, however alike it looks.</summary>
public sealed class RedirectTests
{
    [Theory]
    [InlineData("https://client.example.com.evil.com/callback")]
    [InlineData("https://client.example.com/callback/../evil")]
    [InlineData("https://client.example.com/callback/..%2Fevil")]
    [InlineData("https://client.example.com/callback/%2e%2e/evil")]
    [InlineData("https://client.example.com/callback/..%252Fevil")]
    [InlineData("https://client.example.com/callback/..;/evil")]
    [InlineData("https://client.example.com@evil.com/callback")]
    [InlineData("https://evil.com\\@client.example.com/callback")]
    [InlineData("https://clientaexample.com/callback")]
    [InlineData("https://client.example.com/Callback")]
    [InlineData("HTTPS://client.example.com/callback")]
    [InlineData("https://client.example.com/callback#frag")]
    [InlineData("https://client.example.com/callback#")]
    [InlineData("https://client.example.com/callback?more=1")]
    [InlineData("https://client.example.com/callback/")]
    [InlineData("https://client.example.com//callback")]
    [InlineData("https://client.example.com/callback\t")]
    [InlineData(" https://client.example.com/callback")]
    [InlineData("https://client.example.com:443/callback")]
    [InlineData("https://client.example.com:8443/callback")]
    [InlineData("http://client.example.com/callback")]
    [InlineData("//client.example.com/callback")]
    [InlineData("/callback")]
    [InlineData("javascript:alert(1)//client.example.com/callback")]
    [InlineData("https://client。example.com/callback")]
    [InlineData("https://client.example.com%00.evil.com/callback")]
    [InlineData("https://client.example.com/callback\r\nSet-Cookie: a=b")]
    public async Task An_address_that_is_nearly_registered_gets_a_page_and_no_redirect(string address)
    {
        var world = await Worlds.Plain;
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize(("redirect_uri", address)))).Is(400);
        Assert.Null(page.Leads);
        Assert.DoesNotContain("evil", page.Text, StringComparison.OrdinalIgnoreCase);

        // Also for somebody who is signed in: nothing leaves.
        using var signedIn = world.Browser();
        await world.SignIn(signedIn);
        Assert.Null((await signedIn.Open(world.Authorize(("redirect_uri", address)))).Is(400).Leads);
    }

    [Theory]
    [InlineData("https://*.example.com/callback", "https://a.example.com/callback", true)]
    [InlineData("https://*.example.com/callback", "https://a.b.example.com/callback", false)]
    [InlineData("https://*.example.com/callback", "https://evil.com/.example.com/callback", false)]
    [InlineData("https://*.example.com/callback", "https://evil.com?.example.com/callback", false)]
    [InlineData("https://*.example.com/callback", "https://evil.com#.example.com/callback", false)]
    [InlineData("https://*.example.com/callback", "https://evil.com\\.example.com/callback", false)]
    [InlineData("https://*.example.com/callback", "https://a@evil.example.com/callback", false)]
    [InlineData("https://*.example.com/callback", "https://.example.com/callback", false)]
    [InlineData("https://app.example.com/*", "https://app.example.com/one", true)]
    [InlineData("https://app.example.com/*", "https://app.example.com/one/two", false)]
    [InlineData("https://app.example.com/*", "https://app.example.com/..", false)]
    [InlineData("https://app.example.com/*", "https://app.example.com/%2e%2e", false)]
    [InlineData("https://app.example.com/*", "https://app.example.com/one?x=1", false)]
    public async Task A_wildcard_stands_for_one_part_where_the_administrator_allows_it(string registered, string address, bool allowed)
    {
        var server = await TestServer.Shared;
        var open = await OAuthWorld.Make(server, new JsonObject { ["authorizedRedirectURLs"] = new JsonArray(registered), ["authorizedURLValidationPolicy"] = "AllowWildcards" });
        using var browser = open.Browser();
        (await browser.Open(open.Authorize(("redirect_uri", address)))).Is(allowed ? 200 : 400);
        // The star itself is no address.
        (await browser.Open(open.Authorize(("redirect_uri", registered)))).Is(400);
    }

    [Theory]
    [InlineData("http://127.0.0.1:49152/callback", 200)]
    [InlineData("http://127.0.0.1/callback", 200)]
    [InlineData("http://[::1]:49152/callback", 400)]
    [InlineData("http://127.0.0.1:49152/other", 400)]
    [InlineData("https://127.0.0.1:49152/callback", 400)]
    [InlineData("http://localhost:49152/callback", 400)]
    [InlineData("http://127.0.0.1.evil.com:49152/callback", 400)]
    [InlineData("http://127.0.0.1:49152@evil.com/callback", 400)]
    [InlineData("http://127.0.0.2:49152/callback", 400)]
    public async Task A_program_on_the_users_machine_may_listen_on_any_port(string address, int expected)
    {
        var world = await Worlds.Loopback;
        using var browser = world.Browser();
        Assert.Null((await browser.Open(world.Authorize(("redirect_uri", address)))).Is(expected).Leads);
    }

    [Fact]
    public async Task Without_a_known_client_or_an_address_there_is_a_page()
    {
        var world = await Worlds.Plain;
        var other = await Worlds.Loopback;
        using var browser = world.Browser();
        (await browser.Open(world.Authorize(("client_id", Guid.NewGuid().ToString())))).Is(400);
        (await browser.Open(world.Authorize(("client_id", null)))).Is(400);
        (await browser.Open(world.Authorize(("redirect_uri", null)))).Is(400);
        (await browser.Open(world.Authorize(("tenantId", other.Tenant.ToString())))).Is(400);
        (await browser.Open(world.Authorize(("tenantId", world.Tenant.ToString())))).Is(200);
        var doubled = (await browser.Open(world.Authorize() + "&redirect_uri=https%3A%2F%2Fevil.com")).Is(302);
        Assert.StartsWith(OAuthWorld.Redirect, doubled.Leads, StringComparison.Ordinal);
        Assert.Equal("invalid_request", OAuthWorld.Answer(doubled)["error"]);
    }
}

/// <summary>Worlds that tests share because they only look.</summary>
internal static class Worlds
{
    private static readonly Lazy<Task<OAuthWorld>> One = new(async () => await OAuthWorld.Make(await TestServer.Shared));
    private static readonly Lazy<Task<OAuthWorld>> Two = new(async () => await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["authorizedRedirectURLs"] = new JsonArray("http://127.0.0.1:3000/callback") }));

    public static Task<OAuthWorld> Plain => One.Value;

    public static Task<OAuthWorld> Loopback => Two.Value;
}
