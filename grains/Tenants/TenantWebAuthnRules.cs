using OrleansAuth.Common;
using OrleansAuth.WebAuthn;

namespace OrleansAuth.Tenants;

/// <summary>The settings of passkeys.</summary>
internal static class TenantWebAuthnRules
{
    /// <summary>In seconds.</summary>
    private const int LongestChallenge = 300;

    public static void Check(Tenant next, Errors errors)
    {
        var settings = next.WebAuthnConfiguration;
        if (settings.RelyingPartyId is { Length: > 0 } id && !RelyingParty.IsId(id))
            errors.Add("webAuthnConfiguration.relyingPartyId", "invalid", "The relying party's id is a domain in lower case such as example.com, without scheme and port; an address is none.");
        errors.NotLonger(settings.RelyingPartyName, "webAuthnConfiguration.relyingPartyName", 255);
        if (settings.RelyingPartyName?.Any(char.IsControl) == true)
            errors.Add("webAuthnConfiguration.relyingPartyName", "invalid", "The name of the relying party must not have control characters.");
        // Whoever needs longer starts again: a challenge that lives for hours is one to lose.
        errors.InRange(next.ExternalIdentifierConfiguration.WebAuthnAuthenticationChallengeTimeToLiveInSeconds, "externalIdentifierConfiguration.webAuthnAuthenticationChallengeTimeToLiveInSeconds", 1, LongestChallenge);
        errors.InRange(next.ExternalIdentifierConfiguration.WebAuthnRegistrationChallengeTimeToLiveInSeconds, "externalIdentifierConfiguration.webAuthnRegistrationChallengeTimeToLiveInSeconds", 1, LongestChallenge);
    }
}
