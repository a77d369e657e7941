namespace OrleansAuth.Engine;

/// <summary>Is woken by reminders and says so.</summary>
[Alias("test.reminded")]
public interface IRemindedGrain : IGrainWithStringKey
{
    [Alias("arm")] Task Arm(string name, TimeSpan due, TimeSpan period);

    /// <summary>Arms with a token that is over before; whether that was refused.</summary>
    [Alias("arm-too-late")] Task<bool> ArmTooLate(string name);

    [Alias("disarm")] Task<bool> Disarm(string name);
}

[GrainType("test-reminded")]
internal sealed class RemindedGrain(Witness witness) : Grain, IRemindedGrain, IRemindable
{
    public async Task Arm(string name, TimeSpan due, TimeSpan period) => await this.RegisterOrUpdateReminder(name, due, period);

    public async Task<bool> ArmTooLate(string name)
    {
        try
        {
            await this.RegisterOrUpdateReminder(name, TimeSpan.FromHours(1), TimeSpan.FromHours(1), new CancellationToken(canceled: true));
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    public async Task<bool> Disarm(string name)
    {
        if (await this.GetReminder(name) is not { } reminder) return false;
        await this.UnregisterReminder(reminder);
        return true;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        witness.Tell($"{this.GetPrimaryKeyString()} reminded", $"{reminderName} at {status.CurrentTickTime:HH:mm}, first {status.FirstTickTime:HH:mm}");
        if (reminderName == "once" && await this.GetReminder(reminderName) is { } reminder) await this.UnregisterReminder(reminder);
        if (reminderName == "failing") throw new InvalidOperationException("This reminder fails.");
    }
}
