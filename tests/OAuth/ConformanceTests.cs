using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>What the OpenID conformance suite looks at, one by one.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public async Task Without_interaction_a_stranger_is_told_to_sign_in_and_a_known_user_gets_a_code()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        var refused = OAuthWorld.Answer((await browser.Open(world.Authorize(("prompt", "none")))).Is(302));
        Assert.Equal(("login_required", "the state"), (refused["error"], refused["state"]));
        Assert.NotNull(refused["iss"]);
        await world.SignIn(browser);
        Assert.NotNull(OAuthWorld.Answer((await browser.Open(world.Authorize(("prompt", "none")))).Is(302))["code"]);
    }

    [Fact]
    public async Task Prompt_login_asks_again_and_the_id_token_says_when()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server);
        using var browser = world.Browser();
        var first = OAuthWorld.Claims((string)(await world.Redeem(OAuthWorld.Answer(await world.SignIn(browser))["code"]!)).Is(200).Body["id_token"]!);
        server.Time.UtcNow += TimeSpan.FromMinutes(5);
        (await browser.Open(world.Authorize(("prompt", "login")))).Is(200);
        var again = OAuthWorld.Claims((string)(await world.Redeem(OAuthWorld.Answer(await world.SignIn(browser, ("prompt", "login")))["code"]!)).Is(200).Body["id_token"]!);
        Assert.Equal(300, (long)again["auth_time"]! - (long)first["auth_time"]!);
        Assert.NotEqual((string?)first["sid"], (string?)again["sid"]);
    }

    [Fact]
    public async Task An_older_sign_in_than_max_age_is_asked_again()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(server);
        using var browser = world.Browser();
        await world.SignIn(browser);
        server.Time.UtcNow += TimeSpan.FromSeconds(100);
        (await browser.Open(world.Authorize(("max_age", "100")))).Is(302);
        (await browser.Open(world.Authorize(("max_age", "99")))).Is(200);
        Assert.Equal("login_required", OAuthWorld.Answer(await browser.Open(world.Authorize(("max_age", "99"), ("prompt", "none"))))["error"]);
        Assert.Equal("invalid_request", OAuthWorld.Answer(await browser.Open(world.Authorize(("max_age", "-1"))))["error"]);
    }

    [Fact]
    public async Task A_hint_of_somebody_else_never_gets_this_users_code()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        var hint = (string)(await world.Redeem(OAuthWorld.Answer(await world.SignIn(browser))["code"]!)).Is(200).Body["id_token"]!;
        Assert.NotNull(OAuthWorld.Answer(await browser.Open(world.Authorize(("prompt", "none"), ("id_token_hint", hint))))["code"]);
        using var stranger = world.Browser();
        Assert.Equal("login_required", OAuthWorld.Answer(await stranger.Open(world.Authorize(("prompt", "none"), ("id_token_hint", hint))))["error"]);
        var forged = hint[..^4] + "AAAA";
        Assert.Equal("invalid_request", OAuthWorld.Answer(await browser.Open(world.Authorize(("prompt", "none"), ("id_token_hint", forged))))["error"]);
        (await browser.Open(world.Authorize(("login_hint", "somebody@else.example.com")))).Is(200);
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "code token", "unsupported_response_type")]
    [InlineData("response_type", "nonsense", "unsupported_response_type")]
    [InlineData("response_type", "token", "unauthorized_client")]
    [InlineData("response_type", "id_token", "unauthorized_client")]
    [InlineData("response_mode", "nonsense", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("prompt", "nonsense", "invalid_request")]
    [InlineData("scope", "openid nonsense", "invalid_scope")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("registration", "{}", "registration_not_supported")]
    [InlineData("resource", "https://api.example.com", "invalid_target")]
    public async Task What_is_wrong_is_told_to_the_client(string name, string? value, string error)
    {
        var world = await Worlds.Plain;
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize((name, value)))).Is(302);
        var answer = OAuthWorld.Answer(page);
        Assert.Equal((error, "the state"), (answer["error"], answer["state"]));
        Assert.NotNull(answer["error_description"]);
    }

    [Theory]
    [InlineData("acr_values", "1 2")]
    [InlineData("ui_locales", "se")]
    [InlineData("claims_locales", "se")]
    [InlineData("display", "page")]
    [InlineData("claims", """{"id_token":{"auth_time":{"essential":true}}}""")]
    [InlineData("extra", "foobar")]
    [InlineData("idp_hint", "somebody.example.com")]
    public async Task What_is_not_known_or_cannot_be_done_is_ignored(string name, string value)
    {
        var world = await Worlds.Plain;
        Assert.NotNull(await world.Code(null, (name, value)));
    }

    [Fact]
    public async Task A_parameter_comes_once()
    {
        var world = await Worlds.Plain;
        using var browser = world.Browser();
        Assert.Equal("invalid_request", OAuthWorld.Answer(await browser.Open(world.Authorize() + "&scope=openid"))["error"]);
        var twice = await world.Server.Send(HttpMethod.Post, "/oauth2/token", $"grant_type=password&grant_type=password&client_id={world.Application}", key: "", contentType: "application/x-www-form-urlencoded");
        Assert.Equal("invalid_request", (string?)twice.Is(400).Body["error"]);
    }

    [Fact]
    public async Task Userinfo_answers_by_header_and_by_form_with_the_claims_of_the_scopes()
    {
        var user = (JsonObject)JsonNode.Parse("""{"firstName":"Ada","lastName":"Lovelace","birthDate":"1815-12-10","preferredLanguages":["en_GB"],"phoneNumber":"+441234567890","data":{"address":{"locality":"London"}}}""")!;
        var world = await OAuthWorld.Make(await TestServer.Shared, user: user);
        var access = (string)(await world.Tokens(("scope", "openid profile email phone address")))["access_token"]!;
        var info = (await world.Server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: access)).Is(200).Body;
        Assert.Equal(("Ada Lovelace", "Ada", "en-GB", "1815-12-10", world.Email, "+441234567890", "London"),
            ((string?)info["name"], (string?)info["given_name"], (string?)info["locale"], (string?)info["birthdate"], (string?)info["email"], (string?)info["phone_number"], (string?)info["address"]!["locality"]));
        Assert.Equal(world.User.ToString(), (string?)info["sub"]);
        (await world.Server.Send(HttpMethod.Post, "/oauth2/userinfo", bearer: access)).Is(200);
        (await world.Server.Send(HttpMethod.Post, "/oauth2/userinfo", $"access_token={access}", key: "", contentType: "application/x-www-form-urlencoded")).Is(200);
        var bare = (await world.Server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: (string)(await world.Tokens(("scope", "openid")))["access_token"]!)).Is(200).Body;
        Assert.Equal(["sub", "applicationId", "roles"], bare.Select(m => m.Key));
        (await world.Server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: (string)(await world.Tokens(("scope", "email"), ("nonce", null)))["access_token"]!)).Is(401);
        (await world.Server.Send(HttpMethod.Get, "/oauth2/userinfo", key: "")).Is(401);
        (await world.Server.Send(HttpMethod.Get, $"/oauth2/userinfo?access_token={access}", key: "")).Is(401);
    }

    [Fact]
    public async Task No_other_token_of_ours_passes_for_an_access_token()
    {
        var server = await TestServer.Shared;
        var (world, other) = (await OAuthWorld.Make(server), await OAuthWorld.Make(server));
        var tokens = await world.Tokens();
        var (access, id, refresh) = ((string)tokens["access_token"]!, (string)tokens["id_token"]!, (string)tokens["refresh_token"]!);
        foreach (var wrong in (string[])[id, refresh, access[..^2], access + "A", access.Split('.')[0] + "." + access.Split('.')[1] + ".", Unsigned(access)])
        {
            (await server.Send(HttpMethod.Get, "/oauth2/userinfo", bearer: wrong)).Is(HttpStatusCode.Unauthorized);
            (await server.Send(HttpMethod.Get, "/api/user", bearer: wrong)).Is(HttpStatusCode.Unauthorized);
            Assert.False((bool)(await world.Post("/oauth2/introspect", ("token", wrong))).Is(200).Body["active"]!);
        }

        // A good one is good in its own tenant only.
        (await server.Send(HttpMethod.Get, "/api/user", bearer: access, tenant: other.Tenant)).Is(HttpStatusCode.Unauthorized);
        (await server.Send(HttpMethod.Get, "/api/user", bearer: access)).Is(200);
    }

    [Fact]
    public async Task The_client_authenticates_by_header_or_by_form_but_not_by_both()
    {
        var world = await Worlds.Plain;
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{world.Application}:{world.Secret}"));
        var code = await world.Code();
        var form = $"grant_type=authorization_code&code={code}&redirect_uri={Uri.EscapeDataString(OAuthWorld.Redirect)}&code_verifier={OAuthWorld.Verifier}";
        (await Send($"{form}&client_id={world.Application}&client_secret={world.Secret}", basic)).Is(400);
        (await Send(form, "Basic bm9ib2R5")).Is(401);
        (await Send(form, "Basic !!!")).Is(401);
        var answer = (await Send(form, basic)).Is(200);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);

        Task<Answer> Send(string body, string authorization) => world.Server.Send(HttpMethod.Post, "/oauth2/token", body, key: authorization, contentType: "application/x-www-form-urlencoded");
    }

    [Fact]
    public async Task A_form_post_carries_the_answer_past_logs_and_scripts_of_the_page_only()
    {
        var world = await Worlds.Plain;
        using var browser = world.Browser();
        var page = (await world.SignIn(browser, ("response_mode", "form_post"), ("state", "\"><script>alert(1)</script>"))).Is(200);
        var form = page.Document.QuerySelector("form")!;
        Assert.Equal(OAuthWorld.Redirect, form.GetAttribute("action"));
        Assert.Equal("\"><script>alert(1)</script>", form.QuerySelector("input[name=state]")!.GetAttribute("value"));
        Assert.NotNull(form.QuerySelector("input[name=code]")!.GetAttribute("value"));
        Assert.Single(page.Document.QuerySelectorAll("script"));
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("form-action 'self' https://client.example.com;", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'sha256-", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_implicit_grant_is_there_for_who_switches_it_on()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, new JsonObject { ["enabledGrants"] = new JsonArray("implicit") });
        using var browser = world.Browser();
        var page = (await world.SignIn(browser, ("response_type", "id_token token"), ("code_challenge", null), ("code_challenge_method", null))).Is(303);
        Assert.Contains('#', page.Leads!);
        var answer = OAuthWorld.Answer(page);
        Assert.Equal("Bearer", answer["token_type"]);
        Assert.Equal("the nonce", (string?)OAuthWorld.Claims(answer["id_token"]!)["nonce"]);
        Assert.NotNull(OAuthWorld.Claims(answer["id_token"]!)["at_hash"]);
        Assert.Null(answer["refresh_token"]);
        Assert.Equal("invalid_request", OAuthWorld.Answer(await browser.Open(world.Authorize(("response_type", "id_token"), ("nonce", null))))["error"]);
        Assert.Equal("invalid_request", OAuthWorld.Answer(await browser.Open(world.Authorize(("response_type", "token"), ("response_mode", "query"))))["error"]);
    }

    [Fact]
    public async Task The_password_grant_is_off_and_says_little_when_it_is_on()
    {
        var server = await TestServer.Shared;
        var off = await Worlds.Plain;
        Assert.Equal("unauthorized_client", (string?)(await off.Token(("grant_type", "password"), ("username", off.Email), ("password", OAuthWorld.Password))).Is(400).Body["error"]);
        var on = await OAuthWorld.Make(server, new JsonObject { ["enabledGrants"] = new JsonArray("password", "refresh_token") });
        var tokens = (await on.Token(("grant_type", "password"), ("username", on.Email), ("password", OAuthWorld.Password), ("scope", "openid offline_access"))).Is(200).Body;
        Assert.NotNull(tokens["id_token"]);
        Assert.NotNull(tokens["refresh_token"]);
        var wrong = (await on.Token(("grant_type", "password"), ("username", on.Email), ("password", "wrong"))).Is(400);
        var unknown = (await on.Token(("grant_type", "password"), ("username", "nobody@example.com"), ("password", "wrong"))).Is(400);
        Assert.Equal(wrong.Text, unknown.Text);
        Assert.Equal("invalid_grant", (string?)wrong.Body["error"]);
    }

    private static string Unsigned(string token) => "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + token.Split('.')[1] + ".";
}
