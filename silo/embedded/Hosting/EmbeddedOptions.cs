using System.Reflection;

namespace Orleans;

/// <summary>Settings of the embedded engine.</summary>
public sealed class EmbeddedOptions
{
    /// <summary>Where the grain classes are. None by default; a class outside these assemblies is not found.</summary>
    public IList<Assembly> Assemblies { get; } = [];

    /// <summary>
    /// How long a call waits for its turn before it fails with a <see cref="TimeoutException"/>, and how long a grain may
    /// take to deactivate. Default: 30 seconds. Longer lets slow grains catch up under a burst; shorter ends crossed call
    /// chains (A calls B while B calls A) earlier, which nothing else does. A call that runs is never cut off.
    /// </summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a grain stays in memory after its last call. Default: 15 minutes; must be positive. Longer saves reads
    /// from the store, shorter saves memory (an idle grain costs the engine less than a kilobyte, plus its own state).
    /// </summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How often the engine looks for idle grains. Default: 1 minute; must be positive. A grain leaves at most this much
    /// later than its age demands; each look visits every live grain.
    /// </summary>
    public TimeSpan CollectionPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long the stop waits for running calls and for grains to deactivate. Default: 15 seconds. The host's own
    /// shutdown timeout (30 seconds unless set) bounds it too. Shorter risks that callers see their call abandoned.
    /// </summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The shortest period of a reminder. Default: 1 minute, as on Orleans. Each tick costs a write to the reminder
    /// table; for shorter periods use a timer.
    /// </summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The clock of timers, reminders, idle collection and time limits. Default: the machine's; tests set one that they move.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <exception cref="ArgumentException">A setting makes no sense; the message says which one and what it needs.</exception>
    internal void Validate()
    {
        foreach (var (name, value) in new[]
        {
            (nameof(ResponseTimeout), ResponseTimeout), (nameof(CollectionAge), CollectionAge), (nameof(CollectionPeriod), CollectionPeriod),
            (nameof(StopTimeout), StopTimeout), (nameof(MinimumReminderPeriod), MinimumReminderPeriod),
        })
        {
            if (value <= TimeSpan.Zero) throw new ArgumentException($"{nameof(EmbeddedOptions)}.{name} is {value}; set it to more than zero.");
        }
    }
}
