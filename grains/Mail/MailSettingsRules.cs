using OrleansAuth.Common;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Mail;

/// <summary>The settings of a tenant's mail: nothing may be stored that could break out of a header or a command.</summary>
internal static class MailSettingsRules
{
    private const int MostHeaders = 50;
    private const string Root = "emailConfiguration";

    public static void Check(EmailConfiguration next, Errors errors)
    {
        Text(next.Host, "host", 253, errors);
        if (next.Host is { } host && host.Trim().Any(c => char.IsWhiteSpace(c) || c is '/' or '@'))
            errors.Add($"{Root}.host", "invalid", "The mail server's host is a name or an address, such as smtp.example.com.");
        Text(next.Username, "username", 255, errors);
        Text(next.Password, "password", 1024, errors);
        Text(next.DefaultFromName, "defaultFromName", 255, errors);
        if (!string.IsNullOrEmpty(next.DefaultFromEmail)) EmailRules.Check(next.DefaultFromEmail, $"{Root}.defaultFromEmail", errors);
        SmtpProperties.Check(next.Properties, errors);
        if (next.AdditionalHeaders.Length > MostHeaders)
            errors.Add($"{Root}.additionalHeaders", "tooMany", $"There may be at most {MostHeaders} additional headers.");
        foreach (var header in next.AdditionalHeaders.Take(MostHeaders))
        {
            if (!MailHeaderText.MayBeAdded(header.Name ?? ""))
                errors.Add($"{Root}.additionalHeaders", "invalid", "An additional header needs a name of letters, digits and hyphens, and none that the server writes itself, such as To or Subject.");
            if (header.Value is { } value && (!MailHeaderText.IsClean(value) || value.Length > 500))
                errors.Add($"{Root}.additionalHeaders", "invalid", "The value of an additional header has at most 500 characters and no line ends.");
        }
    }

    private static void Text(string? value, string field, int longest, Errors errors)
    {
        errors.NotLonger(value, $"{Root}.{field}", longest);
        if (value is not null && !MailHeaderText.IsClean(value)) errors.Add($"{Root}.{field}", "invalid", $"The [{field}] must not have line ends or other control characters.");
    }
}
