using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Audit;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Audit;

/// <summary>An entry as a tail shows it.</summary>
internal sealed record TailEntry(string Kind, LogPlace Place, JsonObject Shown);

/// <summary>One log as a tail reads it.</summary>
/// <param name="After">Entries after a place, oldest first.</param>
/// <param name="UpTo">The newest places up to one, not before an instant.</param>
/// <param name="Named">Entries by their ids.</param>
internal sealed record TailSource(
    string Kind, Func<LogPlace, int, CancellationToken, Task<IReadOnlyList<TailEntry>>> After, Func<LogPlace, long, int, CancellationToken, Task<IReadOnlyList<LogPlace>>> UpTo,
    Func<Guid[], CancellationToken, Task<IReadOnlyList<TailEntry>>> Named);

/// <summary>The logs that can be followed, by the words that requests use for them.</summary>
internal sealed class TailSources(
    AuditLogReader audit, EventLogReader events, LoginRecordReader logins, LoginFailureReader failures, WebhookEventReader attempts, ConfigurationReader configuration)
{
    public const string Audit = "audit";
    public const string Event = "event";
    public const string Login = "login";
    public const string LoginFailed = "login-failed";
    public const string Webhook = "webhook";

    /// <summary>What <c>kinds</c> may name.</summary>
    public static readonly IReadOnlyList<string> Kinds = [Audit, Event, Login, LoginFailed, Webhook];

    /// <summary>The logs of these kinds that somebody may see.</summary>
    /// <param name="tenantId">What belongs to this tenant only, and so nothing of the server's own; null for all.</param>
    public IReadOnlyList<TailSource> Of(IReadOnlyCollection<string> kinds, Guid? tenantId) =>
        [.. kinds.Where(kind => kind != Event || tenantId is null).Select(kind => Source(kind, tenantId))];

    private TailSource Source(string kind, Guid? tenantId) => kind switch
    {
        Audit => Make(
            kind, (place, limit, stop) => audit.After(new AuditCriteria(tenantId), place, limit, stop), (place, from, limit, stop) => audit.UpTo(tenantId, place, from, limit, stop),
            audit.Named, entry => new LogPlace(entry.Instant, entry.Id), AuditLogEndpoints.Show),
        Event => Make(
            kind, (place, limit, stop) => events.After(new EventLogCriteria(), place, limit, stop), events.UpTo,
            events.Named, entry => new LogPlace(entry.Instant, entry.Id), EventLogEndpoints.Show),
        Login => Make(
            kind, (place, limit, stop) => logins.After(new LoginRecordCriteria(tenantId, null, null, null, null), place, limit, stop),
            (place, from, limit, stop) => logins.UpTo(tenantId, place, from, limit, stop), logins.Named, login => new LogPlace(login.Instant, login.Id), Show),
        LoginFailed => Make(
            kind, (place, limit, stop) => failures.After(tenantId, place, limit, stop), (place, from, limit, stop) => failures.UpTo(tenantId, place, from, limit, stop),
            failures.Named, failure => new LogPlace(failure.Instant, failure.Id), Show),
        _ => Make(
            kind, (place, limit, stop) => attempts.AttemptsAfter(tenantId, place, limit, stop), (place, from, limit, stop) => attempts.AttemptsUpTo(tenantId, place, from, limit, stop),
            attempts.AttemptsNamed, attempt => new LogPlace(attempt.End, attempt.Id), WebhookEventLogEndpoints.Show),
    };

    private static TailSource Make<T>(
        string kind, Func<LogPlace, int, CancellationToken, Task<IReadOnlyList<T>>> after, Func<LogPlace, long, int, CancellationToken, Task<IReadOnlyList<LogPlace>>> upTo,
        Func<Guid[], CancellationToken, Task<IReadOnlyList<T>>> named, Func<T, LogPlace> placeOf, Func<T, JsonObject> show)
    {
        return new TailSource(kind, async (place, limit, stop) => Shown(await after(place, limit, stop)), upTo, async (ids, stop) => Shown(await named(ids, stop)));

        IReadOnlyList<TailEntry> Shown(IReadOnlyList<T> entries) => [.. entries.Select(entry => new TailEntry(kind, placeOf(entry), show(entry)))];
    }

    private JsonObject Show(LoginRecord login)
    {
        var shown = LoginRecordEndpoints.Show(login, configuration.Current.Find<Application>(login.ApplicationId));
        shown["id"] = login.Id;
        shown["tenantId"] = login.TenantId;
        return shown;
    }

    private JsonObject Show(LoginFailure failure)
    {
        var shown = new JsonObject { ["id"] = failure.Id, ["instant"] = failure.Instant, ["tenantId"] = failure.TenantId };
        shown.Set("applicationId", failure.ApplicationId);
        shown.Set("applicationName", configuration.Current.Find<Application>(failure.ApplicationId)?.Name);
        shown.Set("ipAddress", failure.IpAddress);
        shown.Set("userId", failure.UserId);
        if (failure.LeftOut > 0) shown["leftOut"] = failure.LeftOut;
        return shown;
    }
}
