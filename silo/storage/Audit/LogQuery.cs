using OrleansAuth.Common;

namespace OrleansAuth.Storage.Audit;

/// <summary>
/// A search of one log. Conditions are of two kinds: what an index answers narrows the log down; everything else (texts, mostly) is
/// looked for among the newest <see cref="MostLookedAt"/> entries of what is left (the oldest, if they are asked for first), so that no
/// search reads a whole log. Table, columns and orders come from code.
/// </summary>
/// <param name="table">A log with the columns <c>id</c> and <paramref name="tie"/>.</param>
/// <param name="instant">The column that the log is ordered by.</param>
/// <param name="tie">What orders entries of one instant.</param>
/// <param name="byId">Ids begin with the instant (<see cref="OrderedId"/>), so they alone order the log, and no index of the instant is needed.</param>
internal sealed class LogQuery(string table, string instant, string tie = "seq", bool byId = false)
{
    /// <summary>So many entries a search reads that no index answers.</summary>
    public const int MostLookedAt = 100_000;

    private readonly List<string> _indexed = [];
    private readonly List<string> _looked = [];
    private readonly List<(string, object?)> _parameters = [("most", (long)MostLookedAt)];

    /// <summary>A condition on the instant or on what an index begins with; none where there is no value.</summary>
    public LogQuery Where(string condition, string name, object? value) => Add(_indexed, condition, name, value);

    /// <summary>A condition that entries are read for; it names them <c>w</c>.</summary>
    public LogQuery Look(string condition, string name, object? value) => Add(_looked, condition, name, value);

    /// <summary>A text that matches what was typed (<see cref="LogPattern"/>).</summary>
    public LogQuery Like(string column, string name, string? typed) => Look($"lower(w.{column}) like @{name} escape '\\'", name, LogPattern.From(typed));

    /// <summary>From an instant on, up to another one, excluded.</summary>
    public LogQuery Between(long? start, long? end) => byId
        ? Where("id >= @start", "start", start is { } first ? OrderedId.First(first) : null).Where("id < @end", "end", end is { } last ? OrderedId.First(last) : null)
        : Where($"{instant} >= @start", "start", start).Where($"{instant} < @end", "end", end);

    /// <param name="select">What <paramref name="map"/> reads, of the entry <c>w</c>.</param>
    public async Task<LogPage<T>> Page<T>(IStoreReader store, string select, Func<IRow, T> map, LogPaging paging, CancellationToken stop)
    {
        var isPlain = _looked.Count == 0 && paging.OrderBy is null;
        var direction = paging.Descending ? "desc" : "asc";
        var edge = paging.OrderBy is null ? direction : "desc";
        var within = $"{table}{And(_indexed)} order by {InOrder("", edge)} limit @most";
        var source = isPlain ? $"{table} w{And(_indexed)}" : $"(select * from {within}) w{And(_looked)}";
        var order = paging.OrderBy is { } column ? $"w.{column} {direction} nulls last, {InOrder("w.", "desc")}" : InOrder("w.", direction);
        // What is selected may cost something, so it is asked of the page alone and not of what is skipped.
        var rows = await store.Query(
            $"select {select} from (select w.* from {source} order by {order} limit @count offset @skip) w order by {order}", map, stop,
            [.. _parameters, ("count", (long)paging.NumberOfResults), ("skip", (long)paging.StartRow)]).ConfigureAwait(false);
        var total = (await store.Query($"select count(*) as total from {source}", row => row.Long("total"), stop, [.. _parameters]).ConfigureAwait(false))[0];
        return new LogPage<T>(rows, total, isPlain ? null : await Edges(store, within, stop).ConfigureAwait(false));
    }

    /// <summary>Entries after a place, oldest first, whatever it takes to find them.</summary>
    public Task<IReadOnlyList<T>> After<T>(IStoreReader store, string select, Func<IRow, T> map, LogPlace place, int limit, CancellationToken stop) => store.Query(
        $"select {select} from {table} w{And([.. _indexed, .. _looked, $"({Place}) > ({PlaceValue})"])} order by {Place} limit @limit", map, stop,
        [.. _parameters, ("placeInstant", place.Instant), ("placeId", byId ? place.AmongIds : place.Id), ("limit", (long)limit)]);

    /// <summary>The last entries up to a place and not before an instant, newest first: their places.</summary>
    public Task<IReadOnlyList<LogPlace>> UpTo(IStoreReader store, LogPlace place, long from, int limit, CancellationToken stop) => store.Query(
        $"select w.{instant} as instant, w.id as id from {table} w{And([.. _indexed, $"{(byId ? "w.id >= @fromId" : $"w.{instant} >= @from")} and ({Place}) <= ({PlaceValue})"])} "
        + $"order by {(byId ? "" : $"w.{instant} desc, ")}w.id desc limit @limit",
        row => new LogPlace(row.Long("instant"), row.Guid("id")), stop,
        [.. _parameters, ("from", from), ("fromId", OrderedId.First(from)), ("placeInstant", place.Instant), ("placeId", byId ? place.AmongIds : place.Id), ("limit", (long)limit)]);

    /// <summary>Entries by their ids, oldest first.</summary>
    public Task<IReadOnlyList<T>> Named<T>(IStoreReader store, string select, Func<IRow, T> map, Guid[] ids, CancellationToken stop) => store.Query(
        $"select {select} from {table} w where w.id in @ids order by {Place}", map, stop, ("ids", ids));

    /// <summary>The row of a look-up, or null.</summary>
    public static async Task<T?> One<T>(Task<IReadOnlyList<T>> rows) where T : class => await rows.ConfigureAwait(false) is [var found, ..] ? found : null;

    private async Task<LogWindow?> Edges(IStoreReader store, string within, CancellationToken stop)
    {
        var (count, window) = (await store.Query(
            $"select count(*) as count, coalesce(min({instant}), 0) as first, coalesce(max({instant}), 0) as last from (select {instant} from {within}) w",
            row => (row.Long("count"), new LogWindow(row.Long("first"), row.Long("last"))), stop, [.. _parameters]).ConfigureAwait(false))[0];
        return count < MostLookedAt ? null : window;
    }

    /// <summary>Instant and id of an entry, or its id where that holds both.</summary>
    private string Place => byId ? "w.id" : $"w.{instant}, w.id";

    private string PlaceValue => byId ? "@placeId" : "@placeInstant, @placeId";

    private string InOrder(string prefix, string direction) => byId ? $"{prefix}id {direction}" : $"{prefix}{instant} {direction}, {prefix}{tie} {direction}";

    private LogQuery Add(List<string> conditions, string condition, string name, object? value)
    {
        if (value is null) return this;
        conditions.Add(condition);
        _parameters.Add((name, value));
        return this;
    }

    private static string And(List<string> conditions) => conditions.Count == 0 ? "" : " where " + string.Join(" and ", conditions);
}
