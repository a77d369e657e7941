using System.Text.Json.Nodes;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.IdentityProviders;

/// <summary>From a person at a provider to a user here: what each strategy does, and what none of them does.</summary>
public sealed class LinkingTests
{
    private const string PendingPage = "/oauth2/start-idp-link?";

    [Theory]
    [InlineData("false")]
    [InlineData(null)]
    [InlineData("\"yes\"")]
    [InlineData("1")]
    [InlineData("[true]")]
    public async Task An_address_that_the_provider_does_not_vouch_for_links_with_nobody(string? verified)
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var person = FederationWorld.Person("mallory", world.OAuth.Email);
        if (verified is not null) person["email_verified"] = JsonNode.Parse(verified);
        await IsPending(world, browser, person);
    }

    [Fact]
    public async Task An_address_that_was_never_verified_here_is_nobodys_proof_either()
    {
        await using var world = await FederationWorld.Make(tenant: JsonNode.Parse("""{"emailConfiguration":{"verifyEmail":true}}""")!.AsObject());
        var email = $"{Guid.NewGuid():N}@example.com";
        (await world.Server.Post("/api/user", new { user = new { email, password = OAuthWorld.Password } }, tenant: world.OAuth.Tenant)).Is(200);
        using var browser = world.OAuth.Browser();
        Assert.StartsWith(PendingPage, (await world.SignIn(browser, FederationWorld.Person("grace", email, true))).Is(303).Leads, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_user_is_as_verified_as_the_provider_says_and_no_other_provider_links_with_a_made_up_address()
    {
        await using var world = await FederationWorld.Make();
        var email = $"{Guid.NewGuid():N}@example.com";
        using var mallory = world.OAuth.Browser();
        var made = await world.UserOf((await world.SignIn(mallory, FederationWorld.Person("mallory", email, false))).Is(302));
        Assert.False((bool)(await world.Server.Get($"/api/user/{made}")).Body["user"]!["verified"]!);

        await using var honest = await WickedProvider.Start(world.Server.Time);
        var second = await FederationWorld.Add(world.OAuth, honest, "LinkByEmail");
        using var victim = world.OAuth.Browser();
        var away = (await victim.Open((await victim.Open(world.OAuth.Authorize())).Document.QuerySelector($"#provider-{second}")!.GetAttribute("href")!)).Leads!;
        Assert.StartsWith(PendingPage, (await victim.Open(honest.Approve(away, FederationWorld.Person("victim", email, true)))).Is(303).Leads, StringComparison.Ordinal);
        Assert.Single(await world.LinksOf(made));
    }

    [Fact]
    public async Task A_user_whose_name_looks_like_the_address_is_somebody_else()
    {
        await using var world = await FederationWorld.Make();
        var email = $"{Guid.NewGuid():N}@example.com";
        var named = (Guid)(await world.Server.Post("/api/user", new { user = new { username = email, password = OAuthWorld.Password } }, tenant: world.OAuth.Tenant)).Is(200).Body["user"]!["id"]!;
        using var browser = world.OAuth.Browser();
        Assert.StartsWith(PendingPage, (await world.SignIn(browser, FederationWorld.Person("grace", email, true))).Is(303).Leads, StringComparison.Ordinal);
        Assert.Empty(await world.LinksOf(named));
    }

    [Fact]
    public async Task Where_addresses_are_hidden_a_made_up_one_does_not_tell_whether_somebody_has_it()
    {
        await using var world = await FederationWorld.Make(tenant: JsonNode.Parse("""{"emailConfiguration":{"verifyEmail":true,"unverified":{"behavior":"Gated"}}}""")!.AsObject());
        using var browser = world.OAuth.Browser();
        await IsPending(world, browser, FederationWorld.Person("mallory", world.OAuth.Email, false));
        await IsPending(world, browser, FederationWorld.Person("mallory", $"{Guid.NewGuid():N}@example.com", false));
    }

    [Fact]
    public async Task A_username_makes_a_user_and_never_finds_one()
    {
        await using var world = await FederationWorld.Make("LinkByUsername");
        var name = $"grace{Guid.NewGuid():N}"[..20];
        using var browser = world.OAuth.Browser();
        var user = await world.UserOf((await world.SignIn(browser, new JsonObject { ["sub"] = "1", ["preferred_username"] = name })).Is(302));
        Assert.Equal(name, (string?)(await world.Server.Get($"/api/user/{user}")).Body["user"]!["username"]);
        using var other = world.OAuth.Browser();
        Assert.StartsWith(PendingPage, (await world.SignIn(other, new JsonObject { ["sub"] = "2", ["preferred_username"] = name.ToUpperInvariant() })).Is(303).Leads, StringComparison.Ordinal);
        Assert.Single(await world.LinksOf(user));
    }

    [Theory]
    [InlineData("LinkByEmailForExistingUser")]
    [InlineData("LinkByUsernameForExistingUser")]
    [InlineData("CreatePendingLink")]
    public async Task Strategies_for_users_who_exist_make_none(string strategy)
    {
        await using var world = await FederationWorld.Make(strategy);
        using var browser = world.OAuth.Browser();
        var person = FederationWorld.Somebody();
        person["preferred_username"] = "grace";
        await IsPending(world, browser, person);
        Assert.Equal(1, (int)(await world.Server.Get("/api/user/search?queryString=*", tenant: world.OAuth.Tenant)).Is(200).Body["total"]!);
    }

    [Fact]
    public async Task An_anonymous_user_has_no_names_and_comes_back_as_itself()
    {
        await using var world = await FederationWorld.Make("LinkAnonymously");
        var person = FederationWorld.Person(Guid.NewGuid().ToString(), world.OAuth.Email, true);
        using var browser = world.OAuth.Browser();
        var user = await world.UserOf((await world.SignIn(browser, person)).Is(302));
        Assert.NotEqual(world.OAuth.User, user);
        var shown = (await world.Server.Get($"/api/user/{user}")).Body["user"]!;
        Assert.Null(shown["email"] ?? shown["username"]);
        using var later = world.OAuth.Browser();
        Assert.Equal(user, await world.UserOf(await world.SignIn(later, person)));
        // Whoever changes something else need not give the user a name.
        (await world.Server.Patch($"/api/user/{user}", new { user = new { firstName = "Grace" } })).Is(200);
    }

    [Fact]
    public async Task Without_links_by_signing_in_only_those_come_in_whom_a_call_has_linked()
    {
        await using var world = await FederationWorld.Make("Disabled");
        using var browser = world.OAuth.Browser();
        var person = FederationWorld.Person("grace", world.OAuth.Email, true);
        Assert.Contains("not linked", await FederationWorld.IsRefused(browser, await world.SignIn(browser, person)), StringComparison.Ordinal);
        (await world.Server.Post("/api/identity-provider/link", new { identityProviderLink = new { identityProviderId = world.Id, identityProviderUserId = "grace", userId = world.OAuth.User } })).Is(200);
        Assert.Equal(world.OAuth.User, await world.UserOf(await world.SignIn(browser, person)));
    }

    [Theory]
    [InlineData("""{"enabled":false}""")]
    [InlineData("""{"linkingStrategy":"Unsupported"}""")]
    [InlineData("""{"applicationConfiguration":{"{app}":{"enabled":false}}}""")]
    public async Task A_provider_that_does_not_serve_takes_no_answer_however_good(string change)
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var person = FederationWorld.Somebody();
        var user = await world.UserOf(await world.SignIn(browser, person));
        using var later = world.OAuth.Browser();
        var answer = world.Provider.Approve(await world.Begin(later), person);
        var body = new JsonObject { ["identityProvider"] = JsonNode.Parse(change.Replace("{app}", world.OAuth.Application.ToString(), StringComparison.Ordinal)) };
        (await world.Server.Patch($"/api/identity-provider/{world.Id}", body)).Is(200);
        Assert.Contains("not available", await FederationWorld.IsRefused(later, await later.Open(answer)), StringComparison.Ordinal);
        Assert.Null((await later.Open(world.OAuth.Authorize())).Is(200).Document.QuerySelector(".provider"));
        var start = new Uri(world.Server.Url, world.OAuth.Authorize()).Query;
        Assert.Contains("not available", await FederationWorld.IsRefused(later, await later.Open($"/oauth2/identity-provider/{world.Id}{start}")), StringComparison.Ordinal);
        Assert.Single(await world.LinksOf(user));
    }

    [Fact]
    public async Task A_provider_of_one_tenant_is_nothing_in_another()
    {
        await using var world = await FederationWorld.Make();
        var elsewhere = await OAuthWorld.Make(world.Server);
        var id = await FederationWorld.Add(elsewhere, world.Provider, "LinkByEmail", p => p["tenantId"] = elsewhere.Tenant);
        using var browser = world.OAuth.Browser();
        Assert.Null((await browser.Open(world.OAuth.Authorize())).Is(200).Document.QuerySelector($"#provider-{id}"));
        Assert.Contains("not available", await FederationWorld.IsRefused(browser, await browser.Open($"/oauth2/identity-provider/{id}{new Uri(world.Server.Url, world.OAuth.Authorize()).Query}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_code_of_one_provider_is_nothing_to_another()
    {
        await using var world = await FederationWorld.Make();
        await using var other = await WickedProvider.Start(world.Server.Time);
        var second = await FederationWorld.Add(world.OAuth, other, "LinkByEmail");
        using var browser = world.OAuth.Browser();
        var first = world.Provider.Approve(await world.Begin(browser), FederationWorld.Somebody());
        var away = (await browser.Open((await browser.Open(world.OAuth.Authorize())).Document.QuerySelector($"#provider-{second}")!.GetAttribute("href")!)).Leads!;
        var mixed = WickedProvider.Answer(away, ("code", System.Web.HttpUtility.ParseQueryString(first[first.IndexOf('?')..])["code"]), ("state", WickedProvider.State(away)));
        Assert.Contains("did not sign you in", await FederationWorld.IsRefused(browser, await browser.Open(mixed)), StringComparison.Ordinal);
        Assert.Equal(0, world.Provider.TokenRequests);
    }

    [Fact]
    public async Task A_provider_that_is_made_again_finds_no_links()
    {
        await using var server = await TestServer.Start(folder: null, null, "--Webhooks:AllowPrivateAddresses=true");
        await using var world = await FederationWorld.Make(server: server);
        using var browser = world.OAuth.Browser();
        await world.UserOf(await world.SignIn(browser, FederationWorld.Person("grace", world.OAuth.Email, true)));
        (await world.Server.Delete($"/api/identity-provider/{world.Id}")).Is(200);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await world.LinksOf(world.OAuth.User));
        (await world.Server.Post($"/api/identity-provider/{world.Id}", new JsonObject { ["identityProvider"] = FederationWorld.Settings(world.OAuth.Application, world.Provider.Issuer, "Disabled") })).Is(200);
        using var later = world.OAuth.Browser();
        Assert.Contains("not linked", await FederationWorld.IsRefused(later, await world.SignIn(later, FederationWorld.Person("grace"))), StringComparison.Ordinal);
    }

    private static async Task IsPending(FederationWorld world, Visitor browser, JsonObject person)
    {
        Assert.StartsWith(PendingPage, (await world.SignIn(browser, person)).Is(303).Leads, StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Cookies, c => c.Key.StartsWith("sso-", StringComparison.Ordinal));
        Assert.Empty(await world.LinksOf(world.OAuth.User));
        browser.Cookies.Clear();
    }
}
