using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

public sealed class GroupEventTests
{
    [Fact]
    public async Task A_group_is_told_from_its_beginning_to_its_end()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        var application = await server.NewApplication(world.Tenant);
        var role = (Guid)(await server.Get($"/api/application/{application}", tenant: world.Tenant)).Body["application"]!["roles"]![0]!["id"]!;
        var id = Guid.NewGuid();
        var created = (await server.Post($"/api/group/{id}", new { group = new { name = "Staff", data = new { floor = 1 } }, roleIds = new[] { role } }, tenant: world.Tenant)).Is(200).Body["group"];
        var updated = (await server.Patch($"/api/group/{id}", new { group = new { name = "Crew" } }, tenant: world.Tenant)).Is(200).Body["group"];
        (await server.Delete($"/api/group/{id}", tenant: world.Tenant)).Is(200);

        var told = (await world.Told()).Where(e => ((string)e["type"]!).StartsWith("group.", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            [EventTypes.GroupCreate, EventTypes.GroupCreateComplete, EventTypes.GroupUpdate, EventTypes.GroupUpdateComplete, EventTypes.GroupDelete, EventTypes.GroupDeleteComplete],
            told.Select(e => (string)e["type"]!));
        Assert.Equal([created, created, updated, updated, updated, updated], told.Select(e => e["group"]), JsonNode.DeepEquals);
        Assert.Equal([null, null, created, created, null, null], told.Select(e => e["original"]), JsonNode.DeepEquals);
        Assert.Equal(role, (Guid)told[0]["group"]!["roles"]![application.ToString()]![0]!["id"]!);
        Assert.All(told, e => Assert.Equal(world.Tenant, (Guid)e["tenantId"]!));
        Assert.Equal(6, told.Select(e => (Guid)e["id"]!).Distinct().Count());
    }

    [Fact]
    public async Task What_was_refused_is_not_told()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        (await server.Post("/api/group", new { group = new { name = "Staff" } }, tenant: world.Tenant)).Is(200);
        Assert.Equal("[duplicate]group.name", (await server.Post("/api/group", new { group = new { name = "STAFF" } }, tenant: world.Tenant)).Is(400).FieldError("group.name"));
        (await server.Post("/api/group", new { group = new { } }, tenant: world.Tenant)).Is(400);
        (await server.Patch($"/api/group/{Guid.NewGuid()}", new { group = new { name = "Crew" } }, tenant: world.Tenant)).Is(404);

        Assert.Equal([EventTypes.GroupCreate, EventTypes.GroupCreateComplete], (await world.Types()).Where(type => type.StartsWith("group.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Another_tenant_tells_nothing_of_it()
    {
        var server = await TestServer.Shared;
        var (world, other) = (await EventWorld.Start(server), await server.NewTenant());
        (await server.Post("/api/group", new { group = new { name = "Staff" } }, tenant: other)).Is(200);

        Assert.DoesNotContain(await world.Types(), type => type.StartsWith("group.", StringComparison.Ordinal));
        Assert.Empty(await server.Rows("select id from webhook_event where tenant_id = @tenant and type like 'group.%'", ("tenant", other)));
    }

    [Fact]
    public async Task Who_receives_a_group_may_prevent_it()
    {
        await using var world = await TransactionWorld.Start();
        var tenant = await world.Tenant(1, (EventTypes.GroupCreate, TransactionType.AbsoluteMajority), (EventTypes.GroupUpdate, TransactionType.AbsoluteMajority), (EventTypes.GroupDelete, TransactionType.Any));
        var (group, status) = (Guid.NewGuid(), 500);
        world.Receivers.Answer = asked => Task.FromResult(asked.Type is EventTypes.GroupCreate or EventTypes.GroupUpdate or EventTypes.GroupDelete ? status : 200);
        Assert.Equal("[WebhookTransactionException]", (await Create()).Is(504).GeneralError);
        (await world.Server.Get($"/api/group/{group}", tenant: tenant.Id)).Is(404);
        status = 200;
        (await Create()).Is(200);
        status = 500;
        (await world.Server.Patch($"/api/group/{group}", new { group = new { name = "Crew" } }, tenant: tenant.Id)).Is(504);
        Assert.Equal("Staff", await Name());
        (await world.Server.Delete($"/api/group/{group}", tenant: tenant.Id)).Is(504);
        Assert.Equal("Staff", await Name());

        var results = (await world.About(group)).Where(e => !e.Type.EndsWith(".complete", StringComparison.Ordinal)).Select(e => (e.Type, e.Result));
        Assert.Equal([(EventTypes.GroupCreate, "Failed"), (EventTypes.GroupCreate, "Succeeded"), (EventTypes.GroupUpdate, "Failed"), (EventTypes.GroupDelete, "Failed")], results);
        Assert.Equal([EventTypes.GroupCreateComplete], (await world.About(group)).Where(e => e.Type.EndsWith(".complete", StringComparison.Ordinal)).Select(e => e.Type));

        Task<Answer> Create() => world.Server.Post($"/api/group/{group}", new { group = new { name = "Staff" } }, tenant: tenant.Id);

        async Task<string?> Name() => (string?)(await world.Server.Get($"/api/group/{group}", tenant: tenant.Id)).Is(200).Body["group"]!["name"];
    }
}
