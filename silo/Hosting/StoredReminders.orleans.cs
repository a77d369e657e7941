using System.Globalization;
using OrleansAuth.Storage;

namespace OrleansAuth.Hosting;

/// <summary>
/// Reminders in the store's own table, so that they survive a restart, also one with the other engine. Good for a silo that
/// is alone on its store: a change is compared with the row that is there, and only then made.
/// </summary>
internal sealed class StoredReminders(IStore store) : IReminderTable
{
    private const string Columns = "select grain_type, grain_key, name, first_tick, period from reminder";

    public Task Init() => Task.CompletedTask;

    public async Task<ReminderTableData> ReadRows(GrainId grainId) => new(await OfGrain(grainId));

    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        var all = await store.Query(Columns, Entry);
        return new(all.Where(e => IsBetween(e.GrainId.GetUniformHashCode(), begin, end)));
    }

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        (await OfGrain(grainId)).FirstOrDefault(e => e.ReminderName == reminderName);

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var first = new DateTimeOffset(DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc)).ToUnixTimeMilliseconds();
        var period = (long)entry.Period.TotalMilliseconds;
        await store.Apply(new Commit().Upsert(
            Tables.Reminder,
            ("grain_type", entry.GrainId.Type.ToString()), ("grain_key", entry.GrainId.Key.ToString()), ("name", entry.ReminderName),
            ("first_tick", first), ("period", period), ("next_due", first)));
        return ETag(first, period);
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        if ((await ReadRow(grainId, reminderName))?.ETag != eTag) return false;
        await store.Apply(new Commit().Delete(
            Tables.Reminder, ("grain_type", grainId.Type.ToString()), ("grain_key", grainId.Key.ToString()), ("name", reminderName)));
        return true;
    }

    public Task TestOnlyClearTable() => throw new NotSupportedException("Reminders are cleared by the grains that armed them.");

    private Task<IReadOnlyList<ReminderEntry>> OfGrain(GrainId id) => store.Query(
        $"{Columns} where grain_type = @type and grain_key = @key", Entry, default, ("type", id.Type.ToString()), ("key", id.Key.ToString()));

    private static ReminderEntry Entry(IRow row) => new()
    {
        GrainId = GrainId.Create(row.Text("grain_type"), row.Text("grain_key")),
        ReminderName = row.Text("name"),
        StartAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Long("first_tick")).UtcDateTime,
        Period = TimeSpan.FromMilliseconds(row.Long("period")),
        ETag = ETag(row.Long("first_tick"), row.Long("period")),
    };

    /// <summary>What tells two registrations of the same reminder apart.</summary>
    private static string ETag(long first, long period) => string.Create(CultureInfo.InvariantCulture, $"{first}/{period}");

    /// <summary>The range excludes its beginning, includes its end, and goes round the ring where it ends before it begins.</summary>
    private static bool IsBetween(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
}
