namespace OrleansAuth.Pages.Proofs;

/// <summary>The words of the pages of one verification, as keys of the message catalogue.</summary>
/// <param name="Done">The heading once it is verified.</param>
/// <param name="Wait">The heading of the gate, where there is one.</param>
internal sealed record ProofWords(string Title, string Lead, string Button, string Done, string Wait = "")
{
    public static readonly ProofWords Email = new("verify-email.title", "verify-email.lead", "verify-email.button", "verify-email.done", "verify-email.wait-title");

    public static readonly ProofWords Phone = new("verify-phone.title", "verify-phone.lead", "verify-phone.button", "verify-phone.done", "verify-phone.wait-title");

    public static readonly ProofWords Registration =
        new("verify-registration.title", "verify-registration.lead", "verify-registration.button", "verify-registration.done", "verify-registration.wait-title");
}
