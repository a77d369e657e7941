using System.Text.Json.Nodes;

namespace OrleansAuth.Entities;

/// <summary>The search among entities, on both databases.</summary>
public sealed class EntitySearchTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entities_are_found_by_what_they_are_in_the_order_that_was_asked_for(bool onPostgres)
    {
        await using var server = await EntityWorld.NewServer(onPostgres);
        var (world, other) = (await EntityWorld.New(server), await EntityWorld.New(server));
        var gateway = await world.NewEntity("Gateway north");
        var robot = await world.NewEntity("Robot", other.Type);
        var door = (JsonObject)(await world.Create(new { name = "Door", type = new { id = world.Type }, clientId = "front-Door", data = new { floor = "Ground" } })).Is(200).Body["entity"]!;
        await other.NewEntity("Gateway south");

        Assert.Equal("3: Door, Gateway north, Robot", await Search(new { }));
        Assert.Equal("1: Gateway north", await Search(new { queryString = "gateway" }));
        Assert.Equal("1: Gateway north", await Search(new { queryString = "name:gate*" }));
        Assert.Equal("1: Robot", await Search(new { queryString = $"type.id:{other.Type}" }));
        Assert.Equal("2: Door, Gateway north", await Search(new { queryString = $"typeId:{world.Type} AND NOT name:robot" }));
        Assert.Equal("1: Door", await Search(new { queryString = "ground" }));
        Assert.Equal("1: Door", await Search(new { queryString = "clientId:front-door" }));
        Assert.Equal("1: Robot", await Search(new { query = """{"bool":{"must":[{"match":{"name":"robot"}}]}}""" }));
        Assert.Equal("3: Robot, Gateway north", await Search(new { orderBy = "name DESC", numberOfResults = 2 }));
        Assert.Equal("3: Door", await Search(new { orderBy = "name DESC", numberOfResults = 2, startRow = 2 }));
        Assert.Equal("3: Door, Robot, Gateway north", await Search(new { sortFields = new[] { new { name = "insertInstant", order = "desc" } } }));
        Assert.Equal("2: Robot, Door", await Search(new { ids = new[] { robot["id"], door["id"], Guid.NewGuid().ToString() }, orderBy = "insertInstant" }));

        var byIds = (await server.Get($"/api/entity/search?ids={gateway["id"]}&ids={Guid.NewGuid()}", tenant: world.Tenant)).Is(200).Body;
        Assert.Equal(1, (int)byIds["total"]!);
        Assert.Null(byIds["entities"]![0]!["clientSecret"]);
        Assert.Equal(0, (int)(await server.Get($"/api/entity/search?ids={gateway["id"]}", tenant: other.Tenant)).Is(200).Body["total"]!);
        Assert.Equal("", (await server.Put("/api/entity/search", null)).Is(200).Text);

        var page = (await server.Post("/api/entity/search", new { search = new { numberOfResults = 2 } }, tenant: world.Tenant)).Is(200).Body;
        Assert.Equal("3: Robot", await Search(new { nextResults = (string)page["nextResults"]!, numberOfResults = 2 }));

        foreach (var bad in (object[])[new { queryString = "(" }, new { queryString = "email:x" }, new { orderBy = "data" }, new { nextResults = "forged" }, new { numberOfResults = -1 }, new { query = """{"nested":{"path":"registrations","query":{"match_all":{}}}}""" }])
            (await server.Post("/api/entity/search", new { search = bad }, tenant: world.Tenant)).Is(400);

        async Task<string> Search(object search)
        {
            var body = (await server.Post("/api/entity/search", new { search }, tenant: world.Tenant)).Is(200).Body;
            return $"{(int)body["total"]!}: {string.Join(", ", ((JsonArray)body["entities"]!).Select(e => (string)e!["name"]!))}";
        }
    }
}
