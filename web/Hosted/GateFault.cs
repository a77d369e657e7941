using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;

namespace OrleansAuth.Hosted;

/// <summary>What the pages say of a shut gate: a key of the message catalogue, and how long it stays shut.</summary>
internal sealed record GateFault(string Key, string Wait = "")
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    /// <param name="actions">For <see cref="LoginStatus.Prevented"/>: the actions in force, as the API shows them.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public static GateFault Of(LoginStatus status, JsonText? actions, long now) => status switch
    {
        LoginStatus.Locked => new("not-allowed.locked"),
        LoginStatus.Expired => new("not-allowed.expired"),
        LoginStatus.Prevented => Prevented(actions?.Read<JsonArray>().Max(action => (long?)action!["expiry"]) - now),
        LoginStatus.ChangePassword => new("not-allowed.change-password"),
        LoginStatus.PhoneUnverified => new("not-allowed.phone-unverified"),
        LoginStatus.RegistrationUnverified => new("not-allowed.registration-unverified"),
        _ => new("not-allowed.email-unverified"),
    };

    /// <summary>Rounded up: who comes back then gets in. What takes years is said to have no end.</summary>
    private static GateFault Prevented(long? wait) => wait switch
    {
        null or > 1_000 * Day => new("not-allowed.prevented"),
        <= 2 * Hour => new("not-allowed.prevented-minutes", Units(wait.Value, Minute)),
        <= 2 * Day => new("not-allowed.prevented-hours", Units(wait.Value, Hour)),
        _ => new("not-allowed.prevented-days", Units(wait.Value, Day)),
    };

    private static string Units(long wait, long unit) => Math.Max(1, (wait + unit - 1) / unit).ToString(CultureInfo.InvariantCulture);
}
