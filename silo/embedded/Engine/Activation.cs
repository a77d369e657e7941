using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// One live grain. Two locks with different reach keep it single-threaded. The turn (<see cref="TurnQueue"/>) admits one
/// call at a time, from its first line to its last, across all its awaits. The scheduler (<see cref="TurnScheduler"/>)
/// admits one piece of code at a time, also from interleaving calls and from parallel branches inside a call.
/// <para>
/// An activation ends while somebody holds its turn: the caller whose call asked for it, the idle collector or the stop.
/// Nobody else is inside then; those who wait find it ended when their turn comes and go to a fresh activation. It leaves
/// the directory only after its last piece of code, so a grain never exists twice.
/// </para>
/// </summary>
internal sealed partial class Activation : IGrainContext
{
    [ThreadStatic] private static Activation? s_beingCreated;
    private readonly TurnQueue _turn = new();
    private readonly TurnScheduler _scheduler = new();
    private volatile bool _active;
    private volatile bool _endRequested;
    private volatile bool _ended;

    public Activation(GrainEngine engine, GrainClass type, GrainId id)
    {
        (Engine, Class, GrainId) = (engine, type, id);
        Touch();
    }

    /// <summary>Tells the constructor of <see cref="Grain"/> which activation it belongs to.</summary>
    public static Activation? BeingCreated => s_beingCreated;

    public GrainEngine Engine { get; }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    public Grain Instance { get; private set; } = null!;

    /// <summary>Stream observers; read and changed inside the turn only.</summary>
    public Dictionary<StreamId, object> Observers => field ??= [];

    /// <summary>How many calls are here; a hint for choosing among workers.</summary>
    public int Load => _turn.Length;

    /// <summary>Runs one call. False: this activation has ended, and the caller should take a fresh one.</summary>
    /// <exception cref="InvalidOperationException">The grain is up the call's own chain and waits for it.</exception>
    /// <exception cref="TimeoutException">The turn did not come within the response timeout.</exception>
    public async ValueTask<bool> Run(Call call)
    {
        if (call.Interleaves) return await RunBeside(call).ConfigureAwait(false);
        if (!_turn.TryEnter()) await WaitForTurn(call).ConfigureAwait(false);
        try
        {
            if (_ended || _endRequested) return false;
            call.Begin(this);
            if (!_active) await OnScheduler(static a => ((Activation)a!).Activate(), this).ConfigureAwait(false);
            await OnScheduler(static c => ((Call)c!).Start(), call).ConfigureAwait(false);
            return true;
        }
        finally
        {
            call.End();
            if (call.KeepsAlive) Touch();
            LeaveTurn();
        }
    }

    /// <summary>
    /// As on Orleans, services of a grain refuse code that has left its scheduler: after <c>ConfigureAwait(false)</c> or in
    /// <c>Task.Run</c> it would run beside the grain.
    /// </summary>
    /// <exception cref="InvalidOperationException">The calling code is outside.</exception>
    public void DemandTurn()
    {
        if (TaskScheduler.Current != _scheduler)
            throw new InvalidOperationException($"Code of {GrainId} used a service of its grain outside its turn, after ConfigureAwait(false) or in Task.Run.");
    }

    private async Task WaitForTurn(Call call)
    {
        call.RefuseDeadlock(this);
        var limit = call.IsPatient ? Timeout.InfiniteTimeSpan : Engine.Options.ResponseTimeout;
        if (!await _turn.Enter(limit, Engine.Time).ConfigureAwait(false))
            throw new TimeoutException($"The call {call.Describe(this)} did not get its turn within {limit}.");
    }

    /// <summary>
    /// Nobody waits for the end: the caller gets its answer at once, and whoever comes next waits for the turn that the
    /// ending activation keeps. The second look closes the gap in which a request to end arrives between the first
    /// look and the release, when the one who asks still sees the turn taken and relies on its holder.
    /// </summary>
    private void LeaveTurn()
    {
        if (_endRequested && !_ended)
        {
            _ = EndAndLeave();
            return;
        }

        _turn.Exit();
        EndSoonIfNobodyElseWill();
    }

    private async Task EndAndLeave()
    {
        await End(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "the grain asked for it")).ConfigureAwait(false);
        _turn.Exit();
    }

    private void EndSoonIfNobodyElseWill()
    {
        if (_endRequested && !_ended && _turn.TryEnter()) LeaveTurn();
    }

    private Task OnScheduler(Func<object?, Task> step, object state)
    {
        var piece = new Task<Task>(step, state, TaskCreationOptions.DenyChildAttach);
        _scheduler.Begin(piece);
        return piece.IsCompletedSuccessfully ? piece.Result : piece.Unwrap();
    }

    private async Task Activate()
    {
        try
        {
            // Making the constructor's arguments may call, and so activate, another grain on this thread.
            var outer = s_beingCreated;
            s_beingCreated = this;
            try
            {
                Instance = Class.Create(Engine.ServiceProvider);
            }
            finally
            {
                s_beingCreated = outer;
            }

            // Stays on the grain's scheduler, where this piece runs and where grain code must run.
            await Instance.OnActivateAsync(Engine.Stopped).ConfigureAwait(true);
            _active = true;
        }
        catch
        {
            await End(new DeactivationReason(DeactivationReasonCode.ActivationFailed, "activation failed")).ConfigureAwait(false);
            throw;
        }
    }
}
