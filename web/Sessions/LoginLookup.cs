using OrleansAuth.Storage;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Storage.Users;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

/// <summary>From what somebody typed as a login to the user who holds that name.</summary>
internal sealed class LoginLookup(IGrainFactory grains, IStoreReader store, SecretBox secrets)
{
    /// <summary>
    /// The user, or one who stands in for a name that nobody has: the caller goes on in the same way and takes the same
    /// time.
    /// </summary>
    public async Task<IUserGrain> Find(Guid tenantId, string loginId, bool mayBePhone, CancellationToken stop)
    {
        var name = LoginName.Typed(loginId, mayBePhone);
        // Made also where the name is somebody's, so that both ways are the same work.
        var mark = secrets.Mark(name, DecoyMark.Purpose);
        var owner = await store.FindOwner(UserKeys.Login(tenantId, name), stop);
        return owner is null ? grains.Decoy(tenantId, mark) : grains.User(tenantId, Guid.ParseExact(owner, "N"));
    }
}
