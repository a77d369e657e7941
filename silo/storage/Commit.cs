namespace OrleansAuth.Storage;

/// <summary>
/// Everything that one change means, stored in one database transaction: all of it or nothing. Build it with its methods
/// and hand it to <see cref="IStore.Apply"/>; it is used once and by one caller.
/// </summary>
public sealed class Commit
{
    private readonly List<StateWrite> _states = [];
    private readonly List<ClaimWrite> _claims = [];
    private readonly List<RowWrite> _rows = [];

    internal IReadOnlyList<StateWrite> States => _states;
    internal IReadOnlyList<ClaimWrite> Claims => _claims;
    internal IReadOnlyList<RowWrite> Rows => _rows;
    internal bool ChangesConfiguration { get; private set; }

    /// <summary>The outbox queues that get something; null for none, which is the usual case.</summary>
    internal HashSet<string>? Queues { get; private set; }

    /// <summary>
    /// Stores a state if the stored version is still <paramref name="expectedVersion"/> (0: the row must not exist).
    /// Otherwise the commit is refused with <see cref="CommitResult.Conflict"/>.
    /// </summary>
    /// <param name="tenantId">The tenant that the row leaves with; null for what belongs to no tenant.</param>
    /// <exception cref="ArgumentException">The key is longer than <see cref="StateKey"/> allows or holds text that cannot be stored.</exception>
    public Commit Put(StateKey key, long expectedVersion, ReadOnlyMemory<byte> body, Guid? tenantId = null)
    {
        key.Require();
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        _states.Add(new StateWrite(key, expectedVersion, body, tenantId));
        return this;
    }

    /// <summary>Removes a state if the stored version is still <paramref name="expectedVersion"/>; otherwise refused as a conflict.</summary>
    public Commit Remove(StateKey key, long expectedVersion)
    {
        key.Require();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expectedVersion);
        _states.Add(new StateWrite(key, expectedVersion, null, null));
        return this;
    }

    /// <summary>
    /// Takes a unique name for <paramref name="owner"/>. Refused with <see cref="CommitResult.Duplicate"/> when another
    /// owner holds it; taking again what one holds changes nothing.
    /// </summary>
    /// <exception cref="ArgumentException">The claim is longer than <see cref="ClaimKey"/> allows or holds text that cannot be stored.</exception>
    public Commit Claim(ClaimKey claim, string owner, Guid? tenantId = null)
    {
        claim.Require();
        ArgumentException.ThrowIfNullOrEmpty(owner);
        _claims.Add(new ClaimWrite(claim, owner, tenantId, Release: false));
        return this;
    }

    /// <summary>Gives a name back, if <paramref name="owner"/> holds it. Releases happen before claims, so names can be swapped in one commit.</summary>
    public Commit Release(ClaimKey claim, string owner)
    {
        claim.Require();
        _claims.Add(new ClaimWrite(claim, owner, null, Release: true));
        return this;
    }

    /// <summary>Inserts a row or replaces the one with the same key. Columns that <paramref name="values"/> lacks are null.</summary>
    /// <exception cref="ArgumentException">Unknown or repeated column, a value of another type, or a key column missing.</exception>
    public Commit Upsert(Table table, params ReadOnlySpan<(string Column, object? Value)> values) => Row(RowAction.Upsert, table, values);

    /// <summary>Sets some columns of an existing row; <paramref name="values"/> holds the key's columns and those to set. No row: nothing happens.</summary>
    public Commit Update(Table table, params ReadOnlySpan<(string Column, object? Value)> values) => Row(RowAction.Update, table, values);

    /// <summary>
    /// Removes every row whose columns equal <paramref name="values"/>, which may be the whole key or any part of the columns.
    /// </summary>
    /// <exception cref="ArgumentException">No column at all, or a null: nothing equals it.</exception>
    public Commit Delete(Table table, params ReadOnlySpan<(string Column, object? Value)> values) => Row(RowAction.Delete, table, values);

    /// <summary>
    /// Writes the number of a row of a log, which the database gives it in this commit, into the body of the event with the row's id. Both come
    /// before this in the commit.
    /// </summary>
    /// <param name="mark">What stands in the body for the number, quotes included; nobody could have guessed it.</param>
    internal Commit Number(Table log, Guid id, string mark)
    {
        _rows.Add(RowWrite.Numbering(log, id, mark));
        return this;
    }

    /// <summary>
    /// Tells every process that configuration changed: the state rows of this commit are reread by their snapshots.
    /// </summary>
    public Commit AnnounceConfiguration()
    {
        ChangesConfiguration = true;
        return this;
    }

    /// <summary>Tells this process, once the commit is durable, that there is something in an outbox queue.</summary>
    internal Commit AnnounceQueue(string queue)
    {
        (Queues ??= []).Add(queue);
        return this;
    }

    private Commit Row(RowAction action, Table table, ReadOnlySpan<(string Column, object? Value)> values)
    {
        _rows.Add(RowWrite.Create(action, table, values));
        return this;
    }
}

internal sealed record StateWrite(StateKey Key, long ExpectedVersion, ReadOnlyMemory<byte>? Body, Guid? TenantId);

internal sealed record ClaimWrite(ClaimKey Key, string Owner, Guid? TenantId, bool Release);

/// <summary>How a commit ended. Outages are not results: they throw <see cref="StoreUnavailableException"/>.</summary>
public abstract record CommitResult
{
    internal static readonly CommitResult Plain = new Committed(0);

    private CommitResult()
    {
    }

    /// <summary>Durable. <paramref name="ConfigurationVersion"/> is the version that snapshots must reach to have seen it; 0 where configuration did not change.</summary>
    public sealed record Committed(long ConfigurationVersion) : CommitResult;

    /// <summary>Another owner holds this unique name. Nothing was stored.</summary>
    public sealed record Duplicate(ClaimKey Claim) : CommitResult;

    /// <summary>Somebody else wrote this state first. Nothing was stored; the caller's copy is stale.</summary>
    public sealed record Conflict(StateKey Key) : CommitResult;

    /// <summary>Receivers who were asked before the commit did not agree. Nothing was stored; trying again would ask them again.</summary>
    public sealed record Vetoed(Common.Refusal Why) : CommitResult;
}
