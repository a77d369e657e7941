using OrleansAuth.Pages.Proofs;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Registration;

/// <summary>Confirms a registration.</summary>
internal sealed class VerifyModel(Verifications verifications, ConfigurationReader configuration) : ConfirmModel(verifications, configuration)
{
    public override string Template => "registrationVerify";

    protected override ProofKind Kind => ProofKind.Registration;

    protected override ProofWords Words => ProofWords.Registration;

    protected override string Root => "/registration";
}
