using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

public sealed class TenantChangeTests
{
    private const string MergePatch = "application/merge-patch+json";
    private const string JsonPatch = "application/json-patch+json";

    [Fact]
    public async Task A_replacement_resets_what_it_does_not_send()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant(new { issuer = "before.example", data = new { a = 1 }, jwtConfiguration = new { timeToLiveInSeconds = 99 } });
        var before = await Read(server, tenant);
        server.Time.Advance(TimeSpan.FromMilliseconds(5));

        var after = (await server.Put($"/api/tenant/{tenant}", new { tenant = new { name = (string)before["name"]!, id = Guid.NewGuid(), insertInstant = 1 } })).Is(200).Body["tenant"]!;
        Assert.Equal("acme.com", (string)after["issuer"]!);
        Assert.Equal(3600, (int)after["jwtConfiguration"]!["timeToLiveInSeconds"]!);
        Assert.Null(after["data"]);
        Assert.Equal(tenant, (Guid)after["id"]!);
        Assert.Equal((long)before["insertInstant"]!, (long)after["insertInstant"]!);
        Assert.True((long)after["lastUpdateInstant"]! > (long)before["lastUpdateInstant"]!);
        Assert.Equal(after.ToJsonString(), (await Read(server, tenant)).ToJsonString());

        Assert.Equal("[blank]tenant.name", (await server.Put($"/api/tenant/{tenant}", new { tenant = new { issuer = "x" } })).Is(400).FieldError("tenant.name"));
        Assert.Equal("", (await server.Put($"/api/tenant/{Guid.NewGuid()}", new { tenant = new { name = "x" } })).Is(404).Text);
    }

    [Fact]
    public async Task The_older_merge_appends_arrays_and_removes_by_null()
    {
        var server = await TestServer.Shared;
        var tenant = await WithData(server);
        var after = (await server.Patch($"/api/tenant/{tenant}", """{"tenant":{"data":{"list":[3],"gone":null,"deep":{"b":2}},"logoutURL":null}}""")).Is(200).Body["tenant"]!;
        Assert.Equal("""{"list":[1,2,3],"deep":{"a":1,"b":2}}""", after["data"]!.ToJsonString());
        Assert.Null(after["logoutURL"]);
    }

    [Fact]
    public async Task A_merge_patch_replaces_arrays()
    {
        var server = await TestServer.Shared;
        var tenant = await WithData(server);
        var after = (await server.Patch($"/api/tenant/{tenant}", """{"tenant":{"data":{"list":[3],"gone":null,"deep":{"b":2}}}}""", MergePatch)).Is(200).Body["tenant"]!;
        Assert.Equal("""{"list":[3],"deep":{"a":1,"b":2}}""", after["data"]!.ToJsonString());
        Assert.Equal("https://example.com/out", (string)after["logoutURL"]!);
    }

    [Fact]
    public async Task A_JSON_patch_does_all_of_its_operations_or_none()
    {
        var server = await TestServer.Shared;
        var tenant = await WithData(server);
        var after = (await server.Patch($"/api/tenant/{tenant}",
            """
            [{"op":"test","path":"/tenant/data/list/1","value":2},{"op":"add","path":"/tenant/data/list/-","value":3},{"op":"remove","path":"/tenant/data/gone"},
             {"op":"replace","path":"/tenant/issuer","value":"patched.example"},{"op":"copy","from":"/tenant/data/deep","path":"/tenant/data/deep2"},{"op":"move","from":"/tenant/data/deep","path":"/tenant/data/a~1b"}]
            """, JsonPatch)).Is(200).Body["tenant"]!;
        Assert.Equal("""{"list":[1,2,3],"deep2":{"a":1},"a/b":{"a":1}}""", after["data"]!.ToJsonString());
        Assert.Equal("patched.example", (string)after["issuer"]!);

        var refused = await server.Patch($"/api/tenant/{tenant}",
            """[{"op":"replace","path":"/tenant/issuer","value":"never.example"},{"op":"test","path":"/tenant/data/list/0","value":9}]""", JsonPatch);
        Assert.Equal("[invalidPatch]", refused.Is(400).GeneralError);
        Assert.Equal(after.ToJsonString(), (await Read(server, tenant)).ToJsonString());
    }

    [Theory]
    [InlineData("""[{"op":"remove","path":"/tenant"}]""")]
    [InlineData("""[{"op":"replace","path":"/tenant","value":[]}]""")]
    [InlineData("""[{"op":"replace","path":"","value":{}}]""")]
    [InlineData("""[{"op":"replace","path":"/tenant/nothing","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/tenant/data/list/7","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/tenant/data/list/01","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/tenant/data/x"}]""")]
    [InlineData("""[{"op":"move","from":"/tenant/data","path":"/tenant/data/x"}]""")]
    [InlineData("""[{"op":"destroy","path":"/tenant/data"}]""")]
    [InlineData("""[{"path":"/tenant/data"}]""")]
    [InlineData("[7]")]
    public async Task A_patch_that_does_not_fit_is_refused_whole(string patch)
    {
        var server = await TestServer.Shared;
        var tenant = await WithData(server);
        var before = await Read(server, tenant);
        Assert.Equal("[invalidPatch]", (await server.Patch($"/api/tenant/{tenant}", patch, JsonPatch)).Is(400).GeneralError);
        Assert.Equal(before.ToJsonString(), (await Read(server, tenant)).ToJsonString());
    }

    [Fact]
    public async Task A_patch_that_doubles_a_value_again_and_again_is_stopped()
    {
        var server = await TestServer.Shared;
        var tenant = await WithData(server);
        var doubling = new JsonArray([.. Enumerable.Range(0, 40).Select(i => (JsonNode)new JsonObject { ["op"] = "copy", ["from"] = "/tenant/data", ["path"] = $"/tenant/data/x{i}" })]);
        Assert.Equal("[invalidPatch]", (await server.Patch($"/api/tenant/{tenant}", doubling, JsonPatch)).Is(400).GeneralError);

        JsonNode deep = new JsonObject();
        for (var i = 0; i < 55; i++) deep = new JsonObject { ["a"] = deep };
        var path = "/tenant/data" + string.Concat(Enumerable.Repeat("/a", 56));
        var nesting = new JsonArray(
            new JsonObject { ["op"] = "add", ["path"] = "/tenant/data/a", ["value"] = deep },
            new JsonObject { ["op"] = "add", ["path"] = path, ["value"] = deep.DeepClone() });
        Assert.Equal("[invalidPatch]", (await server.Patch($"/api/tenant/{tenant}", nesting, JsonPatch)).Is(400).GeneralError);
    }

    [Fact]
    public async Task A_patch_is_held_to_the_rules_of_the_result()
    {
        var server = await TestServer.Shared;
        var tenant = await WithData(server);
        Assert.Equal("[blank]tenant.name", (await server.Patch($"/api/tenant/{tenant}", """{"tenant":{"name":null}}""")).Is(400).FieldError("tenant.name"));
        Assert.Equal("[couldNotConvert]tenant.emailConfiguration.security",
            (await server.Patch($"/api/tenant/{tenant}", """[{"op":"replace","path":"/tenant/emailConfiguration/security","value":"LOTS"}]""", JsonPatch)).Is(400).FieldError("tenant.emailConfiguration.security"));
        Assert.Equal("[invalidJSON]", (await server.Patch($"/api/tenant/{tenant}", """{"tenant":{}}""", JsonPatch)).Is(400).GeneralError);
        Assert.Equal("[invalidJSON]", (await server.Patch($"/api/tenant/{tenant}", "[]")).Is(400).GeneralError);
        Assert.Equal("[missing]tenant", (await server.Patch($"/api/tenant/{tenant}", "{}", MergePatch)).Is(400).FieldError("tenant"));
        Assert.Equal("", (await server.Patch($"/api/tenant/{Guid.NewGuid()}", """{"tenant":{}}""")).Is(404).Text);
    }

    [Fact]
    public async Task Patches_at_the_same_time_are_all_kept()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => server.Patch($"/api/tenant/{tenant}", $$$$"""{"tenant":{"data":{"k{{{{i}}}}":{{{{i}}}}}}}""")));
        Assert.All(answers, a => a.Is(200));
        Assert.Equal(10, ((JsonObject)(await Read(server, tenant))["data"]!).Count);
    }

    private static Task<Guid> WithData(TestServer server) =>
        server.NewTenant(new { logoutURL = "https://example.com/out", data = new { list = new[] { 1, 2 }, gone = "soon", deep = new { a = 1 } } });

    private static async Task<JsonNode> Read(TestServer server, Guid tenant) => (await server.Get($"/api/tenant/{tenant}")).Is(200).Body["tenant"]!;
}
