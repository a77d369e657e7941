using OrleansAuth.Pages.Proofs;

namespace OrleansAuth.Pages.Email;

/// <summary>A message that confirms an e-mail address may be on its way.</summary>
internal sealed class SentModel : MessageSentModel
{
    public override string Template => "emailSent";

    protected override string Root => "/email";
}
