using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

/// <summary>How many receivers must agree, in whole numbers: no share is ever rounded.</summary>
internal static class Majority
{
    /// <summary>Whether so many are enough. Where nobody is asked, nobody can refuse.</summary>
    public static bool IsReached(TransactionType type, int agreed, int asked) => asked == 0 || type switch
    {
        TransactionType.None => true,
        TransactionType.Any => agreed >= 1,
        TransactionType.SimpleMajority => 2 * agreed >= asked,
        TransactionType.SuperMajority => 3 * agreed >= 2 * asked,
        TransactionType.AbsoluteMajority => agreed == asked,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>The outcome, as soon as those who have not answered cannot change it; null before.</summary>
    /// <param name="refused">Those that refused or failed.</param>
    public static bool? Certain(TransactionType type, int agreed, int refused, int asked)
    {
        if (IsReached(type, agreed, asked)) return true;
        return IsReached(type, asked - refused, asked) ? null : false;
    }
}
