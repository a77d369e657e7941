using OrleansAuth.Hosted;
using OrleansAuth.Pages.Proofs;

namespace OrleansAuth.Pages.Registration;

/// <summary>Tells that a registration is confirmed.</summary>
internal sealed class CompleteModel(LoginIntents intents) : VerifiedModel(intents)
{
    public override string Template => "registrationComplete";

    protected override string Words => "verify-registration";

    protected override string Gate => LoginPages.RegistrationGate;
}
