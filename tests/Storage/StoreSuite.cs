using System.Text;

namespace OrleansAuth.Storage;

/// <summary>What every store promises, whichever database is behind it. Each test has a tenant and names of its own.</summary>
public abstract partial class StoreSuite : IAsyncLifetime
{
    private readonly Guid _tenant = Guid.NewGuid();
    private readonly string _scope = "login/" + Guid.NewGuid().ToString("N");

    private protected IStore Store { get; set; } = null!;

    private protected abstract StoreOptions Options { get; }

    public virtual async Task InitializeAsync() => Store = await StoreFactory.Open(Options);

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    [Fact]
    public async Task What_was_put_is_read_with_its_version()
    {
        var key = NewKey();
        Committed(await Store.Apply(new Commit().Put(key, 0, Json("{\"a\":1}"), _tenant)));
        Committed(await Store.Apply(new Commit().Put(key, 1, Json("{\"a\":2}"), _tenant)));

        var state = await Store.Read(key);
        Assert.Equal(2, state!.Version);
        Assert.Equal("{\"a\":2}", Text(state));
    }

    [Fact]
    public async Task A_stale_version_is_a_conflict_and_changes_nothing()
    {
        var key = NewKey();
        Committed(await Store.Apply(new Commit().Put(key, 0, Json("first"))));
        Committed(await Store.Apply(new Commit().Put(key, 1, Json("second"))));

        Assert.Equal(new CommitResult.Conflict(key), await Store.Apply(new Commit().Put(key, 1, Json("late"))));
        Assert.Equal(new CommitResult.Conflict(key), await Store.Apply(new Commit().Put(key, 0, Json("again"))));
        Assert.Equal(new CommitResult.Conflict(key), await Store.Apply(new Commit().Remove(key, 1)));
        Assert.Equal("second", Text(await Store.Read(key)));
    }

    [Fact]
    public async Task A_removed_state_is_gone_and_starts_again_at_one()
    {
        var key = NewKey();
        Committed(await Store.Apply(new Commit().Put(key, 0, Json("x"))));
        Committed(await Store.Apply(new Commit().Remove(key, 1)));
        Assert.Null(await Store.Read(key));

        Committed(await Store.Apply(new Commit().Put(key, 0, Json("y"))));
        Assert.Equal(1, (await Store.Read(key))!.Version);
    }

    [Fact]
    public async Task A_name_has_one_owner_until_that_owner_gives_it_back()
    {
        var claim = new ClaimKey(_scope, "ada");
        Committed(await Store.Apply(new Commit().Claim(claim, "1", _tenant)));
        Committed(await Store.Apply(new Commit().Claim(claim, "1", _tenant)));
        Assert.Equal(new CommitResult.Duplicate(claim), await Store.Apply(new Commit().Claim(claim, "2")));
        Committed(await Store.Apply(new Commit().Release(claim, "2")));
        Assert.Equal("1", await Store.FindOwner(claim));

        Committed(await Store.Apply(new Commit().Release(claim, "1")));
        Assert.Null(await Store.FindOwner(claim));
        Committed(await Store.Apply(new Commit().Claim(claim, "2")));
    }

    [Fact]
    public async Task Two_thousand_claims_of_one_name_leave_exactly_one()
    {
        var claim = new ClaimKey(_scope, "wanted");
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var attempts = Enumerable.Range(0, 2000).Select(async i =>
        {
            await start.Task;
            return await Store.Apply(new Commit().Put(NewKey(), 0, Json("x"), _tenant).Claim(claim, $"{i}", _tenant));
        }).ToArray();
        start.SetResult();
        var results = await Task.WhenAll(attempts);

        var winner = Assert.Single(Enumerable.Range(0, 2000), i => results[i] is CommitResult.Committed);
        Assert.Equal(1999, results.Count(result => result is CommitResult.Duplicate));
        Assert.Equal($"{winner}", await Store.FindOwner(claim));
        Assert.Equal(1, await Count("state"));
    }

