using OrleansAuth.Pages.Proofs;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Email;

/// <summary>Asks for another message that confirms an e-mail address.</summary>
internal sealed class AgainModel(Verifications verifications) : AskAgainModel(verifications)
{
    public override string Template => "emailVerify";

    protected override ProofKind Kind => ProofKind.Email;

    protected override string Root => "/email";
}
