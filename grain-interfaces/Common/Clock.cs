namespace OrleansAuth.Common;

/// <summary>
/// The one clock that rules read: expiry, windows, ages, timestamps. It is a type of our own because Orleans uses the
/// plain <see cref="TimeProvider"/> for its heartbeats, which must never follow a clock that a test moves.
/// </summary>
public sealed class Clock(TimeProvider time)
{
    /// <summary>The machine's clock.</summary>
    public static Clock System { get; } = new(TimeProvider.System);

    public TimeProvider Time => time;

    public DateTimeOffset UtcNow => time.GetUtcNow();

    /// <summary>The contract's instant: milliseconds since 1970-01-01T00:00:00Z.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
}
