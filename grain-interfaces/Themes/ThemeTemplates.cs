using System.Collections.Frozen;

namespace OrleansAuth.Themes;

/// <summary>The pages that a theme can replace, by the contract's names.</summary>
public static class ThemeTemplates
{
    /// <summary>The partial that every other template may include, as <c>{{&gt; helpers part="…"}}</c>.</summary>
    public const string Helpers = "helpers";

    /// <summary>Of ours alone: several accounts are signed in, and the user chooses.</summary>
    public const string ChooseAccount = "oauth2ChooseAccount";

    /// <summary>Of ours alone: a device waits, and the user lets it in or not.</summary>
    public const string DeviceApprove = "oauth2DeviceApprove";

    /// <summary>All names that the contract has. Others are kept for versions that know them.</summary>
    public static readonly FrozenSet<string> All = FrozenSet.ToFrozenSet(
    [
        "accountEdit", "accountIndex", "accountTwoFactorDisable", "accountTwoFactorEdit", "accountTwoFactorEnable", "accountTwoFactorIndex",
        "accountWebAuthnAdd", "accountWebAuthnDelete", "accountWebAuthnIndex", "confirmationRequired", "emailComplete", "emailSend", "emailSent",
        "emailVerificationRequired", "emailVerify", Helpers, "index", "oauth2Authorize", "oauth2AuthorizedNotRegistered",
        "oauth2ChildRegistrationNotAllowed", "oauth2ChildRegistrationNotAllowedComplete", "oauth2CompleteRegistration", "oauth2Consent",
        "oauth2Device", "oauth2DeviceComplete", "oauth2Error", "oauth2Logout", "oauth2Passwordless", "oauth2Register", "oauth2StartIdPLink",
        "oauth2TwoFactor", "oauth2TwoFactorEnable", "oauth2TwoFactorEnableComplete", "oauth2TwoFactorMethods", "oauth2Wait", "oauth2WebAuthn",
        "oauth2WebAuthnReauth", "oauth2WebAuthnReauthEnable", "passwordChange", "passwordComplete", "passwordForgot", "passwordSent",
        "phoneComplete", "phoneSent", "phoneVerificationRequired", "phoneVerify", "registrationComplete", "registrationSend", "registrationSent",
        "registrationVerificationRequired", "registrationVerify", "samlv2Logout", "unauthorized",
    ]);

    private static readonly string[] ForeignMarks = ["[#", "[/#", "[/@", "[@helpers.", "<#", "</#", "</@"];

    /// <summary>
    /// Whether a text is a FreeMarker template, as themes of other servers of this contract have them. It is kept and
    /// returned, but never rendered: the page stays this server's own.
    /// </summary>
    public static bool IsForeign(string text) => ForeignMarks.Any(mark => text.Contains(mark, StringComparison.Ordinal));
}
