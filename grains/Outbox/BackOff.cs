namespace OrleansAuth.Outbox;

/// <summary>
/// The pauses between attempts: each twice as long as the one before up to a longest one, and shortened by up to half at
/// random, so that what failed together does not come back together.
/// </summary>
internal sealed record BackOff
{
    /// <summary>A receiver that asks for more than this waits this long.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromDays(1);

    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After so many failures an entry is parked. With the other defaults that is after about a day.</summary>
    public int MostAttempts { get; init; } = 32;

    /// <summary>The pause before the next attempt, or null where there is to be none.</summary>
    /// <param name="failed">Attempts that failed, the present one among them.</param>
    /// <param name="asked">What the receiver asked for, if it did.</param>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan? Pause(int failed, TimeSpan? asked, double chance)
    {
        if (failed >= MostAttempts) return null;
        var full = TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, failed - 1)));
        var pause = full * (1 - (chance / 2));
        if (asked is not { } wanted || wanted <= pause) return pause;
        return wanted < LongestAsked ? wanted : LongestAsked;
    }
}
