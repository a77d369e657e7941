using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Entities;

public sealed class EntityTypeApiTests
{
    [Fact]
    public async Task A_type_comes_back_as_it_was_sent_and_belongs_to_no_tenant()
    {
        var server = await TestServer.Shared;
        var (id, name) = (Guid.NewGuid(), $"API {Guid.NewGuid()}");
        var created = (await server.Post($"/api/entity/type/{id}", new { entityType = new { name, data = new { a = 1 }, permissions = new[] { new { name = "scim:user:read", description = "Reads", isDefault = true } } } })).Is(200).Body["entityType"]!;
        Assert.Equal((id, name, 1), ((Guid)created["id"]!, (string?)created["name"], (int)created["data"]!["a"]!));
        Assert.Equal(("scim:user:read", true, "Reads"), ((string?)created["permissions"]![0]!["name"], (bool)created["permissions"]![0]!["isDefault"]!, (string?)created["permissions"]![0]!["description"]));
        Assert.False((bool)created["jwtConfiguration"]!["enabled"]!);
        Assert.Equal(created.ToJsonString(), (await server.Get($"/api/entity/type/{id}", tenant: await server.NewTenant())).Is(200).Body["entityType"]!.ToJsonString());
        Assert.Contains((JsonArray)(await server.Get("/api/entity/type")).Is(200).Body["entityTypes"]!, t => (Guid)t!["id"]! == id);
        Assert.Equal(1, (int)(await server.Get($"/api/entity/type/search?name={Uri.EscapeDataString(name)}")).Is(200).Body["total"]!);
        Assert.Equal(1, (int)(await server.Post("/api/entity/type/search", new { search = new { name } })).Is(200).Body["total"]!);
    }

    [Fact]
    public async Task What_makes_no_type_is_refused()
    {
        var server = await TestServer.Shared;
        var name = $"T {Guid.NewGuid()}";
        await Refused("[blank]entityType.name", "entityType.name", new { });
        (await server.Post("/api/entity/type", new { entityType = new { name } })).Is(200);
        await Refused("[duplicate]entityType.name", "entityType.name", new { name = name.ToUpperInvariant() });
        foreach (var bad in (string[])["with blank", "a,b", "a\"b", "a\\b", "ü"])
            await Refused("[invalid]entityType.permissions.name", "entityType.permissions.name", new { name = $"T {Guid.NewGuid()}", permissions = new[] { new { name = bad } } });
        await Refused("[duplicate]entityType.permissions", "entityType.permissions", new { name = $"T {Guid.NewGuid()}", permissions = new[] { new { name = "a" }, new { name = "A" } } });
        await Refused("[invalid]entityType.jwtConfiguration.accessTokenKeyId", "entityType.jwtConfiguration.accessTokenKeyId", new { name = $"T {Guid.NewGuid()}", jwtConfiguration = new { enabled = true, accessTokenKeyId = Guid.NewGuid() } });
        await Refused("[invalid]entityType.jwtConfiguration.timeToLiveInSeconds", "entityType.jwtConfiguration.timeToLiveInSeconds", new { name = $"T {Guid.NewGuid()}", jwtConfiguration = new { enabled = true, timeToLiveInSeconds = 0 } });

        async Task Refused(string code, string field, object entityType) => Assert.Equal(code, (await server.Post("/api/entity/type", new { entityType })).Is(400).FieldError(field));
    }

