namespace Orleans;

/// <summary>Calls that interleave: they need a live instance, not the turn.</summary>
internal sealed partial class Activation
{
    private int _beside;
    private TaskCompletionSource? _besideOver;

    private async ValueTask<bool> RunBeside(Call call)
    {
        // An instance that is not there yet, or is on its way out, is made or seen off by taking the turn once.
        var wait = !_active || _endRequested || Volatile.Read(ref _besideOver) is not null;
        if (wait && !await Run(new WarmUp(call)).ConfigureAwait(false)) return false;

        // Counting in first and looking afterwards: whoever ends the activation announces it first and looks at the count afterwards.
        Interlocked.Increment(ref _beside);
        try
        {
            if (Volatile.Read(ref _besideOver) is not null) return false;
            call.Begin(this);
            await OnScheduler(static c => ((Call)c!).Start(), call).ConfigureAwait(false);
            return true;
        }
        finally
        {
            call.End();
            if (call.KeepsAlive) Touch();
            if (Interlocked.Decrement(ref _beside) == 0) Volatile.Read(ref _besideOver)?.TrySetResult();
        }
    }

    /// <summary>Lets no more interleaving calls in, and waits until those inside are through.</summary>
    private Task CloseBeside()
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _besideOver, over);
        return Volatile.Read(ref _beside) == 0 ? Task.CompletedTask : over.Task;
    }

    /// <summary>Takes the turn and does nothing with it; in the name of the interleaving call, whose chain it extends.</summary>
    private sealed class WarmUp(Call inNameOf) : Call(inNameOf.Caller)
    {
        public override string Name => inNameOf.Name;

        protected override Task Invoke(Grain grain) => Task.CompletedTask;
    }
}
