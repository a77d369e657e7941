using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Storage;

namespace OrleansAuth.IdentityProviders;

/// <summary>What ties an answer to the login that it is of: the state, once, in one browser.</summary>
public sealed class UpstreamStateTests
{
    [Fact]
    public async Task An_answer_counts_once()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var answer = world.Provider.Approve(await world.Begin(browser), FederationWorld.Somebody());
        (await browser.Open(answer)).Is(302);
        // The browser that has been in with it goes on as it would anyway; what is in the address is not looked at.
        (await browser.Open(answer)).Is(400);
        Assert.Equal(1, world.Provider.TokenRequests);
        using var thief = world.OAuth.Browser();
        (await thief.Open(answer)).Is(400);
        Assert.Equal(1, world.Provider.TokenRequests);
    }

    [Fact]
    public async Task Going_back_after_a_refusal_leads_to_the_sign_in_page_and_not_into_a_dead_end()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var away = await world.Begin(browser);
        var answer = WickedProvider.Answer(away, ("error", "access_denied"), ("state", WickedProvider.State(away)));
        (await browser.Open(answer)).Is(303);
        var again = (await browser.Open(answer)).Is(303);
        Assert.NotNull((await browser.Open(again.Leads!)).Is(200).Document.QuerySelector("#sign-in-form"));
    }

    [Fact]
    public async Task The_answer_to_one_browser_is_worth_nothing_in_another_and_still_good_in_its_own()
    {
        await using var world = await FederationWorld.Make();
        using var victim = world.OAuth.Browser();
        using var attacker = world.OAuth.Browser();
        // A login of the victim that the attacker caught; a login of the attacker that the victim is made to finish.
        var stolen = world.Provider.Approve(await world.Begin(victim), FederationWorld.Somebody());
        var planted = world.Provider.Approve(await world.Begin(attacker), FederationWorld.Somebody());
        var page = (await attacker.Open(stolen)).Is(400);
        Assert.Contains("another browser", page.Text, StringComparison.Ordinal);
        (await victim.Open(planted)).Is(400);
        Assert.Equal(0, world.Provider.TokenRequests);
        (await victim.Open(stolen)).Is(302);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=abc")]
    [InlineData("?code=abc&state=")]
    [InlineData("?code=abc&state=abc")]
    [InlineData("?code=abc&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("?error=access_denied")]
    [InlineData("?code=a&code=b&state=abc")]
    public async Task An_answer_to_nothing_is_a_page_that_says_so(string query)
    {
        var server = await FederationWorld.SharedServer;
        using var browser = new Administration.Visitor(server.Url);
        var page = (await browser.Open("/oauth2/callback" + query)).Is(400);
        Assert.Equal("unknown_upstream_login", page.Document.QuerySelector("#reason")!.TextContent);
    }

    [Fact]
    public async Task A_state_with_another_tenant_in_it_is_no_state()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var away = await world.Begin(browser);
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(WickedProvider.State(away));
        (await world.Server.NewTenant()).ToByteArray(bigEndian: true).CopyTo(bytes, 0);
        (await browser.Open(WickedProvider.Answer(away, ("code", "abc"), ("state", System.Buffers.Text.Base64Url.EncodeToString(bytes))))).Is(400);
    }

    [Fact]
    public async Task A_login_that_took_too_long_is_over()
    {
        await using var server = await TestServer.Start(folder: null, null, "--Webhooks:AllowPrivateAddresses=true");
        await using var world = await FederationWorld.Make(server: server, tenant: JsonNode.Parse("""{"externalIdentifierConfiguration":{"externalAuthenticationIdTimeToLiveInSeconds":120}}""")!.AsObject());
        using var browser = world.OAuth.Browser();
        var answer = world.Provider.Approve(await world.Begin(browser), FederationWorld.Somebody());
        server.Time.Advance(TimeSpan.FromSeconds(120));
        (await browser.Open(answer)).Is(400);
        Assert.Equal(0, world.Provider.TokenRequests);
    }

    [Fact]
    public async Task A_login_survives_a_restart_of_the_server_and_counts_once_after_it()
    {
        var server = await TestServer.Start(folder: null, null, "--Webhooks:AllowPrivateAddresses=true", "--Web:PublicUrl=http://login.example.com");
        await using var world = await FederationWorld.Make(server: server);
        using var browser = world.OAuth.Browser();
        var answer = world.Provider.Approve(await world.Begin(browser), FederationWorld.Somebody());
        var restarted = await server.Restart();
        await using var after = world.On(restarted);
        using var same = new Administration.Visitor(restarted.Url);
        foreach (var (name, value) in browser.Cookies) same.Cookies[name] = value;
        var user = await after.UserOf((await same.Open(answer)).Is(302));
        Assert.Single(await after.LinksOf(user));
        (await same.Open(answer)).Is(400);
        await restarted.DisposeAsync();
        Directory.Delete(server.Folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_that_the_protocol_keeps_secret_lies_in_the_store()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var away = await world.Begin(browser);
        var asked = System.Web.HttpUtility.ParseQueryString(new Uri(away).Query);
        await browser.Open(world.Provider.Approve(away, FederationWorld.Somebody()));
        var store = world.Server.Services.GetRequiredService<IStore>();
        var rows = await store.Query("select id, body from state", row => row.Text("id") + System.Text.Encoding.UTF8.GetString(row.Bytes("body")));
        string[] secrets = [asked["state"]!, asked["nonce"]!, world.Provider.LastForm!["code_verifier"]!, world.Provider.LastForm["code"]!, WickedProvider.ClientSecret, browser.Cookies.FirstOrDefault(c => c.Key.Contains("upstream", StringComparison.Ordinal)).Value ?? "-none-"];
        Assert.DoesNotContain(rows, row => secrets.Any(secret => row.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Two_answers_of_one_person_at_once_make_one_user_and_one_link()
    {
        await using var world = await FederationWorld.Make();
        var person = FederationWorld.Somebody();
        var browsers = Enumerable.Range(0, 8).Select(_ => world.OAuth.Browser()).ToList();
        var answers = new List<string>();
        foreach (var browser in browsers) answers.Add(world.Provider.Approve(await world.Begin(browser), person));
        var pages = await Task.WhenAll(browsers.Select((browser, i) => browser.Open(answers[i])));
        var users = new HashSet<Guid>();
        foreach (var page in pages) users.Add(await world.UserOf(page.Is(302)));
        Assert.Single(await world.LinksOf(Assert.Single(users)));
        Assert.Equal(2, (int)(await world.Server.Get("/api/user/search?queryString=*", tenant: world.OAuth.Tenant)).Is(200).Body["total"]!);
        browsers.ForEach(b => b.Dispose());
    }

    [Fact]
    public async Task One_answer_in_many_tabs_at_once_is_redeemed_once()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var answer = world.Provider.Approve(await world.Begin(browser), FederationWorld.Somebody());
        var tabs = Enumerable.Range(0, 8).Select(_ => world.OAuth.Browser()).ToList();
        foreach (var tab in tabs)
            foreach (var (name, value) in browser.Cookies) tab.Cookies[name] = value;
        var pages = await Task.WhenAll(tabs.Select(tab => tab.Open(answer)));
        Assert.Single(pages, page => page.Leads?.StartsWith(OAuthWorld.Redirect, StringComparison.Ordinal) == true);
        Assert.Equal(1, world.Provider.TokenRequests);
        tabs.ForEach(tab => tab.Dispose());
    }
}
