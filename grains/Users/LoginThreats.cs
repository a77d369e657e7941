using System.Collections.Immutable;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>
/// What looks wrong about a login, by what the server knows: the contract's names. A new device alone happens to everybody; together with a
/// sign of an account that changes hands it is worth a warning. Of addresses, bots and travel nothing is known here. Pure: the time comes in.
/// </summary>
internal static class LoginThreats
{
    private const long Day = 86_400_000;

    /// <summary>What changed since then is recent.</summary>
    private const long Recent = Day;

    /// <summary>Who did not sign in for so long is not expected any more.</summary>
    private const long Dormant = 180 * Day;

    /// <summary>What is wrong with a login from a new device, in the contract's order; empty where nothing is beside that.</summary>
    /// <param name="logins">As they were before.</param>
    public static ImmutableArray<string> Of(StoredUser user, UserLogins logins, long now)
    {
        var (known, born) = (user.User, user.User.InsertInstant ?? 0);
        var signs = ImmutableArray.CreateBuilder<string>();
        if (logins.LastLoginInstant is { } last && now - last > Dormant) signs.Add("DormantAccount");
        if (known.Identities.Any(i => IsRecent(i.LastUpdateInstant) && !WasProved(i))) signs.Add("RecentIdentityChange");
        if (IsRecent(known.PasswordLastUpdateInstant)) signs.Add("RecentPasswordChange");
        if (signs.Count == 0) return [];
        signs.Add("UnrecognizedDevice");
        return signs.ToImmutable();

        // What was proved last has only been proved: the name itself is older.
        static bool WasProved(UserIdentity identity) => identity.LastUpdateInstant == identity.VerifiedInstant
            && identity.VerifiedReason is (IdentityVerifiedReason.Completed or IdentityVerifiedReason.Implicit or IdentityVerifiedReason.Administrative);

        bool IsRecent(long? change) => change is { } instant && instant > born && now - instant < Recent;
    }
}
