using System.Diagnostics;
using System.Reflection;

namespace Orleans;

/// <summary>Spans of grain calls, as Microsoft Orleans makes them; inside a traced request only, and at no cost where nobody listens.</summary>
internal static class CallTrace
{
    private static readonly ActivitySource Source = new("Microsoft.Orleans.Application");

    public static bool IsOn => Source.HasListeners() && Activity.Current is not null;

    /// <summary>Begins the span of a call; it ends when disposed.</summary>
    public static Activity? Begin(MethodInfo method)
    {
        var span = Source.StartActivity($"{method.DeclaringType!.Name}/{method.Name}");
        return span?.SetTag("rpc.system", "orleans").SetTag("rpc.service", method.DeclaringType!.FullName).SetTag("rpc.method", method.Name);
    }
}
