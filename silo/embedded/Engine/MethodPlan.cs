using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Orleans.Concurrency;

namespace Orleans;

/// <summary>How one method of a grain interface is called; worked out at its first call.</summary>
internal abstract class MethodPlan(MethodInfo method)
{
    private static readonly ConcurrentDictionary<MethodInfo, MethodPlan> Plans = new();

    public string Name => Method.Name;

    protected MethodInfo Method { get; } = method;

    public bool Interleaves { get; } = method.IsDefined(typeof(AlwaysInterleaveAttribute));

    protected bool OneWay { get; } = method.IsDefined(typeof(OneWayAttribute));

    public static MethodPlan For(MethodInfo method) => Plans.GetOrAdd(method, static method =>
    {
        var result = method.ReturnType is { IsGenericType: true } returns ? returns.GetGenericArguments()[0] : typeof(Nothing);
        return (MethodPlan)Activator.CreateInstance(typeof(MethodPlan<>).MakeGenericType(result), method)!;
    });

    /// <summary>Makes the call; the result is the task, of whichever kind, that the method returns.</summary>
    public abstract object Start(GrainProxy proxy, object?[] arguments);

    /// <summary>The result of a method that has none.</summary>
    protected readonly struct Nothing;
}

/// <summary>The plan of a method with a <typeparamref name="TResult"/>.</summary>
internal sealed class MethodPlan<TResult>(MethodInfo method) : MethodPlan(method)
{
    private readonly Func<object, object?[], Task> _invoke = Compile(method);
    private readonly bool _returnsValueTask = method.ReturnType.IsValueType;

    public override object Start(GrainProxy proxy, object?[] arguments)
    {
        if (OneWay)
        {
            _ = Forget(proxy, arguments);
            return _returnsValueTask ? ValueTask.CompletedTask : Task.CompletedTask;
        }

        var task = CallTrace.IsOn ? Traced(proxy, arguments, Orleans.Call.Current) : Call(proxy, arguments, Orleans.Call.Current);
        if (!_returnsValueTask) return task;
        return typeof(TResult) == typeof(Nothing) ? new ValueTask(task) : new ValueTask<TResult>(task);
    }

    private static Func<object, object?[], Task> Compile(MethodInfo method)
    {
        var grain = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        Expression call = Expression.Call(
            Expression.Convert(grain, method.DeclaringType!),
            method,
            method.GetParameters().Select((p, i) => Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), p.ParameterType)));
        if (method.ReturnType.IsValueType) call = Expression.Call(call, method.ReturnType.GetMethod(nameof(ValueTask.AsTask))!);
        return Expression.Lambda<Func<object, object?[], Task>>(call, grain, arguments).Compile();
    }

    private async Task<TResult> Traced(GrainProxy proxy, object?[] arguments, Call? caller)
    {
        using var span = CallTrace.Begin(Method);
        return await Call(proxy, arguments, caller).ConfigureAwait(false);
    }

    private async Task<TResult> Call(GrainProxy proxy, object?[] arguments, Call? caller)
    {
        proxy.Engine.Admit(caller);
        var request = new Request(this, arguments, caller);
        await proxy.Engine.Run(proxy.Class, proxy.Id, request).ConfigureAwait(false);
        return request.Result;
    }

    /// <summary>
    /// Starts on the calling thread like any call, which keeps one-way calls of one caller in their order. Nobody waits
    /// for it, so it hangs from no chain; it still counts as part of the running call when the engine stops.
    /// </summary>
    private async Task Forget(GrainProxy proxy, object?[] arguments)
    {
        try
        {
            proxy.Engine.Admit(Orleans.Call.Current);
            await proxy.Engine.Run(proxy.Class, proxy.Id, new Request(this, arguments, caller: null)).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            proxy.Engine.Log.OneWayFailed(error, Name, proxy.Id);
        }
    }

    private sealed class Request(MethodPlan<TResult> plan, object?[] arguments, Call? caller) : Call(caller)
    {
        public TResult Result { get; private set; } = default!;

        public override string Name => plan.Name;

        public override bool Interleaves => plan.Interleaves;

        protected override Task Invoke(Grain grain)
        {
            var task = plan._invoke(grain, arguments);
            if (task is not Task<TResult> withResult) return task;
            if (!withResult.IsCompletedSuccessfully) return Keep(withResult);
            Result = withResult.Result;
            return Task.CompletedTask;
        }

        private async Task Keep(Task<TResult> task) => Result = await task.ConfigureAwait(false);
    }
}
