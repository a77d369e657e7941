using Orleans.Runtime;

namespace Orleans;

/// <summary>How a grain sets its reminders, from inside its turn. The class must implement <see cref="IRemindable"/>.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Sets a reminder, or replaces the one of that name. Durable once the task ends.</summary>
    /// <param name="dueTime">Until the first tick; zero or more.</param>
    /// <param name="period">Between ticks; at least <see cref="EmbeddedOptions.MinimumReminderPeriod"/>.</param>
    /// <param name="cancellationToken">Looked at before the work begins, not during it.</param>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(
        this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<IGrainReminder>(cancellationToken)
            : Service(grain).Register(grain.Activation, reminderName, dueTime, period);

    /// <summary>Ends a reminder durably. A tick that is on its way already still comes.</summary>
    /// <param name="cancellationToken">Looked at before the work begins, not during it.</param>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled(cancellationToken)
            : Service(grain).Unregister(grain.Activation.GrainId, reminder.ReminderName);

    /// <summary>The reminder of that name, or null.</summary>
    /// <param name="cancellationToken">Looked at before the work begins, not during it.</param>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<IGrainReminder?>(cancellationToken)
            : Task.FromResult(Service(grain).Find(grain.Activation.GrainId, reminderName));

    private static ReminderService Service(IGrainBase grain)
    {
        grain.Activation.DemandTurn();
        return grain.Activation.Engine.Reminders;
    }
}
