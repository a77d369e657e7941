using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansAuth.Common;

namespace OrleansAuth.Storage;

/// <summary>What the store writes: how often, with which outcome, how many commits share a transaction, how long one takes.</summary>
internal static class StoreMetrics
{
    private static readonly Counter<long> Commits = Telemetry.Meter.CreateCounter<long>(
        "orleansauth.store.commits", "{commit}", "Changes that were to be stored, by outcome: committed, duplicate, conflict, failed.");

    private static readonly Histogram<int> GroupSize = Telemetry.Meter.CreateHistogram(
        "orleansauth.store.group.size", "{commit}", "Commits that shared one transaction.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });

    private static readonly Histogram<double> GroupDuration = Telemetry.Meter.CreateHistogram(
        "orleansauth.store.group.duration", "s", "One transaction, from its beginning until it was durable.", advice: Telemetry.Durations);

    /// <summary>Counts a commit and, inside a traced request, gives it a span.</summary>
    public static async Task<CommitResult> Observe(Func<Commit, CancellationToken, Task<CommitResult>> write, Commit commit, CancellationToken stop)
    {
        using var span = Activity.Current is null ? null : Telemetry.Traces.StartActivity("store commit", ActivityKind.Client);
        var outcome = "failed";
        try
        {
            var result = await write(commit, stop).ConfigureAwait(false);
            outcome = result switch
            {
                CommitResult.Committed => "committed",
                CommitResult.Duplicate => "duplicate",
                _ => "conflict",
            };
            return result;
        }
        finally
        {
            Commits.Add(1, Telemetry.Label("outcome", outcome));
            span?.SetTag("outcome", outcome);
        }
    }

    /// <summary>Notes a transaction that is durable.</summary>
    /// <param name="begun">The <see cref="Stopwatch.GetTimestamp"/> of its beginning.</param>
    public static void Written(int commits, long begun)
    {
        GroupSize.Record(commits);
        GroupDuration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }
}
