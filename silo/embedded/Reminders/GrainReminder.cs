namespace Orleans.Runtime;

/// <summary>A reminder of a grain, for unregistering it.</summary>
public interface IGrainReminder
{
    string ReminderName { get; }
}

/// <summary>When a reminder's tick was due. All instants are UTC.</summary>
public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
{
    /// <summary>When the very first tick was due.</summary>
    public DateTime FirstTickTime { get; } = firstTickTime;

    public TimeSpan Period { get; } = period;

    /// <summary>Now, as the engine saw it when it sent the tick.</summary>
    public DateTime CurrentTickTime { get; } = timeStamp;
}
