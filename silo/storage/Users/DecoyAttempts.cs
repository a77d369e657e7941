using System.Collections.Immutable;
using OrleansAuth.Common;

namespace OrleansAuth.Storage.Users;

/// <summary>
/// The counters of names that nobody has and that share one stand-in, each name for itself: a name that somebody has is not
/// shut because another one was tried, so one that nobody has must not be either. Bounded: the name that was tried longest ago
/// makes room.
/// </summary>
public sealed record DecoyAttempts : StoredRecord
{
    /// <summary>So many names of one stand-in are remembered at once.</summary>
    public const int MostNames = 16;

    /// <summary>Nothing was tried so far; also what a missing row means.</summary>
    public static readonly DecoyAttempts None = new();

    /// <summary>By mark, see <see cref="OrleansAuth.Users.DecoyMark"/>.</summary>
    public ImmutableDictionary<string, UserAttempts> Names { get; init; } = ImmutableDictionary<string, UserAttempts>.Empty;

    public UserAttempts Of(string mark) => Names.GetValueOrDefault(mark) ?? UserAttempts.None;

    /// <param name="staleBefore">Names that were not tried since then, and are not shut, are forgotten; milliseconds since 1970.</param>
    public DecoyAttempts With(string mark, UserAttempts attempts, long staleBefore)
    {
        var names = Names.RemoveRange(Names.Where(n => Last(n.Value) < staleBefore).Select(n => n.Key)).SetItem(mark, attempts);
        if (names.Count > MostNames) names = names.Remove(names.Where(n => n.Key != mark).MinBy(n => Last(n.Value)).Key);
        return this with { Names = names };
    }

    public byte[] Write() => ContractJson.Write(this);

    /// <exception cref="System.Text.Json.JsonException">The row is damaged.</exception>
    public static DecoyAttempts Read(ReadOnlyMemory<byte> body) => ContractJson.Read<DecoyAttempts>(body.Span);

    private static long Last(UserAttempts attempts) => attempts.Windows.Values.Select(w => w.Last).Append(attempts.Lockout?.Until ?? 0).Max();
}
