using System.Diagnostics;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users.Search;

namespace OrleansAuth.Users;

/// <summary>Queries that were made to cost much cost little.</summary>
[Collection(Undisturbed.Name)]
public sealed class HostileQueryTests
{
    public static TheoryData<string> Hostile => new(
        new string('(', 100_000),
        new string('(', 4000),
        new string('(', 2000) + "a" + new string(')', 2000),
        new string('a', 10_000),
        new string('a', 3000),
        string.Concat(Enumerable.Repeat("a* ", 1300)),
        string.Concat(Enumerable.Repeat("NOT ", 1000)),
        string.Concat(Enumerable.Repeat("a OR ", 800)),
        new string('"', 4001));

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_queries_are_refused_quickly(string query)
    {
        var best = long.MaxValue;
        for (var attempt = 0; attempt < 5 && best >= 100; attempt++)
        {
            var watch = Stopwatch.StartNew();
            Assert.Throws<UserQueryException>(() => UserQueryString.Parse(query));
            best = Math.Min(best, watch.ElapsedMilliseconds);
        }

        Assert.True(best < 100, $"{best} ms");
    }
}
