using System.Globalization;
using System.Text;

namespace OrleansAuth.Storage.Events;

/// <summary>
/// The decision about an event that receivers may veto: a state row that is written twice. The first write says that it is running;
/// the second, by compare-and-set, is the decision, and whoever comes later with another one is refused as a conflict. Succeeded is
/// written by the commit of the change itself.
/// </summary>
public static class EventTransactions
{
    private const string Kind = "event-transaction";
    private const long Running = 1;
    private const long Decided = 2;

    /// <summary>Whether a refused commit was refused because its event is decided otherwise. Trying again does not help.</summary>
    public static bool IsOfEvent(StateKey key) => key.Kind == Kind;

    /// <summary>Stores an event that is running. Refused as a conflict where it was stored before.</summary>
    public static Commit BeginTransaction(this Commit commit, StoredEvent told) =>
        commit.Put(Key(told.Id), 0, Body(EventResult.Running), told.TenantId).PutEvent(told with { Result = EventResult.Running });

    /// <summary>Decides an event that is running. The whole commit is refused as a conflict where it is decided already, or gone with its tenant.</summary>
    /// <param name="result">Succeeded or Failed.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public static Commit DecideTransaction(this Commit commit, Guid eventId, Guid? tenantId, EventResult result, long now) =>
        commit.Put(Key(eventId), Running, Body(result), tenantId).NoteResult(eventId, result, now);

    /// <summary>Sets the result in the row that searches read, and nothing else.</summary>
    public static Commit NoteResult(this Commit commit, Guid eventId, EventResult result, long now) =>
        commit.Update(Tables.WebhookEvent, ("id", eventId), ("result", result.ToString()), ("last_update_instant", now));

    /// <summary>How an event stands; null where nothing (any more) is stored of its transaction.</summary>
    public static async Task<EventResult?> Find(IStoreReader store, Guid eventId, CancellationToken stop = default) =>
        await store.Read(Key(eventId), stop).ConfigureAwait(false) is { } state ? Enum.Parse<EventResult>(Encoding.UTF8.GetString(state.Body.Span).Trim('"')) : null;

    /// <summary>Events that began before an instant and are still running, oldest first.</summary>
    public static Task<IReadOnlyList<(Guid Id, Guid? TenantId)>> RunningSince(IStoreReader store, long before, int limit, CancellationToken stop = default) => store.Query(
        "select id, tenant_id from webhook_event where result = 'Running' and insert_instant < @before order by insert_instant limit @limit",
        row => (row.Guid("id"), row.NullableGuid("tenant_id")), stop, ("before", before), ("limit", (long)limit));

    /// <summary>
    /// Commits that remove decisions about events from before an instant, which nobody can come late for any more; the results stay with the
    /// events. Ids of events begin with their instant, so this reads no more than it finds.
    /// </summary>
    public static async Task<IReadOnlyList<Commit>> Outlived(IStoreReader store, long before, int limit, CancellationToken stop = default) =>
        [.. (await store.Query(
            "select id from state where kind = 'event-transaction' and id < @before and version = @decided order by id limit @limit", row => row.Text("id"), stop,
            ("before", before.ToString("x12", CultureInfo.InvariantCulture)), ("decided", Decided), ("limit", (long)limit)).ConfigureAwait(false))
            .Select(id => new Commit().Remove(new StateKey(Kind, id), Decided))];

    private static StateKey Key(Guid eventId) => new(Kind, eventId.ToString("N"));

    private static byte[] Body(EventResult result) => Encoding.UTF8.GetBytes($"\"{result}\"");
}
