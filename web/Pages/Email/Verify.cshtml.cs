using OrleansAuth.Pages.Proofs;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Email;

/// <summary>Confirms an e-mail address.</summary>
internal sealed class VerifyModel(Verifications verifications, ConfigurationReader configuration) : ConfirmModel(verifications, configuration)
{
    public override string Template => "emailVerify";

    protected override ProofKind Kind => ProofKind.Email;

    protected override string Words => "verify-email";

    protected override string Root => "/email";
}
