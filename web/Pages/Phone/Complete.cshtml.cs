using OrleansAuth.Hosted;
using OrleansAuth.Pages.Proofs;

namespace OrleansAuth.Pages.Phone;

/// <summary>Tells that a phone number is confirmed.</summary>
internal sealed class CompleteModel(LoginIntents intents) : VerifiedModel(intents)
{
    public override string Template => "phoneComplete";

    protected override ProofWords Words => ProofWords.Phone;

    protected override string? Gate => LoginPages.PhoneGate;
}
