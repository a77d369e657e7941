namespace Orleans;

/// <summary>
/// Where reminders are kept, so that they outlive the process. The store implements it. The engine makes one change at a
/// time, and only one process owns a store, so no versions are needed.
/// </summary>
public interface IReminderTable
{
    /// <summary>All reminders of all grains; read once when the engine starts.</summary>
    Task<IReadOnlyList<ReminderEntry>> ReadAll(CancellationToken stop);

    /// <summary>Stores an entry durably, in place of the one with the same grain type, key and name.</summary>
    Task Upsert(ReminderEntry entry);

    /// <summary>Removes an entry durably; one that does not exist is no error.</summary>
    Task Remove(string grainType, string grainKey, string name);
}

/// <summary>A stored reminder. Grain type, grain key and name together identify it.</summary>
/// <param name="GrainType">The stored name of the grain class.</param>
/// <param name="FirstDue">When the first tick was due.</param>
/// <param name="Period">From one tick to the next, counted from <paramref name="FirstDue"/>.</param>
/// <param name="NextDue">The first tick that has not been delivered; in the past if the process was down then.</param>
public sealed record ReminderEntry(
    string GrainType, string GrainKey, string Name, DateTimeOffset FirstDue, TimeSpan Period, DateTimeOffset NextDue);
