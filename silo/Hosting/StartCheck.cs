using System.Globalization;
using Microsoft.Extensions.Hosting;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Hosting;

/// <summary>
/// Stops the start of a process that does not fit to the database that it shares with others: its clock is another one's, or the
/// database is a running cluster's that it does not belong to. (A schema that is too new is refused by the store itself.)
/// </summary>
/// <param name="cluster"><c>Silo:ClusterId</c>; null for a process that is alone.</param>
/// <param name="clock">The machine's, which everything that expires goes by.</param>
internal sealed class StartCheck(IStoreReader store, string? cluster, Clock clock) : IHostedService
{
    /// <summary>Tokens and one-time codes allow for no more.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(60);

    /// <summary>Silos say every second that they are alive; who has been silent for this long is gone.</summary>
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(15);

    /// <exception cref="SettingsException">The process does not fit; the message says what to do.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await CompareClocks(cancellationToken);
        await LookForOthers(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CompareClocks(CancellationToken stop)
    {
        var rows = await store.Query("select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as now", row => row.Long("now"), stop);
        var ahead = TimeSpan.FromMilliseconds(clock.Now - rows[0]);
        if (ahead.Duration() <= MostSkew) return;
        var seconds = ahead.Duration().TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        throw new SettingsException($"The clock of this machine is {seconds} seconds {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the database's. Sessions, codes and tokens expire by it, so it may be wrong by {MostSkew.TotalSeconds:0} at most: set the clocks right, and start again.");
    }

    private async Task LookForOthers(CancellationToken stop)
    {
        var others = await store.Query(
            "select distinct cluster_id from cluster_silo where status = 3 and alive_time > now() - make_interval(secs => @seconds) and cluster_id <> @mine",
            row => row.Text("cluster_id"), stop, ("seconds", (long)Alive.TotalSeconds), ("mine", cluster ?? ""));
        if (others.Count == 0) return;
        var said = cluster is null ? "has no Silo:ClusterId" : $"says Silo:ClusterId '{cluster}'";
        throw new SettingsException($"The database belongs to the cluster '{others[0]}', which is running, and this process {said}. Two on one database would do everything twice: set Silo:ClusterId to '{others[0]}' in a cluster build, or stop that cluster and wait {Alive.TotalSeconds:0} seconds.");
    }
}
