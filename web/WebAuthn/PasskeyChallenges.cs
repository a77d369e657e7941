using System.Buffers.Text;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.WebAuthn;

/// <summary>
/// Challenges of ceremonies. One holds what it was made for, sealed with the master key, so that handing one out writes
/// nothing: whoever only looks at a sign-in page costs no row. Answering one leaves a row until it would be over anyway, so it
/// counts once, on every node and after a restart.
/// </summary>
internal sealed class PasskeyChallenges(SecretBox secrets, IGrainFactory grains, Clock clock)
{
    private const string Place = "passkey-challenge";

    /// <summary>Longer ones are not ours. In characters.</summary>
    private const int Longest = 8192;

    /// <summary>The challenge as browsers get it, base64url.</summary>
    public string Seal(PasskeyChallenge challenge) => Base64Url.EncodeToString(secrets.Seal(ContractJson.Write(challenge), Place));

    /// <summary>
    /// What the challenge was made for; it is used up with this. Null for one that is not ours, is over, was answered before,
    /// is for another kind of ceremony, or of another tenant than the one named.
    /// </summary>
    public async Task<PasskeyChallenge?> Spend(string challenge, bool creates, Guid? tenantId)
    {
        if (Open(challenge) is not { } open || open.Creates != creates || open.ExpiresAt <= clock.Now || (tenantId is { } named && named != open.TenantId)) return null;
        var mark = grains.Identifier(IdentifierKinds.PasskeyChallenge, open.Id.ToString("N"));
        var noted = await mark.Issue(new IssueIdentifier(open.TenantId, open.ExpiresAt, new JsonText("{}"u8.ToArray())) { IsMark = true });
        return noted.Refusal is null ? open : null;
    }

    private PasskeyChallenge? Open(string challenge) =>
        challenge.Length is > 0 and <= Longest && Base64Url.IsValid(challenge) && secrets.TryOpen(Base64Url.DecodeFromChars(challenge), Place) is { } clear
            ? ContractJson.Read<PasskeyChallenge>(clear)
            : null;
}

/// <summary>What a challenge was made for. Null where the ceremony has no such thing.</summary>
internal sealed record PasskeyChallenge
{
    /// <summary>Random: what is written down when it is answered.</summary>
    public required Guid Id { get; init; }

    public required Guid TenantId { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>A passkey is to be made; else one is to be used.</summary>
    public required bool Creates { get; init; }

    public required PasskeyWorkflow Workflow { get; init; }

    /// <summary>Whose passkey it is to be. Also somebody who does not exist, where a name was asked for that nobody has.</summary>
    public Guid? UserId { get; init; }

    public Guid? ApplicationId { get; init; }

    /// <summary>The one passkey that was asked for.</summary>
    public Guid? PasskeyId { get; init; }

    public string? DisplayName { get; init; }

    public string? Name { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The caller's own JSON object, given back with the login.</summary>
    public JsonElement? State { get; init; }

    /// <summary>Which browser asked, on our own pages: it alone may answer, and on our pages alone.</summary>
    public string? Browser { get; init; }
}
