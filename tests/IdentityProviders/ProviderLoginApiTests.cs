using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Mfa;
using OrleansAuth.OAuth;
using OrleansAuth.Tenants;

namespace OrleansAuth.IdentityProviders;

/// <summary>Logins that an application completes by a call, and links by calls.</summary>
public sealed class ProviderLoginApiTests
{
    private const string Redirect = "https://client.example.com/from-corp";

    [Fact]
    public async Task A_code_signs_in_and_the_token_says_how()
    {
        await using var world = await FederationWorld.Make();
        var login = (await LogIn(world, FederationWorld.Person("grace", world.OAuth.Email, true))).Is(200).Body;
        Assert.Equal(world.OAuth.User, (Guid)login["user"]!["id"]!);
        Assert.NotNull(login["refreshToken"]);
        Assert.Equal("OPENID_CONNECT", (string?)OAuthWorld.Claims((string)login["token"]!)["authenticationType"]);
    }

    [Fact]
    public async Task Who_has_a_second_factor_here_is_asked_for_it()
    {
        await using var world = await FederationWorld.Make(tenant: JsonNode.Parse("""{"multiFactorConfiguration":{"authenticator":{"enabled":true}}}""")!.AsObject());
        var person = FederationWorld.Person(Guid.NewGuid().ToString("N"), world.OAuth.Email, true);
        (await LogIn(world, person)).Is(200);
        var secret = Enumerable.Range(1, 20).Select(i => (byte)i).ToArray();
        (await world.Server.Post($"/api/user/two-factor/{world.OAuth.User}", new { method = "authenticator", code = Totp.Code(secret, Totp.Step(world.Server.Time.UtcNow.ToUnixTimeMilliseconds(), 30), TotpAlgorithm.HmacSHA1, 6), secret = Convert.ToBase64String(secret) })).Is(200);
        var asked = (await LogIn(world, person)).Is(242).Body;
        Assert.NotNull(asked["twoFactorId"]);
        Assert.Null(asked["token"]);
        Assert.Null(asked["refreshToken"]);
    }

    [Fact]
    public async Task What_is_pending_has_an_id_and_becomes_a_link_by_a_call()
    {
        await using var world = await FederationWorld.Make("CreatePendingLink");
        var pending = (string)(await LogIn(world, FederationWorld.Person("grace", "grace@elsewhere.example"))).Is(232).Body["pendingIdPLinkId"]!;
        var shown = (await world.Server.Get($"/api/identity-provider/link/pending/{pending}?userId={world.OAuth.User}")).Is(200).Body;
        Assert.Equal((0, "grace", "grace@elsewhere.example", "Corp"), ((int)shown["linkCount"]!, (string?)shown["pendingIdPLink"]!["identityProviderUserId"], (string?)shown["pendingIdPLink"]!["email"], (string?)shown["pendingIdPLink"]!["identityProviderName"]));
        Assert.Equal(world.OAuth.User, (Guid)shown["pendingIdPLink"]!["user"]!["id"]!);
        (await world.Server.Get($"/api/identity-provider/link/pending/{pending}", tenant: await world.Server.NewTenant())).Is(404);
        (await world.Server.Get("/api/identity-provider/link/pending/nonsense")).Is(404);
        (await world.Server.Get($"/api/identity-provider/link/pending/{pending}", key: "")).Is(401);
        (await world.Server.Post("/api/identity-provider/link", new { identityProviderLink = new { userId = world.OAuth.User }, pendingIdPLinkId = pending })).Is(200);
        (await world.Server.Get($"/api/identity-provider/link/pending/{pending}")).Is(404);
        Assert.Equal(world.OAuth.User, (Guid)(await LogIn(world, FederationWorld.Person("grace"))).Is(200).Body["user"]!["id"]!);
    }

    [Fact]
    public async Task Who_wants_no_link_gets_none()
    {
        await using var world = await FederationWorld.Make();
        Assert.Equal("", (await LogIn(world, FederationWorld.Person("grace", world.OAuth.Email, true), body => body["noLink"] = true)).Is(404).Text);
        Assert.Empty(await world.LinksOf(world.OAuth.User));
    }

    [Theory]
    [InlineData("data.code", "[invalid]data.code")]
    [InlineData("data.redirect_uri", "[invalid]data.code")]
    [InlineData("data.code_verifier", "[invalid]data.code")]
    [InlineData("data.nonce", "[invalid]data.code")]
    [InlineData("data.token", "[invalid]data.token")]
    [InlineData("encodedJWT", "[invalid]encodedJWT")]
    [InlineData("identityProviderId", "[invalid]identityProviderId")]
    [InlineData("applicationId", "[invalid]applicationId")]
    public async Task What_does_not_belong_together_is_refused(string member, string code)
    {
        await using var world = await FederationWorld.Make();
        var answer = (await LogIn(world, FederationWorld.Somebody(), body =>
        {
            if (member.StartsWith("data.", StringComparison.Ordinal)) body["data"]![member[5..]] = "something else";
            else body[member] = member == "encodedJWT" ? "a.b.c" : Guid.NewGuid();
        })).Is(400);
        Assert.Equal(code, answer.FieldError(code[(code.IndexOf(']') + 1)..]));
        Assert.Equal(1, (int)(await world.Server.Get("/api/user/search?queryString=*", tenant: world.OAuth.Tenant)).Is(200).Body["total"]!);
    }

    [Fact]
    public async Task An_application_of_another_tenant_and_one_that_is_not_enabled_are_not_served()
    {
        await using var world = await FederationWorld.Make();
        var elsewhere = await OAuthWorld.Make(world.Server);
        (await LogIn(world, FederationWorld.Somebody(), body => body["applicationId"] = elsewhere.Application)).Is(400);
        (await LogIn(world, FederationWorld.Somebody(), tenant: elsewhere.Tenant)).Is(400);
    }

