using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansAuth.Benchmarks;

/// <summary>The servers that run now: a benchmark that is told to stop takes them along.</summary>
internal static class Children
{
    private static readonly ConcurrentDictionary<int, Process> Running = new();

    /// <summary>Starts a process that has to end with this one.</summary>
    public static void Start(Process process)
    {
        process.Start();
        Running[process.Id] = process;
    }

    /// <summary>It ended in its own time.</summary>
    public static void Ended(Process process)
    {
        Running.TryRemove(process.Id, out _);
        process.Dispose();
    }

    /// <summary>Ends whatever still runs, at once; PostgreSQL's processes follow their first one.</summary>
    public static void EndAll()
    {
        foreach (var process in Running.Values)
        {
            if (process.HasExited) continue;
            process.Kill(entireProcessTree: true);
            process.WaitForExit(TimeSpan.FromSeconds(5));
        }
    }
}
