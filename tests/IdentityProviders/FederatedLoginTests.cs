using System.Text.Json.Nodes;
using System.Web;
using OrleansAuth.OAuth;

namespace OrleansAuth.IdentityProviders;

/// <summary>Signing in on our pages with a provider that keeps to the protocol.</summary>
public sealed class FederatedLoginTests
{
    [Fact]
    public async Task Somebody_new_gets_an_account_a_registration_and_a_link()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var person = FederationWorld.Somebody();
        person["given_name"] = "Grace";
        var user = await world.UserOf((await world.SignIn(browser, person)).Is(302));
        var stored = (await world.Server.Get($"/api/user/{user}")).Is(200).Body["user"]!;
        Assert.Equal(((string?)person["email"], "Grace", true), ((string?)stored["email"], (string?)stored["firstName"], (bool)stored["verified"]!));
        Assert.Equal(world.OAuth.Application, (Guid)stored["registrations"]![0]!["applicationId"]!);
        var link = Assert.Single(await world.LinksOf(user))!;
        Assert.Equal(((string?)person["sub"], world.Id, "Corp", "OpenIDConnect"), ((string?)link["identityProviderUserId"], (Guid)link["identityProviderId"]!, (string?)link["identityProviderName"], (string?)link["identityProviderType"]));
    }

    [Fact]
    public async Task The_request_has_state_nonce_and_a_challenge_and_goes_where_discovery_says()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var asked = HttpUtility.ParseQueryString(new Uri(await world.Begin(browser, ("login_hint", "ada@example.com"))).Query);
        Assert.Equal((WickedProvider.ClientId, "code", "openid profile email", "S256", "ada@example.com"), (asked["client_id"], asked["response_type"], asked["scope"], asked["code_challenge_method"], asked["login_hint"]));
        Assert.All(new[] { asked["state"], asked["nonce"], asked["code_challenge"] }, value => Assert.True(value!.Length >= 43));
        Assert.EndsWith("/oauth2/callback", asked["redirect_uri"], StringComparison.Ordinal);
        Assert.Equal(3, new[] { asked["state"], asked["nonce"], asked["code_challenge"] }.Distinct().Count());
    }

    [Fact]
    public async Task The_same_person_is_the_same_user_whatever_its_address_says_now()
    {
        await using var world = await FederationWorld.Make();
        using var first = world.OAuth.Browser();
        var person = FederationWorld.Somebody();
        var user = await world.UserOf(await world.SignIn(first, person));
        person["email"] = world.OAuth.Email;
        using var second = world.OAuth.Browser();
        Assert.Equal(user, await world.UserOf(await world.SignIn(second, person)));
        Assert.NotNull((await world.LinksOf(user))[0]!["lastLoginInstant"]);
    }

    [Fact]
    public async Task A_verified_address_links_with_the_user_who_has_it_verified()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        Assert.Equal(world.OAuth.User, await world.UserOf(await world.SignIn(browser, FederationWorld.Person("grace", world.OAuth.Email.ToUpperInvariant(), true))));
        Assert.Single(await world.LinksOf(world.OAuth.User));
    }

    [Fact]
    public async Task Two_providers_with_the_same_subject_know_two_people()
    {
        await using var world = await FederationWorld.Make("LinkAnonymously");
        await using var other = await WickedProvider.Start(world.Server.Time);
        var second = await FederationWorld.Add(world.OAuth, other, "LinkAnonymously");
        using var browser = world.OAuth.Browser();
        var one = await world.UserOf(await world.SignIn(browser, FederationWorld.Person("42")));
        using var stranger = world.OAuth.Browser();
        var away = (await stranger.Open((await stranger.Open(world.OAuth.Authorize())).Document.QuerySelector($"#provider-{second}")!.GetAttribute("href")!)).Is(302).Leads!;
        Assert.NotEqual(one, await world.UserOf(await stranger.Open(other.Approve(away, FederationWorld.Person("42")))));
    }

    [Fact]
    public async Task The_secret_goes_into_the_header_encoded_or_into_the_form_as_configured()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        await world.UserOf(await world.SignIn(browser, FederationWorld.Somebody()));
        Assert.Equal($"Basic {Convert.ToBase64String("the-server:a+secret%3A+of+the+%26+server"u8)}", world.Provider.LastAuthorization);
        Assert.False(world.Provider.LastForm!.ContainsKey("client_secret"));
        (await world.Server.Patch($"/api/identity-provider/{world.Id}", new { identityProvider = new { oauth2 = new { clientAuthenticationMethod = "client_secret_post" } } })).Is(200);
        using var other = world.OAuth.Browser();
        await world.UserOf(await world.SignIn(other, FederationWorld.Somebody()));
        Assert.Null(world.Provider.LastAuthorization);
        Assert.Equal(WickedProvider.ClientSecret, world.Provider.LastForm["client_secret"].ToString());
    }

    [Fact]
    public async Task A_hint_goes_to_the_provider_at_once_and_not_again_after_a_refusal()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var start = (await browser.Open(world.OAuth.Authorize(("idp_hint", world.Id.ToString())))).Is(303);
        var away = (await browser.Open(start.Leads!)).Is(302).Leads!;
        var back = await browser.Open(WickedProvider.Answer(away, ("error", "access_denied"), ("state", WickedProvider.State(away))));
        Assert.Contains("did not sign in", await FederationWorld.IsRefused(browser, back), StringComparison.Ordinal);
        (await browser.Open(world.OAuth.Authorize(("idp_hint", Guid.NewGuid().ToString())))).Is(200);
    }

    [Fact]
    public async Task The_sentence_is_in_the_language_of_the_page()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var away = await world.Begin(browser, ("locale", "de"));
        var back = await browser.Open(WickedProvider.Answer(away, ("error", "access_denied"), ("state", WickedProvider.State(away))));
        Assert.Contains("nicht angemeldet", await FederationWorld.IsRefused(browser, back), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_domain_leads_to_its_provider_before_a_password_is_asked_for()
    {
        var domain = $"{Guid.NewGuid():N}.example";
        await using var world = await FederationWorld.Make(change: p => p["domains"] = new JsonArray(domain));
        using var browser = world.OAuth.Browser();
        var page = (await browser.Open(world.OAuth.Authorize())).Is(200);
        Assert.Null(page.Document.QuerySelector("[name=password]"));
        Assert.Null(page.Document.QuerySelector(".provider"));
        var going = (await browser.Submit(page, "#sign-in-form", ("loginId", $"grace@{domain.ToUpperInvariant()}"))).Is(200);
        var away = (await browser.Open(going.Document.QuerySelector("#continue")!.GetAttribute("href")!)).Is(302).Leads!;
        Assert.Equal($"grace@{domain.ToUpperInvariant()}", HttpUtility.ParseQueryString(new Uri(away).Query)["login_hint"]);
        await world.UserOf(await browser.Open(world.Provider.Approve(away, FederationWorld.Somebody())));

        using var other = world.OAuth.Browser();
        var named = (await other.Submit((await other.Open(world.OAuth.Authorize())).Is(200), "#sign-in-form", ("loginId", world.OAuth.Email))).Is(200);
        (await other.Submit(named, "#sign-in-form", ("password", OAuthWorld.Password))).Is(303);
    }

    [Fact]
    public async Task A_request_may_be_posted_by_the_browser()
    {
        await using var world = await FederationWorld.Make(change: p => p["postRequest"] = true);
        using var browser = world.OAuth.Browser();
        var page = (await browser.Open((await browser.Open(world.OAuth.Authorize())).Document.QuerySelector($"#provider-{world.Id}")!.GetAttribute("href")!)).Is(200);
        var form = page.Document.QuerySelector("form")!;
        Assert.Equal(world.Provider.Issuer + "/authorize", form.GetAttribute("action"));
        Assert.Contains(new Uri(world.Provider.Issuer).GetLeftPart(UriPartial.Authority), string.Join(' ', page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var asked = string.Join('&', form.QuerySelectorAll("input").Select(i => $"{i.GetAttribute("name")}={Uri.EscapeDataString(i.GetAttribute("value")!)}"));
        await world.UserOf(await browser.Open(world.Provider.Approve($"{world.Provider.Issuer}/authorize?{asked}", FederationWorld.Somebody())));
    }

    [Fact]
    public async Task A_second_factor_of_ours_is_asked_for_all_the_same()
    {
        await using var world = await FederationWorld.Make(tenant: JsonNode.Parse("""{"multiFactorConfiguration":{"loginPolicy":"Required","authenticator":{"enabled":true}}}""")!.AsObject());
        using var browser = world.OAuth.Browser();
        var page = (await world.SignIn(browser, FederationWorld.Somebody())).Is(303);
        Assert.StartsWith("/oauth2/two-factor", page.Leads, StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Cookies, c => c.Key.StartsWith("sso-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_user_who_may_not_come_in_does_not_come_in_this_way_either()
    {
        await using var world = await FederationWorld.Make();
        using var browser = world.OAuth.Browser();
        var person = FederationWorld.Somebody();
        var user = await world.UserOf(await world.SignIn(browser, person));
        (await world.Server.Delete($"/api/user/{user}")).Is(200);
        using var later = world.OAuth.Browser();
        Assert.Contains("locked", await FederationWorld.IsRefused(later, await world.SignIn(later, person)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Without_automatic_registration_the_page_says_so()
    {
        await using var world = await FederationWorld.Make(oauth: new JsonObject { ["requireRegistration"] = true });
        (await world.Server.Patch($"/api/identity-provider/{world.Id}", new { identityProvider = new { applicationConfiguration = new Dictionary<string, object> { [world.OAuth.Application.ToString()] = new { enabled = true, createRegistration = false } } } })).Is(200);
        using var browser = world.OAuth.Browser();
        Assert.StartsWith("/oauth2/not-registered?", (await world.SignIn(browser, FederationWorld.Somebody())).Is(303).Leads, StringComparison.Ordinal);
    }
}
