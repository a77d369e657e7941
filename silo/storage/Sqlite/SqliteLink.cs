using SQLitePCL;

namespace OrleansAuth.Storage;

/// <summary>
/// One connection to the database file, used by one thread at a time, with its prepared statements. It speaks to SQLite's
/// own functions: binding by position without a reader object per statement is a third of a small commit's cost.
/// </summary>
internal sealed class SqliteLink : IDisposable
{
    // Statement texts come from code, so there are some dozens; searches combine filters, hence a bound.
    private const int MostStatements = 400;

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    static SqliteLink() => Batteries_V2.Init();

    private SqliteLink(sqlite3 handle) => _handle = handle;

    /// <summary>Whether a transaction is open; SQLite ends it by itself on a full disk and the like.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Rows that the last statement wrote.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Rows that all statements so far wrote.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(_handle);

    /// <summary>The connection that writes: every commit is on disk before it is acknowledged.</summary>
    public static SqliteLink Writer(string file) => Open(file,
        "pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 67108864; pragma cache_size = -32000;");

    /// <summary>
    /// A connection that cannot write. Its pages are not mapped: SQLite gives a mapping back with the first read after every commit, and
    /// to make it anew costs more than the reads of a few pages.
    /// </summary>
    public static SqliteLink Reader(string file) => Open(file, "pragma query_only = on; pragma cache_size = -8000;");

    private static SqliteLink Open(string file, string pragmas)
    {
        const int flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        var code = raw.sqlite3_open_v2(file, out var handle, flags, null);
        var link = new SqliteLink(handle);
        try
        {
            link.Check(code);
            raw.sqlite3_extended_result_codes(handle, 1);
            raw.sqlite3_busy_timeout(handle, 5000);
            link.Script("pragma case_sensitive_like = on; pragma temp_store = memory; " + pragmas);
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements without parameters, separated by semicolons.</summary>
    public void Script(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>The prepared statement for a text, ready to be bound.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var known))
            return known;
        if (_statements.Count >= MostStatements)
            Forget();
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared));
        var statement = new SqliteStatement(this, prepared);
        _statements.Add(sql, statement);
        return statement;
    }

    /// <summary>Runs a statement without parameters to its end.</summary>
    public void Execute(string sql) => Prepare(sql).Execute();

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            throw new SqliteFault(code, raw.sqlite3_errmsg(_handle).utf8_to_string());
    }

    public void Dispose()
    {
        Forget();
        raw.sqlite3_close_v2(_handle);
    }

    private void Forget()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }
}
