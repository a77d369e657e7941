namespace OrleansAuth.Mail;

/// <summary>The built-in messages in English, by occasion.</summary>
internal static class EnglishNotices
{
    private const string Ignore = "If it was not you, ignore this mail: nothing has changed.";
    private const string NotYou = "If it was not you, ask for a new password at once where you sign in, and tell those who run {{name}}.";
    private const string EnterCode = "Enter this code where you were asked for it:";
    private const string DoNotShare = "Nobody of {{name}} will ever ask you for this code.";

    public static readonly Dictionary<string, NoticeWords> All = new(StringComparer.Ordinal)
    {
        ["ForgotPassword"] = new("Reset your password for {{name}}", "Somebody asked to reset the password of your account for {{name}}.", "Reset your password for {{name}}:")
        {
            Link = "If it was you, open this link to choose a new one:",
            Code = EnterCode,
            Close = Ignore,
        },
        ["SetPassword"] = new("Choose your password for {{name}}", "An account for {{name}} was made for you.", "Choose your password for {{name}}:")
        {
            Link = "Open this link to choose its password:",
            Code = EnterCode,
            Close = "If you do not know what this is about, ignore this mail.",
        },
        ["PasswordResetSuccess"] = new("Your password for {{name}} was reset", "The password of your account for {{name}} was reset by a link that was sent to you.",
            "Your password for {{name}} was reset. If it was not you, ask for a new one at once.")
        { Close = NotYou },
        ["PasswordUpdate"] = new("Your password for {{name}} was changed", "The password of your account for {{name}} was changed.",
            "Your password for {{name}} was changed. If it was not you, ask for a new one at once.")
        { Close = NotYou },
        ["PasswordBreach"] = new("Choose another password for {{name}}",
            "The password of your account for {{name}} is on a list of passwords that were stolen elsewhere. Others may try it: choose another one, and do not use it for anything else.",
            "Your password for {{name}} was found among stolen ones. Choose another one.")
        { Link = "Open this link to do that:", Close = "If you use the same password elsewhere, change it there too." },
        ["EmailVerification"] = new("Confirm your address for {{name}}", "{{name}} asks you to confirm that this address is yours.", "Confirm your address for {{name}}:")
        {
            Link = "Open this link to confirm it:",
            Code = EnterCode,
            Close = "If you do not know what this is about, ignore this mail.",
        },
        ["EmailVerified"] = new("Your address for {{name}} is confirmed", "Your address is now confirmed for your account for {{name}}.", "Your address for {{name}} is confirmed.") { Close = NotYou },
        ["EmailUpdate"] = new("Your account for {{name}} has another address",
            "The e-mail address of your account for {{name}} was changed. Mails go to the new address from now on; this one was sent to the old address.",
            "The e-mail address of your account for {{name}} was changed. If it was not you, tell those who run it.")
        { Close = "If it was not you, tell those who run {{name}} at once." },
        ["PhoneVerification"] = new("Confirm your number for {{name}}", "{{name}} asks you to confirm that your phone number is yours.", "Confirm your number for {{name}}:")
        {
            Link = "Open this link to confirm it:",
            Code = EnterCode,
            Close = Ignore,
        },
        ["PhoneVerified"] = new("Your number for {{name}} is confirmed", "Your phone number is now confirmed for your account for {{name}}.", "Your number for {{name}} is confirmed.") { Close = NotYou },
        ["IdentityUpdate"] = new("You sign in to {{name}} with another name", "A name that you sign in to {{name}} with was changed.",
            "A name that you sign in to {{name}} with was changed. If it was not you, tell those who run it.")
        { Close = "If it was not you, tell those who run {{name}} at once." },
        ["RegistrationVerification"] = new("Confirm your registration for {{name}}", "Somebody registered you for {{name}}.", "Confirm your registration for {{name}}:")
        {
            Link = "If it was you, open this link to confirm that:",
            Code = EnterCode,
            Close = "If it was not you, ignore this mail.",
        },
        ["Passwordless"] = new("Sign in to {{name}}", "Somebody asked to sign in to {{name}} with your address, without a password.", "Sign in to {{name}}:")
        {
            Link = "If it was you, open this link to sign in:",
            Code = "Enter this code to sign in:",
            Close = "If it was not you, ignore this mail and give this to nobody: nothing has happened.",
        },
        ["LoginIdInUseOnCreate"] = new("You have an account for {{name}}",
            "Somebody tried to make an account for {{name}} with a name that is yours. You have an account already: sign in with it, or ask for a new password if you have forgotten it.",
            "Somebody tried to make an account for {{name}} with a name that is yours.")
        { Link = "This is where you sign in:", Close = Ignore },
        ["LoginIdInUseOnUpdate"] = new("Somebody wanted a name of yours for {{name}}", "Somebody with another account for {{name}} tried to take a name that is yours. You keep it.",
            "Somebody with another account for {{name}} tried to take a name that is yours. You keep it.")
        { Close = "There is nothing that you have to do." },
        ["LoginNewDevice"] = new("New device for {{name}}", "Somebody signed in to your account for {{name}} on a device that was not seen before.",
            "Somebody signed in to your account for {{name}} on a new device. If it was not you, change your password at once.")
        { Close = NotYou },
        ["LoginSuspicious"] = new("Unusual sign-in to {{name}}", "Somebody signed in to your account for {{name}} in an unusual way.",
            "There was an unusual sign-in to your account for {{name}}. If it was not you, change your password at once.")
        { Close = NotYou },
        ["TwoFactorCode"] = new("Your code for {{name}}", "{{name}} asks for a code to make sure that it is you.", "Your code for {{name}}:")
        {
            Link = "Open this link to go on:",
            Code = EnterCode,
            Close = DoNotShare + " If you did not ask for it, somebody knows your password: change it.",
        },
        ["TwoFactorMethodAdd"] = new("Your account for {{name}} has another second factor", "A second factor was added to your account for {{name}}.",
            "A second factor was added to your account for {{name}}. If it was not you, change your password at once.")
        { Close = NotYou },
        ["TwoFactorMethodRemove"] = new("Your account for {{name}} has a second factor less", "A second factor was removed from your account for {{name}}.",
            "A second factor was removed from your account for {{name}}. If it was not you, change your password at once.")
        { Close = NotYou },
        ["AdminTwoFactorMethodRemove"] = new("A second factor of your account for {{name}} was removed", "Those who run {{name}} have removed a second factor from your account.",
            "Those who run {{name}} have removed a second factor from your account.")
        { Close = "If you did not ask for this, get in touch with them. You can set up another one when you sign in." },
        ["PasskeyAdd"] = new("Your account for {{name}} has another passkey", "A passkey was added to your account for {{name}}. Whoever has it can sign in without your password.",
            "A passkey was added to your account for {{name}}. If it was not you, tell those who run it at once.")
        { Close = "If it was not you, tell those who run {{name}} at once: a new password alone does not take the passkey away." },
        ["PasskeyRemove"] = new("Your account for {{name}} has a passkey less", "A passkey was removed from your account for {{name}}.",
            "A passkey was removed from your account for {{name}}. If it was not you, change your password at once.")
        { Close = NotYou },
        ["UserAction"] = new("A message about your account for {{name}}", "Those who run {{name}} have changed what your account can do.",
            "Those who run {{name}} have changed what your account can do.")
        { Close = "If you do not know why, get in touch with them." },
    };
}
