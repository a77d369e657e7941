using OrleansAuth.Hosted;
using OrleansAuth.Pages.Proofs;
using OrleansAuth.Sessions;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Phone;

/// <summary>Where somebody waits who has to confirm a phone number first.</summary>
internal sealed class RequiredModel(LoginPages pages, LoginIntents intents, WaitingUsers users) : VerificationRequiredModel(pages, intents, users)
{
    public override string Template => "phoneVerificationRequired";

    protected override ProofKind Kind => ProofKind.PhoneNumber;

    protected override LoginStatus Gate => LoginStatus.PhoneUnverified;

    protected override ProofWords Words => ProofWords.Phone;

    protected override string Path => LoginPages.PhoneGate;
}
