namespace OrleansAuth.Storage;

public abstract partial class StoreSuite
{
    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(3000)]
    public async Task A_writer_killed_in_a_storm_loses_no_acknowledged_commit_and_leaves_no_half_one(int enough)
    {
        await Store.DisposeAsync();
        using var writer = new CrashWriter(Options, _tenant);
        var acknowledged = await writer.Acknowledged(enough, process =>
        {
            process.Kill(); // kill -9
            return Task.CompletedTask;
        });
        Assert.True(acknowledged.Count >= enough - 1);

        Store = await StoreFactory.Open(Options);
        await CrashWriter.Verify(Store, _tenant, acknowledged);
        Committed(await Store.Apply(new Commit().Put(NewKey(), 0, Json("writable"))));
        while (await Store.PurgeTenant(_tenant, 10_000) > 0)
        {
        }
    }
}
