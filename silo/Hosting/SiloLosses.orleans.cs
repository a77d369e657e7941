namespace OrleansAuth.Hosting;

/// <summary>
/// Tells a client's calls that a silo has gone from it. A client does not learn which calls the silo had; but those that
/// began before and have no answer a while later are the silo's, or are slow. Waiting for Orleans to give them up takes 30 seconds.
/// </summary>
internal sealed class SiloLosses
{
    /// <summary>Long enough for calls of the other silos to be answered.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private TaskCompletionSource _loss = NewLoss();

    /// <summary>Ends when a call that begins now is to be given up. Take it before the call.</summary>
    public Task Loss => Volatile.Read(ref _loss).Task;

    public void GatewaysChanged(object? sender, GatewayCountChangedEventArgs change)
    {
        if (change.NumberOfConnectedGateways < change.PreviousNumberOfConnectedGateways) _ = GiveUp(Interlocked.Exchange(ref _loss, NewLoss()));
    }

    private static async Task GiveUp(TaskCompletionSource before)
    {
        await Task.Delay(Patience, TimeProvider.System);
        before.SetResult();
    }

    private static TaskCompletionSource NewLoss() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
