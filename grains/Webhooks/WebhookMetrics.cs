using System.Diagnostics.Metrics;
using OrleansAuth.Common;

namespace OrleansAuth.Webhooks;

/// <summary>Attempts to tell receivers of events. Whoever sends, counts here.</summary>
internal static class WebhookMetrics
{
    private static readonly Counter<long> Attempts = Telemetry.Meter.CreateCounter<long>(
        "orleansauth.webhook.attempts", "{attempt}", "Attempts to deliver an event to a webhook, by outcome: delivered, failed, refused, gone, held.");

    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram(
        "orleansauth.webhook.duration", "s", "Attempts that were sent, until the receiver had answered or patience ended.", advice: Telemetry.Durations);

    /// <param name="outcome">One of the words of the counter's description.</param>
    /// <param name="took">Null where nothing was sent.</param>
    public static void Attempted(string outcome, TimeSpan? took)
    {
        Attempts.Add(1, Telemetry.Label("outcome", outcome));
        if (took is { } time) Duration.Record(time.TotalSeconds);
    }
}
