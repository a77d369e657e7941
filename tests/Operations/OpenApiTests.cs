using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Operations;

public sealed class OpenApiTests
{
    private static readonly string[] Slices = ["Tenants", "Applications", "Groups", "Keys", "Users", "Sessions", "Operations"];

    [Fact]
    public async Task Everything_served_is_described_with_an_id_of_its_own_and_its_slice()
    {
        var document = (await (await TestServer.Shared).Get("/openapi.json", key: "")).Is(200);
        var operations = Operations(document.Body).ToList();

        Assert.StartsWith("3.1", (string)document.Body["openapi"]!, StringComparison.Ordinal);
        Assert.Equal(operations.Count, operations.Select(o => (string)o.Operation["operationId"]!).Distinct().Count());
        Assert.Superset(Slices.ToHashSet(), operations.Select(o => (string)o.Operation["tags"]![0]!).ToHashSet());
        Assert.All(operations, o => Assert.NotEqual("Other", (string)o.Operation["tags"]![0]!));
        Assert.Contains(operations, o => o is { Path: "/api/group/member/{memberId}", Method: "delete" });
        Assert.Contains(operations, o => o is { Path: "/api/tenant/{id}", Method: "patch" });
    }

    [Fact]
    public async Task Who_may_call_is_part_of_the_description()
    {
        var document = (await (await TestServer.Shared).Get("/openapi.json", key: "")).Is(200).Body;

        Assert.Equal("Authorization", (string)document["components"]!["securitySchemes"]!["apiKey"]!["name"]!);
        Assert.NotNull(document["paths"]!["/api/tenant/{id}"]!["get"]!["security"]![0]!["apiKey"]);
        Assert.Empty(document["paths"]!["/api/health"]!["get"]!["security"]!.AsArray());
    }

    [Fact]
    public async Task Every_reference_of_the_description_leads_somewhere()
    {
        var document = (await (await TestServer.Shared).Get("/openapi.json", key: "")).Is(200).Body;
        foreach (var reference in References(document))
        {
            JsonNode? target = document;
            foreach (var name in reference.Split('/')[1..]) target = target?[name];
            Assert.True(target is not null, reference);
        }
    }

    [Fact]
    public async Task Path_parameters_are_those_of_the_path()
    {
        var document = (await (await TestServer.Shared).Get("/openapi.json", key: "")).Is(200).Body;
        foreach (var (path, _, operation) in Operations(document))
        {
            var named = path.Split('{')[1..].Select(rest => rest.Split('}')[0]);
            var described = operation["parameters"]!.AsArray().Where(p => (string?)p!["in"] == "path").Select(p => (string)p!["name"]!);
            Assert.Equal(named, described);
        }
    }

    private static IEnumerable<(string Path, string Method, JsonNode Operation)> Operations(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, operation.Value!);

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject value => value.SelectMany(m => m.Key == "$ref" ? [(string)m.Value!] : References(m.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
