using Microsoft.Extensions.DependencyInjection;
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

    [Fact]
    public async Task Servers_that_start_together_on_an_empty_store_fill_it_once_and_all_serve()
    {
        var database = await (await PostgresFixture.Shared).NewDatabase();
        string[] settings = [$"--Storage:ConnectionString={database}", $"--Secrets:MasterKey={Convert.ToBase64String(new byte[32])}"];
        var servers = Enumerable.Range(0, 4).Select(_ => AuthServer.Create(["--urls=http://127.0.0.1:0", .. settings])).ToList();
        try
        {
            await Task.WhenAll(servers.Select(server => Task.Run(server.Start)));
            foreach (var server in servers)
            {
                var seen = server.Services.GetRequiredService<ConfigurationReader>().Current;
                Assert.Single(seen.All<Tenants.Tenant>());
                Assert.Single(seen.All<Keys.Key>(), key => key.Name == "Default signing key");
                Assert.Equal(2, seen.All<Applications.Application>().Count());
            }
        }
        finally
        {
            foreach (var server in servers) await server.Stop();
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
