using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Applications;

public sealed class ApplicationApiTests
{
    [Fact]
    public async Task An_application_is_made_with_its_defaults_and_a_secret()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var id = Guid.NewGuid();
        var made = (await server.Post($"/api/application/{id}", new { application = new { name = "Shop" } }, tenant: tenant)).Is(200).Body["application"]!;
        var oauth = made["oauthConfiguration"]!;
        Assert.Equal((id, tenant, "Active", true), ((Guid)made["id"]!, (Guid)made["tenantId"]!, (string)made["state"]!, (bool)made["active"]!));
        Assert.Equal(id.ToString(), (string)oauth["clientId"]!);
        Assert.True(((string)oauth["clientSecret"]!).Length >= 43);
        Assert.Equal(("ExactMatch", "Required", "AlwaysPrompt", "FirstParty", "Strict", "Reject"),
            ((string)oauth["authorizedURLValidationPolicy"]!, (string)oauth["clientAuthenticationPolicy"]!, (string)oauth["consentMode"]!, (string)oauth["relationship"]!, (string)oauth["scopeHandlingPolicy"]!, (string)oauth["unknownScopePolicy"]!));
        Assert.Equal(made.ToJsonString(), (await Read(server, id)).ToJsonString());

        Assert.Equal("[duplicate]application.id", (await server.Post($"/api/application/{id}", new { application = new { name = "Other" } }, tenant: tenant)).Is(400).FieldError("application.id"));
        Assert.Equal("[duplicate]application.name", (await server.Post("/api/application", new { application = new { name = "SHOP" } }, tenant: tenant)).Is(400).FieldError("application.name"));
        (await server.Post("/api/application", new { application = new { name = "Shop" } }, tenant: await server.NewTenant())).Is(200);
    }

    [Fact]
    public async Task A_replacement_keeps_the_secret_and_nothing_else()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var id = await server.NewApplication(tenant, new { data = new { a = 1 }, oauthConfiguration = new { clientSecret = "chosen", logoutURL = "https://example.com/out" } });
        var after = (await server.Put($"/api/application/{id}", new { application = new { name = "Renamed", oauthConfiguration = new { clientId = "mine" } } })).Is(200).Body["application"]!;
        Assert.Equal("chosen", (string)after["oauthConfiguration"]!["clientSecret"]!);
        Assert.Equal(id.ToString(), (string)after["oauthConfiguration"]!["clientId"]!);
        Assert.Null(after["oauthConfiguration"]!["logoutURL"]);
        Assert.Null(after["data"]);
        after = (await server.Put($"/api/application/{id}", new { application = new { name = "Renamed", oauthConfiguration = new { clientSecret = "new" } } })).Is(200).Body["application"]!;
        Assert.Equal("new", (string)after["oauthConfiguration"]!["clientSecret"]!);
    }

    [Fact]
    public async Task A_deactivated_application_is_kept_listed_apart_and_comes_back()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var id = await server.NewApplication(tenant);
        var other = await server.NewApplication(tenant);

        Assert.Equal("", (await server.Delete($"/api/application/{id}")).Is(200).Text);
        Assert.Equal([other], await List(server, tenant, ""));
        Assert.Equal([id], await List(server, tenant, "?inactive=true"));
        var read = await Read(server, id);
        Assert.Equal((false, "Inactive"), ((bool)read["active"]!, (string)read["state"]!));
        Assert.False((bool)(await server.Put($"/api/application/{id}", new { application = new { name = "Still", active = true } })).Is(200).Body["application"]!["active"]!);

        Assert.True((bool)(await server.Put($"/api/application/{id}?reactivate=true", null)).Is(200).Body["application"]!["active"]!);
        Assert.Equal([other, id], (await List(server, tenant, "")).OrderBy(i => i == id));
        (await server.Delete($"/api/application/{id}?hardDelete=true")).Is(200);
        (await server.Get($"/api/application/{id}")).Is(404);
        (await server.Delete($"/api/application/{id}?hardDelete=true")).Is(404);
        (await server.Post("/api/application", new { application = new { name = "Still" } }, tenant: tenant)).Is(200);
    }

    [Fact]
    public async Task The_administrators_application_stays()
    {
        var server = await TestServer.Shared;
        foreach (var query in (string[])["", "?hardDelete=true"])
            Assert.Equal("[administrationApplication]", (await server.Delete($"/api/application/{WellKnown.AdministrationApplication}{query}")).Is(400).GeneralError);
    }

    [Fact]
    public async Task An_application_of_another_tenant_does_not_exist()
    {
        var server = await TestServer.Shared;
        var (here, there) = (await server.NewTenant(), await server.NewTenant());
        var id = await server.NewApplication(there);
        var before = await Read(server, id);
        var role = (Guid)before["roles"]![0]!["id"]!;
        (HttpMethod Method, string Path, string? Body)[] all =
        [
            (HttpMethod.Get, "", null), (HttpMethod.Put, "", """{"application":{"name":"X"}}"""), (HttpMethod.Patch, "", """{"application":{"name":"X"}}"""),
            (HttpMethod.Put, "?reactivate=true", null), (HttpMethod.Delete, "", null), (HttpMethod.Delete, "?hardDelete=true", null), (HttpMethod.Get, "/oauth-configuration", null),
            (HttpMethod.Post, "/role", """{"role":{"name":"x"}}"""), (HttpMethod.Put, $"/role/{role}", """{"role":{"name":"x"}}"""), (HttpMethod.Delete, $"/role/{role}", null), (HttpMethod.Delete, "/role?name=reader", null),
            (HttpMethod.Post, "/scope", """{"scope":{"name":"x"}}"""),
        ];
        foreach (var (method, path, body) in all)
            Assert.Equal("", (await server.Send(method, $"/api/application/{id}{path}", body, tenant: here)).Is(404).Text);
        Assert.Equal(before.ToJsonString(), (await Read(server, id)).ToJsonString());
        Assert.Equal(0, (int)(await server.Get($"/api/application/search?id={id}", tenant: here)).Is(200).Body["total"]!);
        Assert.Equal("", (await server.Post("/api/application", new { sourceApplicationId = id, application = new { name = "Stolen" } }, tenant: here)).Is(404).Text);
    }

    [Fact]
    public async Task Applications_are_found_by_name_and_state()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var ids = new List<Guid>();
        foreach (var name in (string[])["Alpha shop", "Beta shop", "Gamma"])
            ids.Add((Guid)(await server.Post("/api/application", new { application = new { name } }, tenant: tenant)).Is(200).Body["application"]!["id"]!);
        await server.Delete($"/api/application/{ids[1]}");

        var shops = (await server.Post("/api/application/search", new { search = new { name = "shop", orderBy = "name DESC" } }, tenant: tenant)).Is(200).Body;
        Assert.Equal(["Beta shop", "Alpha shop"], ((JsonArray)shops["applications"]!).Select(a => (string)a!["name"]!));
        Assert.Equal(1, (int)(await server.Get("/api/application/search?name=shop&state=Inactive", tenant: tenant)).Is(200).Body["total"]!);
        Assert.Equal(3, (int)(await server.Get($"/api/application/search?tenantId={tenant}")).Is(200).Body["total"]!);
    }

    [Fact]
    public async Task A_copy_has_ids_and_secrets_of_its_own()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var source = await server.NewApplication(tenant, new { oauthConfiguration = new { clientSecret = "of-the-source", logoutURL = "https://example.com/out" } });
        await server.Post($"/api/application/{source}/scope", new { scope = new { name = "mail" } });
        await server.Delete($"/api/application/{source}");
        var original = await Read(server, source);
        var copy = (await server.Post("/api/application", new { sourceApplicationId = source, application = new { name = "Copy" } })).Is(200).Body["application"]!;

        Assert.Equal("https://example.com/out", (string)copy["oauthConfiguration"]!["logoutURL"]!);
        Assert.Equal((string)copy["id"]!, (string)copy["oauthConfiguration"]!["clientId"]!);
        Assert.NotEqual("of-the-source", (string)copy["oauthConfiguration"]!["clientSecret"]!);
        Assert.True((bool)copy["active"]!);
        Assert.Equal(tenant, (Guid)copy["tenantId"]!);
        Assert.Equal(["reader", "writer"], ((JsonArray)copy["roles"]!).Select(r => (string)r!["name"]!));
        Assert.Empty(Ids(copy["roles"]!).Intersect(Ids(original["roles"]!)));
        Assert.Empty(Ids(copy["scopes"]!).Intersect(Ids(original["scopes"]!)));
        Assert.Equal((string)copy["id"]!, (string)copy["scopes"]![0]!["applicationId"]!);
    }

    [Fact]
    public async Task A_client_learns_how_to_sign_in_and_out()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant(new { logoutURL = "https://tenant.example/out", httpSessionMaxInactiveInterval = 77 });
        var id = await server.NewApplication(tenant);
        var answer = (await server.Get($"/api/application/{id}/oauth-configuration")).Is(200).Body;
        Assert.Equal((77, "https://tenant.example/out", id.ToString()), ((int)answer["httpSessionMaxInactiveInterval"]!, (string)answer["logoutURL"]!, (string)answer["oauthConfiguration"]!["clientId"]!));
        (await server.Patch($"/api/application/{id}", """{"application":{"oauthConfiguration":{"logoutURL":"https://own.example/out"}}}""")).Is(200);
        Assert.Equal("https://own.example/out", (string)(await server.Get($"/api/application/{id}/oauth-configuration")).Is(200).Body["logoutURL"]!);
    }

    [Theory]
    [InlineData("https://example.com/callback", "ExactMatch", true)]
    [InlineData("https://example.com:8443/callback?a=b", "ExactMatch", true)]
    [InlineData("com.example.app:/callback", "ExactMatch", true)]
    [InlineData("http://localhost:3000", "ExactMatch", true)]
    [InlineData("https://*.example.com/callback", "AllowWildcards", true)]
    [InlineData("https://*.example.com/callback", "ExactMatch", false)]
    [InlineData("https://example.com/callback#here", "ExactMatch", false)]
    [InlineData("/callback", "ExactMatch", false)]
    [InlineData("//example.com/callback", "ExactMatch", false)]
    [InlineData("example.com/callback", "ExactMatch", false)]
    [InlineData("javascript:alert(1)", "ExactMatch", false)]
    [InlineData("data:text/html,x", "ExactMatch", false)]
    [InlineData("https://example.com/\\u0009", "ExactMatch", false)]
    [InlineData("https://example.com/call back", "ExactMatch", false)]
    [InlineData("https://user:pass@example.com/", "ExactMatch", false)]
    [InlineData("", "ExactMatch", false)]
    public async Task A_redirect_address_is_absolute_and_harmless(string url, string policy, bool good)
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var answer = await server.Post("/api/application", $$$$"""{"application":{"name":"R","oauthConfiguration":{"authorizedRedirectURLs":["{{{{url}}}}"],"authorizedURLValidationPolicy":"{{{{policy}}}}"}}}""", tenant: tenant);
        if (good) answer.Is(200);
        else Assert.Equal("[invalid]application.oauthConfiguration.authorizedRedirectURLs", answer.Is(400).FieldError("application.oauthConfiguration.authorizedRedirectURLs"));
    }

    [Theory]
    [InlineData("""{"name":"N","roles":[{"name":"a"},{"name":"A"}]}""", "application.roles", "[duplicate]application.roles")]
    [InlineData("""{"name":"N","roles":[{"name":" "}]}""", "application.roles.name", "[blank]application.roles.name")]
    [InlineData("""{"name":"N","roles":[{"name":"a","id":"5d1b7c0e-0000-4000-8000-000000000001"},{"name":"b","id":"5d1b7c0e-0000-4000-8000-000000000001"}]}""", "application.roles", "[duplicate]application.roles")]
    [InlineData("""{"name":"N","scopes":[{"name":"a b"}]}""", "application.scopes.name", "[invalid]application.scopes.name")]
    [InlineData("""{"name":"N","scopes":[{"name":"a"},{"name":"a"}]}""", "application.scopes", "[duplicate]application.scopes")]
    [InlineData("""{"name":"N","scopes":[{}]}""", "application.scopes.name", "[blank]application.scopes.name")]
    [InlineData("""{"name":"N","oauthConfiguration":{"enabledGrants":["telepathy"]}}""", "application.oauthConfiguration.enabledGrants", "[invalid]application.oauthConfiguration.enabledGrants")]
    [InlineData("""{"name":"N","oauthConfiguration":{"consentMode":"Never"}}""", "application.oauthConfiguration.consentMode", "[couldNotConvert]application.oauthConfiguration.consentMode")]
    [InlineData("""{"name":"N","jwtConfiguration":{"enabled":true,"accessTokenKeyId":"5d1b7c0e-0000-4000-8000-000000000001"}}""", "application.jwtConfiguration.accessTokenKeyId", "[invalid]application.jwtConfiguration.accessTokenKeyId")]
    [InlineData("""{"name":"N","roles":{"name":"a"}}""", "application.roles", "[couldNotConvert]application.roles")]
    public async Task What_is_wrong_is_refused_with_the_path_of_the_field(string application, string field, string code)
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        Assert.Equal(code, (await server.Post("/api/application", $$"""{"application":{{application}}}""", tenant: tenant)).Is(400).FieldError(field));
        Assert.Empty(await List(server, tenant, ""));
    }

    private static IEnumerable<Guid> Ids(JsonNode list) => ((JsonArray)list).Select(item => (Guid)item!["id"]!);

    private static async Task<JsonNode> Read(TestServer server, Guid id) => (await server.Get($"/api/application/{id}")).Is(200).Body["application"]!;

    private static async Task<List<Guid>> List(TestServer server, Guid tenant, string query) =>
        [.. Ids((await server.Get($"/api/application{query}", tenant: tenant)).Is(200).Body["applications"]!)];
}
