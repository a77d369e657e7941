namespace OrleansAuth.Hosting;

/// <summary>
/// For the seconds in which a silo is gone and nobody has noticed, calls to grains that lived there are rejected on their way.
/// A call that was rejected did nothing, so it is made again until the cluster has found the grain another place. A call that
/// was in a silo's hands when it went is not made again, since it may have been carried out.
/// </summary>
internal sealed class CallAgain : IOutgoingGrainCallFilter
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
                await context.Invoke();
                return;
            }
            catch (OrleansMessageRejectionException reason) when (reason is not SiloUnavailableException)
            {
                if (TimeProvider.System.GetElapsedTime(began) > LongestTrying) throw new SiloUnavailableException("No silo took the call.", reason);
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
