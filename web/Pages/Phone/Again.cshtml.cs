using OrleansAuth.Pages.Proofs;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Phone;

/// <summary>Asks for another message that confirms a phone number.</summary>
internal sealed class AgainModel(Verifications verifications) : AskAgainModel(verifications)
{
    public override string Template => "phoneVerify";

    protected override ProofKind Kind => ProofKind.PhoneNumber;

    protected override string Root => "/phone";
}
