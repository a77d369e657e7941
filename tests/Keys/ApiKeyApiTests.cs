using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Keys;

public sealed class ApiKeyApiTests
{
    [Fact]
    public async Task Only_a_key_that_may_manage_keys_gets_to_them()
    {
        var server = await TestServer.Shared;
        var plain = await NewKey(server, "{}");
        (await server.Get("/api/tenant", plain.Value)).Is(200);
        (HttpMethod Method, string Path)[] all =
        [
            (HttpMethod.Post, "/api/api-key"), (HttpMethod.Post, $"/api/api-key/{Guid.NewGuid()}"), (HttpMethod.Get, $"/api/api-key/{plain.Id}"),
            (HttpMethod.Put, $"/api/api-key/{plain.Id}"), (HttpMethod.Patch, $"/api/api-key/{plain.Id}"), (HttpMethod.Delete, $"/api/api-key/{plain.Id}"),
        ];
        foreach (var (method, path) in all)
        {
            Assert.Equal("", (await server.Send(method, path, """{"apiKey":{}}""", plain.Value)).Is(401).Text);
            Assert.Equal("", (await server.Send(method, path, """{"apiKey":{}}""", "")).Is(401).Text);
            Assert.Equal("", (await server.Send(method, path, """{"apiKey":{}}""", "no-such-key-anywhere")).Is(401).Text);
        }
    }

    [Fact]
    public async Task A_key_is_given_or_made_and_shown()
    {
        var server = await TestServer.Shared;
        var made = (await server.Post("/api/api-key", """{"apiKey":{"name":"Robot","metaData":{"attributes":{"description":"d"}}}}""")).Is(200).Body["apiKey"]!;
        Assert.True(((string)made["key"]!).Length >= 43);
        Assert.True((bool)made["retrievable"]!);
        Assert.False((bool)made["keyManager"]!);
        Assert.Equal("d", (string)made["metaData"]!["attributes"]!["description"]!);
        Assert.Equal(made.ToJsonString(), (await server.Get($"/api/api-key/{made["id"]}")).Is(200).Body["apiKey"]!.ToJsonString());
        (await server.Get("/api/tenant", (string)made["key"]!)).Is(200);

        Assert.Equal("[duplicate]apiKey.key", (await server.Post("/api/api-key", new { apiKey = new { key = (string)made["key"]! } })).Is(400).FieldError("apiKey.key"));
        Assert.Equal("[tooShort]apiKey.key", (await server.Post("/api/api-key", new { apiKey = new { key = "short" } })).Is(400).FieldError("apiKey.key"));
        Assert.Equal("[invalid]apiKey.key", (await server.Post("/api/api-key", new { apiKey = new { key = "has spaces and so cannot travel" } })).Is(400).FieldError("apiKey.key"));
        Assert.Equal("[invalid]apiKey.tenantId", (await server.Post("/api/api-key", new { apiKey = new { tenantId = Guid.NewGuid() } })).Is(400).FieldError("apiKey.tenantId"));
        Assert.Equal("[couldNotConvert]apiKey.expirationInstant", (await server.Post("/api/api-key", new { apiKey = new { expirationInstant = "soon" } })).Is(400).FieldError("apiKey.expirationInstant"));
        (await server.Get("/api/api-key")).Is(405);
    }

    [Theory]
    [InlineData("GET", "/api/application", true)]
    [InlineData("GET", "/api/application/{0}", true)]
    [InlineData("POST", "/api/application", false)]
    [InlineData("DELETE", "/api/application/{0}", false)]
    [InlineData("GET", "/api/tenant", false)]
    [InlineData("POST", "/api/application/{0}/role", true)]
    [InlineData("GET", "/api/application/search", false)]
    [InlineData("POST", "/api/application/search", false)]
    public async Task Permissions_are_of_an_endpoint_and_a_method(string method, string path, bool allowed)
    {
        var server = await TestServer.Shared;
        var key = await NewKey(server, """{"permissions":{"endpoints":{"/api/application":["GET"],"/api/application/role":["POST"]}}}""");
        var application = await server.NewApplication(await server.NewTenant());
        var answer = await server.Send(new HttpMethod(method), string.Format(System.Globalization.CultureInfo.InvariantCulture, path, application), method == "GET" ? null : """{"role":{"name":"new"}}""", key.Value);
        if (allowed) answer.Is(200);
        else Assert.Equal("", answer.Is(401).Text);
    }

    [Theory]
    [InlineData("""{"api/user":["GET"]}""")]
    [InlineData("""{"/api/user":["FETCH"]}""")]
    public async Task Permissions_that_mean_nothing_are_refused(string endpoints)
    {
        var server = await TestServer.Shared;
        (await server.Post("/api/api-key", $$$$"""{"apiKey":{"permissions":{"endpoints":{{{{endpoints}}}}}}}""")).Is(400);
    }

