using System.Security.Cryptography;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>
/// Lets many users of a tenant have the same username: each signs in with a form of it that nobody else has, the name
/// followed by a separator and digits.
/// </summary>
internal static class UniqueUsername
{
    /// <summary>Suffixes that are tried before a name counts as taken.</summary>
    public const int Attempts = 25;

    /// <summary>The user with the unique form of its name, taken anew where the name changed.</summary>
    public static User Fit(User user, User? before, UniqueUsernameConfiguration rules)
    {
        if (!rules.Enabled || user.Username is null) return user with { UniqueUsername = null };
        if (before?.UniqueUsername is not null && before.Username == user.Username) return user with { UniqueUsername = before.UniqueUsername };
        return rules.Strategy == UniqueUsernameStrategy.Always ? Next(user, rules) : user with { UniqueUsername = user.Username };
    }

    /// <summary>The user with another unique form of its name.</summary>
    public static User Next(User user, UniqueUsernameConfiguration rules)
    {
        var digits = Math.Clamp(rules.NumberOfDigits, 3, 10);
        var suffix = RandomNumberGenerator.GetString("0123456789", digits);
        return user with { UniqueUsername = $"{user.Username}{rules.Separator ?? "#"}{suffix}" };
    }
}
