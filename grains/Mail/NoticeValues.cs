using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;

namespace OrleansAuth.Mail;

/// <summary>
/// What templates of mails and messages see. Users, tenants and applications are shown by a list of members: no secret of them can get
/// into a mail, whoever writes the template.
/// </summary>
internal static class NoticeValues
{
    private const int LongestName = 100;

    private static readonly string[] OfUser =
    [
        "id", "tenantId", "email", "username", "uniqueUsername", "firstName", "middleName", "lastName", "fullName", "birthDate", "imageUrl", "mobilePhone", "phoneNumber",
        "preferredLanguages", "timezone", "active", "verified", "insertInstant", "expiry", "data",
    ];

    private static readonly string[] OfRegistration = ["applicationId", "id", "username", "roles", "preferredLanguages", "timezone", "verified", "insertInstant", "data"];
    private static readonly string[] OfTenant = ["id", "name", "issuer", "baseURL", "logoutURL", "data"];
    private static readonly string[] OfApplication = ["id", "name", "baseURL", "tenantId", "data"];

    /// <summary>The values of a notice, but for <see cref="AddLifetime"/>.</summary>
    public static JsonObject Of(Notice notice)
    {
        var values = (JsonObject)notice.Values.DeepClone();
        Add(values, notice.User, notice.Tenant, notice.Application);
        if (notice.Link is { } link) values["link"] = link;
        if (notice.Code is { } code) values["code"] = code;
        return values;
    }

    /// <summary>Who is written to, and in whose name. A user of null is somebody whom only an address is known of.</summary>
    public static void Add(JsonObject values, StoredUser? user, Tenant tenant, Application? application)
    {
        values["tenant"] = Some(ContractJson.ToNode(tenant), OfTenant);
        values["name"] = TemplateTexts.OneLine(application?.Name ?? tenant.Name, LongestName);
        if (user is not null) values["user"] = Some(ContractJson.ToNode(user.User), OfUser);
        else values.Remove("user");
        if (application is null)
        {
            values.Remove("application");
            return;
        }

        var shown = Some(ContractJson.ToNode(application), OfApplication);
        shown["oauthConfiguration"] = new JsonObject { ["clientId"] = application.ClientId };
        values["application"] = shown;
        if (user?.User.Registrations.FirstOrDefault(r => r.ApplicationId == application.Id) is { } registration) values["registration"] = Some(ContractJson.ToNode(registration), OfRegistration);
    }

    /// <summary>How long what the message holds is good for: in words of the language, and in seconds.</summary>
    public static void AddLifetime(JsonObject values, long? expires, string? locale, long now)
    {
        if (expires is not { } end || end <= now) return;
        var seconds = (long)Math.Round((end - now) / 1000.0);
        values["lifetime"] = Duration(seconds, locale);
        values["lifetimeInSeconds"] = seconds;
    }

    /// <summary>A span of time as somebody says it, such as <c>3 days</c>; in English where it is not known in the language.</summary>
    public static string Duration(long seconds, string? locale) => Words(seconds, locale is not null && Locales.Language(locale) == "de");

    /// <summary>The languages that a user reads, most wanted first; those of the registration come before the user's.</summary>
    public static IEnumerable<string> Languages(StoredUser user, Application? application) =>
        (user.User.Registrations.FirstOrDefault(r => application is not null && r.ApplicationId == application.Id)?.PreferredLanguages ?? []).Concat(user.User.PreferredLanguages);

    private static JsonObject Some(JsonObject from, string[] members)
    {
        var shown = new JsonObject();
        foreach (var member in members)
            if (from[member] is { } value) shown[member] = value.DeepClone();
        return shown;
    }

    private static string Words(long seconds, bool german)
    {
        var (count, one, many) = seconds switch
        {
            >= 48 * 3600 => (seconds / 86_400.0, german ? "Tag" : "day", german ? "Tage" : "days"),
            >= 120 * 60 => (seconds / 3_600.0, german ? "Stunde" : "hour", german ? "Stunden" : "hours"),
            >= 120 => (seconds / 60.0, german ? "Minute" : "minute", german ? "Minuten" : "minutes"),
            _ => (seconds, german ? "Sekunde" : "second", german ? "Sekunden" : "seconds"),
        };
        var whole = (long)Math.Round(count);
        return string.Create(CultureInfo.InvariantCulture, $"{whole} {(whole == 1 ? one : many)}");
    }
}
