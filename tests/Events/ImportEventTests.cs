using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

public sealed class ImportEventTests
{
    [Fact]
    public async Task An_import_is_told_in_parts_that_a_receiver_can_take()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        var users = Enumerable.Range(0, 260).Select(number => (JsonNode)new JsonObject
        {
            ["email"] = $"{number}@example.com",
            ["active"] = true,
            ["password"] = number == 0 ? "a password in the clear" : null,
            ["data"] = number is 1 or 2 ? new JsonObject { ["much"] = new string('x', 600_000) } : null,
        }).ToArray();
        (await server.Post("/api/user/import", new JsonObject { ["users"] = new JsonArray(users) }, tenant: world.Tenant)).Is(200);

        var told = await world.Told(EventTypes.UserBulkCreate);
        Assert.Equal(3, told.Count);
        Assert.All(told, e => Assert.InRange(e.ToJsonString().Length, 1, 1_001_000));
        Assert.Equal(Enumerable.Range(0, 260).Select(number => $"{number}@example.com").Order(), told.SelectMany(e => e["users"]!.AsArray()).Select(user => (string)user!["email"]!).Order());
        Assert.All(told, e => Assert.DoesNotContain("a password in the clear", e.ToJsonString(), StringComparison.Ordinal));
        Assert.DoesNotContain(EventTypes.UserCreate, await world.Types());
    }

    [Fact]
    public async Task Nobody_is_told_what_signs_an_imported_user_in()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        var application = await server.NewApplication(world.Tenant);
        const string Factor = "U0VDUkVUU0VDUkVUU0VDUkVU";
        var user = new
        {
            email = "told@example.com",
            active = true,
            password = "a password in the clear",
            registrations = new[] { new { applicationId = application, authenticationToken = "a-token-that-signs-in", tokens = new { Google = "somebody-elses-token" } } },
            twoFactor = new { methods = new[] { new { method = "authenticator", secret = Factor } }, recoveryCodes = new[] { "recover-me-once" } },
        };
        (await server.Post("/api/user/import", new { users = new[] { user } }, tenant: world.Tenant)).Is(200);

        var told = Assert.Single(await world.Told(EventTypes.UserBulkCreate)).ToJsonString();
        Assert.Contains("told@example.com", told, StringComparison.Ordinal);
        Assert.Contains("authenticator", told, StringComparison.Ordinal);
        Assert.All((string[])["a password in the clear", "a-token-that-signs-in", "somebody-elses-token", Factor, "recover-me-once"], secret => Assert.DoesNotContain(secret, told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_refused_is_not_told()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        (await server.Post("/api/user/import", new { users = new[] { new { email = "a@example.com" }, new { email = "A@example.com" } } }, tenant: world.Tenant)).Is(400);

        Assert.Empty(await world.Told(EventTypes.UserBulkCreate));
    }

    [Fact]
    public async Task Who_receives_the_users_may_prevent_the_whole_import()
    {
        await using var world = await TransactionWorld.Start();
        var tenant = await world.Tenant(1, (EventTypes.UserBulkCreate, TransactionType.Any));
        var refused = true;
        // One part of two is refused.
        world.Receivers.Answer = asked => Task.FromResult(refused && asked.Type == EventTypes.UserBulkCreate && asked.Event["users"]!.AsArray().Count < 250 ? 500 : 200);
        var users = Enumerable.Range(0, 300).Select(number => new { email = $"{number}@example.com" });

        Assert.Equal("[WebhookTransactionException]", (await Import()).Is(504).GeneralError);
        Assert.Empty(await world.Server.Rows("select id from user_search where tenant_id = @tenant", ("tenant", tenant.Id)));
        Assert.Equal(["Failed", "Failed"], (await world.About(tenant.Id)).Where(e => e.Type == EventTypes.UserBulkCreate).Select(e => e.Result));

        refused = false;
        (await Import()).Is(200);
        Assert.Equal(300, (await world.Server.Rows("select id from user_search where tenant_id = @tenant", ("tenant", tenant.Id))).Count);

        Task<Answer> Import() => world.Server.Post("/api/user/import", new { users }, tenant: tenant.Id);
    }
}
