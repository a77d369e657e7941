namespace Orleans;

/// <summary>
/// One call on its way to a grain, and while it runs the frame that the calls it makes hang from: the frames of a chain
/// tell which grains wait for its end.
/// </summary>
internal abstract class Call
{
    private static readonly AsyncLocal<Call?> Chain = new();
    private Activation? _activation;
    private volatile bool _ended;

    /// <param name="caller">The running call that waits for this one; null starts a chain of its own.</param>
    protected Call(Call? caller = null) => Caller = caller;

    /// <summary>The call that the running code belongs to.</summary>
    public static Call? Current => Chain.Value;

    public Call? Caller { get; }

    public abstract string Name { get; }

    /// <summary>Runs between the awaits of the call that has the turn, instead of waiting for it.</summary>
    public virtual bool Interleaves => false;

    /// <summary>Waits for its turn without limit: nobody waits for it, and there is never more than one of its kind.</summary>
    public virtual bool IsPatient => false;

    /// <summary>Counts as use of the grain.</summary>
    public virtual bool KeepsAlive => true;

    /// <summary>Whether it is still inside the grain.</summary>
    public bool IsRunning => !_ended;

    protected abstract Task Invoke(Grain grain);

    /// <summary>
    /// Makes this the call that later ones hang from. The change ends with the async method that makes it. A call that met
    /// an ended activation begins again on a fresh one.
    /// </summary>
    public void Begin(Activation activation)
    {
        (_activation, _ended) = (activation, false);
        Chain.Value = this;
    }

    /// <summary>The first piece of the call; runs on the scheduler of the activation.</summary>
    public Task Start() => Invoke(_activation!.Instance);

    /// <summary>Code that outlives its call (a task nobody awaited) may go on calling: nobody waits for it any more.</summary>
    public void End() => _ended = true;

    /// <summary>
    /// Refuses a call that could never get its turn, because a grain up the chain has it and waits for this call to end.
    /// A frame that interleaves holds no turn, and one that has ended waits for nothing.
    /// </summary>
    public void RefuseDeadlock(Activation target)
    {
        for (var frame = Caller; frame is not null; frame = frame.Caller)
        {
            if (frame._activation == target && frame is { _ended: false, Interleaves: false })
                throw new InvalidOperationException($"Deadlock: the call chain {Describe(target)} comes back to a grain that waits for it.");
        }
    }

    /// <summary>The chain in words, the outermost call first.</summary>
    public string Describe(Activation target)
    {
        var text = $"{target.GrainId}.{Name}";
        for (var frame = Caller; frame?._activation is { } activation; frame = frame.Caller) text = $"{activation.GrainId}.{frame.Name} -> {text}";
        return text;
    }
}
