using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>The authorization code flow, from the sign-in page to tokens, and what must never lead to one.</summary>
public sealed class CodeFlowTests
{
    [Fact]
    public async Task A_user_signs_in_and_the_client_gets_tokens_that_say_so()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        var answer = OAuthWorld.Answer((await world.SignIn(browser)).Is(303));
        Assert.Equal(("the state", "Authenticated"), (answer["state"], answer["userState"]));
        Assert.EndsWith($"/{world.Tenant}", answer["iss"], StringComparison.Ordinal);
        var tokens = (await world.Redeem(answer["code"]!)).Is(200).Body;
        Assert.Equal("Bearer", (string?)tokens["token_type"]);
        Assert.Equal(3600, (int)tokens["expires_in"]!);
        Assert.Equal(world.User, (Guid)tokens["userId"]!);
        var id = OAuthWorld.Claims((string)tokens["id_token"]!);
        Assert.Equal((world.Application.ToString(), world.User.ToString(), "the nonce", answer["iss"]), ((string?)id["aud"], (string?)id["sub"], (string?)id["nonce"], (string?)id["iss"]));
        var access = OAuthWorld.Claims((string)tokens["access_token"]!);
        Assert.Equal(("openid offline_access", "PASSWORD"), ((string?)access["scope"], (string?)access["authenticationType"]));
        Assert.NotNull(tokens["refresh_token"]);
        (await world.Server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: (string?)tokens["access_token"])).Is(200);
        Assert.True((bool)(await world.Post("/oauth2/introspect", ("token", (string?)tokens["access_token"]))).Is(200).Body["active"]!);
        var next = (await world.Token(("grant_type", "refresh_token"), ("refresh_token", (string?)tokens["refresh_token"]))).Is(200).Body;
        Assert.NotNull(next["id_token"]);
    }

    [Fact]
    public async Task The_second_visit_needs_no_password()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        await world.SignIn(browser);
        var again = (await browser.Open(world.Authorize())).Is(302);
        (await world.Redeem(OAuthWorld.Answer(again)["code"]!)).Is(200);
        using var stranger = world.Browser();
        (await stranger.Open(world.Authorize())).Is(200);
    }

    [Fact]
    public async Task A_code_is_good_once_and_its_second_use_ends_what_came_of_the_first()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        var code = await world.Code();
        var tokens = (await world.Redeem(code)).Is(200).Body;
        var again = (await world.Redeem(code)).Is(OAuthWorld.Refused);
        Assert.Equal("invalid_grant", (string?)again.Body["error"]);
        (await world.Token(("grant_type", "refresh_token"), ("refresh_token", (string?)tokens["refresh_token"]))).Is(OAuthWorld.Refused);
    }

    [Fact]
    public async Task Consent_is_asked_for_an_application_of_somebody_else()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["relationship"] = "ThirdParty", ["consentMode"] = "RememberDecision" });
        using var browser = world.Browser();
        var asked = (await world.SignIn(browser, ("scope", "openid email"))).Is(303);
        Assert.StartsWith("/oauth2/consent?", asked.Leads, StringComparison.Ordinal);
        var page = (await browser.Open(asked.Leads!)).Is(200);
        var answer = OAuthWorld.Answer((await browser.Submit(page, ("allow", "true"), ("scope", "email"))).Is(303));
        Assert.Equal("openid email", (string?)(await world.Redeem(answer["code"]!)).Is(200).Body["scope"]);
        (await browser.Open(world.Authorize(("scope", "openid email")))).Is(302);
        (await browser.Open(world.Authorize(("scope", "openid email profile")))).Is(303);
    }
}
