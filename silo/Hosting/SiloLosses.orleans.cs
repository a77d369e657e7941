namespace OrleansAuth.Hosting;

/// <summary>
/// Tells a client's calls that a silo has gone from it. A client does not learn which calls that silo had, and Orleans would let them
/// wait for their 30 seconds. But calls that began before and have no answer a while later were the silo's, or are slow.
/// </summary>
internal sealed class SiloLosses
{
    /// <summary>For a moment silos still send to the one that is gone: calls of that moment can be lost as well.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);

    /// <summary>Long enough for most logins of the other silos: one that is only slow is carried out twice.</summary>
    private static readonly TimeSpan ForRepeatable = TimeSpan.FromMilliseconds(500);

    /// <summary>Longer, because nobody knows afterwards how such a call ended.</summary>
    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(4);

    private Loss _next = new();

    /// <summary>The loss that calls which begin now have to fear. Ask before the call.</summary>
    public Loss Next => Volatile.Read(ref _next);

    /// <summary>Hears from Orleans how many silos the client is connected to.</summary>
    public void GatewaysChanged(object? sender, GatewayCountChangedEventArgs change)
    {
        if (change.NumberOfConnectedGateways < change.PreviousNumberOfConnectedGateways) _ = GiveUp();
    }

    private async Task GiveUp()
    {
        await Task.Delay(Settling, TimeProvider.System);
        var loss = Interlocked.Exchange(ref _next, new());
        loss.Repeatable.CancelAfter(ForRepeatable);
        loss.Other.CancelAfter(ForOthers);
    }

    /// <summary>When to give up calls that began before one silo went.</summary>
    internal sealed class Loss
    {
        internal CancellationTokenSource Repeatable { get; } = new();

        internal CancellationTokenSource Other { get; } = new();

        /// <summary>Is cancelled when calls are to be given up that may be made again, or those that may not.</summary>
        public CancellationToken Token(bool isRepeatable) => isRepeatable ? Repeatable.Token : Other.Token;
    }
}
