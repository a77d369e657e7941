using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrleansAuth.Common;

/// <summary>
/// Under which name this program measures and traces. Each slice has its own class of instruments, made of the meter here. Labels
/// come from short lists that the program knows: never an id, a name, an address or anything else that grows with use or tells of people.
/// </summary>
public static class Telemetry
{
    public const string Name = "OrleansAuth";

    /// <summary>The meter of what happens in a whole process. What belongs to one object has a meter of the same name in it, and goes with it.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>The spans that this program adds to those of ASP.NET Core and of the engine.</summary>
    public static ActivitySource Traces { get; } = new(Name);

    /// <summary>Bounds of durations in seconds, from a read out of memory to a request that nobody waits for any more.</summary>
    public static InstrumentAdvice<double> Durations { get; } = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    /// <summary>A label and its value.</summary>
    public static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
