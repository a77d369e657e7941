using OrleansAuth.Common;
using OrleansAuth.Users;

namespace OrleansAuth.Verification;

/// <summary>
/// One user as somebody who has to prove things: the same grain as <see cref="IUserGrain"/>, so a proof and a change of what
/// it is about happen one after the other. What was handed out lives in the user's own row: a new id voids the one before
/// it, an id is good for the address that it was made for, and each counts its wrong codes.
/// </summary>
[Alias("user-verification")]
public interface IUserVerificationGrain : IGrainWithStringKey
{
    /// <summary>
    /// Hands out an id and sends it where asked. Nothing is done where there is nothing to prove, or where too many messages
    /// were sent of late. Not found for a user who does not exist, is deactivated or has another name.
    /// </summary>
    [Alias("begin")]
    Task<Outcome<ProofHandedOut>> BeginProof(BeginProof command);

    /// <summary>Sends what was handed out before. Not found where that is not good any more.</summary>
    [Alias("send")]
    Task<Outcome<ProofHandedOut>> SendProof(SendProof command);

    /// <summary>What the id is good for now; null where it is good for nothing (any more).</summary>
    [Alias("check")]
    Task<ProofHolder?> CheckProof(PresentedProof proof);

    /// <summary>
    /// Verifies e-mail, phone number or registration by an id. Of several who try at once one succeeds; not found for
    /// everybody else, and for wrong codes, of which few are looked at.
    /// </summary>
    [Alias("complete")]
    Task<Outcome<UserView>> CompleteProof(CompleteProof command);

    /// <summary>Verifies an identity because an operator says so. Not found where the user has none of that kind.</summary>
    [Alias("vouch")]
    Task<Outcome<UserView>> VouchForIdentity(VouchForIdentity command);

    /// <summary>
    /// Replaces the address of a user who waits behind the gate, and asks for its proof. Not found where the tenant does not
    /// let users do that, or the address is verified; busy after too many messages.
    /// </summary>
    [Alias("change-unverified-email")]
    Task<Outcome<UserView>> ChangeUnverifiedEmail(ChangeUnverifiedEmail command);

    /// <summary>The same for a phone number.</summary>
    [Alias("change-unverified-phone")]
    Task<Outcome<UserView>> ChangeUnverifiedPhone(ChangeUnverifiedPhone command);

    /// <summary>Removes the user, or a registration, that is still unverified and older than the policy allows.</summary>
    [Alias("remove-unverified")]
    Task<Outcome<UnverifiedRemoved>> RemoveUnverified(RemoveUnverified command);
}
