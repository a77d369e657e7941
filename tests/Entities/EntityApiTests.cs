using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Entities;

public sealed class EntityApiTests
{
    [Fact]
    public async Task An_entity_gets_an_id_a_client_id_and_a_secret_and_shows_its_type_whole()
    {
        var world = await EntityWorld.New();
        var created = (JsonObject)(await world.Create(new { name = " Robot ", type = new { id = world.Type }, data = new { serial = "x1", nothing = (string?)null } })).Is(200).Body["entity"]!;
        Assert.Equal(("Robot", (string)created["id"]!, world.Tenant), ((string?)created["name"], (string?)created["clientId"], (Guid)created["tenantId"]!));
        Assert.True(((string)created["clientSecret"]!).Length >= 43);
        Assert.Equal(3, ((JsonArray)created["type"]!["permissions"]!).Count);
        Assert.Equal("x1", (string?)created["data"]!["serial"]);
        Assert.Equal(created.ToJsonString(), (await world.Server.Get($"/api/entity/{created["id"]}")).Is(200).Body["entity"]!.ToJsonString());
    }

    [Fact]
    public async Task Ids_client_ids_and_secrets_can_be_chosen_and_the_secret_lies_encrypted()
    {
        var world = await EntityWorld.New();
        var (id, client) = (Guid.NewGuid(), $"robot {Guid.NewGuid()}");
        var created = (await world.Create(new { name = "R", type = new { id = world.Type }, clientId = client, clientSecret = "a chosen secret" }, id)).Is(200).Body["entity"]!;
        Assert.Equal((id, client, "a chosen secret"), ((Guid)created["id"]!, (string?)created["clientId"], (string?)created["clientSecret"]));
        var stored = await world.Server.Services.GetRequiredService<IStore>().Read(new StateKey("entity", id.ToString("N")));
        Assert.DoesNotContain("a chosen secret", System.Text.Encoding.UTF8.GetString(stored!.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_makes_no_entity_is_refused()
    {
        var world = await EntityWorld.New();
        var type = new { id = world.Type };
        await Refused("[blank]entity.name", new { type });
        await Refused("[missing]entity.type.id", new { name = "N" });
        await Refused("[invalid]entity.type.id", new { name = "N", type = new { id = Guid.NewGuid() } });
        await Refused("[invalid]entity.parentId", new { name = "N", type, parentId = Guid.NewGuid() });
        await Refused("[invalid]entity.clientId", new { name = "N", type, clientId = "ü" });
        await Refused("[tooLong]entity.clientSecret", new { name = "N", type, clientSecret = new string('x', 300) });
        await Refused("[couldNotConvert]entity.data", new { name = "N", type, data = "text" });
        await Refused("[couldNotConvert]entity.id", new { name = "N", type, id = "no-uuid" });
        await Refused("[invalid]entity.id", new { name = "N", type, id = world.Tenant });
        Assert.Equal("[TenantIdRequired]", (await world.Server.Post("/api/entity", new { entity = new { name = "N", type } })).Is(400).GeneralError);
        Assert.Equal("[missing]entity", (await world.Server.Post("/api/entity", "{}", tenant: world.Tenant)).Is(400).FieldError("entity"));
        Assert.Equal(0, (int)(await world.Server.Get("/api/entity/search", tenant: world.Tenant)).Is(200).Body["total"]!);

        async Task Refused(string code, object entity) => Assert.Equal(code, (await world.Create(entity)).Is(400).FieldError(code[(code.IndexOf(']', StringComparison.Ordinal) + 1)..]));
    }

    [Fact]
    public async Task No_two_clients_share_a_client_id_be_they_entities_or_applications()
    {
        var world = await EntityWorld.New();
        var application = await world.Server.NewApplication(world.Tenant);
        var type = new { id = world.Type };
        foreach (var taken in (string[])[application.ToString(), application.ToString().ToUpperInvariant(), application.ToString("N")])
            Assert.Equal("[duplicate]entity.clientId", (await world.Create(new { name = "N", type, clientId = taken })).Is(400).FieldError("entity.clientId"));
        Assert.NotNull((await world.Create(new { name = "N", type, clientId = $"own {Guid.NewGuid()}" }, application)).Is(400).FieldError("entity.id"));

        var (other, named) = (await EntityWorld.New(), $"robot {Guid.NewGuid()}");
        var entity = (await world.Create(new { name = "N", type, clientId = named })).Is(200).Body["entity"]!;
        Assert.Equal("[duplicate]entity.clientId", (await other.Create(new { name = "N", type, clientId = named })).Is(400).FieldError("entity.clientId"));
        Assert.Equal("[duplicate]entity.clientId", (await other.Create(new { name = "N", type, clientId = (string)entity["id"]! })).Is(400).FieldError("entity.clientId"));
        var late = await world.Server.Post($"/api/application/{entity["id"]}", new { application = new { name = "Late" } }, tenant: world.Tenant);
        Assert.Equal("[duplicate]application.oauthConfiguration.clientId", late.Is(400).FieldError("application.oauthConfiguration.clientId"));

        // Whoever goes gives the names back.
        (await world.Server.Delete($"/api/entity/{entity["id"]}")).Is(200);
        (await other.Create(new { name = "N", type, clientId = named }, (Guid)entity["id"]!)).Is(200);
    }

    [Fact]
    public async Task An_id_is_used_once_also_by_another_tenant()
    {
        var (world, other) = (await EntityWorld.New(), await EntityWorld.New());
        var entity = await world.NewEntity();
        foreach (var tenant in (Guid[])[world.Tenant, other.Tenant])
            Assert.Equal("[duplicate]entity.id", (await world.Create(new { name = "N", type = new { id = world.Type } }, (Guid)entity["id"]!, tenant)).Is(400).FieldError("entity.id"));
    }

    [Fact]
    public async Task A_replacement_keeps_credentials_and_type_that_it_leaves_out_and_drops_the_rest()
    {
        var world = await EntityWorld.New();
        var parent = await world.NewEntity("Parent");
        var before = (JsonObject)(await world.Create(new { name = "A", type = new { id = world.Type }, parentId = (string)parent["id"]!, data = new { a = 1 } })).Is(200).Body["entity"]!;
        var after = (JsonObject)(await world.Server.Put($"/api/entity/{before["id"]}", new { entity = new { name = "B" } })).Is(200).Body["entity"]!;
        Assert.Equal(("B", (string?)before["clientId"], (string?)before["clientSecret"]), ((string?)after["name"], (string?)after["clientId"], (string?)after["clientSecret"]));
        Assert.Equal((long)before["insertInstant"]!, (long)after["insertInstant"]!);
        Assert.Equal(world.Type, (Guid)after["type"]!["id"]!);
        Assert.False(after.ContainsKey("data") || after.ContainsKey("parentId"));
        var elsewhere = await EntityWorld.NewType(world.Server);
        Assert.Equal("[notEqual]entity.type.id", (await world.Server.Put($"/api/entity/{before["id"]}", new { entity = new { name = "B", type = new { id = elsewhere } } })).Is(400).FieldError("entity.type.id"));
    }

    [Fact]
    public async Task Three_kinds_of_patch_change_what_they_name()
    {
        var world = await EntityWorld.New();
        var entity = (JsonObject)(await world.Create(new { name = "A", type = new { id = world.Type }, data = new { list = new[] { 1 } } })).Is(200).Body["entity"]!;
        var path = $"/api/entity/{entity["id"]}";
        Assert.Equal("[1,2]", (await world.Server.Patch(path, """{"entity":{"data":{"list":[2]}}}""")).Is(200).Body["entity"]!["data"]!["list"]!.ToJsonString());
        Assert.Equal("[3]", (await world.Server.Patch(path, """{"entity":{"data":{"list":[3]}}}""", "application/merge-patch+json")).Is(200).Body["entity"]!["data"]!["list"]!.ToJsonString());
        var last = (await world.Server.Patch(path, """[{"op":"replace","path":"/entity/name","value":"B"},{"op":"replace","path":"/entity/clientSecret","value":"new secret"}]""", "application/json-patch+json")).Is(200).Body["entity"]!;
        Assert.Equal(("B", "new secret", (string?)entity["clientId"]), ((string?)last["name"], (string?)last["clientSecret"], (string?)last["clientId"]));
        Assert.Equal("[invalidPatch]", (await world.Server.Patch(path, """[{"op":"test","path":"/entity/name","value":"C"}]""", "application/json-patch+json")).Is(400).GeneralError);
        (await world.Server.Patch($"/api/entity/{Guid.NewGuid()}", """{"entity":{}}""")).Is(404);
    }

    [Fact]
    public async Task A_parent_is_of_the_same_tenant_never_a_descendant_and_stays_as_long_as_it_has_children()
    {
        var (world, other) = (await EntityWorld.New(), await EntityWorld.New());
        var (a, foreign) = (await world.NewEntity("A"), await other.NewEntity("F"));
        var type = new { id = world.Type };
        Assert.Equal("[invalid]entity.parentId", (await world.Create(new { name = "N", type, parentId = (string)foreign["id"]! })).Is(400).FieldError("entity.parentId"));
        var b = (JsonObject)(await world.Server.Post("/api/entity", new { entity = new { name = "B", type, parentId = (string)a["id"]! } })).Is(200).Body["entity"]!;
        Assert.Equal(world.Tenant, (Guid)b["tenantId"]!);
        foreach (var parentId in (string[])[(string)a["id"]!, (string)b["id"]!])
            Assert.Equal("[invalid]entity.parentId", (await world.Server.Patch($"/api/entity/{a["id"]}", new { entity = new { parentId } })).Is(400).FieldError("entity.parentId"));
        Assert.Equal("[inUse]entity", (await world.Server.Delete($"/api/entity/{a["id"]}")).Is(400).GeneralError);
        (await world.Server.Delete($"/api/entity/{b["id"]}")).Is(200);
        (await world.Server.Delete($"/api/entity/{a["id"]}")).Is(200);
    }

    [Fact]
    public async Task Another_tenant_sees_and_changes_nothing_and_a_deleted_entity_is_gone()
    {
        var (world, other) = (await EntityWorld.New(), await EntityWorld.New());
        var path = $"/api/entity/{(await world.NewEntity())["id"]}";
        Assert.Equal("", (await world.Server.Get(path, tenant: other.Tenant)).Is(404).Text);
        (await world.Server.Put(path, new { entity = new { name = "X" } }, tenant: other.Tenant)).Is(404);
        (await world.Server.Patch(path, """{"entity":{"name":"X"}}""", tenant: other.Tenant)).Is(404);
        (await world.Server.Delete(path, tenant: other.Tenant)).Is(404);
        (await world.Server.Get(path, tenant: world.Tenant)).Is(200);
        Assert.Equal("", (await world.Server.Delete(path, tenant: world.Tenant)).Is(200).Text);
        (await world.Server.Get(path)).Is(404);
        (await world.Server.Delete(path)).Is(404);
    }

    [Fact]
    public async Task Of_many_who_want_a_client_id_at_once_one_gets_it()
    {
        var world = await EntityWorld.New();
        var client = $"robot {Guid.NewGuid()}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => world.Create(new { name = "N", type = new { id = world.Type }, clientId = client })));
        Assert.Single(answers, a => a.Status == System.Net.HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != System.Net.HttpStatusCode.OK), a => Assert.Equal("[duplicate]entity.clientId", a.FieldError("entity.clientId")));
    }

    [Fact]
    public async Task Patches_at_the_same_time_all_count()
    {
        var world = await EntityWorld.New();
        var path = $"/api/entity/{(await world.NewEntity())["id"]}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => world.Server.Patch(path, new { entity = new { data = new Dictionary<string, int> { [$"m{i}"] = i } } })));
        Assert.All(answers, answer => answer.Is(200));
        Assert.Equal(12, ((JsonObject)(await world.Server.Get(path)).Body["entity"]!["data"]!).Count);
    }

    [Fact]
    public async Task Entities_leave_with_their_tenant_and_survive_a_restart()
    {
        await using var server = await TestServer.Start();
        var (world, doomed) = (await EntityWorld.New(server), await EntityWorld.New(server));
        var (kept, gone, client) = (await world.NewEntity(), await doomed.NewEntity(), await doomed.NewEntity());
        await doomed.GrantEntity(EntityWorld.Id(gone), EntityWorld.Id(client), "read");
        (await server.Delete($"/api/tenant/{doomed.Tenant}")).Is(200);
        (await server.Get($"/api/entity/{gone["id"]}")).Is(404);
        Assert.Equal(0, (int)(await server.Get("/api/entity/grant/search")).Is(200).Body["total"]!);
        Assert.NotNull((await doomed.Token(client)).Error);
        (await world.Create(new { name = "N", type = new { id = world.Type } }, EntityWorld.Id(gone))).Is(200);

        await using var again = await server.Restart();
        Assert.Equal(kept.ToJsonString(), (await again.Get($"/api/entity/{kept["id"]}")).Is(200).Body["entity"]!.ToJsonString());
        Assert.NotNull((await (world with { Server = again }).Token(kept)).Value);
    }
}