    [Fact]
    public async Task Links_are_made_read_and_removed_by_calls_and_told()
    {
        await using var world = await FederationWorld.Make("Disabled");
        var (server, user) = (world.Server, world.OAuth.User);
        var wanted = new { identityProviderLink = new { identityProviderId = world.Id, identityProviderUserId = "grace", userId = user, displayName = "grace@corp" } };
        Assert.Equal("grace@corp", (string?)(await server.Post("/api/identity-provider/link", wanted)).Is(200).Body["identityProviderLink"]!["displayName"]);
        (await server.Post("/api/identity-provider/link", wanted)).Is(200);
        Assert.Single(await world.LinksOf(user));
        Assert.Equal(user, (Guid)(await server.Get($"/api/identity-provider/link?identityProviderId={world.Id}&identityProviderUserId=grace", tenant: world.OAuth.Tenant)).Is(200).Body["identityProviderLink"]!["userId"]!);
        (await server.Get($"/api/identity-provider/link?identityProviderId={world.Id}&identityProviderUserId=nobody", tenant: world.OAuth.Tenant)).Is(404);
        var another = await OAuthWorld.AnotherUser(world.OAuth);
        Assert.Equal("[duplicate]identityProviderLink.identityProviderUserId", (await server.Post("/api/identity-provider/link", new { identityProviderLink = new { identityProviderId = world.Id, identityProviderUserId = "grace", userId = another.User } })).Is(400).FieldError("identityProviderLink.identityProviderUserId"));

        var path = $"/api/identity-provider/link?identityProviderId={world.Id}&identityProviderUserId=grace&userId=";
        var elsewhere = await server.NewTenant();
        (await server.Delete(path + user, tenant: elsewhere)).Is(404);
        (await server.Get($"/api/identity-provider/link?userId={user}", tenant: elsewhere)).Is(404);
        (await server.Post("/api/identity-provider/link", wanted, tenant: elsewhere)).Is(400);
        (await server.Delete(path + another.User)).Is(404);
        var (theirs, unknown) = (await world.Copy(provider => provider["tenantId"] = elsewhere), Guid.NewGuid());
        foreach (var id in new[] { theirs, unknown })
        {
            var link = new { identityProviderLink = new { identityProviderId = id, identityProviderUserId = "grace", userId = user } };
            Assert.Equal("[invalid]identityProviderLink.identityProviderId", (await server.Post("/api/identity-provider/link", link, tenant: world.OAuth.Tenant)).Is(400).FieldError("identityProviderLink.identityProviderId"));
            (await server.Get($"/api/identity-provider/link?identityProviderId={id}&identityProviderUserId=grace", tenant: world.OAuth.Tenant)).Is(400);
        }

        (await server.Delete(path + user, key: "")).Is(401);
        (await server.Delete(path + user)).Is(200);
        (await server.Delete(path + user)).Is(404);
        (await server.Post("/api/identity-provider/link", new { identityProviderLink = new { identityProviderId = world.Id, identityProviderUserId = "grace", userId = another.User } })).Is(200);
        var audit = (await server.Get($"/api/system/audit-log/search?message=*{user}*identity*")).Is(200).Text;
        Assert.Contains($"was linked with the identity provider [Corp] with Id [{world.Id}]", audit, StringComparison.Ordinal);
        Assert.Contains("was unlinked from", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_removed_takes_the_links_along()
    {
        await using var world = await FederationWorld.Make();
        var person = FederationWorld.Somebody();
        var first = (Guid)(await LogIn(world, person)).Is(200).Body["user"]!["id"]!;
        (await world.Server.Delete($"/api/user/{first}?hardDelete=true")).Is(200);
        var second = (Guid)(await LogIn(world, person)).Is(200).Body["user"]!["id"]!;
        Assert.NotEqual(first, second);
        Assert.Single(await world.LinksOf(second));
    }

    [Fact]
    public async Task A_login_that_fails_is_explained_in_the_event_log_where_the_provider_is_set_to()
    {
        await using var world = await FederationWorld.Make(change: p => p["debug"] = true);
        world.Provider.Claims = claims => claims["aud"] = "somebody-else";
        (await LogIn(world, FederationWorld.Somebody())).Is(400);
        Assert.Contains("SecurityTokenInvalidAudienceException", (await world.Server.Get($"/api/system/event-log/search?message=*{world.Id}*")).Is(200).Text, StringComparison.Ordinal);
    }

    private static Task<Answer> LogIn(FederationWorld world, JsonObject person, Action<JsonObject>? change = null, Guid? tenant = null)
    {
        var away = $"{world.Provider.Issuer}/authorize?state=s&nonce=n&code_challenge={OAuthWorld.Challenge}&redirect_uri={Uri.EscapeDataString(Redirect)}";
        var code = System.Web.HttpUtility.ParseQueryString(new Uri(new Uri(Redirect), world.Provider.Approve(away, person)).Query)["code"];
        var body = new JsonObject
        {
            ["applicationId"] = world.OAuth.Application,
            ["identityProviderId"] = world.Id,
            ["data"] = new JsonObject { ["code"] = code, ["redirect_uri"] = Redirect, ["code_verifier"] = OAuthWorld.Verifier, ["nonce"] = "n" },
        };
        change?.Invoke(body);
        return world.Server.Send(HttpMethod.Post, "/api/identity-provider/login", body, key: tenant is null ? "" : null, tenant: tenant);
    }
}
