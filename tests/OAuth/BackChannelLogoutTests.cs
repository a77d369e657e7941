using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.Hosting;
using OrleansAuth.Storage;
using OrleansAuth.Webhooks;

namespace OrleansAuth.OAuth;

/// <summary>Applications learn from the server itself that a session is over (OpenID Connect Back-Channel Logout), and sessions are listed and ended through the API.</summary>
public sealed class BackChannelLogoutTests
{
    private const string AllowPrivate = "--Webhooks:AllowPrivateAddresses=true";

    /// <summary>After it the second attempt is due. Shorter than an attempt may take, or one that begins while the time moves would be over at once.</summary>
    private static readonly TimeSpan LongestFirstPause = TimeSpan.FromSeconds(16);

    [Fact]
    public async Task An_application_gets_a_token_that_another_library_trusts()
    {
        await using var server = await TestServer.Start(settings: AllowPrivate);
        await using var receiver = await LogoutReceiver.Start();
        var (world, browser, tokens) = await SignedIn(server, receiver.Url);
        using var own = browser;
        (await browser.Open($"/oauth2/logout?id_token_hint={tokens["id_token"]}")).Is(200);
        var token = await receiver.Next();
        var id = OAuthWorld.Claims((string)tokens["id_token"]!);
        var seen = await NodeClient.Run("logout-token", new
        {
            token,
            jwks = $"{server.Url}{world.Tenant}/.well-known/jwks.json",
            issuer = (string?)id["iss"],
            audience = world.Application,
            now = server.Time.GetUtcNow().ToUnixTimeSeconds(),
        });
        Assert.Equal((world.User.ToString(), (string?)id["sid"]), (seen.Json.GetProperty("claims").GetProperty("sub").GetString(), seen.Json.GetProperty("claims").GetProperty("sid").GetString()));
        Assert.Equal("logout+jwt", seen.Json.GetProperty("header").GetProperty("typ").GetString());
        (await server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: token)).Is(401);
        (await browser.Open($"/oauth2/logout?id_token_hint={token}")).Is(400);
    }

    [Fact]
    public async Task An_application_that_is_away_is_told_when_it_is_back()
    {
        await using var server = await TestServer.Start(settings: AllowPrivate);
        await using var receiver = await LogoutReceiver.Start();
        receiver.Answers = [503];
        var (_, browser, tokens) = await SignedIn(server, receiver.Url);
        using var own = browser;
        (await browser.Open($"/oauth2/logout?id_token_hint={tokens["id_token"]}")).Is(200);
        var first = OAuthWorld.Claims(await receiver.Next());
        await Stored(server, "attempts = 1", 1);
        server.Time.Advance(LongestFirstPause);
        var second = OAuthWorld.Claims(await receiver.Next());
        Assert.Equal((string?)first["jti"], (string?)second["jti"]);
        Assert.True((long)second["iat"]! > (long)first["iat"]!);
        await Stored(server, "1 = 1", 0);
    }

    [Fact]
    public async Task What_was_not_said_is_said_after_a_restart()
    {
        var server = await TestServer.Start(settings: AllowPrivate);
        await using var receiver = await LogoutReceiver.Start();
        receiver.Answers = [500];
        var (_, browser, tokens) = await SignedIn(server, receiver.Url);
        (await browser.Open($"/oauth2/logout?id_token_hint={tokens["id_token"]}")).Is(200);
        browser.Dispose();
        await receiver.Next();
        await Stored(server, "attempts = 1", 1);
        await using var next = await server.Restart();
        next.Time.Advance(LongestFirstPause);
        await receiver.Next();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task An_address_inside_is_not_spoken_to_unless_a_setting_says_so()
    {
        await using var server = await TestServer.Start();
        await using var receiver = await LogoutReceiver.Start();
        var (_, browser, tokens) = await SignedIn(server, receiver.Url);
        using var own = browser;
        (await browser.Open($"/oauth2/logout?id_token_hint={tokens["id_token"]}")).Is(200);
        await Stored(server, "attempts = 1 and fault like '%public internet%'", 1);
        Assert.Equal(0, receiver.Requests);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        await using var server = await TestServer.Start(settings: AllowPrivate);
        await using var receiver = await LogoutReceiver.Start();
        receiver.Answers = [302];
        var (_, browser, tokens) = await SignedIn(server, receiver.Url);
        using var own = browser;
        (await browser.Open($"/oauth2/logout?id_token_hint={tokens["id_token"]}")).Is(200);
        await Stored(server, "attempts = 1 and fault like '%302%'", 1);
        Assert.Equal(1, receiver.Requests);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    public void Only_the_public_internet_is_public(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task The_API_lists_a_browser_s_session_and_ends_it()
    {
        await using var server = await TestServer.Start(settings: AllowPrivate);
        await using var receiver = await LogoutReceiver.Start();
        var (world, browser, tokens) = await SignedIn(server, receiver.Url);
        using var own = browser;
        var sid = (Guid)OAuthWorld.Claims((string)tokens["id_token"]!)["sid"]!;
        var listed = (await server.Get($"/api/jwt/refresh?userId={world.User}", tenant: world.Tenant)).Is(200).Body["refreshTokens"]!.AsArray();
        var session = Assert.Single(listed, t => t!["applicationId"] is null)!;
        Assert.True(listed.Count > 1);
        Assert.Equal((sid, world.User, "BROWSER"), ((Guid)session["id"]!, (Guid)session["userId"]!, (string?)session["metaData"]!["device"]!["type"]));
        (await server.Get($"/api/jwt/refresh/{sid}", tenant: world.Tenant)).Is(200);
        var other = await server.NewTenant();
        (await server.Get($"/api/jwt/refresh/{sid}", tenant: other)).Is(404);
        (await server.Delete($"/api/jwt/refresh/{sid}", tenant: other)).Is(200);
        Assert.Equal(302, (int)(await browser.Open(world.Authorize())).Status);
        (await server.Delete($"/api/jwt/refresh/{sid}", tenant: world.Tenant)).Is(200);
        (await server.Get($"/api/jwt/refresh/{sid}", tenant: world.Tenant)).Is(404);
        Assert.Equal(200, (int)(await browser.Open(world.Authorize())).Status);
        Assert.Equal(sid, (Guid)OAuthWorld.Claims(await receiver.Next())["sid"]!);
    }

    [Fact]
    public async Task A_user_ends_its_own_browser_s_session_and_nobody_else_s()
    {
        await using var server = await TestServer.Start();
        var (world, browser, tokens) = await SignedIn(server, null);
        using var own = browser;
        var sid = OAuthWorld.Claims((string)tokens["id_token"]!)["sid"]!;
        var (other, otherBrowser, otherTokens) = await SignedIn(server, null);
        otherBrowser.Dispose();
        (await server.Send(HttpMethod.Delete, $"/api/jwt/refresh/{sid}", bearer: (string?)otherTokens["access_token"])).Is(401);
        Assert.Equal(302, (int)(await browser.Open(world.Authorize())).Status);
        (await server.Send(HttpMethod.Delete, $"/api/jwt/refresh/{sid}", bearer: (string?)tokens["access_token"])).Is(200);
        Assert.Equal(200, (int)(await browser.Open(world.Authorize())).Status);
        Assert.NotEqual(world.User, other.User);
    }

    [Fact]
    public async Task What_a_revocation_of_all_leaves_is_swept_away_and_what_lives_stays()
    {
        await using var server = await TestServer.Start();
        var (world, browser, _) = await SignedIn(server, null);
        using var own = browser;
        var (other, otherBrowser, otherTokens) = await SignedIn(server, null);
        using var alsoOwn = otherBrowser;
        (await server.Delete($"/api/jwt/refresh?userId={world.User}", tenant: world.Tenant)).Is(200);
        Assert.Equal(200, (int)(await browser.Open(world.Authorize())).Status);
        Assert.Equal(2, await Count(server, "state where kind = 'sso'"));
        var sessions = await Count(server, "state where kind = 'session'");
        await server.Services.GetRequiredService<Sweeper>().Sweep();
        // Both users had as many sessions.
        Assert.Equal((1L, sessions / 2), (await Count(server, "state where kind = 'sso'"), await Count(server, "state where kind = 'session'")));
        Assert.Equal(302, (int)(await otherBrowser.Open(other.Authorize())).Status);
        (await other.Token(("grant_type", "refresh_token"), ("refresh_token", (string?)otherTokens["refresh_token"]))).Is(200);
    }

    private static async Task<(OAuthWorld World, Visitor Browser, JsonObject Tokens)> SignedIn(TestServer server, string? backChannel)
    {
        var world = await OAuthWorld.Make(server, backChannel is null ? null : new JsonObject { ["backChannelLogoutURL"] = backChannel });
        var browser = world.Browser();
        return (world, browser, (await world.Redeem(await world.Code(browser))).Is(200).Body);
    }

    /// <summary>Waits until so many entries of the outbox are so.</summary>
    private static async Task Stored(TestServer server, string condition, long count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await Count(server, $"outbox where queue = 'backchannel-logout' and {condition}") != count)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<long> Count(TestServer server, string from) =>
        (await server.Services.GetRequiredService<IStoreReader>().Query($"select count(*) as n from {from}", row => row.Long("n")))[0];
}
