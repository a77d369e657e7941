using System.Text.Json.Nodes;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.IdentityProviders;

/// <summary>The page between a person of a provider and an account here: nothing is linked without a sign-in of our own, now, and a yes.</summary>
public sealed class PendingLinkPageTests
{
    [Fact]
    public async Task Who_signs_in_and_says_yes_is_linked_and_comes_in_by_the_provider_from_then_on()
    {
        await using var world = await FederationWorld.Make("CreatePendingLink");
        using var browser = world.OAuth.Browser();
        var person = FederationWorld.Person("grace", "grace@elsewhere.example", true);
        var offer = await Offer(world, browser, person);
        Assert.Equal(("Corp", "grace@elsewhere.example"), (offer.Document.QuerySelector("#provider")!.TextContent, offer.Document.QuerySelector("#known-as")!.TextContent));
        var confirm = await SignIn(world, browser, offer);
        Assert.Equal(world.OAuth.Email, confirm.Document.QuerySelector("#account")!.TextContent);
        Assert.Empty(await world.LinksOf(world.OAuth.User));
        var answer = (await browser.Submit(confirm, ("choice", "link"))).Is(303);
        Assert.Equal(world.OAuth.User, await world.UserOf(answer));
        Assert.Equal("grace@elsewhere.example", (string?)Assert.Single(await world.LinksOf(world.OAuth.User))!["displayName"]);
        using var later = world.OAuth.Browser();
        Assert.Equal(world.OAuth.User, await world.UserOf((await world.SignIn(later, person)).Is(302)));
    }

    [Fact]
    public async Task Who_says_no_goes_on_without_a_link()
    {
        await using var world = await FederationWorld.Make("CreatePendingLink");
        using var browser = world.OAuth.Browser();
        var confirm = await SignIn(world, browser, await Offer(world, browser, FederationWorld.Person("grace")));
        Assert.Equal(world.OAuth.User, await world.UserOf((await browser.Submit(confirm, ("choice", "skip"))).Is(303)));
        Assert.Empty(await world.LinksOf(world.OAuth.User));
    }

    [Fact]
    public async Task Who_cancels_is_on_the_sign_in_page_with_the_other_ways_in()
    {
        await using var world = await FederationWorld.Make("CreatePendingLink");
        using var browser = world.OAuth.Browser();
        var offer = await Offer(world, browser, FederationWorld.Person("grace"));
        Assert.Null((await browser.Open(offer.Document.QuerySelector("#sign-in")!.GetAttribute("href")!)).Is(200).Document.QuerySelector(".provider"));
        var back = (await browser.Submit(offer, ("choice", "skip"))).Is(303);
        Assert.NotNull((await browser.Open(back.Leads!)).Is(200).Document.QuerySelector($"#provider-{world.Id}"));
    }

    [Fact]
    public async Task A_session_from_before_is_no_word_of_the_accounts_owner()
    {
        await using var server = await TestServer.Start(folder: null, null, "--Webhooks:AllowPrivateAddresses=true");
        await using var world = await FederationWorld.Make("CreatePendingLink", server: server);
        using var browser = world.OAuth.Browser();
        var away = await world.Begin(browser);
        // Somebody is signed in, and then somebody (else) comes back from the provider.
        (await world.OAuth.SignIn(browser)).Is(303);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var offer = (await browser.Open((await browser.Open(world.Provider.Approve(away, FederationWorld.Person("mallory")))).Is(303).Leads!)).Is(200);
        Assert.Null(offer.Document.QuerySelector("#link"));
        (await browser.Submit(offer, ("choice", "link"))).Is(200);
        Assert.Empty(await world.LinksOf(world.OAuth.User));
        // The way on asks for the password, though there is a session.
        var again = (await browser.Open(offer.Document.QuerySelector("#sign-in")!.GetAttribute("href")!)).Is(200);
        Assert.NotNull(again.Document.QuerySelector("[name=password]"));
    }

    [Fact]
    public async Task A_login_by_another_provider_is_no_proof_of_our_own()
    {
        await using var world = await FederationWorld.Make("CreatePendingLink");
        await using var linked = await WickedProvider.Start(world.Server.Time);
        var second = await FederationWorld.Add(world.OAuth, linked, "LinkByEmail");
        using var browser = world.OAuth.Browser();
        var page = (await browser.Open(world.OAuth.Authorize())).Is(200);
        var other = (await browser.Open(page.Document.QuerySelector($"#provider-{second}")!.GetAttribute("href")!)).Leads!;
        await Offer(world, browser, FederationWorld.Person("mallory"));
        var entered = (await browser.Open(linked.Approve(other, FederationWorld.Person("victim", world.OAuth.Email, true)))).Is(302);
        Assert.Equal(world.OAuth.User, await world.UserOf(entered));
        var offer = (await browser.Open("/oauth2/start-idp-link" + new Uri(world.Server.Url, world.OAuth.Authorize()).Query)).Is(200);
        Assert.Null(offer.Document.QuerySelector("#link"));
        (await browser.Submit(offer, ("choice", "link"))).Is(200);
        Assert.Single(await world.LinksOf(world.OAuth.User));
    }

    [Fact]
    public async Task A_form_of_another_site_links_nobody()
    {
        await using var world = await FederationWorld.Make("CreatePendingLink");
        using var browser = world.OAuth.Browser();
        var confirm = await SignIn(world, browser, await Offer(world, browser, FederationWorld.Person("grace")));
        (await browser.Post(confirm.Document.QuerySelector("form")!.GetAttribute("action")!, [new("choice", "link")])).Is(400);
        browser.Headers["Sec-Fetch-Site"] = "cross-site";
        (await browser.Submit(confirm, ("choice", "link"))).Is(403);
        Assert.Empty(await world.LinksOf(world.OAuth.User));
    }

