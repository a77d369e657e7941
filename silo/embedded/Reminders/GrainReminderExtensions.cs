using Orleans.Runtime;

namespace Orleans;

/// <summary>How a grain sets its reminders, from inside its turn. The class must implement <see cref="IRemindable"/>.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Sets a reminder, or replaces the one of that name. Durable once the task ends.</summary>
    /// <param name="dueTime">Until the first tick; zero or more.</param>
    /// <param name="period">Between ticks; at least <see cref="EmbeddedOptions.MinimumReminderPeriod"/>.</param>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        Service(grain).Register(grain.Activation, reminderName, dueTime, period);

    /// <summary>Ends a reminder durably. A tick that is on its way already still comes.</summary>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) =>
        Service(grain).Unregister(grain.Activation.GrainId, reminder.ReminderName);

    /// <summary>The reminder of that name, or null.</summary>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) =>
        Task.FromResult(Service(grain).Find(grain.Activation.GrainId, reminderName));

    private static ReminderService Service(IGrainBase grain)
    {
        grain.Activation.DemandTurn();
        return grain.Activation.Engine.Reminders;
    }
}
