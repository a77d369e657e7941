using SQLitePCL;

namespace OrleansAuth.Storage;

/// <summary>A prepared statement and, while it is stepped through, its present row.</summary>
internal sealed class SqliteStatement : IRow, IDisposable
{
    private readonly SqliteLink _link;
    private readonly sqlite3_stmt _handle;
    private readonly string[] _columns;
    private readonly string[] _parameters;

    public SqliteStatement(SqliteLink link, sqlite3_stmt handle)
    {
        (_link, _handle) = (link, handle);
        _columns = new string[raw.sqlite3_column_count(handle)];
        for (var i = 0; i < _columns.Length; i++)
            _columns[i] = raw.sqlite3_column_name(handle, i).utf8_to_string();
        _parameters = new string[raw.sqlite3_bind_parameter_count(handle)];
        for (var i = 0; i < _parameters.Length; i++)
            _parameters[i] = raw.sqlite3_bind_parameter_name(handle, i + 1).utf8_to_string();
    }

    /// <summary>The parameters' names in the order of binding, each with its <c>@</c>.</summary>
    public IReadOnlyList<string> Parameters => _parameters;

    public SqliteStatement Bind(int position, object? value)
    {
        switch (value)
        {
            case null: _link.Check(raw.sqlite3_bind_null(_handle, position)); break;
            case string text: _link.Check(raw.sqlite3_bind_text(_handle, position, text)); break;
            case long number: return Bind(position, number);
            case int number: return Bind(position, number);
            case bool flag: return Bind(position, flag ? 1 : 0);
            case Guid id: return Bind(position, id);
            case byte[] bytes: return Bind(position, bytes.AsSpan());
            default: throw new ArgumentException($"A parameter cannot be a {value.GetType().Name}.", nameof(value));
        }

        return this;
    }

    public SqliteStatement Bind(int position, long value)
    {
        _link.Check(raw.sqlite3_bind_int64(_handle, position, value));
        return this;
    }

    /// <summary>Bytes in the order of the written form, so that they sort like it.</summary>
    public SqliteStatement Bind(int position, Guid? value)
    {
        if (value is not { } id)
            return Bind(position, (object?)null);
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(position, bytes);
    }

    public SqliteStatement Bind(int position, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which SQLite would take for null.
        _link.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_handle, position, 0) : raw.sqlite3_bind_blob(_handle, position, value));
        return this;
    }

    /// <summary>Moves to the next row; false at the end. <see cref="Reset"/> must follow in any case.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
            _link.Check(code);
        return false;
    }

    /// <summary>Runs to the end and answers how many rows were written.</summary>
    public int Execute()
    {
        try
        {
            while (Step())
            {
            }

            return _link.Changes;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Ends the read, so that it holds no snapshot, and lets go of the bound values.</summary>
    public void Reset()
    {
        // Repeats the error of the last step, which was already thrown.
        _ = raw.sqlite3_reset(_handle);
        _ = raw.sqlite3_clear_bindings(_handle);
    }

    public void Dispose() => raw.sqlite3_finalize(_handle);

    public Guid Guid(string column) => NullableGuid(column) ?? throw Missing(column);

    public Guid? NullableGuid(string column)
    {
        var ordinal = Ordinal(column);
        return IsNull(ordinal) ? null : new Guid(raw.sqlite3_column_blob(_handle, ordinal), bigEndian: true);
    }

    public string Text(string column) => NullableText(column) ?? throw Missing(column);

    public string? NullableText(string column)
    {
        var ordinal = Ordinal(column);
        return IsNull(ordinal) ? null : raw.sqlite3_column_text(_handle, ordinal).utf8_to_string();
    }

    public long Long(string column) => NullableLong(column) ?? throw Missing(column);

    public long? NullableLong(string column)
    {
        var ordinal = Ordinal(column);
        return IsNull(ordinal) ? null : raw.sqlite3_column_int64(_handle, ordinal);
    }

    public bool Bool(string column) => Long(column) != 0;

    public byte[] Bytes(string column)
    {
        var ordinal = Ordinal(column);
        return IsNull(ordinal) ? throw Missing(column) : raw.sqlite3_column_blob(_handle, ordinal).ToArray();
    }

    private bool IsNull(int ordinal) => raw.sqlite3_column_type(_handle, ordinal) == raw.SQLITE_NULL;

    private int Ordinal(string column)
    {
        var ordinal = Array.IndexOf(_columns, column);
        return ordinal >= 0 ? ordinal : throw new ArgumentException($"The query has no column '{column}'.", nameof(column));
    }

    private static InvalidOperationException Missing(string column) => new($"Column '{column}' is null; read it as nullable.");
}
