using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Storage.Configuration;

/// <summary>
/// Keeps this process's <see cref="ConfigurationSnapshot"/> fresh: at once after a commit in this process or a change
/// notice from another one, and by asking for the version every second in any case. So a change or a revocation is in
/// force everywhere within a second.
/// </summary>
public sealed class ConfigurationReader(IStoreReader store, ConfigurationCodec codec, Clock clock, ILogger<ConfigurationReader> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private volatile ConfigurationSnapshot _current = ConfigurationSnapshot.Empty;
    private ITimer? _timer;

    /// <summary>What is configured now, as far as this process has heard.</summary>
    public ConfigurationSnapshot Current => _current;

    /// <summary>Waits until the snapshot has seen <paramref name="version"/>, for a caller who must read what it just wrote.</summary>
    public async Task<ConfigurationSnapshot> AtLeast(long version, CancellationToken stop = default)
    {
        while (_current.Version < version)
            await Refresh(stop).ConfigureAwait(false);
        return _current;
    }

    /// <summary>Loads everything; the host does not serve before.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Refresh(cancellationToken).ConfigureAwait(false);
        store.ConfigurationChanged += OnChanged;
        _timer = clock.Time.CreateTimer(_ => RefreshQuietly(), null, CheckPeriod, CheckPeriod);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        store.ConfigurationChanged -= OnChanged;
        return _stopping.CancelAsync();
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _stopping.Dispose();
        _refreshing.Dispose();
    }

    private void OnChanged(long version)
    {
        if (_current.Version < version) RefreshQuietly();
    }

    private async void RefreshQuietly()
    {
        try
        {
            await Refresh(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
        }
        catch (Exception error)
        {
            // The last snapshot stays in force: reads go on while the store is away.
            log.LogWarning(error, "The configuration could not be refreshed; the one of version {Version} stays in force.", _current.Version);
        }
    }

    private async Task Refresh(CancellationToken stop)
    {
        await _refreshing.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var current = _current;
            if (current.Version > 0 && await store.ConfigurationVersion(stop).ConfigureAwait(false) == current.Version) return;
            var changes = await store.ConfigurationSince(current.Version, stop).ConfigureAwait(false);
            _current = current.With(changes.Version, changes.Rows.Select(Read).OfType<(ConfigurationFamily, Guid, ConfigurationObject?)>());
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private (ConfigurationFamily, Guid, ConfigurationObject?)? Read((StateKey Key, StoredState? State) row)
    {
        var family = Families.All.FirstOrDefault(f => f.Kind == row.Key.Kind);
        if (family is null) return null;
        var id = Guid.ParseExact(row.Key.Id, "N");
        return (family, id, row.State is { } state ? codec.Read(family, row.Key, state.Body) : null);
    }
}
