using OrleansAuth.Common;

namespace OrleansAuth.Mfa;

/// <summary>
/// One user as the holder of second factors: the same grain as <see cref="Users.IUserGrain"/>. Every code of the user passes
/// through this one place, whichever way it comes in, so guesses are counted exactly and a code that was used is used.
/// </summary>
[Alias("user-factor")]
public interface IUserFactorGrain : IGrainWithStringKey
{
    /// <summary>Begins to ask for a second factor outside of a login with a password. Not found for a user who does not exist or is deactivated.</summary>
    [Alias("start")]
    Task<Outcome<FactorStarted>> Start(StartFactor command);

    /// <summary>
    /// Sends a code by e-mail or text message. Earlier codes of the same method are void. While the tenant's rate limit is
    /// exceeded nothing is sent, and the caller is not told.
    /// </summary>
    [Alias("send")]
    Task<Outcome<FactorCodeSent>> Send(SendFactorCode command);

    /// <summary>
    /// Proves the second factor that a login or a change waits for, and goes on with what it was for. Not found where it is
    /// over or was proved already.
    /// </summary>
    [Alias("prove")]
    Task<Outcome<FactorProved>> Prove(ProveFactor command);

    /// <summary>Adds a method, proved by a code of it. The first one brings recovery codes.</summary>
    [Alias("add")]
    Task<Outcome<FactorsChanged>> Add(AddFactor command);

    /// <summary>Removes a method by a code of it; by a recovery code, all methods.</summary>
    [Alias("remove")]
    Task<Outcome<FactorsChanged>> Remove(RemoveFactor command);

    /// <summary>Names a method, for the user to tell it from others. Not found where there is no such method.</summary>
    [Alias("rename")]
    Task<Outcome<FactorsChanged>> Rename(RenameFactor command);

    /// <summary>New recovery codes; those before are void.</summary>
    [Alias("renew-recovery-codes")]
    Task<Outcome<FactorsChanged>> RenewRecoveryCodes(RenewRecoveryCodes command);

    /// <summary>What the user has, and what an action would ask for; null where there is no such user.</summary>
    [Alias("status"), Repeatable]
    Task<FactorStatus?> Status(ReadFactorStatus query);
}
