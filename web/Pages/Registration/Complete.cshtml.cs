using OrleansAuth.Hosted;
using OrleansAuth.Pages.Proofs;

namespace OrleansAuth.Pages.Registration;

/// <summary>Tells that a registration is confirmed.</summary>
internal sealed class CompleteModel(LoginIntents intents) : VerifiedModel(intents)
{
    public override string Template => "registrationComplete";

    protected override ProofWords Words => ProofWords.Registration;

    protected override string? Gate => LoginPages.RegistrationGate;
}
