using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Entities;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

public sealed class EntityEventTests
{
    [Fact]
    public async Task An_entity_is_told_from_its_beginning_to_its_end_without_its_secret()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        var (type, id) = (await EntityWorld.NewType(server), Guid.NewGuid());
        var created = await Send(HttpMethod.Post, new { name = "Car", clientSecret = "a-secret-of-the-entity", type = new { id = type } });
        var updated = await Send(HttpMethod.Patch, new { name = "Lorry" });
        (await server.Delete($"/api/entity/{id}", tenant: world.Tenant)).Is(200);

        var told = (await world.Told()).Where(e => ((string)e["type"]!).StartsWith("entity.", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            [EventTypes.EntityCreate, EventTypes.EntityCreateComplete, EventTypes.EntityUpdate, EventTypes.EntityUpdateComplete, EventTypes.EntityDelete, EventTypes.EntityDeleteComplete],
            told.Select(e => (string)e["type"]!));
        Assert.Equal([created, created, updated, updated, updated, updated], told.Select(e => e["entity"]), JsonNode.DeepEquals);
        Assert.Equal([null, null, created, created, null, null], told.Select(e => e["original"]), JsonNode.DeepEquals);
        Assert.Equal(type, (Guid)told[0]["entity"]!["type"]!["id"]!);
        Assert.All(await world.Told(), e => Assert.DoesNotContain("a-secret-of-the-entity", e.ToJsonString(), StringComparison.Ordinal));

        async Task<JsonNode> Send(HttpMethod method, object entity)
        {
            var shown = (await server.Send(method, $"/api/entity/{id}", new { entity }, tenant: world.Tenant)).Is(200).Body["entity"]!.AsObject();
            shown.Remove("clientSecret");
            return shown;
        }
    }

    [Fact]
    public async Task What_was_refused_is_not_told_nor_what_happens_in_another_tenant()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        var elsewhere = await EntityWorld.New(server);
        (await server.Post("/api/entity", new { entity = new { name = "Car" } }, tenant: world.Tenant)).Is(400);
        var foreign = EntityWorld.Id(await elsewhere.NewEntity());
        (await server.Patch($"/api/entity/{foreign}", new { entity = new { name = "Mine" } }, tenant: world.Tenant)).Is(404);

        Assert.DoesNotContain(await world.Types(), type => type.StartsWith("entity.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_receives_an_entity_may_prevent_it_and_its_names_are_free_again()
    {
        await using var world = await TransactionWorld.Start();
        var tenant = await world.Tenant(2, (EventTypes.EntityCreate, TransactionType.AbsoluteMajority));
        var type = await EntityWorld.NewType(world.Server);
        var (entity, refused) = (Guid.NewGuid(), true);
        world.Receivers.Answer = asked => Task.FromResult(refused && asked is { Receiver: 1, Type: EventTypes.EntityCreate } ? 500 : 200);
        Assert.Equal("[WebhookTransactionException]", (await Create()).Is(504).GeneralError);
        (await world.Server.Get($"/api/entity/{entity}", tenant: tenant.Id)).Is(404);
        refused = false;
        Assert.Equal("car-of-ada", (string?)(await Create()).Is(200).Body["entity"]!["clientId"]);

        Task<Answer> Create() => world.Server.Post($"/api/entity/{entity}", new { entity = new { name = "Car", clientId = "car-of-ada", type = new { id = type } } }, tenant: tenant.Id);
    }
}
