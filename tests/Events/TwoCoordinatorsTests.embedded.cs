using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

/// <summary>Two nodes on one database, each with a coordinator of the same event, as it can be for a while after a crash.</summary>
public sealed class TwoCoordinatorsTests
{
    [Theory]
    [InlineData(200, 200)]
    [InlineData(200, 500)]
    [InlineData(500, 200)]
    [InlineData(500, 500)]
    public async Task One_event_is_decided_once_and_the_change_is_there_if_it_succeeded(int toFirst, int toSecond)
    {
        string[] settings = [$"--Storage:ConnectionString={await (await PostgresFixture.Shared).NewDatabase()}", $"--Secrets:MasterKey={Convert.ToBase64String(new byte[32])}"];
        await using var first = await TransactionWorld.Start(settings: settings);
        await using var second = await TransactionWorld.Start(first.Receivers, settings: settings);
        var tenant = await first.Tenant(1, (TransactionWorld.Type, TransactionType.Any));
        await second.Server.Services.GetRequiredService<Storage.Configuration.ConfigurationReader>().AtLeast(await second.Store.ConfigurationVersion());
        var (thing, id) = (Guid.NewGuid(), Guid.CreateVersion7());
        var proposal = new EventProposal(id, tenant.Id, TransactionWorld.Type, TransactionType.Any, JsonText.From(new { @event = new { id, type = TransactionWorld.Type } }), [.. tenant.Webhooks])
        {
            Subject = thing.ToString("N"),
            LinkedObjectId = thing,
            Instant = first.Server.Time.UtcNow.ToUnixTimeMilliseconds(),
            Patience = TimeSpan.FromSeconds(20),
        };

        // Both are asked, and answered, at the same time.
        var (asked, both) = (0, new TaskCompletionSource());
        first.Receivers.Answer = async _ =>
        {
            var number = Interlocked.Increment(ref asked);
            if (number == 2) both.SetResult();
            await both.Task;
            return number == 1 ? toFirst : toSecond;
        };
        var results = await Task.WhenAll(new[] { first, second }.Select(async (world, number) =>
        {
            var decision = await world.Server.Services.GetRequiredService<IGrainFactory>().EventTransaction(tenant.Id, id).Decide(proposal);
            if (!decision.Agreed) return false;
            var change = new Commit().Put(new StateKey("change", $"{thing:N}/{number}"), 0, "{}"u8.ToArray(), tenant.Id);
            return await world.Store.Apply(Storage.Events.EventTransactions.DecideTransaction(change, id, tenant.Id, Storage.Events.EventResult.Succeeded, 1)) is CommitResult.Committed;
        }));

        var done = results.Count(result => result);
        Assert.True(done <= 1, "The event was decided twice.");
        if (toFirst == toSecond) Assert.Equal(toFirst == 200 ? 1 : 0, done);
        Assert.Equal(done == 1 ? "Succeeded" : "Failed", await first.Result(thing));
        Assert.Equal(done, (await first.Store.Query("select id from state where kind = 'change'", row => row.Text("id"))).Count);
    }
}