    [Fact]
    public async Task A_key_of_a_tenant_acts_there_and_nowhere_else()
    {
        var server = await TestServer.Shared;
        var (own, other) = (await server.NewTenant(), await server.NewTenant());
        var key = await NewKey(server, $$"""{"tenantId":"{{own}}"}""");
        var (mine, foreign) = (await server.NewApplication(own), await server.NewApplication(other));

        Assert.Equal("", (await server.Get("/api/application", key.Value, other)).Is(401).Text);
        Assert.Equal("", (await server.Get($"/api/application/{foreign}", key.Value)).Is(404).Text);
        Assert.Equal("", (await server.Put($"/api/application/{foreign}", """{"application":{"name":"X"}}""", key.Value)).Is(404).Text);
        Assert.Equal("", (await server.Delete($"/api/application/{foreign}?hardDelete=true", key.Value)).Is(404).Text);
        Assert.Single((JsonArray)(await server.Get("/api/application", key.Value)).Is(200).Body["applications"]!);
        (await server.Get($"/api/application/{mine}", key.Value, own)).Is(200);
        Assert.Equal(own, (Guid)(await server.Post("/api/application", """{"application":{"name":"Made"}}""", key.Value)).Is(200).Body["application"]!["tenantId"]!);
        Assert.Equal("", (await server.Post("/api/application", $$$"""{"sourceApplicationId":"{{{foreign}}}","application":{"name":"Copied"}}""", key.Value)).Is(404).Text);

        Assert.Equal([own], ((JsonArray)(await server.Get("/api/tenant", key.Value)).Is(200).Body["tenants"]!).Select(t => (Guid)t!["id"]!));
        (await server.Get($"/api/tenant/{own}", key.Value)).Is(200);
        (await server.Get($"/api/tenant/{other}", key.Value)).Is(404);
        (await server.Put($"/api/tenant/{other}", """{"tenant":{"name":"Taken over"}}""", key.Value)).Is(404);
        (await server.Send(HttpMethod.Patch, $"/api/tenant/{other}", """{"tenant":{"issuer":"x"}}""", key.Value)).Is(404);
        (await server.Delete($"/api/tenant/{other}", key.Value)).Is(404);
        Assert.Equal("", (await server.Get("/api/tenant/search", key.Value)).Is(401).Text);
        Assert.Equal("", (await server.Post("/api/tenant", """{"tenant":{"name":"New"}}""", key.Value)).Is(401).Text);
    }

    [Fact]
    public async Task A_key_ends_when_its_time_has_come()
    {
        await using var server = await TestServer.Start();
        var end = server.Time.UtcNow.AddHours(1).ToUnixTimeMilliseconds();
        var key = await NewKey(server, $$"""{"expirationInstant":{{end}}}""");
        server.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        (await server.Get("/api/tenant", key.Value)).Is(200);
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("", (await server.Get("/api/tenant", key.Value)).Is(401).Text);
        (await server.Put($"/api/api-key/{key.Id}", """{"apiKey":{}}""")).Is(200);
        (await server.Get("/api/tenant", key.Value)).Is(200);
    }

    [Fact]
    public async Task A_key_that_is_not_to_be_read_again_needs_a_name_of_its_own()
    {
        var server = await TestServer.Shared;
        var name = $"Hidden {Guid.NewGuid()}";
        var value = Guid.NewGuid().ToString();
        var made = (await server.Post("/api/api-key", new { apiKey = new { name, key = value, retrievable = false } })).Is(200);
        var id = (Guid)made.Body["apiKey"]!["id"]!;
        Answer[] answers = [await server.Get($"/api/api-key/{id}"), await server.Put($"/api/api-key/{id}", new { apiKey = new { name, retrievable = true } }), await server.Patch($"/api/api-key/{id}", """{"apiKey":{"retrievable":true}}""")];
        Assert.All(answers, a => Assert.DoesNotContain(value, a.Is(200).Text, StringComparison.Ordinal));
        (await server.Get("/api/tenant", value)).Is(200);
        Assert.Equal("[duplicate]apiKey.name", (await server.Post("/api/api-key", new { apiKey = new { name, retrievable = false } })).Is(400).FieldError("apiKey.name"));
        Assert.Equal("[blank]apiKey.name", (await server.Post("/api/api-key", new { apiKey = new { retrievable = false } })).Is(400).FieldError("apiKey.name"));
    }

    [Fact]
    public async Task Whoever_makes_a_key_that_cannot_be_read_again_sees_it_once()
    {
        var server = await TestServer.Shared;
        var made = (await server.Post("/api/api-key", new { apiKey = new { name = $"Once {Guid.NewGuid()}", retrievable = false } })).Is(200).Body["apiKey"]!;
        (await server.Get("/api/tenant", (string)made["key"]!)).Is(200);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once()
    {
        var server = await TestServer.Shared;
        var key = await NewKey(server, "{}");
        (await server.Get("/api/tenant", key.Value)).Is(200);
        Assert.Equal("", (await server.Delete($"/api/api-key/{key.Id}")).Is(200).Text);
        Assert.Equal("", (await server.Get("/api/tenant", key.Value)).Is(401).Text);
        (await server.Get($"/api/api-key/{key.Id}")).Is(404);
    }

    [Fact]
    public async Task An_update_changes_what_may_change()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var key = await NewKey(server, $$$"""{"tenantId":"{{{tenant}}}","permissions":{"endpoints":{"/api/application":["GET"]}},"expirationInstant":99999999999999}""");
        var after = (await server.Put($"/api/api-key/{key.Id}", new { apiKey = new { name = "Renamed", key = "another-value-for-the-key", tenantId = server.DefaultTenant, keyManager = true, permissions = new { endpoints = new Dictionary<string, string[]> { ["/api/tenant"] = ["GET"] } } } })).Is(200).Body["apiKey"]!;
        Assert.Equal((key.Value, tenant, false, "Renamed"), ((string)after["key"]!, (Guid)after["tenantId"]!, (bool)after["keyManager"]!, (string)after["name"]!));
        Assert.Null(after["expirationInstant"]);
        (await server.Get("/api/application", key.Value)).Is(401);
        (await server.Get($"/api/tenant/{tenant}", key.Value)).Is(200);
    }

    internal static async Task<(Guid Id, string Value)> NewKey(TestServer server, string settings)
    {
        var made = (await server.Post("/api/api-key", $$"""{"apiKey":{{settings}}}""")).Is(200).Body["apiKey"]!;
        return ((Guid)made["id"]!, (string)made["key"]!);
    }
}
