using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Keys;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Tenants;

/// <summary>Needs reminders that go by the clock which the test moves; those of Orleans go by the machine's.</summary>
public sealed partial class TenantRemovalTests
{
    [Fact]
    public async Task A_removal_that_a_crash_cut_short_is_finished_after_the_restart()
    {
        var folder = Directory.CreateTempSubdirectory("orleansauth-").FullName;
        try
        {
            var first = await TestServer.Start(folder);
            var world = await Fill(first);
            await Mark(first, world.Tenant);
            Assert.Equal("PendingDelete", (string)(await first.Get($"/api/tenant/{world.Tenant}")).Is(200).Body["tenant"]!["state"]!);
            const long longAgo = 1; // due on whatever clock the engine has
            await first.Services.GetRequiredService<IStore>().Apply(new Commit().Upsert(
                Tables.Reminder, ("grain_type", "tenant-removal"), ("grain_key", world.Tenant.ToString("N")), ("name", "purge"),
                ("first_tick", longAgo), ("period", 60_000L), ("next_due", longAgo)));

            await using var second = await first.Restart();
            await second.Until(snapshot => snapshot.Find<Tenant>(world.Tenant) is null);
            Assert.Equal(0, await Left(second, world.Tenant));
            (await second.Get($"/api/user/{world.User}")).Is(404);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
