using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansAuth.Storage;

public sealed class StoreFactoryTests
{
    [Fact]
    public async Task A_container_holds_one_store_and_closes_it()
    {
        var options = new StoreOptions { Path = Directory.CreateTempSubdirectory("store-").FullName };
        await using (var services = new ServiceCollection().AddStorage(options).BuildServiceProvider())
            Assert.Same(services.GetRequiredService<IStore>(), services.GetRequiredService<IStoreReader>());

        // The folder is free again.
        await (await StoreFactory.Open(options)).DisposeAsync();
        Directory.Delete(options.Path, recursive: true);
    }

    [Fact]
    public void Settings_name_the_store_and_never_print_a_password()
    {
        Assert.Equal(new StoreOptions(), StoreOptions.From(new ConfigurationBuilder().Build()));
        var options = StoreOptions.From(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Path"] = "/srv/auth",
            ["Storage:ConnectionString"] = "Host=db;Password=top-secret-1",
        }).Build());
        Assert.Equal("/srv/auth", options.Path);
        Assert.True(options.IsPostgres);
        Assert.DoesNotContain("top-secret-1", options.ToString());
    }
}
