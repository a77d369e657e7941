using OrleansAuth.Storage;
using OrleansAuth.Storage.Users;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

/// <summary>From what somebody typed as a login to the user who holds that name.</summary>
internal static class LoginLookup
{
    /// <summary>
    /// The user, or one who stands in for a name that nobody has: the caller goes on in the same way and takes the same
    /// time.
    /// </summary>
    public static async Task<IUserGrain> Find(IGrainFactory grains, IStoreReader store, Guid tenantId, string loginId, bool mayBePhone, CancellationToken stop)
    {
        var name = (mayBePhone ? LoginName.Phone(loginId) : null) ?? LoginName.Normalise(loginId);
        var owner = name is null ? null : await store.FindOwner(UserKeys.Login(tenantId, name), stop);
        return owner is null ? grains.Decoy(tenantId, loginId) : grains.User(tenantId, Guid.ParseExact(owner, "N"));
    }
}
