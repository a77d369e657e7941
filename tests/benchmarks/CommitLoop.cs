using OrleansAuth.Storage;

namespace OrleansAuth.Benchmarks;

/// <summary>A store of its own, and with PostgreSQL a cluster of its own, for commits without a server around them.</summary>
internal sealed class CommitLoop(IStore store, PostgresCluster? postgres) : IAsyncDisposable
{
    // About what a session is.
    private static readonly byte[] State = Wire.Body(new { version = 1, user = Guid.NewGuid(), application = Guid.NewGuid(), data = new string('x', 200) });

    /// <summary>The step: one new state, durable when it returns.</summary>
    public static async Task<(Func<Task> Step, IAsyncDisposable? Owner)> Make(Database database, Scratch scratch)
    {
        var folder = scratch.Folder($"commits-{Guid.NewGuid():N}");
        var postgres = database is Database.PostgreSql ? await PostgresCluster.Start(folder) : null;
        var store = await StoreFactory.Open(new StoreOptions { Path = folder, ConnectionString = postgres?.ConnectionString });
        return (() => Put(store), new CommitLoop(store, postgres));
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
    }

    private static async Task Put(IStore store)
    {
        var commit = new Commit().Put(new StateKey("benchmark", Guid.NewGuid().ToString()), 0, State);
        if (await store.Apply(commit) is not CommitResult.Committed)
            throw new InvalidOperationException("The store refused a state that nobody else writes.");
    }
}
