using OrleansAuth.Common;

namespace OrleansAuth.Keys;

/// <summary>Keys that may manage keys come from a kickstart only; this one makes a limited manager and one of a tenant.</summary>
public sealed class ApiKeyRightsTests : IAsyncLifetime
{
    private const string Limited = "a-manager-with-a-few-rights";
    private const string OfTenant = "a-manager-of-one-tenant-only";
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansauth-").FullName;
    private readonly Guid _tenant = Guid.NewGuid();
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "kickstart.json"),
            $$$$"""
            {"variables":{"defaultTenantId":"{{{{_tenant}}}}"},"apiKeys":[{"key":"{{{{TestServer.SuperKey}}}}","keyManager":true},
              {"key":"{{{{Limited}}}}","keyManager":true,"permissions":{"endpoints":{"/api/api-key":["GET","POST","PUT","PATCH","DELETE"],"/api/user":["GET"]}}},
              {"key":"{{{{OfTenant}}}}","keyManager":true,"tenantId":"{{{{_tenant}}}}"}]}
            """);
        _server = await TestServer.Start(_folder);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"permissions":{"endpoints":{}}}""", false)]
    [InlineData("""{"permissions":{"endpoints":{"/api/user":["GET","POST"]}}}""", false)]
    [InlineData("""{"permissions":{"endpoints":{"/api/tenant":["GET"]}}}""", false)]
    [InlineData("""{"permissions":{"endpoints":{"/api/user":["GET"]}}}""", true)]
    [InlineData("""{"keyManager":true,"permissions":{"endpoints":{"/api/user":["GET"]}}}""", true)]
    public async Task A_key_cannot_give_more_than_it_has(string wanted, bool allowed)
    {
        var answer = await _server.Post("/api/api-key", $$"""{"apiKey":{{wanted}}}""", Limited);
        if (!allowed) Assert.Equal("[invalid]apiKey.permissions", answer.Is(400).FieldError("apiKey.permissions"));
        else Assert.False((bool)answer.Is(200).Body["apiKey"]!["keyManager"]!);
    }

    [Theory]
    [InlineData("PUT", "application/json", """{"apiKey":{}}""")]
    [InlineData("PUT", "application/json", """{"apiKey":{"permissions":{"endpoints":{"/api/tenant":["DELETE"]}}}}""")]
    [InlineData("PATCH", "application/json", """{"apiKey":{"permissions":null}}""")]
    [InlineData("PATCH", "application/json", """{"apiKey":{"permissions":{"endpoints":{"/api/user":["DELETE"]}}}}""")]
    [InlineData("PATCH", "application/merge-patch+json", """{"apiKey":{"permissions":{"endpoints":{"/api/user":null}}}}""")]
    [InlineData("PATCH", "application/json-patch+json", """[{"op":"remove","path":"/apiKey/permissions"}]""")]
    [InlineData("PATCH", "application/json-patch+json", """[{"op":"add","path":"/apiKey/permissions/endpoints/~1api~1tenant","value":["GET"]}]""")]
    public async Task A_change_cannot_give_more_than_the_key_that_asks_for_it_has(string method, string type, string change)
    {
        var made = (await _server.Post("/api/api-key", """{"apiKey":{"permissions":{"endpoints":{"/api/user":["GET"]}}}}""", Limited)).Is(200).Body["apiKey"]!;
        var answer = await _server.Send(new HttpMethod(method), $"/api/api-key/{made["id"]}", change, Limited, contentType: type);
        Assert.Equal("[invalid]apiKey.permissions", answer.Is(400).FieldError("apiKey.permissions"));
        Assert.Equal(made.ToJsonString(), (await _server.Get($"/api/api-key/{made["id"]}", Limited)).Is(200).Body["apiKey"]!.ToJsonString());
    }

    [Theory]
    [InlineData("application/json", """{"apiKey":{"keyManager":true,"tenantId":null}}""")]
    [InlineData("application/merge-patch+json", """{"apiKey":{"keyManager":true,"tenantId":null}}""")]
    [InlineData("application/json-patch+json", """[{"op":"replace","path":"/apiKey/keyManager","value":true},{"op":"remove","path":"/apiKey/tenantId"}]""")]
    public async Task A_patch_makes_no_manager_and_moves_no_key_out_of_its_tenant(string type, string change)
    {
        var made = (await _server.Post("/api/api-key", """{"apiKey":{}}""", OfTenant)).Is(200).Body["apiKey"]!;
        Assert.Equal(_tenant, (Guid)made["tenantId"]!);
        var after = (await _server.Patch($"/api/api-key/{made["id"]}", change, type)).Is(200).Body["apiKey"]!;
        Assert.Equal((_tenant, false), ((Guid)after["tenantId"]!, (bool)after["keyManager"]!));
    }

    [Fact]
    public async Task Keys_above_ones_own_cannot_be_read_copied_changed_or_deleted()
    {
        var super = (await _server.Post("/api/api-key", """{"apiKey":{}}""")).Is(200).Body["apiKey"]!;
        var other = await _server.NewTenant();
        var foreign = (await _server.Post("/api/api-key", $$$"""{"apiKey":{"tenantId":"{{{other}}}"}}""")).Is(200).Body["apiKey"]!;
        foreach (var (key, target) in new[] { (Limited, super), (OfTenant, super), (OfTenant, foreign) })
        {
            var path = $"/api/api-key/{target["id"]}";
            Assert.Equal("", (await _server.Get(path, key)).Is(404).Text);
            Assert.Equal("", (await _server.Put(path, """{"apiKey":{"permissions":{"endpoints":{"/api/user":["GET"]}}}}""", key)).Is(404).Text);
            Assert.Equal("", (await _server.Send(HttpMethod.Patch, path, """{"apiKey":{"name":"x"}}""", key)).Is(404).Text);
            Assert.Equal("", (await _server.Delete(path, key)).Is(404).Text);
            Assert.Equal("", (await _server.Post("/api/api-key", $$"""{"sourceKeyId":"{{target["id"]}}"}""", key)).Is(404).Text);
        }

        (await _server.Get("/api/tenant", (string)super["key"]!)).Is(200);
    }

    [Fact]
    public async Task A_manager_of_a_tenant_makes_keys_of_that_tenant_only()
    {
        Assert.Equal("[invalid]apiKey.tenantId", (await _server.Post("/api/api-key", $$$"""{"apiKey":{"tenantId":"{{{await _server.NewTenant()}}}"}}""", OfTenant)).Is(400).FieldError("apiKey.tenantId"));
        Assert.Equal(_tenant, (Guid)(await _server.Post("/api/api-key", """{"apiKey":{"tenantId":null}}""", OfTenant)).Is(200).Body["apiKey"]!["tenantId"]!);
    }

    [Fact]
    public async Task A_copy_has_the_rights_of_its_source_but_never_manages_keys()
    {
        var tenant = await _server.NewTenant();
        var source = (await _server.Post("/api/api-key", $$$$$"""{"apiKey":{"name":"Source","tenantId":"{{{{{tenant}}}}}","permissions":{"endpoints":{"/api/user":["GET"]}}}}""")).Is(200).Body["apiKey"]!;
        var copy = (await _server.Post("/api/api-key", $$"""{"sourceKeyId":"{{source["id"]}}"}""")).Is(200).Body["apiKey"]!;
        Assert.Equal(source["permissions"]!.ToJsonString(), copy["permissions"]!.ToJsonString());
        Assert.Equal(tenant, (Guid)copy["tenantId"]!);
        Assert.NotEqual((string)source["key"]!, (string)copy["key"]!);

        var copied = (await _server.Post("/api/api-key", $$$"""{"sourceKeyId":"{{{await ManagerId()}}}","apiKey":{"name":"Copy"}}""")).Is(200).Body["apiKey"]!;
        Assert.False((bool)copied["keyManager"]!);
        Assert.Equal("", (await _server.Post("/api/api-key", """{"apiKey":{}}""", (string)copied["key"]!)).Is(401).Text);
    }

    private Task<Guid> ManagerId()
    {
        var keys = (Storage.Configuration.ConfigurationReader)_server.Services.GetService(typeof(Storage.Configuration.ConfigurationReader))!;
        return Task.FromResult(keys.Current.All<ApiKey>().Single(k => k.Key == TestServer.SuperKey).Id);
    }
}
