using OrleansAuth.Hosted;
using OrleansAuth.Pages.Proofs;

namespace OrleansAuth.Pages.Phone;

/// <summary>Tells that a phone number is confirmed.</summary>
internal sealed class CompleteModel(LoginIntents intents) : VerifiedModel(intents)
{
    public override string Template => "phoneComplete";

    protected override ProofWords Words => ProofWords.Phone;

    /// <summary>No login waits for a number.</summary>
    protected override string? Gate => null;
}
