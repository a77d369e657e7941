using OrleansAuth.Pages.Proofs;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Registration;

/// <summary>Asks for another message that confirms a registration.</summary>
internal sealed class AgainModel(Verifications verifications) : AskAgainModel(verifications)
{
    public override string Template => "registrationVerify";

    protected override ProofKind Kind => ProofKind.Registration;

    protected override string Root => "/registration";
}