    [Fact]
    public async Task What_is_pending_is_good_once_and_for_an_hour_and_in_its_own_tenant()
    {
        await using var server = await TestServer.Start(folder: null, null, "--Webhooks:AllowPrivateAddresses=true");
        await using var world = await FederationWorld.Make("CreatePendingLink", server: server);
        var another = await OAuthWorld.AnotherUser(world.OAuth);
        using var browser = world.OAuth.Browser();
        var offer = await Offer(world, browser, FederationWorld.Person("grace"));
        var pending = browser.Cookies.Single(c => c.Key.StartsWith("pending-link-", StringComparison.Ordinal)).Value;
        (await Link(server, new Guid("00000000-0000-0000-0000-0000000000aa"), pending)).Is(400);
        var elsewhere = await OAuthWorld.Make(server);
        Assert.Equal("[invalid]pendingIdPLinkId", (await Link(server, elsewhere.User, pending)).Is(400).FieldError("pendingIdPLinkId"));
        (await Link(server, world.OAuth.User, pending)).Is(200);
        Assert.Equal("[invalid]pendingIdPLinkId", (await Link(server, another.User, pending)).Is(400).FieldError("pendingIdPLinkId"));
        // The page of the browser that had it: there is nothing to say yes to any more.
        Assert.StartsWith("/oauth2/authorize?", (await browser.Open(offer.Path)).Is(303).Leads, StringComparison.Ordinal);

        using var slow = world.OAuth.Browser();
        var late = await Offer(world, slow, FederationWorld.Person("late"));
        server.Time.Advance(TimeSpan.FromHours(1));
        Assert.StartsWith("/oauth2/authorize?", (await slow.Open(late.Path)).Is(303).Leads, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_users_who_say_yes_to_one_person_at_once_leave_one_link()
    {
        await using var world = await FederationWorld.Make("CreatePendingLink");
        var another = await OAuthWorld.AnotherUser(world.OAuth);
        var (first, second) = (world.OAuth.Browser(), world.OAuth.Browser());
        var one = await SignIn(world, first, await Offer(world, first, FederationWorld.Person("grace")));
        var two = await SignIn(world, second, await Offer(world, second, FederationWorld.Person("grace")), another.Email);
        var pages = await Task.WhenAll(first.Submit(one, ("choice", "link")), second.Submit(two, ("choice", "link")));
        Assert.Single(pages, page => page.Leads is not null);
        Assert.Contains("another account", pages.Single(page => page.Leads is null).Is(200).Document.QuerySelector("#fault")!.TextContent, StringComparison.Ordinal);
        Assert.Single([.. await world.LinksOf(world.OAuth.User), .. await world.LinksOf(another.User)]);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task A_user_has_no_more_links_than_the_tenant_allows()
    {
        await using var world = await FederationWorld.Make("CreatePendingLink");
        (await world.Server.Patch($"/api/identity-provider/{world.Id}", new { identityProvider = new { tenantConfiguration = new Dictionary<Guid, object> { [world.OAuth.Tenant] = new { limitUserLinkCount = new { enabled = true, maximumLinks = 1 } } } } })).Is(200);
        using var browser = world.OAuth.Browser();
        await world.UserOf((await browser.Submit(await SignIn(world, browser, await Offer(world, browser, FederationWorld.Person("one"))), ("choice", "link"))).Is(303));
        using var other = world.OAuth.Browser();
        var refused = (await other.Submit(await SignIn(world, other, await Offer(world, other, FederationWorld.Person("two"))), ("choice", "link"))).Is(200);
        Assert.Contains("as many links", refused.Document.QuerySelector("#fault")!.TextContent, StringComparison.Ordinal);
        Assert.Single(await world.LinksOf(world.OAuth.User));
    }

    [Fact]
    public async Task Who_makes_an_account_is_asked_too()
    {
        await using var world = await FederationWorld.Make("CreatePendingLink", application: JsonNode.Parse("""{"registrationConfiguration":{"enabled":true}}""")!.AsObject());
        using var browser = world.OAuth.Browser();
        var offer = await Offer(world, browser, FederationWorld.Person("grace"));
        var form = (await browser.Open(offer.Document.QuerySelector("#register")!.GetAttribute("href")!)).Is(200);
        var email = $"{Guid.NewGuid():N}@example.com";
        var made = await browser.Submit(form, ("email", email), ("password", OAuthWorld.Password));
        made.Is(303);
        var confirm = (await browser.Open(made.Leads!)).Is(200);
        Assert.Equal(email, confirm.Document.QuerySelector("#account")!.TextContent);
        var user = await world.UserOf((await browser.Submit(confirm, ("choice", "link"))).Is(303));
        Assert.Single(await world.LinksOf(user));
    }

    private static Task<Answer> Link(TestServer server, Guid user, string pending) =>
        server.Post("/api/identity-provider/link", new { identityProviderLink = new { userId = user }, pendingIdPLinkId = pending });

    private static async Task<Page> Offer(FederationWorld world, Visitor browser, JsonObject person) =>
        (await browser.Open((await world.SignIn(browser, person)).Is(303).Leads!)).Is(200);

    private static async Task<Page> SignIn(FederationWorld world, Visitor browser, Page offer, string? email = null)
    {
        var form = (await browser.Open(offer.Document.QuerySelector("#sign-in")!.GetAttribute("href")!)).Is(200);
        var entered = (await browser.Submit(form, "#sign-in-form", ("loginId", email ?? world.OAuth.Email), ("password", OAuthWorld.Password))).Is(303);
        Assert.StartsWith("/oauth2/start-idp-link?", entered.Leads, StringComparison.Ordinal);
        return (await browser.Open(entered.Leads!)).Is(200);
    }
}
