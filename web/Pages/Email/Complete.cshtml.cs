using OrleansAuth.Hosted;
using OrleansAuth.Pages.Proofs;

namespace OrleansAuth.Pages.Email;

/// <summary>Tells that an e-mail address is confirmed.</summary>
internal sealed class CompleteModel(LoginIntents intents) : VerifiedModel(intents)
{
    public override string Template => "emailComplete";

    protected override ProofWords Words => ProofWords.Email;

    protected override string? Gate => LoginPages.EmailGate;
}
