using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Setup;

public sealed class FirstStartTests
{
    [Fact]
    public async Task A_first_start_that_was_cut_short_is_finished_by_the_next_one()
    {
        var folder = Directory.CreateTempSubdirectory("orleansauth-").FullName;
        try
        {
            Guid tenant;
            await using (var server = await TestServer.Start(folder)) tenant = server.DefaultTenant;
            await Remove(folder, WellKnown.AdministrationApplication);

            await using var again = await TestServer.Start(folder);
            Assert.Equal(tenant, again.DefaultTenant);
            Assert.Single((await again.Get("/api/tenant")).Is(200).Body["tenants"]!.AsArray());
            Assert.Equal(2, (await again.Get("/api/application")).Is(200).Body["applications"]!.AsArray().Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Remove(string folder, Guid application)
    {
        await using var store = await StoreFactory.Open(new StoreOptions { Path = folder });
        var key = ConfigurationCodec.Key(Families.Applications, application);
        var stored = await store.Read(key);
        Assert.IsType<CommitResult.Committed>(await store.Apply(new Commit().Remove(key, stored!.Version).AnnounceConfiguration()));
    }
}
