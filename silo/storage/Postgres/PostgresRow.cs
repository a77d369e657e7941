using System.Globalization;
using Npgsql;

namespace OrleansAuth.Storage;

/// <summary>The present row of a reader.</summary>
internal sealed class PostgresRow : IRow
{
    private readonly NpgsqlDataReader _reader;
    private readonly string[] _columns;

    public PostgresRow(NpgsqlDataReader reader)
    {
        _reader = reader;
        _columns = new string[reader.FieldCount];
        for (var i = 0; i < _columns.Length; i++)
            _columns[i] = reader.GetName(i);
    }

    public Guid Guid(string column) => NullableGuid(column) ?? throw Missing(column);

    public Guid? NullableGuid(string column) => Find(column) is { } ordinal ? _reader.GetGuid(ordinal) : null;

    public string Text(string column) => NullableText(column) ?? throw Missing(column);

    public string? NullableText(string column) => Find(column) is { } ordinal ? _reader.GetString(ordinal) : null;

    public long Long(string column) => NullableLong(column) ?? throw Missing(column);

    public long? NullableLong(string column)
    {
        if (Find(column) is not { } ordinal)
            return null;
        // Sums are numeric and bare numbers in a query are 32 bits wide.
        return _reader.GetFieldType(ordinal) == typeof(long)
            ? _reader.GetInt64(ordinal)
            : Convert.ToInt64(_reader.GetValue(ordinal), CultureInfo.InvariantCulture);
    }

    public bool Bool(string column) => Find(column) is { } ordinal ? _reader.GetBoolean(ordinal) : throw Missing(column);

    public byte[] Bytes(string column) => Find(column) is { } ordinal ? _reader.GetFieldValue<byte[]>(ordinal) : throw Missing(column);

    // Null where the value is.
    private int? Find(string column)
    {
        var ordinal = Array.IndexOf(_columns, column);
        if (ordinal < 0)
            throw new ArgumentException($"The query has no column '{column}'.", nameof(column));
        return _reader.IsDBNull(ordinal) ? null : ordinal;
    }

    private static InvalidOperationException Missing(string column) => new($"Column '{column}' is null; read it as nullable.");
}
