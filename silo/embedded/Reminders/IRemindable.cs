using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain that reminders wake. The grain class implements it beside its own interface.</summary>
public interface IRemindable : IGrain
{
    /// <summary>
    /// A reminder is due. It runs in the grain's turn, at least once per due time: after a crash the same tick may come
    /// again, and ticks missed while the process was down come as one.
    /// </summary>
    Task ReceiveReminder(string reminderName, TickStatus status);
}
