using OrleansAuth.Common;

namespace OrleansAuth.Storage.Audit;

/// <summary>Which part of what a search of a log finds is read, and in which order.</summary>
/// <param name="OrderBy">A column that the log sorts by; its readers say which there are. Null for the instant.</param>
public sealed record LogPaging(string? OrderBy, bool Descending, int StartRow, int NumberOfResults)
{
    /// <summary>The newest first, as many as the contract gives by default.</summary>
    public static readonly LogPaging Newest = new(null, true, 0, 25);
}

/// <summary>One page of a log.</summary>
/// <param name="Total">How many entries match in all.</param>
/// <param name="Looked">
/// Set where the search looked at a part of the log only, because it would have had to read more than <see cref="LogQuery.MostLookedAt"/>
/// entries: page and total are those of this part. Whoever wants to know about the rest searches on from its edge.
/// </param>
public sealed record LogPage<T>(IReadOnlyList<T> Rows, long Total, LogWindow? Looked);

/// <summary>A stretch of time, both ends included; milliseconds since 1970.</summary>
public sealed record LogWindow(long Start, long End);

/// <summary>A place in a log that is read on from: the entry at which a reader stands.</summary>
public readonly record struct LogPlace(long Instant, Guid Id)
{
    /// <summary>Before everything.</summary>
    public static readonly LogPlace Beginning = new(long.MinValue, Guid.Empty);

    /// <summary>Before every entry of that instant.</summary>
    public static LogPlace At(long instant) => new(instant - 1, Guid.AllBitsSet);

    /// <summary>The same place in a log that its ids order (<see cref="OrderedId"/>): that of an entry is its id, any other lies at the edge of an instant.</summary>
    public Guid AmongIds => Id == Guid.Empty ? OrderedId.First(Instant) : Id == Guid.AllBitsSet ? OrderedId.First(Instant + 1) : Id;
}
