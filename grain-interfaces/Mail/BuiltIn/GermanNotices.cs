namespace OrleansAuth.Mail;

/// <summary>The built-in messages in German, by occasion.</summary>
internal static class GermanNotices
{
    private const string Ignore = "Waren Sie es nicht, ist nichts weiter zu tun: Es hat sich nichts geändert.";
    private const string NotYou = "Waren Sie es nicht, fordern Sie dort, wo Sie sich anmelden, sofort ein neues Passwort an, und sagen Sie den Betreibern von {{name}} Bescheid.";
    private const string Unknown = "Wenn Sie nicht wissen, worum es geht, ist nichts weiter zu tun.";
    private const string EnterCode = "Geben Sie diesen Code dort ein, wo Sie danach gefragt wurden:";
    private const string TellThem = "Waren Sie es nicht, sagen Sie den Betreibern von {{name}} sofort Bescheid.";

    public static readonly Dictionary<string, NoticeWords> All = new(StringComparer.Ordinal)
    {
        ["ForgotPassword"] = new("Passwort zurücksetzen für {{name}}", "Jemand möchte das Passwort Ihres Kontos bei {{name}} zurücksetzen.", "Passwort zurücksetzen für {{name}}:")
        {
            Link = "Waren Sie das, wählen Sie über diesen Link ein neues:",
            Code = EnterCode,
            Close = Ignore,
        },
        ["SetPassword"] = new("Ihr Passwort für {{name}}", "Für Sie wurde ein Konto bei {{name}} angelegt.", "Ihr Passwort für {{name}} wählen:")
        {
            Link = "Über diesen Link wählen Sie das Passwort:",
            Code = EnterCode,
            Close = Unknown,
        },
        ["PasswordResetSuccess"] = new("Ihr Passwort für {{name}} wurde zurückgesetzt", "Das Passwort Ihres Kontos bei {{name}} wurde über einen Link zurückgesetzt, den Sie bekommen haben.",
            "Ihr Passwort für {{name}} wurde zurückgesetzt. Waren Sie es nicht, fordern Sie sofort ein neues an.")
        { Close = NotYou },
        ["PasswordUpdate"] = new("Ihr Passwort für {{name}} wurde geändert", "Das Passwort Ihres Kontos bei {{name}} wurde geändert.",
            "Ihr Passwort für {{name}} wurde geändert. Waren Sie es nicht, fordern Sie sofort ein neues an.")
        { Close = NotYou },
        ["PasswordBreach"] = new("Wählen Sie ein anderes Passwort für {{name}}",
            "Das Passwort Ihres Kontos bei {{name}} steht auf einer Liste anderswo gestohlener Passwörter. Andere könnten es versuchen: Wählen Sie ein anderes, und verwenden Sie es für nichts sonst.",
            "Ihr Passwort für {{name}} steht auf einer Liste gestohlener Passwörter. Wählen Sie ein anderes.")
        { Link = "Das geht über diesen Link:", Close = "Wenn Sie dasselbe Passwort anderswo verwenden, ändern Sie es auch dort." },
        ["EmailVerification"] = new("Adresse bestätigen für {{name}}", "{{name}} bittet Sie zu bestätigen, dass diese Adresse Ihre ist.", "Adresse bestätigen für {{name}}:")
        {
            Link = "Dazu öffnen Sie diesen Link:",
            Code = EnterCode,
            Close = Unknown,
        },
        ["EmailVerified"] = new("Ihre Adresse für {{name}} ist bestätigt", "Ihre Adresse ist jetzt für Ihr Konto bei {{name}} bestätigt.", "Ihre Adresse für {{name}} ist bestätigt.") { Close = NotYou },
        ["EmailUpdate"] = new("Ihr Konto bei {{name}} hat eine andere Adresse",
            "Die E-Mail-Adresse Ihres Kontos bei {{name}} wurde geändert. Nachrichten gehen ab jetzt an die neue Adresse; diese ging an die alte.",
            "Die E-Mail-Adresse Ihres Kontos bei {{name}} wurde geändert. Waren Sie es nicht, sagen Sie den Betreibern Bescheid.")
        { Close = TellThem },
        ["PhoneVerification"] = new("Nummer bestätigen für {{name}}", "{{name}} bittet Sie zu bestätigen, dass Ihre Telefonnummer Ihre ist.", "Nummer bestätigen für {{name}}:")
        {
            Link = "Dazu öffnen Sie diesen Link:",
            Code = EnterCode,
            Close = Ignore,
        },
        ["PhoneVerified"] = new("Ihre Nummer für {{name}} ist bestätigt", "Ihre Telefonnummer ist jetzt für Ihr Konto bei {{name}} bestätigt.", "Ihre Nummer für {{name}} ist bestätigt.") { Close = NotYou },
        ["IdentityUpdate"] = new("Sie melden sich bei {{name}} mit einem anderen Namen an", "Ein Name, mit dem Sie sich bei {{name}} anmelden, wurde geändert.",
            "Ein Name, mit dem Sie sich bei {{name}} anmelden, wurde geändert. Waren Sie es nicht, sagen Sie den Betreibern Bescheid.")
        { Close = TellThem },
        ["RegistrationVerification"] = new("Registrierung bestätigen für {{name}}", "Jemand hat Sie bei {{name}} registriert.", "Registrierung bestätigen für {{name}}:")
        {
            Link = "Waren Sie das, bestätigen Sie es über diesen Link:",
            Code = EnterCode,
            Close = "Waren Sie es nicht, ist nichts weiter zu tun.",
        },
        ["Passwordless"] = new("Anmelden bei {{name}}", "Jemand möchte sich mit Ihrer Adresse ohne Passwort bei {{name}} anmelden.", "Anmelden bei {{name}}:")
        {
            Link = "Waren Sie das, melden Sie sich über diesen Link an:",
            Code = "Mit diesem Code melden Sie sich an:",
            Close = "Waren Sie es nicht, ist nichts weiter zu tun. Geben Sie dies niemandem: Es ist nichts geschehen.",
        },
        ["LoginIdInUseOnCreate"] = new("Sie haben ein Konto bei {{name}}",
            "Jemand wollte bei {{name}} ein Konto mit einem Namen anlegen, der Ihrer ist. Sie haben schon ein Konto: Melden Sie sich damit an, oder fordern Sie ein neues Passwort an, wenn Sie es vergessen haben.",
            "Jemand wollte bei {{name}} ein Konto mit einem Namen anlegen, der Ihrer ist.")
        { Link = "Hier melden Sie sich an:", Close = Ignore },
        ["LoginIdInUseOnUpdate"] = new("Jemand wollte einen Ihrer Namen bei {{name}}", "Jemand mit einem anderen Konto bei {{name}} wollte einen Namen annehmen, der Ihrer ist. Sie behalten ihn.",
            "Jemand mit einem anderen Konto bei {{name}} wollte einen Namen annehmen, der Ihrer ist. Sie behalten ihn.")
        { Close = "Sie müssen nichts weiter tun." },
        ["LoginNewDevice"] = new("Neues Gerät bei {{name}}", "Jemand hat sich bei Ihrem Konto bei {{name}} mit einem Gerät angemeldet, das bisher nicht bekannt war.",
            "Jemand hat sich bei Ihrem Konto bei {{name}} mit einem neuen Gerät angemeldet. Waren Sie es nicht, ändern Sie sofort Ihr Passwort.")
        { Close = NotYou },
        ["LoginSuspicious"] = new("Ungewöhnliche Anmeldung bei {{name}}", "Jemand hat sich auf ungewöhnliche Weise bei Ihrem Konto bei {{name}} angemeldet.",
            "Bei Ihrem Konto bei {{name}} gab es eine ungewöhnliche Anmeldung. Waren Sie es nicht, ändern Sie sofort Ihr Passwort.")
        { Close = NotYou },
        ["TwoFactorCode"] = new("Ihr Code für {{name}}", "{{name}} fragt nach einem Code, um sicher zu sein, dass Sie es sind.", "Ihr Code für {{name}}:")
        {
            Link = "Über diesen Link geht es weiter:",
            Code = EnterCode,
            Close = "Niemand von {{name}} wird Sie je nach diesem Code fragen. Haben Sie ihn nicht angefordert, kennt jemand Ihr Passwort: Ändern Sie es.",
        },
        ["TwoFactorMethodAdd"] = new("Ihr Konto bei {{name}} hat einen weiteren zweiten Faktor", "Ihrem Konto bei {{name}} wurde ein zweiter Faktor hinzugefügt.",
            "Ihrem Konto bei {{name}} wurde ein zweiter Faktor hinzugefügt. Waren Sie es nicht, ändern Sie sofort Ihr Passwort.")
        { Close = NotYou },
        ["TwoFactorMethodRemove"] = new("Ihr Konto bei {{name}} hat einen zweiten Faktor weniger", "Von Ihrem Konto bei {{name}} wurde ein zweiter Faktor entfernt.",
            "Von Ihrem Konto bei {{name}} wurde ein zweiter Faktor entfernt. Waren Sie es nicht, ändern Sie sofort Ihr Passwort.")
        { Close = NotYou },
        ["AdminTwoFactorMethodRemove"] = new("Ein zweiter Faktor Ihres Kontos bei {{name}} wurde entfernt", "Die Betreiber von {{name}} haben einen zweiten Faktor von Ihrem Konto entfernt.",
            "Die Betreiber von {{name}} haben einen zweiten Faktor von Ihrem Konto entfernt.")
        { Close = "Haben Sie nicht darum gebeten, wenden Sie sich an sie. Bei der Anmeldung können Sie einen neuen einrichten." },
        ["PasskeyAdd"] = new("Ihr Konto bei {{name}} hat einen weiteren Passkey", "Ihrem Konto bei {{name}} wurde ein Passkey hinzugefügt. Wer ihn hat, kann sich ohne Ihr Passwort anmelden.",
            "Ihrem Konto bei {{name}} wurde ein Passkey hinzugefügt. Waren Sie es nicht, wenden Sie sich sofort an die Betreiber.")
        { Close = "Waren Sie es nicht, wenden Sie sich sofort an die Betreiber von {{name}}: Ein neues Passwort allein nimmt den Passkey nicht weg." },
        ["PasskeyRemove"] = new("Ihr Konto bei {{name}} hat einen Passkey weniger", "Von Ihrem Konto bei {{name}} wurde ein Passkey entfernt.",
            "Von Ihrem Konto bei {{name}} wurde ein Passkey entfernt. Waren Sie es nicht, ändern Sie sofort Ihr Passwort.")
        { Close = NotYou },
        ["UserAction"] = new("Eine Nachricht zu Ihrem Konto bei {{name}}", "Die Betreiber von {{name}} haben geändert, was Ihr Konto kann.",
            "Die Betreiber von {{name}} haben geändert, was Ihr Konto kann.")
        { Close = "Wenn Sie nicht wissen, warum, wenden Sie sich an sie." },
    };
}
