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
    public async Task<IUserGrain> Find(Guid tenantId, string loginId, bool mayBePhone, CancellationToken stop) =>
        grains.User(tenantId, await FindId(tenantId, loginId, mayBePhone, stop));

    /// <summary>The id of that user.</summary>
    public async Task<Guid> FindId(Guid tenantId, string loginId, bool mayBePhone, CancellationToken stop)
    {
        // Made also where the name is somebody's, so that both ways are the same work.
        var standIn = StandIn(loginId, mayBePhone);
        var owner = await store.FindOwner(UserKeys.Login(tenantId, LoginName.Typed(loginId, mayBePhone)), stop);
        return owner is null ? standIn : Guid.ParseExact(owner, "N");
    }

    /// <summary>Who stands in for a name: nobody's id.</summary>
    public Guid StandIn(string loginId, bool mayBePhone) => UserGrainKeys.DecoyId(secrets.Mark(LoginName.Typed(loginId, mayBePhone), DecoyMark.Purpose));
}
