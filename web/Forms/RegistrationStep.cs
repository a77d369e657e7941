using System.Collections.Immutable;
using OrleansAuth.Users;
using OrleansAuth.Verification;

namespace OrleansAuth.Forms;

/// <summary>One step of a registration form: it asks for something, or it has an address or a number proved that a step before it asked for.</summary>
internal sealed record RegistrationStep(FormStepType Type, ImmutableArray<FormField> Fields)
{
    /// <summary>The key of the field whose value is proved here; null in a step that asks.</summary>
    public string? Verifies => Type switch
    {
        FormStepType.VerifyEmail => "user.email",
        FormStepType.VerifyPhoneNumber => "user.phoneNumber",
        _ => null,
    };

    public ProofKind Kind => Type == FormStepType.VerifyPhoneNumber ? ProofKind.PhoneNumber : ProofKind.Email;

    /// <summary>What is to be proved here, as names are compared; null where nothing was typed that could be.</summary>
    public string? ValueIn(FormProgress progress) => Verifies is not { } key || !progress.Values.TryGetValue(key, out var typed) ? null
        : Type == FormStepType.VerifyPhoneNumber ? LoginName.Phone(typed) : LoginName.Normalise(typed);

    /// <summary>Something has to be proved here before there can be an account.</summary>
    public bool IsOpen(FormProgress progress) => Verifies is { } key && progress.Values.ContainsKey(key)
        && !(progress.Proofs.GetValueOrDefault(key) is { Completed: true } proof && proof.Value == ValueIn(progress));
}

/// <summary>An address or number that a form has a code for.</summary>
/// <param name="Id">What the code belongs to; the creation of the user names it.</param>
/// <param name="Completed">The right code was typed. The store knows that too, and decides.</param>
internal sealed record FormProof(string Id, string Value, bool Completed)
{
    public override string ToString() => "form proof";
}
