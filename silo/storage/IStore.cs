namespace OrleansAuth.Storage;

/// <summary>Reads what is stored. Every read sees everything that was acknowledged before it began.</summary>
public interface IStoreReader
{
    /// <summary>One state row, or null.</summary>
    Task<StoredState?> Read(StateKey key, CancellationToken stop = default);

    /// <summary>Who holds a unique name, or null.</summary>
    Task<string?> FindOwner(ClaimKey claim, CancellationToken stop = default);

    /// <summary>
    /// Rows of a query in SQL that both databases understand. Values come as parameters <c>@name</c>, never inside the
    /// text; Guid, bool, long, string, byte[] and arrays of Guid, long or string (for <c>= any(@name)</c>, written
    /// <c>in @name</c>) are understood. <c>like</c> heeds case in both, text sorts by code point, and <c>order by</c> a
    /// column with nulls says <c>nulls first</c> or <c>last</c>. The text must not vary with values: statements are cached by it.
    /// </summary>
    Task<IReadOnlyList<T>> Query<T>(string sql, Func<IRow, T> map, CancellationToken stop = default, params (string Name, object? Value)[] parameters);

    /// <summary>
    /// The same for a query that finds a few rows by a key, and no other: lookups that come together may be sent together, and
    /// a slow one would keep its neighbours waiting.
    /// </summary>
    Task<IReadOnlyList<T>> Lookup<T>(string sql, Func<IRow, T> map, CancellationToken stop = default, params (string Name, object? Value)[] parameters);

    /// <summary>The version of the newest configuration commit; 0 on an empty store.</summary>
    Task<long> ConfigurationVersion(CancellationToken stop = default);

    /// <summary>
    /// State rows that configuration commits after <paramref name="since"/> touched, with their present content (null
    /// where removed), and the version this brings the reader to. A reader at 0 gets everything.
    /// </summary>
    Task<ConfigurationChanges> ConfigurationSince(long since, CancellationToken stop = default);

    /// <summary>Raised in the process that committed as soon as a configuration commit is durable; other processes poll or listen.</summary>
    event Action<long>? ConfigurationChanged;
}

/// <summary>What changed in the configuration, and the version that has it all.</summary>
public sealed record ConfigurationChanges(long Version, IReadOnlyList<(StateKey Key, StoredState? State)> Rows);

/// <summary>
/// The place that decides. State by compare-and-set, unique names, search rows, journals and queues change together in
/// one transaction; commits that arrive together share one. Disposing finishes what is under way and lets go of the data.
/// </summary>
public interface IStore : IStoreReader, IAsyncDisposable
{
    /// <summary>
    /// Stores all of a change or nothing, and returns once it is durable. A lost race is a result, an outage throws
    /// <see cref="StoreUnavailableException"/>; after an outage during the commit itself the outcome is unknown.
    /// </summary>
    Task<CommitResult> Apply(Commit commit, CancellationToken stop = default);

    /// <summary>
    /// Removes up to about <paramref name="limit"/> rows of a tenant from state rows, claims and every table that has a
    /// <c>tenant_id</c>; call it until it returns 0. Each call is one transaction.
    /// </summary>
    /// <remarks>Configuration that leaves this way is announced as changed.</remarks>
    Task<int> PurgeTenant(Guid tenantId, int limit, CancellationToken stop = default);

    /// <summary>
    /// Raised in the process that committed, with the name of an outbox queue that a durable commit put something into. It
    /// is a hint that costs the committer next to nothing; subscribers return at once and never throw.
    /// </summary>
    event Action<string>? Queued;
}

/// <summary>One row of a query's answer. Columns are read by name.</summary>
public interface IRow
{
    Guid Guid(string column);
    Guid? NullableGuid(string column);
    string Text(string column);
    string? NullableText(string column);
    long Long(string column);
    long? NullableLong(string column);
    bool Bool(string column);

    /// <summary>Bytes, or a text in UTF-8.</summary>
    byte[] Bytes(string column);
}

/// <summary>
/// The store cannot be used now. The message says what is wrong and what to do about it, for the operator; callers answer
/// 503 and change nothing.
/// </summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException()
    {
    }

    public StoreUnavailableException(string message) : base(message)
    {
    }

    public StoreUnavailableException(string message, Exception inner) : base(message, inner)
    {
    }
}
