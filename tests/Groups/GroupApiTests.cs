using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Groups;

public sealed class GroupApiTests
{
    [Fact]
    public async Task A_group_shows_its_roles_whole_and_by_application()
    {
        var world = await World.New();
        var id = Guid.NewGuid();
        var group = (await world.Server.Post($"/api/group/{id}", new { group = new { name = "Staff", data = new { a = 1 } }, roleIds = world.Roles }, tenant: world.Tenant)).Is(200).Body["group"]!;
        Assert.Equal(["reader", "writer"], ((JsonArray)group["roles"]![world.Application.ToString()]!).Select(r => (string)r!["name"]!));
        Assert.Null(group["roleIds"]);
        Assert.Equal((id, world.Tenant, 1), ((Guid)group["id"]!, (Guid)group["tenantId"]!, (int)group["data"]!["a"]!));
        Assert.Equal(group.ToJsonString(), (await world.Server.Get($"/api/group/{id}")).Is(200).Body["group"]!.ToJsonString());
        Assert.Single((JsonArray)(await world.Server.Get("/api/group", tenant: world.Tenant)).Is(200).Body["groups"]!);
        Assert.Equal(1, (int)(await world.Server.Get("/api/group/search?name=staff", tenant: world.Tenant)).Is(200).Body["total"]!);
    }

    [Fact]
    public async Task A_role_that_the_tenant_does_not_have_is_refused()
    {
        var world = await World.New();
        var foreign = (await World.New()).Roles[0];
        foreach (var role in (Guid[])[Guid.NewGuid(), foreign])
            Assert.Equal("[invalid]roleIds", (await world.Server.Post("/api/group", new { group = new { name = "G" }, roleIds = new[] { role } }, tenant: world.Tenant)).Is(400).FieldError("roleIds"));
        Assert.Equal("[couldNotConvert]group.roleIds", (await world.Server.Post("/api/group", """{"group":{"name":"G"},"roleIds":"all"}""", tenant: world.Tenant)).Is(400).FieldError("group.roleIds"));
        Assert.Empty((JsonArray)(await world.Server.Get("/api/group", tenant: world.Tenant)).Body["groups"]!);
    }

    [Fact]
    public async Task A_name_is_taken_once_in_a_tenant()
    {
        var world = await World.New();
        await world.NewGroup("Staff");
        Assert.Equal("[duplicate]group.name", (await world.Server.Post("/api/group", new { group = new { name = "STAFF" } }, tenant: world.Tenant)).Is(400).FieldError("group.name"));
        (await world.Server.Post("/api/group", new { group = new { name = "Staff" } }, tenant: await world.Server.NewTenant())).Is(200);
        Assert.Equal("[TenantIdRequired]", (await world.Server.Post("/api/group", new { group = new { name = "Staff" } })).Is(400).GeneralError);
    }

    [Fact]
    public async Task A_replacement_replaces_the_roles_and_a_patch_adds_to_them()
    {
        var world = await World.New();
        var id = await world.NewGroup("Staff", world.Roles[0]);
        Assert.Equal(["reader", "writer"], await world.Patched(id, $$"""{"group":{},"roleIds":["{{world.Roles[1]}}"]}""", "application/json"));
        Assert.Equal(["writer"], await world.Patched(id, $$"""{"group":{},"roleIds":["{{world.Roles[1]}}"]}""", "application/merge-patch+json"));
        Assert.Equal(["writer"], await world.Patched(id, """[{"op":"replace","path":"/group/name","value":"Crew"}]""", "application/json-patch+json"));
        var replaced = (await world.Server.Put($"/api/group/{id}", new { group = new { name = "Crew" }, roleIds = new[] { world.Roles[0] } })).Is(200).Body["group"]!;
        Assert.Equal(["reader"], world.Names(replaced));
        Assert.Empty(world.Names((await world.Server.Put($"/api/group/{id}", new { group = new { name = "Crew" } })).Is(200).Body["group"]!));
    }

    [Fact]
    public async Task A_role_that_was_deleted_leaves_the_group_and_does_not_stand_in_its_way()
    {
        var world = await World.New();
        var id = await world.NewGroup("Staff", world.Roles);
        (await world.Server.Delete($"/api/application/{world.Application}/role/{world.Roles[0]}")).Is(200);
        Assert.Equal(["writer"], world.Names((await world.Server.Get($"/api/group/{id}")).Body["group"]!));
        Assert.Equal(["writer"], await world.Patched(id, """{"group":{"name":"Crew"}}""", "application/json"));
    }

    [Fact]
    public async Task A_group_of_another_tenant_does_not_exist_and_a_deleted_one_neither()
    {
        var world = await World.New();
        var id = await world.NewGroup("Staff");
        var elsewhere = await world.Server.NewTenant();
        (await world.Server.Get($"/api/group/{id}", tenant: elsewhere)).Is(404);
        (await world.Server.Delete($"/api/group/{id}", tenant: elsewhere)).Is(404);
        (await world.Server.Put($"/api/group/{id}", new { group = new { name = "X" } }, tenant: elsewhere)).Is(404);
        Assert.Equal("", (await world.Server.Delete($"/api/group/{id}")).Is(200).Text);
        Assert.Equal("", (await world.Server.Get($"/api/group/{id}")).Is(404).Text);
        await world.NewGroup("Staff");
    }

    private sealed record World(TestServer Server, Guid Tenant, Guid Application, Guid[] Roles)
    {
        public static async Task<World> New()
        {
            var server = await TestServer.Shared;
            var tenant = await server.NewTenant();
            var application = await server.NewApplication(tenant);
            var roles = (JsonArray)(await server.Get($"/api/application/{application}")).Body["application"]!["roles"]!;
            return new World(server, tenant, application, [.. roles.Select(r => (Guid)r!["id"]!)]);
        }

        public async Task<Guid> NewGroup(string name, params Guid[] roles) =>
            (Guid)(await Server.Post("/api/group", new { group = new { name }, roleIds = roles }, tenant: Tenant)).Is(200).Body["group"]!["id"]!;

        public async Task<List<string>> Patched(Guid id, string patch, string type) =>
            Names((await Server.Patch($"/api/group/{id}", patch, type)).Is(200).Body["group"]!);

        public List<string> Names(JsonNode group) =>
            [.. (group["roles"]![Application.ToString()] as JsonArray ?? []).Select(r => (string)r!["name"]!)];
    }
}
