using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans;

/// <summary>What the engine has to say: failures that no caller sees.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(1, LogLevel.Error, "A timer of {Grain} failed; it goes on.")]
    public static partial void TimerFailed(this ILogger log, Exception error, GrainId grain);

    [LoggerMessage(2, LogLevel.Error, "{Grain} failed while it was deactivated.")]
    public static partial void DeactivationFailed(this ILogger log, Exception error, GrainId grain);

    [LoggerMessage(3, LogLevel.Warning, "The one-way call {Method} to {Grain} failed.")]
    public static partial void OneWayFailed(this ILogger log, Exception error, string method, GrainId grain);

    [LoggerMessage(4, LogLevel.Error, "{Grain} failed on an item of a stream '{Namespace}'; the item is not repeated.")]
    public static partial void DeliveryFailed(this ILogger log, Exception error, GrainId grain, string @namespace);

    [LoggerMessage(5, LogLevel.Warning, "{Grain} has no observer for streams '{Namespace}', though its class is subscribed; the item is lost.")]
    public static partial void NobodyListens(this ILogger log, GrainId grain, string @namespace);

    [LoggerMessage(6, LogLevel.Error, "Reminder {Reminder} of {Grain} failed; it comes again after its period.")]
    public static partial void ReminderFailed(this ILogger log, Exception error, string reminder, GrainId grain);

    [LoggerMessage(7, LogLevel.Warning, "Reminder {Reminder} belongs to grain type '{GrainType}', which this version does not know; it is kept and sleeps.")]
    public static partial void ReminderOfUnknownGrain(this ILogger log, string reminder, string grainType);

    [LoggerMessage(8, LogLevel.Warning, "The engine stopped before {Count} grains had finished.")]
    public static partial void StoppedTooEarly(this ILogger log, int count);
}
