using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansAuth.Benchmarks;

/// <summary>A closed loop: every worker sends its next request when the last one was answered.</summary>
internal static class Load
{
    // A side that only fails is not worth a whole round.
    private const int FailuresInARow = 10;

    // A server that stopped answering ends the benchmark instead of holding it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs one round against a system and returns what it saw and cost.</summary>
    public static async Task<Sample> Run(ISystem system, IReadOnlyList<Func<Task>> workers, TimeSpan length)
    {
        var latencies = new ConcurrentBag<List<double>>();
        var failures = new ConcurrentBag<string>();
        var (serverBefore, databaseBefore) = Cpu(system);
        var start = Stopwatch.GetTimestamp();

        await Task.WhenAll(workers.Select(worker => Task.Run(() => Repeat(worker, start, length, latencies, failures)))).WaitAsync(length + Patience);

        var elapsed = Stopwatch.GetElapsedTime(start);
        var (server, database) = Cpu(system);
        var all = latencies.SelectMany(list => list).Order().ToArray();
        return new Sample(
            all.Length, elapsed, At(all, 0.50), At(all, 0.99), server - serverBefore, database - databaseBefore, failures.Count, failures.FirstOrDefault());
    }

    private static async Task Repeat(
        Func<Task> request, long start, TimeSpan length, ConcurrentBag<List<double>> latencies, ConcurrentBag<string> failures)
    {
        var own = new List<double>(4096);
        var inARow = 0;
        while (Stopwatch.GetElapsedTime(start) < length && inARow < FailuresInARow)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                await request();
                own.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                inARow = 0;
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                failures.Add(failure.Message);
                inARow++;
            }
        }

        latencies.Add(own);
    }

    private static (double Server, double Database) Cpu(ISystem system) =>
        (ProcessCost.Cpu(system.Server.Id), system.DatabaseProcess is { } id ? ProcessCost.Cpu(id) : 0);

    private static double At(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}

/// <summary>One round on one side.</summary>
/// <param name="Operations">Requests that succeeded.</param>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="P50">Median latency in milliseconds; NaN when nothing succeeded.</param>
/// <param name="P99">The latency that one request in a hundred exceeded, in milliseconds.</param>
/// <param name="ServerCpu">Processor seconds of the server.</param>
/// <param name="DatabaseCpu">Processor seconds of the database's processes; 0 where it runs inside the server.</param>
/// <param name="Failures">Requests that did not succeed.</param>
/// <param name="FirstFailure">What one of them answered.</param>
internal sealed record Sample(
    int Operations, TimeSpan Elapsed, double P50, double P99, double ServerCpu, double DatabaseCpu, int Failures, string? FirstFailure)
{
    /// <summary>Requests that succeeded in a second.</summary>
    public double PerSecond => Operations / Elapsed.TotalSeconds;

    /// <summary>Processor time of the server for one request, in microseconds.</summary>
    public double ServerMicroseconds => ServerCpu / Operations * 1e6;

    /// <summary>Processor time of the database for one request, in microseconds.</summary>
    public double DatabaseMicroseconds => DatabaseCpu / Operations * 1e6;
}