    [Fact]
    public async Task Permissions_are_added_changed_and_removed_one_by_one_and_keep_their_names()
    {
        var world = await EntityWorld.New();
        var (server, path, id) = (world.Server, $"/api/entity/type/{world.Type}/permission", Guid.NewGuid());
        var added = (await server.Post($"{path}/{id}", new { permission = new { name = "admin", description = "All" } })).Is(200).Body["permission"]!;
        Assert.Equal((id, "admin"), ((Guid)added["id"]!, (string?)added["name"]));
        Assert.Equal("[duplicate]permission.name", (await server.Post(path, new { permission = new { name = "ADMIN" } })).Is(400).FieldError("permission.name"));
        Assert.Equal("[invalid]permission.name", (await server.Post(path, new { permission = new { name = "a b" } })).Is(400).FieldError("permission.name"));
        Assert.Equal("[duplicate]permission.id", (await server.Post($"/api/entity/type/{await EntityWorld.NewType(server)}/permission/{id}", new { permission = new { name = "x" } })).Is(400).FieldError("permission.id"));
        var changed = (await server.Put($"{path}/{id}", new { permission = new { name = "root", isDefault = true } })).Is(200).Body["permission"]!;
        Assert.Equal(("admin", true, null), ((string?)changed["name"], (bool)changed["isDefault"]!, (string?)changed["description"]));
        Assert.Equal("Some", (string?)(await server.Patch($"{path}/{id}", """{"permission":{"description":"Some"}}""")).Is(200).Body["permission"]!["description"]);
        Assert.Equal("", (await server.Delete($"{path}/{id}")).Is(200).Text);
        (await server.Delete($"{path}/{id}")).Is(404);
        Assert.Equal(["read", "write", "delete"], ((JsonArray)(await server.Get($"/api/entity/type/{world.Type}")).Body["entityType"]!["permissions"]!).Select(p => (string)p!["name"]!));
    }

    [Fact]
    public async Task A_removed_permission_leaves_every_grant_for_good_however_it_was_removed()
    {
        var world = await EntityWorld.New();
        var (server, target, caller) = (world.Server, EntityWorld.Id(await world.NewEntity()), EntityWorld.Id(await world.NewEntity()));
        await world.GrantEntity(target, caller, "read", "write", "delete");
        var type = (JsonObject)(await server.Get($"/api/entity/type/{world.Type}")).Body["entityType"]!;
        var ids = ((JsonArray)type["permissions"]!).ToDictionary(p => (string)p!["name"]!, p => (Guid)p!["id"]!);
        (await server.Delete($"/api/entity/type/{world.Type}/permission/{ids["write"]}")).Is(200);
        Assert.Equal("delete read", await world.Held(target, $"recipientEntityId={caller}"));
        (await server.Put($"/api/entity/type/{world.Type}", new { entityType = new { name = (string)type["name"]!, permissions = new[] { new { name = "read" } } } })).Is(200);
        Assert.Equal("read", await world.Held(target, $"recipientEntityId={caller}"));

        // The same permissions come back, and nobody holds them.
        foreach (var name in (string[])["write", "delete"])
            (await server.Post($"/api/entity/type/{world.Type}/permission/{ids[name]}", new { permission = new { name } })).Is(200);
        Assert.Equal("read", await world.Held(target, $"recipientEntityId={caller}"));
    }

    [Fact]
    public async Task A_replacement_without_permissions_keeps_them()
    {
        var world = await EntityWorld.New();
        var replaced = (await world.Server.Put($"/api/entity/type/{world.Type}", new { entityType = new { name = $"R {Guid.NewGuid()}" } })).Is(200).Body["entityType"]!;
        Assert.Equal(3, ((JsonArray)replaced["permissions"]!).Count);
    }

    [Fact]
    public async Task A_type_stays_as_long_as_an_entity_of_any_tenant_is_of_it()
    {
        var world = await EntityWorld.New();
        var entity = await world.NewEntity();
        Assert.Equal("[inUse]entityType", (await world.Server.Delete($"/api/entity/type/{world.Type}")).Is(400).GeneralError);
        (await world.Server.Delete($"/api/entity/{entity["id"]}")).Is(200);
        (await world.Server.Delete($"/api/entity/type/{world.Type}")).Is(200);
        (await world.Server.Get($"/api/entity/type/{world.Type}")).Is(404);
    }

    [Fact]
    public async Task A_key_that_signs_for_a_type_stays()
    {
        var server = await TestServer.Shared;
        var key = (Guid)(await server.Post("/api/key/generate", new { key = new { name = $"E {Guid.NewGuid()}", algorithm = "ES256" } })).Is(200).Body["key"]!["id"]!;
        await EntityWorld.NewType(server, new { enabled = true, accessTokenKeyId = key });
        Assert.Equal("[inUse]key", (await server.Delete($"/api/key/{key}")).Is(400).GeneralError);
    }
}
