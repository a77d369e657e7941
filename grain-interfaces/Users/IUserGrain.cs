using OrleansAuth.Common;
using OrleansAuth.Mfa;
using OrleansAuth.Passwordless;
using OrleansAuth.Recovery;
using OrleansAuth.Sessions;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

/// <summary>
/// One user of one tenant: everything that happens to the user passes through this one place, one call after the other.
/// The key also names users that do not exist (see <see cref="UserGrainKeys.Decoy"/>); those answer like a user whose
/// password is never right.
/// </summary>
[Alias("user")]
public interface IUserGrain : IGrainWithStringKey
{
    /// <summary>Creates the user, with a first registration if the command has one. Refuses a taken id, e-mail or username with <c>[duplicate]</c>.</summary>
    [Alias("create")]
    Task<Outcome<UserCreated>> Create(CreateUser command);

    /// <summary>The user as the API shows it, or null.</summary>
    [Alias("read"), Repeatable]
    Task<UserView?> Read();

    /// <summary>Replaces, patches or reactivates the user.</summary>
    [Alias("change")]
    Task<Outcome<UserView>> Change(ChangeUser command);

    /// <summary>Deactivates the user, or removes the user for good with everything that belongs to it.</summary>
    [Alias("remove")]
    Task<Outcome<UserView>> Remove(RemoveUser command);

    /// <summary>Adds, replaces, patches or removes a registration.</summary>
    [Alias("register")]
    Task<Outcome<RegistrationView>> ChangeRegistration(ChangeRegistration command);

    /// <summary>Joins groups and leaves groups in one change.</summary>
    [Alias("memberships")]
    Task<Outcome<UserView>> ChangeMemberships(ChangeMemberships command);

    /// <summary>Writes down a note of an operator about the user.</summary>
    [Alias("comment")]
    Task<Outcome<UserCommentView>> Comment(CommentOnUser command);

    /// <summary>
    /// Checks the credentials and lets the user in, or says why not. An unknown user and a wrong password cost the same
    /// time and give the same answer.
    /// </summary>
    [Alias("login"), Repeatable]
    Task<Outcome<LoginResult>> Login(Login command);

    /// <summary>Counts a login that happened elsewhere, such as by single sign-on.</summary>
    [Alias("ping"), Repeatable]
    Task<Outcome<LoginResult>> Ping(PingLogin command);

    /// <summary>Asks the gates again for a user who proved who it is before, and opens a refresh token if the command wants one. Not found where the user or the session is over.</summary>
    [Alias("admit"), Repeatable]
    Task<Outcome<Admission>> Admit(AdmitUser command);

    /// <summary>What the user agreed to when the application asked before; null where nothing is remembered (any more).</summary>
    [Alias("remembered-consent"), Repeatable]
    Task<ConsentView?> RememberedConsent(Guid applicationId);

    /// <summary>Remembers what the user agrees to.</summary>
    [Alias("remember-consent")]
    Task<Outcome<ConsentView>> RememberConsent(RememberConsent command);

    /// <summary>The standard claims of the user (OpenID Connect Core, section 5.1) that the scopes give.</summary>
    [Alias("claims"), Repeatable]
    Task<Outcome<JsonText>> Claims(ReadClaims query);

    /// <summary>What a token may say about the user now; not found where the user may not hold a token any more.</summary>
    [Alias("subject"), Repeatable]
    Task<Outcome<TokenSubject>> Subject(ReadSubject query);

    /// <summary>Ends every session that began before now; of one application only, if the command names one.</summary>
    [Alias("revoke-sessions")]
    Task<Outcome<UserView>> RevokeSessions(RevokeUserSessions command);
}

/// <summary>How keys of user grains are written and read.</summary>
public static class UserGrainKeys
{
    /// <summary>How many names share the decoys of a tenant: enough that they do not queue behind each other.</summary>
    private const int Decoys = 65_536;

    /// <summary>The only place that knows how a user's key is written.</summary>
    public static string Key(Guid tenantId, Guid userId) => $"{tenantId:N}/{userId:N}";

    public static IUserGrain User(this IGrainFactory grains, Guid tenantId, Guid userId) =>
        grains.GetGrain<IUserGrain>(Key(tenantId, userId));

    /// <summary>The same user, as the holder of a password.</summary>
    public static IUserPasswordGrain UserPassword(this IGrainFactory grains, Guid tenantId, Guid userId) =>
        grains.GetGrain<IUserPasswordGrain>(Key(tenantId, userId));

    /// <summary>The same user, as the holder of second factors.</summary>
    public static IUserFactorGrain UserFactors(this IGrainFactory grains, Guid tenantId, Guid userId) =>
        grains.GetGrain<IUserFactorGrain>(Key(tenantId, userId));

    /// <summary>The same user, as somebody who has to prove things.</summary>
    public static IUserVerificationGrain UserVerification(this IGrainFactory grains, Guid tenantId, Guid userId) =>
        grains.GetGrain<IUserVerificationGrain>(Key(tenantId, userId));

    /// <summary>The same user, as somebody who signs in without a password.</summary>
    public static IUserPasswordlessGrain UserPasswordless(this IGrainFactory grains, Guid tenantId, Guid userId) =>
        grains.GetGrain<IUserPasswordlessGrain>(Key(tenantId, userId));

    /// <summary>
    /// The user that stands in for a login that nobody has, so that asking takes the same way and the same time. Bounded
    /// in number, so that nobody can fill memory or the store by guessing names.
    /// </summary>
    /// <param name="mark">
    /// Stands for the name, at least four bytes that nobody outside can compute: who knew which names share a stand-in
    /// could tell from the failures that those share whether a name is somebody's.
    /// </param>
    public static IUserGrain Decoy(this IGrainFactory grains, Guid tenantId, ReadOnlySpan<byte> mark) => grains.User(tenantId, DecoyId(mark));

    /// <summary>The id of that user.</summary>
    public static Guid DecoyId(ReadOnlySpan<byte> mark) =>
        new(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(mark) % Decoys, 0xdec0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>True for ids that decoys use, the empty id among them: no user may have one.</summary>
    public static bool IsReserved(Guid userId)
    {
        Span<byte> bytes = stackalloc byte[16];
        userId.TryWriteBytes(bytes);
        return !bytes[6..].ContainsAnyExcept((byte)0);
    }

    /// <summary>Reads a key back; for the grain itself.</summary>
    public static (Guid TenantId, Guid UserId) ReadKey(string key) =>
        (Guid.ParseExact(key.AsSpan(0, 32), "N"), Guid.ParseExact(key.AsSpan(33), "N"));
}
