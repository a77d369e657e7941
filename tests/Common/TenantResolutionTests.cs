using System.Text.Json.Nodes;

namespace OrleansAuth.Common;

public sealed class TenantResolutionTests
{
    [Fact]
    public async Task With_one_tenant_nobody_needs_to_name_it()
    {
        await using var server = await TestServer.Start();
        Assert.Equal(server.DefaultTenant, (Guid)(await server.Post("/api/application", """{"application":{"name":"A"}}""")).Is(200).Body["application"]!["tenantId"]!);
        (await server.Post("/api/group", """{"group":{"name":"G"}}""")).Is(200);

        var second = await server.NewTenant();
        Assert.Equal("[TenantIdRequired]", (await server.Post("/api/application", """{"application":{"name":"B"}}""")).Is(400).GeneralError);
        Assert.Equal("[TenantIdRequired]", (await server.Post("/api/group", """{"group":{"name":"H"}}""")).Is(400).GeneralError);
        Assert.Equal("[TenantIdRequired]", (await server.Post("/api/user", """{"user":{"email":"a@example.com","password":"a password of the tests"}}""")).Is(400).GeneralError);
        (await server.Delete($"/api/tenant/{second}")).Is(200);
        (await server.Post("/api/application", """{"application":{"name":"B"}}""")).Is(200);
    }

    [Fact]
    public async Task The_header_names_the_tenant()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        Assert.Equal(tenant, (Guid)(await server.Post("/api/application", """{"application":{"name":"A"}}""", tenant: tenant)).Is(200).Body["application"]!["tenantId"]!);
        Assert.Equal(tenant, (Guid)(await server.Post("/api/application", $$$$"""{"application":{"name":"B","tenantId":"{{{{server.DefaultTenant}}}}"}}""", tenant: tenant)).Is(200).Body["application"]!["tenantId"]!);
    }

    [Theory]
    [InlineData("GET", "/api/tenant")]
    [InlineData("GET", "/api/application/3c219e58-ed0e-4b18-ad48-f4f92793ae32")]
    [InlineData("POST", "/api/application")]
    [InlineData("DELETE", "/api/application/3c219e58-ed0e-4b18-ad48-f4f92793ae32")]
    [InlineData("GET", "/api/tenant/password-validation-rules")]
    public async Task A_header_with_the_id_of_no_tenant_is_an_error_with_a_body(string method, string path)
    {
        var server = await TestServer.Shared;
        var answer = (await server.Send(new HttpMethod(method), path, """{"application":{"name":"A"}}""", tenant: Guid.NewGuid())).Is(400);
        Assert.Equal("[invalid]tenantId", answer.GeneralError);
    }

    [Theory]
    [InlineData("not-a-uuid")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("' or 1=1 --")]
    public async Task A_header_that_is_no_id_is_the_same_error(string header)
    {
        var server = await TestServer.Shared;
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Url };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", TestServer.SuperKey);
        http.DefaultRequestHeaders.TryAddWithoutValidation("X-FusionAuth-TenantId", header);
        using var answer = await http.GetAsync("/api/tenant");
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("[invalid]tenantId", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_valid_key_the_header_tells_nothing()
    {
        var server = await TestServer.Shared;
        foreach (var tenant in (Guid[])[server.DefaultTenant, Guid.NewGuid()])
            Assert.Equal("", (await server.Get("/api/tenant", "no-such-key-anywhere", tenant)).Is(401).Text);
    }

    [Fact]
    public async Task An_id_that_is_known_everywhere_needs_no_tenant()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var application = await server.NewApplication(tenant);
        (await server.Get($"/api/application/{application}")).Is(200);
        (await server.Patch($"/api/application/{application}", """{"application":{"data":{"a":1}}}""")).Is(200);
        (await server.Post("/api/application", $$$"""{"sourceApplicationId":"{{{application}}}","application":{"name":"Copy"}}""")).Is(200);
        Assert.Equal("", (await server.Get($"/api/application/{application}", tenant: server.DefaultTenant)).Is(404).Text);
        Assert.Equal("", (await server.Get($"/api/tenant/{tenant}", tenant: server.DefaultTenant)).Is(404).Text);
        Assert.Equal([tenant], ((JsonArray)(await server.Get("/api/tenant", tenant: tenant)).Is(200).Body["tenants"]!).Select(t => (Guid)t!["id"]!));
    }
}
