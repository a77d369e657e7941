namespace OrleansAuth.Storage;

public abstract partial class StoreSuite
{
    [Fact]
    public async Task A_configuration_commit_counts_and_lists_what_it_touched()
    {
        var (first, second, plain) = (NewKey(), NewKey(), NewKey());
        var start = await Store.ConfigurationVersion();
        Assert.Equal(0, Committed(await Store.Apply(new Commit().Put(plain, 0, Json("p")))));
        var one = Committed(await Store.Apply(new Commit().Put(first, 0, Json("1")).Put(second, 0, Json("2")).AnnounceConfiguration()));
        var two = Committed(await Store.Apply(new Commit().Put(first, 1, Json("1b")).AnnounceConfiguration()));
        var three = Committed(await Store.Apply(new Commit().Remove(second, 1).AnnounceConfiguration()));
        Assert.True(start < one && one < two && two < three);
        Assert.Equal(three, await Store.ConfigurationVersion());

        var all = Mine(await Store.ConfigurationSince(start), first, second, plain);
        Assert.Equal([(first, "1b"), (second, null)], all);
        Assert.Equal([(second, null)], Mine(await Store.ConfigurationSince(two), first, second, plain));

        var none = await Store.ConfigurationSince(three);
        Assert.Empty(Mine(none, first, second, plain));
        Assert.True(none.Version >= three);
    }

    [Fact]
    public async Task A_reader_at_zero_or_ahead_of_the_store_gets_everything()
    {
        var key = NewKey();
        var version = Committed(await Store.Apply(new Commit().Put(key, 0, Json("1")).AnnounceConfiguration()));
        Assert.Contains((await Store.ConfigurationSince(0)).Rows, row => row.Key == key);
        var ahead = await Store.ConfigurationSince(version + 1_000_000);
        Assert.Contains(ahead.Rows, row => row.Key == key);
        Assert.True(ahead.Version < version + 1_000_000);
    }

    [Fact]
    public async Task A_refused_configuration_commit_counts_nothing()
    {
        var key = NewKey();
        var version = Committed(await Store.Apply(new Commit().Put(key, 0, Json("1")).AnnounceConfiguration()));
        Assert.IsType<CommitResult.Conflict>(await Store.Apply(new Commit().Put(key, 0, Json("2")).AnnounceConfiguration()));
        Assert.Equal(version, await Store.ConfigurationVersion());
    }

    [Fact]
    public async Task Subscribers_hear_of_a_configuration_commit_even_if_one_of_them_fails()
    {
        var heard = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        Store.ConfigurationChanged += _ => throw new InvalidOperationException("a broken subscriber");
        Store.ConfigurationChanged += version => heard.TrySetResult(version);
        var version = Committed(await Store.Apply(new Commit().Put(NewKey(), 0, Json("1")).AnnounceConfiguration()));
        Assert.Equal(version, await heard.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Configuration_commits_at_once_get_a_version_each()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () =>
            Committed(await Store.Apply(new Commit().Put(NewKey(), 0, Json("1")).AnnounceConfiguration())))));
        Assert.Equal(100, versions.Distinct().Count());
        Assert.Equal(versions.Max(), await Store.ConfigurationVersion());
    }

    [Fact]
    public async Task Purging_a_tenant_removes_all_of_it_and_nothing_of_another()
    {
        var other = Guid.NewGuid();
        var configuration = NewKey();
        Committed(await Store.Apply(new Commit().Put(configuration, 0, Json("c"), _tenant).AnnounceConfiguration()));
        for (var i = 0; i < 40; i++)
        {
            foreach (var tenant in (Guid[])[_tenant, other])
                Committed(await Store.Apply(TenantCommit(tenant)));
        }

        var version = await Store.ConfigurationVersion();
        var (calls, removed) = (0, 0);
        for (int some; (some = await Store.PurgeTenant(_tenant, 50)) > 0; removed += some)
        {
            Assert.InRange(some, 1, 50);
            calls++;
        }

        Assert.Equal(1 + (40 * 17), removed);
        Assert.True(calls >= 7);
        foreach (var table in (string[])["state", "claim", .. Tables.All.Where(table => table.HasTenant).Select(table => table.Name)])
        {
            Assert.Equal(0, await Count(table));
            Assert.Equal(table is "outbox" ? 0 : 40, await Count(table, other));
        }

        var changes = await Store.ConfigurationSince(version);
        Assert.Contains((configuration, (StoredState?)null), changes.Rows);
    }

    private Commit TenantCommit(Guid tenant)
    {
        var (id, user) = (Guid.NewGuid(), Guid.NewGuid());
        return new Commit()
            .Put(new StateKey("test", $"{id}"), 0, Json("x"), tenant)
            .Claim(new ClaimKey(_scope, $"{id}"), "me", tenant)
            .Upsert(Tables.UserSearch, ("id", id), ("tenant_id", tenant), ("active", true), ("insert_instant", 1L))
            .Upsert(Tables.UserRegistration, ("id", id), ("user_id", user), ("application_id", id), ("tenant_id", tenant), ("insert_instant", 1L))
            .Upsert(Tables.GroupMember, ("id", id), ("group_id", id), ("user_id", user), ("tenant_id", tenant), ("insert_instant", 1L))
            .Upsert(Tables.RefreshToken, ("id", id), ("user_id", user), ("tenant_id", tenant), ("session_kind", "token"), ("insert_instant", 1L))
            .Upsert(Tables.LoginRecord, ("id", id), ("user_id", user), ("tenant_id", tenant), ("instant", 1L))
            .Upsert(Tables.AuditLog, ("id", id), ("tenant_id", tenant), ("instant", 1L))
            .Upsert(Tables.UserComment, ("id", id), ("user_id", user), ("tenant_id", tenant), ("comment", "c"), ("insert_instant", 1L))
            .Upsert(Tables.Entity, ("id", id), ("type_id", id), ("tenant_id", tenant), ("client_id", $"{id}"), ("name", "e"), ("stamp", id), ("insert_instant", 1L), ("last_update_instant", 1L))
            .Upsert(Tables.EntityGrant, ("entity_id", id), ("to_user", true), ("recipient_id", user), ("tenant_id", tenant), ("id", id), ("insert_instant", 1L), ("last_update_instant", 1L))
            .Upsert(Tables.EntityGrantPermission, ("entity_id", id), ("to_user", true), ("recipient_id", user), ("permission_id", id), ("tenant_id", tenant))
            .Upsert(Tables.Identifier, ("id", $"{id}"), ("tenant_id", tenant), ("expires_at", 1L))
            .Upsert(Tables.UserActionLog, ("id", id), ("tenant_id", tenant), ("user_id", user), ("prevents_login", true), ("body", Json("{}")), ("insert_instant", 1L))
            .Upsert(Tables.WebhookEvent, ("id", id), ("tenant_id", tenant), ("type", "t"), ("subject", "s"), ("transaction_type", "None"), ("result", "Succeeded"), ("body", "{}"), ("insert_instant", 1L), ("last_update_instant", 1L))
            .Upsert(Tables.WebhookAttempt, ("id", id), ("event_id", id), ("webhook_id", id), ("tenant_id", tenant), ("result", "Success"), ("start_instant", 1L), ("end_instant", 1L))
            .Upsert(Tables.LoginFailure, ("id", id), ("tenant_id", tenant), ("left_out", 0L), ("instant", 1L));
    }

    private static List<(StateKey, string?)> Mine(ConfigurationChanges changes, params StateKey[] keys) =>
        [.. from key in keys from row in changes.Rows where row.Key == key select (key, row.State is null ? null : Text(row.State))];
}
