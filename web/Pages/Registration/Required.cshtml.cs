using OrleansAuth.Hosted;
using OrleansAuth.Pages.Proofs;
using OrleansAuth.Sessions;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Registration;

/// <summary>Where somebody waits who has to confirm a registration first.</summary>
internal sealed class RequiredModel(LoginPages pages, LoginIntents intents, WaitingUsers users) : VerificationRequiredModel(pages, intents, users)
{
    public override string Template => "registrationVerificationRequired";

    protected override ProofKind Kind => ProofKind.Registration;

    protected override LoginStatus Gate => LoginStatus.RegistrationUnverified;

    protected override string Words => "verify-registration";

    protected override string Path => LoginPages.RegistrationGate;
}
