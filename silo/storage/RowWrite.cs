namespace OrleansAuth.Storage;

internal enum RowAction
{
    Upsert,
    Update,
    Delete,

    /// <summary>Writes the number that the database gave a row of a log into the body of the event that tells of it.</summary>
    Number,
}

/// <summary>One row statement of a commit, checked against its table when it is made, so a typing error never reaches a database.</summary>
/// <param name="Mask">The columns that were given, one bit for each ordinal.</param>
/// <param name="Values">One value for each column of the table, null where none was given.</param>
internal sealed record RowWrite(RowAction Action, Table Table, ulong Mask, object?[] Values)
{
    /// <summary>For <see cref="RowAction.Number"/>, the log whose row has the event's id; null otherwise.</summary>
    public Table? Log { get; init; }

    // These columns are indexed, and an index entry of PostgreSQL holds at most 2,700 bytes.
    private const int LongestLowered = 400;

    public static RowWrite Create(RowAction action, Table table, ReadOnlySpan<(string Column, object? Value)> given)
    {
        var values = new object?[table.Columns.Length];
        var mask = 0UL;
        foreach (var (name, value) in given)
        {
            var ordinal = table.Ordinal(name);
            var column = table.Columns[ordinal];
            if ((mask & (1UL << ordinal)) != 0)
                throw new ArgumentException($"Column '{name}' of table {table.Name} is given twice.", nameof(given));
            if (action != RowAction.Delete && (column.Assigned || column.LowerOf is not null))
                throw new ArgumentException($"Column '{name}' of table {table.Name} is filled by the store.", nameof(given));
            mask |= 1UL << ordinal;
            values[ordinal] = Fit(table, column, value);
        }

        Check(action, table, mask, values);
        if (action != RowAction.Delete)
            mask = FillLowered(table, mask, values);
        return new RowWrite(action, table, mask, values);
    }

    /// <param name="mark">What stands in the body for the number.</param>
    public static RowWrite Numbering(Table log, Guid id, string mark)
    {
        var (told, values) = (Tables.WebhookEvent, new object?[Tables.WebhookEvent.Columns.Length]);
        var (key, body) = (told.Ordinal("id"), told.Ordinal("body"));
        (values[key], values[body]) = (id, mark);
        return new RowWrite(RowAction.Number, told, (1UL << key) | (1UL << body), values) { Log = log };
    }

    private static void Check(RowAction action, Table table, ulong mask, object?[] values)
    {
        if (action == RowAction.Delete)
        {
            // No column would empty the table, and nothing equals null.
            if (mask == 0)
                throw new ArgumentException($"Deleting from {table.Name} needs at least one column.");
            for (var i = 0; i < values.Length; i++)
            {
                if ((mask & (1UL << i)) != 0 && values[i] is null)
                    throw new ArgumentException($"Deleting from {table.Name} by a null '{table.Columns[i].Name}' would find nothing.");
            }

            return;
        }

        foreach (var part in table.Key)
        {
            if (values[table.Ordinal(part)] is null)
                throw new ArgumentException($"A write to {table.Name} needs its key column '{part}'.");
        }

        if (action == RowAction.Update && (mask & ~table.KeyMask) == 0)
            throw new ArgumentException($"An update of {table.Name} sets no column.");
    }

    private static ulong FillLowered(Table table, ulong mask, object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (table.Columns[i].LowerOf is not { } source)
                continue;
            var ordinal = table.Ordinal(source);
            if ((mask & (1UL << ordinal)) == 0)
                continue;
            values[i] = Lowered(values[ordinal] as string);
            mask |= 1UL << i;
        }

        return mask;
    }

    private static string? Lowered(string? text) => text is null ? null
        : text.Length <= LongestLowered ? text.ToLowerInvariant()
        : StorableText.Repair(text[..LongestLowered]).ToLowerInvariant();

    private static object? Fit(Table table, Column column, object? value) => (column.Type, value) switch
    {
        (_, null) => null,
        (ColumnType.Text, string text) => StorableText.Repair(text),
        (ColumnType.Uuid, Guid) => value,
        (ColumnType.Long, long) => value,
        (ColumnType.Long, int number) => (long)number,
        (ColumnType.Bool, bool) => value,
        (ColumnType.Bytes, byte[]) => value,
        (ColumnType.Bytes, ReadOnlyMemory<byte> bytes) => bytes.ToArray(),
        _ => throw new ArgumentException($"Column '{column.Name}' of table {table.Name} holds {column.Type}, not {value.GetType().Name}."),
    };
}
