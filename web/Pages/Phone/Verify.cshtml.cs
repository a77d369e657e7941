using OrleansAuth.Pages.Proofs;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Phone;

/// <summary>Confirms a phone number.</summary>
internal sealed class VerifyModel(Verifications verifications, ConfigurationReader configuration) : ConfirmModel(verifications, configuration)
{
    public override string Template => "phoneVerify";

    protected override ProofKind Kind => ProofKind.PhoneNumber;

    protected override ProofWords Words => ProofWords.Phone;

    protected override string Root => "/phone";
}
