namespace OrleansAuth.Storage;

public abstract partial class StoreSuite
{
    private const string OwnerOf = "select owner from claim where scope = @scope and name = @name";

    [Fact]
    public async Task Lookups_that_come_together_get_each_their_own_answer()
    {
        var scope = $"lookup/{Guid.NewGuid():N}";
        for (var i = 0; i < 20; i++) Assert.IsType<CommitResult.Committed>(await Store.Apply(new Commit().Claim(new ClaimKey(scope, $"{i}"), $"owner {i}")));
        var found = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Store.FindOwner(new ClaimKey(scope, $"{i % 25}"))));
        Assert.All(found.Index(), item => Assert.Equal(item.Index % 25 < 20 ? $"owner {item.Index % 25}" : null, item.Item));
    }

    [Fact]
    public async Task Lookups_of_different_kinds_that_come_together_read_each_their_own_columns()
    {
        var (scope, key) = ($"lookup/{Guid.NewGuid():N}", NewKey());
        Committed(await Store.Apply(new Commit().Claim(new ClaimKey(scope, "name"), "owner").Put(key, 0, Json("state"))));
        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            if (i % 2 == 0) Assert.Equal("owner", await Store.FindOwner(new ClaimKey(scope, "name")));
            else Assert.Equal("state", Text((await Store.Read(key))!));
        })));
    }

    [Fact]
    public async Task A_lookup_that_fails_fails_alone()
    {
        var scope = $"lookup/{Guid.NewGuid():N}";
        Assert.IsType<CommitResult.Committed>(await Store.Apply(new Commit().Claim(new ClaimKey(scope, "name"), "owner")));
        var lookups = Enumerable.Range(0, 60).Select(i => (i % 20) switch
        {
            7 => Look(OwnerOf.Replace("owner", "no_such_column", StringComparison.Ordinal)),
            11 => Look(OwnerOf, _ => throw new InvalidOperationException("The row is read wrongly.")),
            _ => Look(OwnerOf),
        }).ToList();
        await Task.WhenAll(lookups.Select(lookup => lookup.ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.All(lookups.Index(), item => Assert.Equal(item.Index % 20 is not (7 or 11), item.Item.IsCompletedSuccessfully));
        Assert.All(lookups.Index().Where(item => item.Index % 20 == 11), item => Assert.IsType<InvalidOperationException>(item.Item.Exception!.InnerException));
        Assert.All(lookups.Where(lookup => lookup.IsCompletedSuccessfully), lookup => Assert.Equal("owner", Assert.Single(lookup.Result)));

        Task<IReadOnlyList<string>> Look(string sql, Func<IRow, string>? map = null) =>
            Task.Run(() => Store.Lookup(sql, map ?? (row => row.Text("owner")), default, ("scope", scope), ("name", "name")));
    }

    [Fact]
    public async Task A_lookup_that_was_given_up_is_not_answered()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Lookup(OwnerOf, row => row.Text("owner"), stop.Token, ("scope", "x"), ("name", "y")));
    }
}
