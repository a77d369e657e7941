using OrleansAuth.Pages.Proofs;

namespace OrleansAuth.Pages.Phone;

/// <summary>A message that confirms a phone number may be on its way.</summary>
internal sealed class SentModel : MessageSentModel
{
    public override string Template => "phoneSent";

    protected override string Root => "/phone";
}