    [Fact]
    public async Task Of_many_writers_of_one_version_one_wins()
    {
        var key = NewKey();
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => Store.Apply(new Commit().Put(key, 0, Json($"{i}"))))));
        var winner = Assert.Single(Enumerable.Range(0, 100), i => results[i] is CommitResult.Committed);
        Assert.Equal($"{winner}", Text(await Store.Read(key)));
    }

    [Fact]
    public async Task A_refused_commit_leaves_no_part_behind()
    {
        var (taken, stale) = (new ClaimKey(_scope, "taken"), NewKey());
        Committed(await Store.Apply(new Commit().Claim(taken, "somebody").Put(stale, 0, Json("x"))));

        var duplicate = Full().Claim(taken, "me");
        var conflict = Full().Put(stale, 0, Json("y"));
        Assert.IsType<CommitResult.Duplicate>(await Store.Apply(duplicate));
        Assert.IsType<CommitResult.Conflict>(await Store.Apply(conflict));

        foreach (var table in new[] { "state", "claim", "login_record", "outbox" })
            Assert.Equal(0, await Count(table));

        Commit Full() => new Commit()
            .Claim(new ClaimKey(_scope, Guid.NewGuid().ToString("N")), "me", _tenant)
            .Put(NewKey(), 0, Json("x"), _tenant)
            .Upsert(Tables.LoginRecord, Login())
            .Upsert(Tables.Outbox, OutboxRow());
    }

    [Fact]
    public async Task Refused_commits_among_many_that_come_together_take_nothing_from_the_others()
    {
        var stale = NewKey();
        Committed(await Store.Apply(new Commit().Put(stale, 0, Json("x"))));
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var names = Enumerable.Range(0, 600).Select(i => new ClaimKey(_scope, $"{i}")).ToArray();
        var attempts = names.Select(async (name, i) =>
        {
            await start.Task;
            var commit = new Commit().Claim(name, "me", _tenant).Put(NewKey(), 0, Json("y"), _tenant).Upsert(Tables.Outbox, OutboxRow());
            return await Store.Apply(i % 5 == 0 ? commit.Put(stale, 0, Json("z")) : commit);
        }).ToArray();
        start.SetResult();
        var results = await Task.WhenAll(attempts);
        for (var i = 0; i < names.Length; i++)
        {
            Assert.Equal(i % 5 == 0 ? new CommitResult.Conflict(stale) : CommitResult.Plain, results[i]);
            Assert.Equal(i % 5 == 0 ? null : "me", await Store.FindOwner(names[i]));
        }

        Assert.Equal((480, 480), (await Count("state"), await Count("outbox")));
    }

    [Fact]
    public async Task Names_are_swapped_in_one_commit()
    {
        var (first, second) = (new ClaimKey(_scope, "first"), new ClaimKey(_scope, "second"));
        Committed(await Store.Apply(new Commit().Claim(first, "1").Claim(second, "2")));
        Committed(await Store.Apply(new Commit().Claim(first, "2").Claim(second, "1").Release(first, "1").Release(second, "2")));
        Assert.Equal("2", await Store.FindOwner(first));
        Assert.Equal("1", await Store.FindOwner(second));
    }

    [Fact]
    public async Task A_failing_member_does_not_fail_its_neighbours()
    {
        var taken = new ClaimKey(_scope, "taken");
        Committed(await Store.Apply(new Commit().Claim(taken, "somebody", _tenant)));

        // Of three members one is refused, one meets a database error (a column that may not be null), one is fine.
        var results = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(async () =>
        {
            var commit = new Commit().Put(NewKey(), 0, Json("x"), _tenant);
            if (i % 3 == 0)
                commit.Claim(taken, $"{i}");
            if (i % 3 == 1)
                commit.Upsert(Tables.LoginRecord, ("id", Guid.NewGuid()), ("tenant_id", _tenant));
            return await Record.ExceptionAsync(async () => Assert.IsType<CommitResult.Committed>(await Store.Apply(commit))) is null;
        })));

        Assert.Equal(Enumerable.Range(0, 300).Select(i => i % 3 == 2), results);
        Assert.Equal(100, await Count("state"));
        Assert.Equal(0, await Count("login_record"));
    }

    [Fact]
    public async Task A_commit_given_up_before_it_began_stores_nothing()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var key = NewKey();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Apply(new Commit().Put(key, 0, Json("x")), stop.Token));
        Assert.Null(await Store.Read(key));
    }

    private protected StateKey NewKey() => new("test", $"{_tenant:N}/{Guid.NewGuid():N}");

    private protected static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);

    private protected static string Text(StoredState? state) => Encoding.UTF8.GetString(state!.Body.Span);

    private protected static long Committed(CommitResult result) => Assert.IsType<CommitResult.Committed>(result).ConfigurationVersion;

    private protected async Task<long> Count(string table, Guid? tenant = null) =>
        (await Store.Query($"select count(*) as n from {table} where tenant_id = @tenant", row => row.Long("n"), default, ("tenant", tenant ?? _tenant)))[0];

    private (string, object?)[] Login(Guid? id = null) =>
        [("id", id ?? Guid.NewGuid()), ("tenant_id", _tenant), ("user_id", Guid.NewGuid()), ("instant", 1L)];

    private (string, object?)[] OutboxRow() =>
        [("id", Guid.CreateVersion7()), ("queue", "webhook"), ("subject", "user/1"), ("tenant_id", _tenant), ("due", 1L), ("attempts", 0L), ("body", Json("{}")), ("insert_instant", 1L)];
}
