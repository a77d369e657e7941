using OrleansAuth.Pages.Proofs;

namespace OrleansAuth.Pages.Registration;

/// <summary>A message that confirms a registration may be on its way.</summary>
internal sealed class SentModel : MessageSentModel
{
    public override string Template => "registrationSent";

    protected override string Root => "/registration";
}
