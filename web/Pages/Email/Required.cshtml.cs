using OrleansAuth.Hosted;
using OrleansAuth.Pages.Proofs;
using OrleansAuth.Sessions;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Email;

/// <summary>Where somebody waits who has to confirm an e-mail address first.</summary>
internal sealed class RequiredModel(LoginPages pages, LoginIntents intents, WaitingUsers users) : VerificationRequiredModel(pages, intents, users)
{
    public override string Template => "emailVerificationRequired";

    protected override ProofKind Kind => ProofKind.Email;

    protected override LoginStatus Gate => LoginStatus.EmailUnverified;

    protected override string Words => "verify-email";

    protected override string Path => LoginPages.EmailGate;
}
