using System.Diagnostics;

namespace OrleansAuth.Hosting;

/// <summary>
/// Spans of grain calls, the same as those of the embedded engine: one for each call inside a traced request, made where the grain is.
/// Orleans' own propagation files calls by namespace, takes what begins with Orleans for its runtime, and would tell of both ends of each.
/// </summary>
internal sealed class CallTrace : IOutgoingGrainCallFilter, IIncomingGrainCallFilter
{
    /// <summary>Goes along with the call, in the form of W3C's header of that name.</summary>
    private const string Parent = "traceparent";

    private static readonly ActivitySource Source = new("Microsoft.Orleans.Application");

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } current && Source.HasListeners()) RequestContext.Set(Parent, current.Id!);
        else if (RequestContext.Get(Parent) is not null) RequestContext.Remove(Parent);
        return context.Invoke();
    }

    public Task Invoke(IIncomingGrainCallContext context) =>
        RequestContext.Get(Parent) is string parent && Source.HasListeners() && ActivityContext.TryParse(parent, null, isRemote: true, out var caller)
            ? Traced(context, caller)
            : context.Invoke();

    private static async Task Traced(IIncomingGrainCallContext context, ActivityContext caller)
    {
        var method = context.InterfaceMethod;
        using var span = Source.StartActivity($"{method.DeclaringType!.Name}/{method.Name}", ActivityKind.Server, caller);
        span?.SetTag("rpc.system", "orleans").SetTag("rpc.service", method.DeclaringType!.FullName).SetTag("rpc.method", method.Name);
        await context.Invoke();
    }
}
