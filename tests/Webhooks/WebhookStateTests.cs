using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;

namespace OrleansAuth.Webhooks;

/// <summary>Webhooks that work, rest, were switched off, or are gone.</summary>
public sealed class WebhookStateTests
{
    [Fact]
    public async Task Pausing_and_resuming_hold_until_the_other_and_are_in_the_audit_log()
    {
        await using var server = await TestServer.Start();
        var id = await Hooks.Create(server, Hooks.Body());
        Assert.True((bool)(await server.Post($"/api/webhook/{id}/pause", null)).Is(200).Body["webhook"]!["paused"]!);
        Assert.False(Hooks.Find(server, id).IsAtWork);

        // No change of the object says otherwise.
        (await server.Put($"/api/webhook/{id}", Hooks.Body("""{"paused":false}"""))).Is(200);
        await using var again = await server.Restart();
        Assert.False(Hooks.Find(again, id).IsAtWork);
        Assert.False((bool)(await again.Post($"/api/webhook/{id}/resume", null)).Is(200).Body["webhook"]!["paused"]!);
        Assert.True(Hooks.Find(again, id).IsAtWork);
        Assert.False((bool)(await again.Put($"/api/webhook/{id}", Hooks.Body("""{"paused":true}"""))).Is(200).Body["webhook"]!["paused"]!);

        var told = await again.Services.GetRequiredService<IStore>().Query("select message from audit_log where message like 'Webhook%' order by seq", row => row.Text("message"));
        Assert.Equal(["created", "paused", "updated", "resumed", "updated"], told.Select(message => message[(message.LastIndexOf("was ", StringComparison.Ordinal) + 4)..]));
    }

    [Fact]
    public async Task A_webhook_that_the_server_disabled_says_why_until_somebody_resumes_it()
    {
        var server = await TestServer.Shared;
        var id = await Hooks.Create(server, Hooks.Body());
        var grains = server.Services.GetRequiredService<IGrainFactory>();
        Assert.Null((await grains.DisableWebhook(id, "The receiver answered 410.")).Refusal);
        await server.Until(snapshot => snapshot.Find<Webhook>(id) is { IsAtWork: false });
        var shown = (await server.Get($"/api/webhook/{id}")).Is(200).Body["webhook"]!;
        Assert.Equal(("The receiver answered 410.", server.Time.UtcNow.ToUnixTimeMilliseconds()), ((string?)shown["disabledReason"], (long)shown["disabledInstant"]!));
        (await server.Put($"/api/webhook/{id}", Hooks.Body("""{"disabledInstant":null,"disabledReason":"none"}"""))).Is(200);
        Assert.Equal("The receiver answered 410.", Hooks.Find(server, id).DisabledReason);

        var resumed = (await server.Post($"/api/webhook/{id}/resume", null)).Is(200).Body["webhook"]!;
        Assert.Equal((null, null), (resumed["disabledReason"], resumed["disabledInstant"]));
        Assert.True(Hooks.Find(server, id).IsAtWork);
        Assert.Equal(RefusalKind.NotFound, (await grains.DisableWebhook(Guid.NewGuid(), "Nobody.")).Refusal?.Kind);
        (await server.Post("/api/webhook", Hooks.Body("""{"disabledInstant":7,"disabledReason":"mine"}"""))).Is(200);
        Assert.DoesNotContain("mine", (await server.Get("/api/webhook")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_vetoed_is_not_asked_twice_and_told_afterwards_all_the_same()
    {
        await using var world = await DeliveryWorld.Start();
        world.Receiver.Answers = [409, 200];
        var webhook = world.Server.Services.GetRequiredService<IGrainFactory>().Webhook(world.Webhook);
        var asks = new DeliverEvent(Guid.NewGuid(), DeliveryWorld.Type, world.Tenant, JsonText.From(new { @event = new { text = "" } }), Attempt: 1) { Asks = true };

        var veto = await webhook.Deliver(asks);
        Assert.Equal(DeliveryOutcome.Failed, veto.Outcome);
        var again = await webhook.Deliver(asks);
        Assert.Equal((DeliveryOutcome.Failed, veto.Attempt!.Id), (again.Outcome, again.Attempt!.Id));
        Assert.Equal(DeliveryOutcome.Delivered, (await webhook.Deliver(asks with { Asks = false, Attempt = 2 })).Outcome);
    }

    [Fact]
    public async Task A_deleted_webhook_takes_along_what_it_was_still_to_be_told_and_nothing_else()
    {
        var server = await TestServer.Shared;
        var (gone, stays) = (await Hooks.Create(server, Hooks.Body()), await Hooks.Create(server, Hooks.Body()));
        var store = server.Services.GetRequiredService<IStore>();

        // Paused, so that nobody delivers them meanwhile.
        foreach (var id in (Guid[])[gone, stays])
        {
            (await server.Post($"/api/webhook/{id}/pause", null)).Is(200);
            Assert.IsType<CommitResult.Committed>(await store.Apply(new Commit().Upsert(Tables.Outbox, ("id", Guid.NewGuid()), ("queue", EventCommit.QueueOf(id)), ("subject", "s"), ("tenant_id", null), ("due", long.MaxValue), ("attempts", 0), ("body", Array.Empty<byte>()), ("insert_instant", 0L), ("event_id", null))));
        }

        (await server.Delete($"/api/webhook/{gone}")).Is(200);
        Assert.Equal((0, 1), (await Waiting(gone), await Waiting(stays)));
        (await server.Delete($"/api/webhook/{stays}")).Is(200);
        Assert.Equal(0, await Waiting(stays));

        async Task<int> Waiting(Guid id) => (await store.Query("select id from outbox where queue = @queue", row => row.Guid("id"), default, ("queue", EventCommit.QueueOf(id)))).Count;
    }
}
