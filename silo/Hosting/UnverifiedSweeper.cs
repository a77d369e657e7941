using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Verification;
using OrleansAuth.Tenants;
using OrleansAuth.Users;
using OrleansAuth.Verification;

namespace OrleansAuth.Hosting;

/// <summary>
/// Removes users and registrations that nobody has verified in time, where tenant or application wants that. It only finds
/// them: the grain of each user decides again, on what is stored then, so who verifies in between stays, and several silos
/// may sweep at once.
/// </summary>
internal sealed class UnverifiedSweeper(IStoreReader store, ConfigurationReader configuration, IGrainFactory grains, Clock clock, ILogger<UnverifiedSweeper> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);
    private static readonly Actor Actor = new("system: unverified users", null);

    private const long Day = 86_400_000;
    private const int AtOnce = 100;

    /// <summary>So many of one tenant or application are looked at in one round.</summary>
    private const int LookedAt = 5_000;

    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _timer;
    private int _sweeping;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = clock.Time.CreateTimer(_ => SweepQuietly(), null, Period, Period);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    public void Dispose()
    {
        _timer?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>One round through all tenants and applications.</summary>
    /// <returns>How many users and registrations went.</returns>
    public async Task<int> Sweep(CancellationToken stop = default)
    {
        var (snapshot, removed) = (configuration.Current, 0);
        foreach (var tenant in snapshot.All<Tenant>().Where(t => t.State == ObjectState.Active))
        {
            if (Before(tenant.UserDeletePolicy.Unverified) is not { } before) continue;
            removed += await Round(
                (after, token) => Unverified.FindUsers(store, tenant.Id, before, after, AtOnce, token),
                found => grains.UserVerification(tenant.Id, found.UserId).RemoveUnverified(new RemoveUnverified(null, Actor)), stop).ConfigureAwait(false);
        }

        foreach (var application in snapshot.All<Application>().Where(a => a is { VerifyRegistration: true, TenantId: not null }))
        {
            if (Before(application.RegistrationDeletePolicy.Unverified) is not { } before) continue;
            removed += await Round(
                (after, token) => Unverified.FindRegistrations(store, application.Id, before, after, AtOnce, token),
                found => grains.UserVerification(application.TenantId!.Value, found.UserId).RemoveUnverified(new RemoveUnverified(application.Id, Actor)), stop).ConfigureAwait(false);
        }

        return removed;
    }

    /// <summary>Who came after that instant stays in any case; null where the policy is off, or not on for long enough.</summary>
    private long? Before(TimeBasedDeletePolicy policy) =>
        policy is { Enabled: true, EnabledInstant: { } enabled } && clock.Now - (policy.NumberOfDaysToRetain * Day) is var before && before >= enabled ? before : null;

    private static async Task<int> Round(
        Func<UnverifiedRow, CancellationToken, Task<IReadOnlyList<UnverifiedRow>>> find, Func<UnverifiedRow, Task<Outcome<UnverifiedRemoved>>> remove, CancellationToken stop)
    {
        var (removed, last) = (0, new UnverifiedRow(Guid.Empty, long.MinValue));
        for (var looked = 0; looked < LookedAt && !stop.IsCancellationRequested; looked += AtOnce)
        {
            var found = await find(last, stop).ConfigureAwait(false);
            var outcomes = await Task.WhenAll(found.Select(remove)).ConfigureAwait(false);
            removed += outcomes.Count(o => o.Value is { Removed: true });
            if (found.Count < AtOnce) break;
            last = found[^1];
        }

        return removed;
    }

    private async void SweepQuietly()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) != 0) return;
        try
        {
            await Sweep(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
        }
        catch (Exception error)
        {
            log.LogWarning(error, "Unverified users could not be looked through; the next round tries again.");
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }
}
