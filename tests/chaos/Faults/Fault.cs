namespace OrleansAuth.Chaos;

/// <summary>Something that goes wrong for a while.</summary>
/// <param name="Length">From its beginning to its end; zero for what is over at once.</param>
/// <param name="Begin">Brings it about.</param>
/// <param name="End">Takes it away.</param>
internal sealed record Fault(string Name, TimeSpan Length, Func<Task> Begin, Func<Task> End)
{
    /// <summary>What goes on as long as it lasts; nothing, unless said.</summary>
    public Func<Task>? Meanwhile { get; init; }
}
