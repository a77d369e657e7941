using Microsoft.Extensions.Logging.Abstractions;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Tenants;

namespace OrleansAuth.Configuration;

public sealed class ConfigurationReaderTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansauth-").FullName;
    private readonly ConfigurationCodec _codec = new(new SecretBox(new byte[32]));
    private readonly ManualTime _time = new();
    private IStore _store = null!;

    public async Task InitializeAsync() => _store = await StoreFactory.Open(new StoreOptions { Path = _folder });

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_process_that_hears_no_notice_sees_a_change_within_a_second()
    {
        var elsewhere = new DeafStore(_store);
        using var reader = await Start(elsewhere);
        using var here = await Start(_store);
        var (id, version) = await Commit(_store, Guid.NewGuid());
        await here.AtLeast(version);
        Assert.NotNull(here.Current.Find<Tenant>(id));
        Assert.Null(reader.Current.Find<Tenant>(id));

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, elsewhere.Loads);
        var loaded = elsewhere.NextLoad();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await loaded.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull((await reader.AtLeast(version)).Find<Tenant>(id));
        Assert.Equal(2, elsewhere.Loads);
    }

    [Fact]
    public async Task The_last_snapshot_stays_in_force_while_the_store_is_away()
    {
        var elsewhere = new DeafStore(_store);
        var (first, _) = await Commit(_store, Guid.NewGuid());
        using var reader = await Start(elsewhere);
        var (second, version) = await Commit(_store, Guid.NewGuid());

        elsewhere.Away = true;
        for (var tick = 0; tick < 3; tick++)
        {
            var asked = elsewhere.NextAttempt();
            _time.Advance(TimeSpan.FromSeconds(1));
            await asked.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.NotNull(reader.Current.Find<Tenant>(first));
            Assert.Null(reader.Current.Find<Tenant>(second));
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() => reader.AtLeast(version));
        elsewhere.Away = false;
        var loaded = elsewhere.NextLoad();
        _time.Advance(TimeSpan.FromSeconds(1));
        await loaded.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull((await reader.AtLeast(version)).Find<Tenant>(second));
    }

    [Fact]
    public async Task A_removed_object_leaves_the_snapshot_and_an_old_snapshot_keeps_it()
    {
        using var reader = await Start(_store);
        var (id, version) = await Commit(_store, Guid.NewGuid());
        var before = await reader.AtLeast(version);
        var removed = (CommitResult.Committed)await _store.Apply(new Commit().AnnounceConfiguration().Remove(ConfigurationCodec.Key(Families.Tenants, id), 1));
        var after = await reader.AtLeast(removed.ConfigurationVersion);
        Assert.Null(after.Find<Tenant>(id));
        Assert.NotNull(before.Find<Tenant>(id));
    }

    [Fact]
    public async Task Two_processes_on_PostgreSQL_hear_of_each_other()
    {
        var options = new StoreOptions { ConnectionString = await (await PostgresFixture.Shared).NewDatabase() };
        await using var one = await StoreFactory.Open(options);
        await using var other = await StoreFactory.Open(options);
        using var reader = await Start(other);
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        other.ConfigurationChanged += _ => heard.TrySetResult();

        var (id, version) = await Commit(one, Guid.NewGuid());
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull((await reader.AtLeast(version)).Find<Tenant>(id));
    }

    private async Task<ConfigurationReader> Start(IStoreReader store)
    {
        var reader = new ConfigurationReader(store, _codec, new Clock(_time), NullLogger<ConfigurationReader>.Instance);
        await reader.StartAsync(default);
        return reader;
    }

    private async Task<(Guid Id, long Version)> Commit(IStore store, Guid id)
    {
        var tenant = new Tenant { Id = id, Name = $"Tenant {id}" };
        var result = await store.Apply(new Commit().AnnounceConfiguration().Put(ConfigurationCodec.Key(Families.Tenants, id), 0, _codec.Write(Families.Tenants, tenant)));
        return (id, Assert.IsType<CommitResult.Committed>(result).ConfigurationVersion);
    }

    /// <summary>The store as another process has it whose notices get lost, and which may be away.</summary>
    private sealed class DeafStore(IStore store) : IStoreReader
    {
        private TaskCompletionSource _load = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource _attempt = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public event Action<long>? ConfigurationChanged
        {
            add { }
            remove { }
        }

        public bool Away { get; set; }

        public int Loads { get; private set; }

        /// <summary>Ends when changes are loaded after now.</summary>
        public Task NextLoad() => (_load = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        /// <summary>Ends when the version is asked for after now.</summary>
        public Task NextAttempt() => (_attempt = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public Task<long> ConfigurationVersion(CancellationToken stop)
        {
            _attempt.TrySetResult();
            return Away ? Task.FromException<long>(new StoreUnavailableException("It is away.")) : store.ConfigurationVersion(stop);
        }

        public async Task<ConfigurationChanges> ConfigurationSince(long since, CancellationToken stop)
        {
            var changes = await store.ConfigurationSince(since, stop);
            Loads++;
            _load.TrySetResult();
            return changes;
        }

        public Task<StoredState?> Read(StateKey key, CancellationToken stop) => store.Read(key, stop);

        public Task<string?> FindOwner(ClaimKey claim, CancellationToken stop) => store.FindOwner(claim, stop);

        public Task<IReadOnlyList<T>> Query<T>(string sql, Func<IRow, T> map, CancellationToken stop, params (string Name, object? Value)[] parameters) =>
            store.Query(sql, map, stop, parameters);

        public Task<IReadOnlyList<T>> Lookup<T>(string sql, Func<IRow, T> map, CancellationToken stop, params (string Name, object? Value)[] parameters) =>
            store.Lookup(sql, map, stop, parameters);
    }
}
