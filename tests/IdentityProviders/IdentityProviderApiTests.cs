using System.Net;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.IdentityProviders;

/// <summary>Identity providers as configuration.</summary>
public sealed class IdentityProviderApiTests
{
    private const string Issuer = "https://login.example.com";

    [Fact]
    public async Task A_provider_is_made_read_listed_searched_and_removed_and_its_secret_is_never_shown()
    {
        var (server, application) = await World();
        var id = Guid.NewGuid();
        var made = (await server.Post($"/api/identity-provider/{id}", Body(application, p => p["name"] = $"Corp {id}"))).Is(200);
        Assert.DoesNotContain(WickedProvider.ClientSecret, made.Text, StringComparison.Ordinal);
        var shown = made.Body["identityProvider"]!;
        Assert.Equal((id, "OpenIDConnect", "LinkByEmail", Issuer), ((Guid)shown["id"]!, (string?)shown["type"], (string?)shown["linkingStrategy"], (string?)shown["oauth2"]!["issuer"]));
        foreach (var path in new[] { $"/api/identity-provider/{id}", "/api/identity-provider", "/api/identity-provider?type=OpenIDConnect", $"/api/identity-provider/search?name={id}" })
        {
            var read = (await server.Get(path)).Is(200);
            Assert.Contains(id.ToString(), read.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(WickedProvider.ClientSecret, read.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("applicationSecrets", read.Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(id.ToString(), (await server.Get("/api/identity-provider?type=SAMLv2")).Is(200).Text, StringComparison.Ordinal);
        Assert.Equal(1, (int)(await server.Post("/api/identity-provider/search", new { search = new { applicationId = application, name = id.ToString() } })).Is(200).Body["total"]!);
        (await server.Delete($"/api/identity-provider/{id}")).Is(200);
        (await server.Get($"/api/identity-provider/{id}")).Is(404);
    }

    [Theory]
    [InlineData("Google", "[invalid]identityProvider.type")]
    [InlineData("SAMLv2", "[invalid]identityProvider.type")]
    [InlineData("ExternalJWT", "[invalid]identityProvider.type")]
    [InlineData(null, "[missing]identityProvider.type")]
    [InlineData("Nonsense", "[couldNotConvert]identityProvider.type")]
    public async Task Other_types_are_refused_with_a_sentence(string? type, string code)
    {
        var (server, _) = await World();
        var answer = (await server.Post("/api/identity-provider", new JsonObject { ["identityProvider"] = new JsonObject { ["type"] = type, ["name"] = "x", ["buttonText"] = "y" } })).Is(400);
        Assert.Equal(code, answer.FieldError("identityProvider.type"));
    }

    [Theory]
    [InlineData("name", "null", "name")]
    [InlineData("oauth2.issuer", "null", "oauth2.issuer")]
    [InlineData("oauth2.issuer", "\"file:///etc/passwd\"", "oauth2.issuer")]
    [InlineData("oauth2.issuer", "\"https://u:p@login.example.com\"", "oauth2.issuer")]
    [InlineData("oauth2.issuer", "\"https://login.example.com?x=1\"", "oauth2.issuer")]
    [InlineData("oauth2.token_endpoint", "\"gopher://x\"", "oauth2.token_endpoint")]
    [InlineData("oauth2.authorization_endpoint", "\"javascript:alert(1)\"", "oauth2.authorization_endpoint")]
    [InlineData("oauth2.userinfo_endpoint", "\"https://a b\"", "oauth2.userinfo_endpoint")]
    [InlineData("oauth2.client_id", "\"\"", "oauth2.client_id")]
    [InlineData("oauth2.client_secret", "null", "oauth2.client_secret")]
    [InlineData("oauth2.clientAuthenticationMethod", "\"private_key_jwt\"", "oauth2.clientAuthenticationMethod")]
    [InlineData("oauth2.scope", "\"openid\\n\"", "oauth2.scope")]
    [InlineData("oauth2.uniqueIdClaim", "\"\"", "oauth2.uniqueIdClaim")]
    [InlineData("linkingStrategy", "\"LinkEverybody\"", "linkingStrategy")]
    [InlineData("domains", "[\"not a domain\"]", "domains")]
    [InlineData("domains", "[\"localhost\"]", "domains")]
    [InlineData("buttonImageURL", "\"javascript:alert(1)\"", "buttonImageURL")]
    [InlineData("lambdaConfiguration", "{\"reconcileId\":\"11111111-1111-1111-1111-111111111111\"}", "lambdaConfiguration.reconcileId")]
    [InlineData("tenantId", "\"11111111-1111-1111-1111-111111111111\"", "tenantId")]
    [InlineData("applicationConfiguration", "{\"11111111-1111-1111-1111-111111111111\":{\"enabled\":true}}", "applicationConfiguration.11111111-1111-1111-1111-111111111111")]
    [InlineData("tenantConfiguration", "{\"11111111-1111-1111-1111-111111111111\":{}}", "tenantConfiguration")]
    public async Task What_is_wrong_is_named(string member, string value, string field)
    {
        var (server, application) = await World();
        var answer = (await server.Post("/api/identity-provider", Body(application, p =>
        {
            var holder = member.StartsWith("oauth2.", StringComparison.Ordinal) ? (JsonObject)p["oauth2"]! : p;
            holder[member.Replace("oauth2.", "", StringComparison.Ordinal)] = JsonNode.Parse(value);
        }))).Is(400);
        Assert.NotNull(answer.FieldError($"identityProvider.{field}"));
    }

    [Theory]
    [InlineData("issuer", "https://evil.example.com")]
    [InlineData("token_endpoint", "https://evil.example.com/token")]
    [InlineData("client_id", "another")]
    public async Task A_secret_stays_with_what_it_was_given_for(string member, string value)
    {
        var (server, application) = await World();
        var id = (Guid)(await server.Post("/api/identity-provider", Body(application))).Is(200).Body["identityProvider"]!["id"]!;
        var path = $"/api/identity-provider/{id}";
        foreach (var type in new[] { "application/json", "application/merge-patch+json" })
            Assert.Equal("[blank]identityProvider.oauth2.client_secret", (await server.Patch(path, new JsonObject { ["identityProvider"] = new JsonObject { ["oauth2"] = new JsonObject { [member] = value } } }, type)).Is(400).FieldError("identityProvider.oauth2.client_secret"));
        (await server.Patch(path, new JsonArray(new JsonObject { ["op"] = "add", ["path"] = $"/identityProvider/oauth2/{member}", ["value"] = value }), "application/json-patch+json")).Is(400);
        var whole = Body(application, p => { p["oauth2"]![member] = value; ((JsonObject)p["oauth2"]!).Remove("client_secret"); });
        (await server.Put(path, whole)).Is(400);
        whole["identityProvider"]!["oauth2"]!["client_secret"] = "another secret";
        (await server.Put(path, whole)).Is(200);
        // What leads elsewhere no more keeps its secret without being sent it.
        ((JsonObject)whole["identityProvider"]!["oauth2"]!).Remove("client_secret");
        whole["identityProvider"]!["name"] = "Renamed";
        (await server.Put(path, whole)).Is(200);
        (await server.Patch(path, new { identityProvider = new { debug = true } })).Is(200);
    }

    [Fact]
    public async Task A_client_of_one_application_has_its_own_secret_which_stays_with_it_too()
    {
        var (server, application) = await World();
        JsonObject Own(string client, string? secret) => Body(application, p => p["applicationConfiguration"]![application.ToString()]!["oauth2"] = new JsonObject { ["client_id"] = client, ["client_secret"] = secret });
        (await server.Post("/api/identity-provider", Own("mobile", null))).Is(400);
        var made = (await server.Post("/api/identity-provider", Own("mobile", "the mobile secret"))).Is(200);
        Assert.DoesNotContain("the mobile secret", made.Text, StringComparison.Ordinal);
        var path = $"/api/identity-provider/{made.Body["identityProvider"]!["id"]}";
        (await server.Put(path, Own("mobile", null))).Is(200);
        (await server.Put(path, Own("desktop", null))).Is(400);
    }

    [Fact]
    public async Task The_type_and_the_tenant_of_a_provider_never_change()
    {
        var (server, application) = await World();
        var id = (Guid)(await server.Post("/api/identity-provider", Body(application))).Is(200).Body["identityProvider"]!["id"]!;
        (await server.Patch($"/api/identity-provider/{id}", new { identityProvider = new { type = "Google" } })).Is(400);
        var tenant = await server.NewTenant();
        Assert.Null((await server.Patch($"/api/identity-provider/{id}", new { identityProvider = new { tenantId = tenant } })).Is(200).Body["identityProvider"]!["tenantId"]);
    }

    [Fact]
    public async Task A_domain_has_one_provider_in_a_tenant_and_is_looked_up_there_first()
    {
        var server = await FederationWorld.SharedServer;
        var tenant = await server.NewTenant();
        var application = await server.NewApplication(tenant);
        var domain = $"{Guid.NewGuid():N}.example";
        var everywhere = (Guid)(await server.Post("/api/identity-provider", Body(application, p => p["domains"] = new JsonArray(domain.ToUpperInvariant())))).Is(200).Body["identityProvider"]!["id"]!;
        Assert.Equal("[duplicate]identityProvider.domains", (await server.Post("/api/identity-provider", Body(application, p => p["domains"] = new JsonArray(domain)))).Is(400).FieldError("identityProvider.domains"));
        var own = (Guid)(await server.Post("/api/identity-provider", Body(application, p => (p["domains"], p["tenantId"]) = (new JsonArray(domain), tenant)))).Is(200).Body["identityProvider"]!["id"]!;
        async Task<Guid> Lookup(string query) => (Guid)(await server.Get($"/api/identity-provider/lookup?{query}")).Is(200).Body["identityProvider"]!["id"]!;
        Assert.Equal(everywhere, await Lookup($"domain={domain}"));
        Assert.Equal(everywhere, await Lookup($"domain=grace@{domain.ToUpperInvariant()}&tenantId={Guid.NewGuid()}"));
        Assert.Equal(own, await Lookup($"domain={domain}&tenantId={tenant}"));
        var details = (await server.Get($"/api/identity-provider/lookup?domain={domain}")).Is(200);
        Assert.Equal(application, (Guid)details.Body["identityProvider"]!["applicationIds"]![0]!);
        Assert.DoesNotContain(WickedProvider.ClientSecret, details.Text, StringComparison.Ordinal);
        Assert.Equal("", (await server.Get("/api/identity-provider/lookup?domain=unknown.example")).Is(404).Text);
        (await server.Get("/api/identity-provider/lookup")).Is(400);
        (await server.Get($"/api/identity-provider/lookup?domain={domain}", key: "")).Is(401);
    }

    [Fact]
    public async Task A_key_of_one_tenant_has_the_providers_of_this_tenant_alone()
    {
        var server = await FederationWorld.SharedServer;
        var (tenant, other) = (await server.NewTenant(), await server.NewTenant());
        var (application, foreign) = (await server.NewApplication(tenant), await server.NewApplication(other));
        var key = (string)(await server.Post("/api/api-key", new { apiKey = new { name = $"Key {tenant}", tenantId = tenant } })).Is(200).Body["apiKey"]!["key"]!;
        var shared = (Guid)(await server.Post("/api/identity-provider", Body(application))).Is(200).Body["identityProvider"]!["id"]!;
        var theirs = (Guid)(await server.Post("/api/identity-provider", Body(foreign, p => p["tenantId"] = other))).Is(200).Body["identityProvider"]!["id"]!;
        var mine = (await server.Post("/api/identity-provider", Body(application), key)).Is(200).Body["identityProvider"]!;
        Assert.Equal(tenant, (Guid)mine["tenantId"]!);
        (await server.Get($"/api/identity-provider/{mine["id"]}", key)).Is(200);
        Assert.Equal((Guid)mine["id"]!, (Guid)Assert.Single((JsonArray)(await server.Get("/api/identity-provider", key)).Is(200).Body["identityProviders"]!)!["id"]!);
        foreach (var id in new[] { shared, theirs })
        {
            (await server.Get($"/api/identity-provider/{id}", key)).Is(404);
            (await server.Put($"/api/identity-provider/{id}", Body(application), key)).Is(404);
            (await server.Delete($"/api/identity-provider/{id}", key)).Is(404);
        }

        (await server.Post("/api/identity-provider", Body(foreign), key)).Is(400);
        (await server.Post("/api/identity-provider", Body(application, p => p["tenantId"] = other), key)).Is(400);
    }

    [Fact]
    public async Task A_tenant_that_is_removed_takes_its_providers_along_and_leaves_those_of_all()
    {
        var server = await FederationWorld.SharedServer;
        var tenant = await server.NewTenant();
        var application = await server.NewApplication(tenant);
        var own = (Guid)(await server.Post("/api/identity-provider", Body(application, p => p["tenantId"] = tenant))).Is(200).Body["identityProvider"]!["id"]!;
        var shared = (Guid)(await server.Post("/api/identity-provider", Body(application))).Is(200).Body["identityProvider"]!["id"]!;
        (await server.Delete($"/api/tenant/{tenant}")).Is(200);
        (await server.Get($"/api/identity-provider/{own}")).Is(404);
        (await server.Get($"/api/identity-provider/{shared}")).Is(200);
        // What names an application that is gone can still be changed: whoever takes it out, or leaves it.
        (await server.Patch($"/api/identity-provider/{shared}", new { identityProvider = new { name = "Renamed" } })).Is(200);
    }

    [Fact]
    public async Task A_login_with_OpenID_Connect_is_not_started_by_a_call()
    {
        var (server, application) = await World();
        var id = (Guid)(await server.Post("/api/identity-provider", Body(application))).Is(200).Body["identityProvider"]!["id"]!;
        Assert.Equal("[invalid]identityProviderId", (await server.Post("/api/identity-provider/start", new { identityProviderId = id, applicationId = application })).Is(400).FieldError("identityProviderId"));
        (await server.Post("/api/identity-provider/start", new { })).Is(400);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Post("/api/identity-provider/start", new { }, key: "")).Status);
    }

    [Fact]
    public async Task An_issuer_on_this_machine_is_not_spoken_to_unless_a_setting_allows_it()
    {
        var server = await TestServer.Shared;
        await using var world = await FederationWorld.Make(server: server);
        using var browser = world.OAuth.Browser();
        var page = await browser.Open((await browser.Open(world.OAuth.Authorize())).Document.QuerySelector($"#provider-{world.Id}")!.GetAttribute("href")!);
        Assert.Contains("does not answer", await FederationWorld.IsRefused(browser, page), StringComparison.Ordinal);
        Assert.Equal(0, world.Provider.KeyRequests);
    }

    private static async Task<(TestServer Server, Guid Application)> World()
    {
        var server = await FederationWorld.SharedServer;
        return (server, await server.NewApplication(await server.NewTenant()));
    }

    private static JsonObject Body(Guid application, Action<JsonObject>? change = null)
    {
        var provider = FederationWorld.Settings(application, Issuer);
        change?.Invoke(provider);
        return new JsonObject { ["identityProvider"] = provider };
    }
}
