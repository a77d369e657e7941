using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Runtime.Messaging;
using OrleansAuth.Common;

namespace OrleansAuth.Hosting;

/// <summary>
/// For the seconds in which a silo is gone and nobody has noticed, calls to grains that lived there are rejected on their way.
/// A call that was rejected did nothing, so it is made again until the cluster has found the grain another place. A call that
/// was in a silo's hands when it went may have been carried out: it is made again, once, where it is <see cref="RepeatableAttribute"/>,
/// and otherwise given up, since nobody knows how it ended. So is a call for which no connection could be made.
/// </summary>
internal sealed class CallAgain(SiloLosses losses) : IOutgoingGrainCallFilter
{
    /// <summary>Well beyond the time in which the others notice.</summary>
    private static readonly TimeSpan LongestTrying = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly ConcurrentDictionary<MethodInfo, bool> Repeatable = new();

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
            catch (ConnectionFailedException reason)
            {
                // Before the call could be sent the silo was gone; or a grain found that another one was, after who knows what.
                if (!IsRepeatable(context) || TimeProvider.System.GetElapsedTime(began) > LongestTrying) throw new SiloUnavailableException("No silo could be reached.", reason);
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private static bool IsRepeatable(IOutgoingGrainCallContext context) =>
        Repeatable.GetOrAdd(context.InterfaceMethod, static method => method.IsDefined(typeof(RepeatableAttribute)));

    private async Task Once(IOutgoingGrainCallContext context)
    {
        var repeatable = IsRepeatable(context);
        var lost = losses.Next.Token(repeatable);
        var call = context.Invoke();
        await call.WaitAsync(lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!call.IsCompleted)
        {
            // How it ends after all is nobody's business any more.
            _ = call.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            if (!repeatable) throw new SiloUnavailableException("The silo that had the call is gone, or is slow to answer.");
            await Anew(context);
        }
        else if (repeatable && call.Exception?.InnerException is SiloUnavailableException)
        {
            // A silo went on which the grain itself had called another.
            await context.Invoke();
        }
        else
        {
            await call;
        }
    }

    /// <summary>As a call of its own: to Orleans the first one still waits, and a call that waits cannot be made again.</summary>
    private static async Task Anew(IOutgoingGrainCallContext context)
    {
        var arguments = new object?[context.Request.GetArgumentCount()];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = context.Request.GetArgument(i);
        var call = (Task)context.InterfaceMethod.Invoke(context.Grain, arguments)!;
        await call;
        context.Result = call.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(call);
    }
}
