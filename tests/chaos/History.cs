using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>
/// What happened, as lines of JSON in a file, written as it happens: who (<c>client</c>), what (<c>op</c>), to what (<c>key</c>), from when to
/// when (<c>start</c>, <c>end</c>, microseconds of a clock that only goes on), and how it ended (<c>result</c>). The checker reads nothing else.
/// </summary>
internal sealed class History(string file) : IDisposable
{
    private readonly StreamWriter _file = new(file) { AutoFlush = true };
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly List<Timing> _timings = [];

    /// <summary>Microseconds since the run began.</summary>
    public long Now => (long)Stopwatch.GetElapsedTime(_begun).TotalMicroseconds;

    /// <summary>All operations so far, for the report.</summary>
    public IReadOnlyList<Timing> Timings
    {
        get
        {
            lock (_timings) return [.. _timings];
        }
    }

    /// <summary>Writes a line; what <paramref name="more"/> has beside the fixed members comes behind them.</summary>
    public void Write(string client, string op, string key, long start, long end, string result, JsonObject? more = null)
    {
        var line = new JsonObject { ["client"] = client, ["op"] = op, ["key"] = key, ["start"] = start, ["end"] = end, ["result"] = result };
        foreach (var (name, value) in more ?? []) line[name] = value?.DeepClone();
        var text = line.ToJsonString(JsonSerializerOptions.Web);
        lock (_timings)
        {
            _timings.Add(new Timing(op, key, start, end, result));
            _file.WriteLine(text);
        }
    }

    public void Dispose()
    {
        lock (_timings) _file.Dispose();
    }
}

/// <summary>An operation without its contents; microseconds.</summary>
internal sealed record Timing(string Op, string Key, long Start, long End, string Result);
