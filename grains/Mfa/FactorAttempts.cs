using OrleansAuth.Storage.Users;

namespace OrleansAuth.Mfa;

/// <summary>
/// How often codes may be guessed: five wrong ones in a row, on whatever ways and by whatever methods, and then none counts
/// for half an hour, after each further five twice as long, up to eight hours. So an hour has room for ten guesses, a day
/// for some twenty-five. A right code ends the row; so does a day without a wrong one. Pure: the time comes in.
/// </summary>
internal static class FactorAttempts
{
    /// <summary>Wrong codes until the next pause.</summary>
    public const int InARow = 5;

    private const long FirstPause = 30 * 60_000;
    private const long LongestPause = 8 * 3_600_000;
    private const long Forgotten = 24 * 3_600_000;

    /// <summary>Whether no code counts now, not even a right one.</summary>
    public static bool Exceeded(UserAttempts attempts, long now)
    {
        var window = attempts.Of(LimitedAction.TwoFactorCode);
        return window.Count > 0 && window.Count % InARow == 0 && now < window.Last + Pause(window.Count / InARow);
    }

    /// <summary>The counters after a wrong code.</summary>
    public static UserAttempts Wrong(UserAttempts attempts, long now)
    {
        var window = attempts.Of(LimitedAction.TwoFactorCode);
        return attempts.With(LimitedAction.TwoFactorCode, now >= window.Last + Forgotten ? new AttemptWindow(now, now, 1) : window with { Last = now, Count = window.Count + 1 });
    }

    /// <summary>
    /// The counters after a right code. Always another instance: storing it finds out whether somebody else has counted
    /// meanwhile.
    /// </summary>
    public static UserAttempts Right(UserAttempts attempts) => attempts.Without(LimitedAction.TwoFactorCode) with { };

    private static long Pause(int times) => Math.Min(LongestPause, FirstPause << Math.Min(times - 1, 10));
}
