namespace OrleansAuth.Hosting;

/// <summary>
/// For the seconds in which a silo is gone and nobody has noticed, calls to grains that lived there are rejected on their way.
/// A call that was rejected did nothing, so it is made again until the cluster has found the grain another place. A call that
/// was in a silo's hands when it went is given up and not made again, since it may have been carried out.
/// </summary>
internal sealed class CallAgain(SiloLosses losses) : IOutgoingGrainCallFilter
{
    /// <summary>Well beyond the time in which the others notice.</summary>
    private static readonly TimeSpan LongestTrying = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="SiloUnavailableException">No silo could be reached, or the one that had the call is gone.</exception>
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                await Once(context);
                return;
            }
            catch (OrleansMessageRejectionException reason) when (reason is not SiloUnavailableException)
            {
                if (TimeProvider.System.GetElapsedTime(began) > LongestTrying) throw new SiloUnavailableException("No silo took the call.", reason);
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private async Task Once(IOutgoingGrainCallContext context)
    {
        var loss = losses.Loss;
        var call = context.Invoke();
        if (await Task.WhenAny(call, loss) != call)
        {
            // How it ends after all is nobody's business any more.
            _ = call.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw new SiloUnavailableException("The silo that had the call is gone, or is slow to answer.");
        }

        await call;
    }
}
