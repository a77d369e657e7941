using OrleansAuth.Pages.Proofs;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Registration;

/// <summary>Confirms a registration.</summary>
internal sealed class VerifyModel(Verifications verifications, ConfigurationReader configuration) : ConfirmModel(verifications, configuration)
{
    public override string Template => "registrationVerify";

    protected override ProofKind Kind => ProofKind.Registration;

    protected override string Words => "verify-registration";

    protected override string Root => "/registration";
}
