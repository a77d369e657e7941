using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansAuth.Common;

namespace OrleansAuth.Users;

/// <summary>How passwords fare on their way through the hashing threads.</summary>
internal static class PasswordMetrics
{
    /// <summary>Passwords that wait for a thread.</summary>
    public static readonly UpDownCounter<long> Waiting = Telemetry.Meter.CreateUpDownCounter<long>(
        "orleansauth.password.queue.length", "{password}", "Passwords that wait for a hashing thread.");

    private static readonly Counter<long> Refused = Telemetry.Meter.CreateCounter<long>(
        "orleansauth.password.refusals", "{password}", "Passwords that were not hashed because the queue was full; their callers got 429.");

    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram(
        "orleansauth.password.hash.duration", "s", "From a password's place in the queue to its hash.", advice: Telemetry.Durations);

    public static void CountRefusal() => Refused.Add(1);

    /// <param name="begun">The <see cref="Stopwatch.GetTimestamp"/> at which the password was put into the queue.</param>
    public static void Hashed(long begun) => Duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
}
