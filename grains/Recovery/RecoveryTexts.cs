using System.Globalization;
using System.Net;
using System.Text;
using OrleansAuth.Mail;

namespace OrleansAuth.Recovery;

/// <summary>What a mail that opens the way to a password is about.</summary>
internal enum RecoveryOccasion
{
    /// <summary>Somebody has forgotten the password.</summary>
    Forgotten,

    /// <summary>An account was made for somebody who chooses the first password.</summary>
    FirstPassword,
}

/// <summary>
/// The built-in mails, in English and German. Short and plain: no picture that tells who has opened it, and nothing that a
/// stranger could have typed, such as the name of the user.
/// </summary>
internal static class RecoveryTexts
{
    /// <param name="languages">What the user reads, most wanted first; the first known one is taken, else English.</param>
    /// <param name="name">Whose account it is: the name of the application or the tenant.</param>
    public static MailMessage Write(RecoveryOccasion occasion, IEnumerable<string> languages, string to, string name, string link, TimeSpan life)
    {
        var german = languages.Select(Language).FirstOrDefault(language => language is "de" or "en") == "de";
        var (subject, asked, ignore) = (occasion, german) switch
        {
            (RecoveryOccasion.FirstPassword, false) => (
                $"Choose your password for {name}", $"An account for {name} was made for you. Open this link to choose its password:",
                "If you do not know what this is about, ignore this mail."),
            (RecoveryOccasion.FirstPassword, true) => (
                $"Ihr Passwort für {name}", $"Für Sie wurde ein Konto bei {name} angelegt. Über diesen Link wählen Sie das Passwort:",
                "Wenn Sie nicht wissen, worum es geht, ist nichts weiter zu tun."),
            (_, false) => (
                $"Reset your password for {name}", $"Somebody asked to reset the password of your account for {name}. If it was you, open this link to choose a new one:",
                "If it was not you, ignore this mail: nothing has changed."),
            (_, true) => (
                $"Passwort zurücksetzen für {name}", $"Jemand möchte das Passwort Ihres Kontos bei {name} zurücksetzen. Waren Sie das, wählen Sie über diesen Link ein neues:",
                "Waren Sie es nicht, ist nichts weiter zu tun: Es hat sich nichts geändert."),
        };
        var once = german ? $"Der Link gilt einmal und {Span(life, german)} lang." : $"The link works once, for {Span(life, german)}.";
        return new MailMessage(to, subject, $"{asked}\n\n{link}\n\n{once}\n{ignore}\n", Html(german, asked, link, once, ignore));
    }

    private static string Html(bool german, string asked, string link, string once, string ignore)
    {
        var html = new StringBuilder("<!doctype html><html lang=\"").Append(german ? "de" : "en").Append("\"><head><meta charset=\"utf-8\"></head><body style=\"font-family:sans-serif\">");
        html.Append("<p>").Append(WebUtility.HtmlEncode(asked)).Append("</p>");
        var address = WebUtility.HtmlEncode(link);
        html.Append("<p><a href=\"").Append(address).Append("\">").Append(address).Append("</a></p>");
        return html.Append("<p>").Append(WebUtility.HtmlEncode(once)).Append("<br>").Append(WebUtility.HtmlEncode(ignore)).Append("</p></body></html>\n").ToString();
    }

    private static string Span(TimeSpan life, bool german)
    {
        var (count, one, many) = life switch
        {
            { TotalHours: >= 48 } => (life.TotalDays, german ? "Tag" : "day", german ? "Tage" : "days"),
            { TotalMinutes: >= 120 } => (life.TotalHours, german ? "Stunde" : "hour", german ? "Stunden" : "hours"),
            { TotalSeconds: >= 120 } => (life.TotalMinutes, german ? "Minute" : "minute", german ? "Minuten" : "minutes"),
            _ => (life.TotalSeconds, german ? "Sekunde" : "second", german ? "Sekunden" : "seconds"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(int)count} {((int)count == 1 ? one : many)}");
    }

    /// <summary>From <c>de_AT</c> or <c>de-AT</c> to <c>de</c>.</summary>
    private static string Language(string locale) => locale.Split('_', '-')[0].ToLowerInvariant();
}
