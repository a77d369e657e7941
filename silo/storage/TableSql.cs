using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace OrleansAuth.Storage;

/// <summary>A statement's text and the columns whose values its parameters take, in order.</summary>
internal sealed record RowStatement(string Sql, ImmutableArray<int> Ordinals);

/// <summary>
/// Writes the statements of row tables. Their text comes from <see cref="Table"/> definitions alone, so there is a
/// bounded number of them, and each is made once.
/// </summary>
/// <param name="marker">What stands before a parameter's number: <c>?</c> in SQLite, <c>$</c> in PostgreSQL.</param>
internal sealed class TableSql(char marker)
{
    private readonly ConcurrentDictionary<(Table, RowAction, ulong, Table?), RowStatement> _made = new();
    private readonly ConcurrentDictionary<(Table Table, RowAction, ulong), RowStatement> _madeForMany = new();

    /// <summary>The statement for a row; an upsert always writes every column that a commit may write.</summary>
    public RowStatement For(RowWrite row)
    {
        var shape = (row.Table, row.Action, row.Action == RowAction.Upsert ? 0 : row.Mask, row.Log);
        return _made.TryGetValue(shape, out var made) ? made : _made.GetOrAdd(shape, Make);
    }

    /// <summary>
    /// The statement for many rows of one shape, each parameter an array with a value for every row: rows with keys of their own that are
    /// inserted or replaced, or found by one column and removed. Null for what takes a statement each.
    /// </summary>
    public RowStatement? ForMany(RowWrite row)
    {
        var isFound = row.Action == RowAction.Delete && ulong.PopCount(row.Mask) == 1;
        if (row.Action != RowAction.Upsert && !isFound) return null;
        var shape = (row.Table, row.Action, row.Action == RowAction.Upsert ? 0 : row.Mask);
        return _madeForMany.TryGetValue(shape, out var made) ? made : _madeForMany.GetOrAdd(shape, shape => shape.Item2 == RowAction.Upsert
            ? Upsert(shape.Table, values => $"select * from unnest({values})")
            : DeleteMany(shape.Table, (int)ulong.TrailingZeroCount(shape.Item3)));
    }

    /// <summary>Removes at most so many rows of one tenant: parameter 1 is the tenant, 2 the limit.</summary>
    public string Purge(string table, params IEnumerable<string> key)
    {
        var columns = string.Join(", ", key);
        return $"delete from {table} where ({columns}) in (select {columns} from {table} where tenant_id = {marker}1 limit {marker}2)";
    }

    private RowStatement Make((Table Table, RowAction Action, ulong Mask, Table? Log) shape) => shape.Action switch
    {
        RowAction.Upsert => Upsert(shape.Table, values => $"values ({values})"),
        RowAction.Update => Update(shape.Table, shape.Mask),
        RowAction.Number => Number(shape.Table, shape.Log!),
        _ => Delete(shape.Table, shape.Mask),
    };

    private RowStatement DeleteMany(Table table, int column) =>
        new($"delete from {table.Name} where {table.Columns[column].Name} = any({marker}1)", [column]);

    private RowStatement Upsert(Table table, Func<string, string> source)
    {
        var ordinals = Ordinals(table, ulong.MaxValue).Where(i => !table.Columns[i].Assigned).ToImmutableArray();
        var names = ordinals.Select(i => table.Columns[i].Name).ToArray();
        var sets = names.Except(table.Key).Select(name => $"{name} = excluded.{name}").ToArray();
        var action = sets.Length == 0 ? "nothing" : "update set " + string.Join(", ", sets);
        var values = string.Join(", ", names.Select((_, i) => $"{marker}{i + 1}"));
        return new RowStatement(
            $"insert into {table.Name} ({string.Join(", ", names)}) {source(values)} on conflict ({string.Join(", ", table.Key)}) do {action}",
            ordinals);
    }

    private RowStatement Update(Table table, ulong mask)
    {
        var sets = Ordinals(table, mask & ~table.KeyMask).ToArray();
        var keys = Ordinals(table, table.KeyMask).ToArray();
        return new RowStatement(
            $"update {table.Name} set {Equals(table, sets, 1, ", ")} where {Equals(table, keys, sets.Length + 1, " and ")}",
            [.. sets, .. keys]);
    }

    private RowStatement Number(Table told, Table log) => new(
        $"update {told.Name} set body = replace(body, {marker}2, (select cast(seq as text) from {log.Name} where id = {marker}1)) where id = {marker}1",
        [told.Ordinal("id"), told.Ordinal("body")]);

    private RowStatement Delete(Table table, ulong mask)
    {
        var columns = Ordinals(table, mask).ToArray();
        return new RowStatement($"delete from {table.Name} where {Equals(table, columns, 1, " and ")}", [.. columns]);
    }

    private static IEnumerable<int> Ordinals(Table table, ulong mask) =>
        Enumerable.Range(0, table.Columns.Length).Where(i => (mask & (1UL << i)) != 0);

    private string Equals(Table table, int[] ordinals, int first, string between) =>
        string.Join(between, ordinals.Select((ordinal, i) => $"{table.Columns[ordinal].Name} = {marker}{first + i}"));
}
