using SQLitePCL;

namespace OrleansAuth.Storage;

/// <summary>An error code from SQLite. The text is SQLite's own and names tables and columns, never values.</summary>
internal sealed class SqliteFault(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    /// <summary>The primary code, such as <see cref="raw.SQLITE_FULL"/>.</summary>
    public int Code { get; } = code & 0xFF;

    /// <summary>
    /// What callers are told: an outage with advice, or this fault itself where the statement is at fault, which is a bug.
    /// </summary>
    public Exception Explain(string folder) => Advice(folder) is { } advice ? new StoreUnavailableException(advice, this) : this;

    private string? Advice(string folder) => Code switch
    {
        raw.SQLITE_FULL =>
            $"The disk that holds the data folder '{folder}' is full. Free some space; writes are refused until then and nothing is lost.",
        raw.SQLITE_READONLY =>
            $"The data folder '{folder}' cannot be written. Give this user the right to write the folder and its files, or choose another with Storage:Path.",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
            $"The store in the data folder '{folder}' cannot be opened. Check that the folder exists and that this user may read and write it.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL =>
            $"The store in the data folder '{folder}' is locked by another program, such as a backup or a database browser. Close it and try again.",
        raw.SQLITE_IOERR =>
            $"The disk that holds the data folder '{folder}' reports an error. Check the disk and the system's log, then restart.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
            $"The store in the data folder '{folder}' is damaged or not a store of this program. Restore it from a backup.",
        raw.SQLITE_NOMEM => "The process has no memory left for the store. Give it more and restart.",
        _ => null,
    };
}
