using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansAuth.Common;

namespace OrleansAuth.Users;

/// <summary>Rules of what users and registrations say about a person. Each adds an error for what is wrong.</summary>
internal static partial class ProfileRules
{
    private const int MostLanguages = 20;

    private static readonly Lazy<bool> KnowsZones = new(() => TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Berlin", out _));

    /// <summary>A text without control characters, of bounded length. Null is fine.</summary>
    public static void Text(string? value, string field, Errors errors, int maximumLength = 255)
    {
        errors.NotLonger(value, field, maximumLength);
        if (value is not null && !LoginName.IsClean(value))
            errors.Add(field, "invalid", $"The [{field}] must not have line ends or other control characters.");
    }

    /// <summary>At most 20 locales such as <c>en</c> or <c>fr_CA</c>.</summary>
    public static void Languages(ImmutableArray<string> languages, Errors errors)
    {
        if (languages.Length > MostLanguages)
            errors.Add("preferredLanguages", "tooMany", $"There may be at most {MostLanguages} [preferredLanguages].");
        if (languages.Any(language => language is null || language.Length > 35 || !Locale().IsMatch(language)))
            errors.Add("preferredLanguages", "invalid", "The [preferredLanguages] must be locales such as [en] or [fr_CA].");
    }

    /// <summary>A name from the IANA time zone database.</summary>
    public static void Timezone(string? zone, Errors errors)
    {
        if (zone is null) return;
        // The form is checked first: the look-up reads a file of that name.
        var known = zone.Length <= 64 && ZoneName().IsMatch(zone) && (!KnowsZones.Value || TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _));
        if (!known) errors.Add("timezone", "invalid", "The [timezone] must be a name of the IANA time zone database, such as [Europe/Berlin].");
    }

    /// <summary>A day that exists and has come (in the time zone where it comes first).</summary>
    public static void BirthDate(string? date, long now, Errors errors)
    {
        if (date is null) return;
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            errors.Add("birthDate", "couldNotConvert", "The [birthDate] must be a day in the form YYYY-MM-DD.");
        else if (day > DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(now).UtcDateTime.AddHours(14)))
            errors.Add("birthDate", "invalid", "The [birthDate] must not be in the future.");
    }

    /// <summary>An object; mail may go to its <c>email</c>, so that must be fit for a mail header.</summary>
    public static void Data(JsonElement? data, Errors errors)
    {
        errors.DataIsObject(data);
        if (data is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty("email", out var email)
            && email.ValueKind == JsonValueKind.String && !LoginName.IsClean(email.GetString()!))
            errors.Add("data.email", "invalid", "The [data.email] must not have line ends or other control characters.");
    }

    [GeneratedRegex("^[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8}){0,4}$", RegexOptions.CultureInvariant)]
    private static partial Regex Locale();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*){0,2}$", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneName();
}
