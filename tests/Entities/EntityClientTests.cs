using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Entities;

/// <summary>The slice by a program that others wrote: the published client of the API.</summary>
public sealed class EntityClientTests
{
    [Fact]
    public async Task The_official_client_makes_types_entities_and_grants_finds_them_and_removes_them()
    {
        await using var server = await TestServer.Start(time: new ManualTime { UtcNow = Clock.System.UtcNow });
        var seen = (JsonObject)JsonNode.Parse((await NodeClient.Run("entities", new { baseUrl = server.Url.ToString().TrimEnd('/'), apiKey = TestServer.SuperKey })).Json.GetRawText())!;
        Assert.Equal("""{"robot":["read","write"],"user":["read"]}""", seen["grants"]!.ToJsonString());
        Assert.Equal("""["Gate"]""", seen["found"]!.ToJsonString());
        Assert.Equal("[inUse]entityType", (string?)seen["refused"]!["typeInUse"]!["body"]!["generalErrors"]![0]!["code"]);
        Assert.Equal("[invalid]grant.permissions", (string?)seen["refused"]!["unknownPermission"]!["body"]!["fieldErrors"]!["grant.permissions"]![0]!["code"]);
        Assert.Equal(404, (int)seen["refused"]!["unknownEntity"]!["status"]!);
    }
}
