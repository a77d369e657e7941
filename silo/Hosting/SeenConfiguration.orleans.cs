using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Hosting;

/// <summary>
/// What a caller has seen of the configuration, the grain that he calls sees too, on whichever silo it is: calls carry the
/// version of their process's snapshot, and a process that has an older one reads on before the grain gets the call. So an
/// application can be made right after its tenant, though another silo made that. Costs a call one number and a comparison.
/// </summary>
internal sealed class SeenConfiguration(ConfigurationReader configuration) : IOutgoingGrainCallFilter, IIncomingGrainCallFilter
{
    private const string Version = "configuration";

    /// <summary>
    /// A version that does not come by then (another database was put in place) holds up no call for longer: the grain goes
    /// by what this process knows.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        RequestContext.Set(Version, configuration.Current.Version);
        return context.Invoke();
    }

    public Task Invoke(IIncomingGrainCallContext context) =>
        RequestContext.Get(Version) is long seen && seen > configuration.Current.Version ? InvokeAfter(seen, context) : context.Invoke();

    private async Task InvokeAfter(long seen, IIncomingGrainCallContext context)
    {
        using (var limit = new CancellationTokenSource(LongestWait))
            await ((Task)configuration.AtLeast(seen, limit.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await context.Invoke();
    }
}
