using OrleansAuth.Storage.Events;
using OrleansAuth.Tenants;

namespace OrleansAuth.Storage;

public abstract partial class StoreSuite
{
    [Fact]
    public async Task A_row_is_inserted_replaced_updated_and_deleted()
    {
        var id = Guid.NewGuid();
        Committed(await Store.Apply(new Commit().Upsert(Tables.LoginRecord, [.. Login(id), ("login_id", "ada")])));
        Committed(await Store.Apply(new Commit().Update(Tables.LoginRecord, ("id", id), ("ip_address", "::1"))));
        Assert.Equal(("ada", "::1"), Assert.Single(await Rows()));

        Committed(await Store.Apply(new Commit().Upsert(Tables.LoginRecord, Login(id))));
        Assert.Equal((null, null), Assert.Single(await Rows()));

        Committed(await Store.Apply(new Commit().Update(Tables.LoginRecord, ("id", Guid.NewGuid()), ("ip_address", "::2"))));
        Committed(await Store.Apply(new Commit().Delete(Tables.LoginRecord, ("tenant_id", _tenant), ("instant", 2L))));
        Assert.Single(await Rows());
        Committed(await Store.Apply(new Commit().Delete(Tables.LoginRecord, ("tenant_id", _tenant), ("instant", 1L))));
        Assert.Empty(await Rows());

        Task<IReadOnlyList<(string?, string?)>> Rows() => Store.Query(
            "select login_id, ip_address from login_record where tenant_id = @tenant",
            row => (row.NullableText("login_id"), row.NullableText("ip_address")), default, ("tenant", _tenant));
    }

    [Fact]
    public async Task Rows_of_one_commit_mean_what_they_mean_one_after_the_other()
    {
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        Committed(await Store.Apply(new Commit()
            .Upsert(Tables.LoginRecord, [.. Login(ids[0]), ("login_id", "first")])
            .Upsert(Tables.LoginRecord, [.. Login(ids[1]), ("login_id", "stays")])
            .Upsert(Tables.LoginRecord, [.. Login(ids[0]), ("login_id", "second")])
            .Upsert(Tables.LoginRecord, [.. Login(ids[2]), ("login_id", "goes")])
            .Delete(Tables.LoginRecord, ("id", ids[2]))
            .Delete(Tables.LoginRecord, ("id", ids[1]))
            .Upsert(Tables.LoginRecord, [.. Login(ids[1]), ("login_id", "back")])
            .Update(Tables.LoginRecord, ("id", ids[1]), ("ip_address", "::1"))
            .Upsert(Tables.LoginRecord, [.. Login(ids[3])])));
        var rows = await Store.Query(
            "select id, login_id, ip_address from login_record where tenant_id = @tenant",
            row => (row.Guid("id"), row.NullableText("login_id"), row.NullableText("ip_address")), default, ("tenant", _tenant));
        Assert.Equal([(ids[0], "second", null), (ids[1], "back", "::1"), (ids[3], null, null)], rows.OrderBy(row => Array.IndexOf(ids, row.Item1)));
    }

    [Fact]
    public async Task Commits_that_come_together_share_their_statements_and_nothing_else()
    {
        var kept = Enumerable.Range(0, 40).Select(i => (Id: Guid.CreateVersion7(), Text: i % 3 == 0 ? null : $"a{i} 🦊")).ToList();
        var taken = new StateKey("test", "taken");
        Committed(await Store.Apply(new Commit().Put(taken, 0, "{}"u8.ToArray())));
        var results = await Task.WhenAll(kept.Select((row, i) => Store.Apply(Queued(i % 8 == 7 ? new Commit().Put(taken, 0, "{}"u8.ToArray()) : new Commit(), i))));

        Assert.Equal(kept.Select((_, i) => i % 8 != 7), results.Select(result => result is CommitResult.Committed));
        var rows = await Store.Query(
            "select l.id, l.login_id, o.body from login_record l join outbox o on o.id = l.id where l.tenant_id = @tenant",
            row => (row.Guid("id"), row.NullableText("login_id"), row.Bytes("body")[0]), default, ("tenant", _tenant));
        Assert.Equal(kept.Select((row, i) => (row.Id, row.Text, (byte)i)).Where(row => row.Item3 % 8 != 7).Order(), rows.Order());

        Commit Queued(Commit commit, int i) => commit
            .Upsert(Tables.LoginRecord, [.. Login(kept[i].Id), ("login_id", kept[i].Text)])
            .Upsert(Tables.Outbox, [.. OutboxRow().Where(value => value.Item1 is not ("body" or "id")), ("id", kept[i].Id), ("body", new[] { (byte)i })])
            .Delete(Tables.RefreshToken, ("id", kept[i].Id));
    }

    [Fact]
    public async Task Every_type_comes_back_as_it_went_in()
    {
        var id = Guid.CreateVersion7();
        var body = new byte[] { 0, 1, 255 };
        Committed(await Store.Apply(new Commit()
            .Upsert(Tables.UserSearch, ("id", id), ("tenant_id", _tenant), ("active", true), ("verified", false), ("insert_instant", long.MaxValue), ("username", "Åsa ПРИВЕТ 🦊"))
            .Upsert(Tables.Outbox, [.. OutboxRow().Where(value => value.Item1 is not ("body" or "id")), ("id", id), ("body", body)])));

        var row = Assert.Single(await Store.Query(
            "select u.*, o.body as body from user_search u join outbox o on o.id = u.id where u.id = @id and u.active = @active",
            row => (row.Guid("id"), row.Bool("active"), row.Bool("verified"), row.Long("insert_instant"), row.Text("username"), row.Text("username_lower"),
                row.NullableText("email"), row.NullableLong("expiry"), row.NullableGuid("tenant_id"), Convert.ToHexString(row.Bytes("body"))),
            default, ("id", id), ("active", true)));
        Assert.Equal((id, true, false, long.MaxValue, "Åsa ПРИВЕТ 🦊", "åsa привет 🦊", null, null, _tenant, "0001FF"), row);
    }

    [Fact]
    public async Task An_event_about_a_row_of_a_log_has_the_number_that_the_row_got()
    {
        foreach (var log in (Table[])[Tables.AuditLog, Tables.EventLog])
        {
            var id = Guid.CreateVersion7();
            var mark = EventCommit.NumberOf(id);
            for (var round = 0; round < 2; round++)
            {
                var told = new StoredEvent(id, null, "a-log.create", "log", null, TransactionType.None, EventResult.Succeeded, $$"""{"id":"{{mark}}","text":"\"{{mark}}\" {{mark}}"}""");
                var row = log == Tables.EventLog ? new Commit().Upsert(log, ("id", id), ("type", "Error"), ("instant", 1L)) : new Commit().Upsert(log, ("id", id), ("instant", 1L));
                Committed(await Store.Apply(row.PutEvent(told).Number(log, id)));
            }

            var (number, body) = Assert.Single(await Store.Query(
                $"select l.seq, e.body from {log.Name} l join webhook_event e on e.id = l.id where l.id = @id", row => (row.Long("seq"), row.Text("body")), default, ("id", id)));
            Assert.Equal($$"""{"id":{{number}},"text":"\"{{mark}}\" {{mark}}"}""", body);
        }
    }

    [Fact]
    public async Task Lower_case_companions_follow_their_column()
    {
        var id = Guid.NewGuid();
        Committed(await Store.Apply(new Commit().Upsert(Tables.UserSearch, UserRow(id, "a", ("username", "ADA"), ("first_name", "Ada")))));
        Committed(await Store.Apply(new Commit().Update(Tables.UserSearch, ("id", id), ("username", "Äda"))));
        Assert.Equal(("äda", "ada"), Assert.Single(await Store.Query("select username_lower, first_name_lower from user_search where id = @id",
            row => (row.Text("username_lower"), row.Text("first_name_lower")), default, ("id", id))));
    }

    [Fact]
    public async Task Uuids_and_text_sort_alike_in_both_databases()
    {
        Guid[] ids = [.. new[] { "ff000000", "01ffffff", "80000000", "7f000000" }.Select(start => Guid.Parse(start + Guid.NewGuid().ToString()[8..]))];
        string[] emails = ["b", "B", "ä", "a-"];
        for (var i = 0; i < ids.Length; i++)
            Committed(await Store.Apply(new Commit().Upsert(Tables.UserSearch, UserRow(ids[i], emails[i]))));

        Assert.Equal(ids.OrderBy(id => id.ToString()), await Sorted("id", row => row.Guid("id")));
        Assert.Equal(emails.Order(StringComparer.Ordinal), await Sorted("email", row => row.Text("email")));

        Task<IReadOnlyList<T>> Sorted<T>(string column, Func<IRow, T> map) =>
            Store.Query($"select id, email from user_search where tenant_id = @tenant order by {column}", map, default, ("tenant", _tenant));
    }

    [Fact]
    public async Task Lists_bind_as_one_parameter()
    {
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        for (var i = 0; i < ids.Length; i++)
            Committed(await Store.Apply(new Commit().Upsert(Tables.UserSearch, UserRow(ids[i], $"it's \"{i}\"", ("last_login_instant", (long)i)))));

        Assert.Equal(2, await Find("id in @list", ids[..2]));
        Assert.Equal(0, await Find("id in @list", Array.Empty<Guid>()));
        Assert.Equal(2, await Find("email in @list", new[] { "it's \"0\"", "it's \"2\"", "nobody" }));
        Assert.Equal(1, await Find("last_login_instant in @list", new[] { 2L, 9L }));
        Assert.Equal(1, await Find("not (id in @list) and email <> '@list'", ids[1..]));

        async Task<long> Find(string condition, object list) => (await Store.Query(
            $"select count(*) as n from user_search where tenant_id = @tenant and {condition}", row => row.Long("n"), default, ("tenant", _tenant), ("list", list)))[0];
    }

    [Fact]
    public async Task Matching_heeds_case_and_wildcards_alike()
    {
        Committed(await Store.Apply(new Commit().Upsert(Tables.UserSearch, UserRow(Guid.NewGuid(), "ada@example.com"))));
        Assert.Equal(1, await Like("ada@%"));
        Assert.Equal(0, await Like("ADA@%"));
        Assert.Equal(0, await Like("a\\%"));

        async Task<long> Like(string pattern) => (await Store.Query(
            "select count(*) as n from user_search where tenant_id = @tenant and email like @pattern escape '\\'", row => row.Long("n"), default, ("tenant", _tenant), ("pattern", pattern)))[0];
    }

    [Fact]
    public async Task Journals_are_numbered_as_they_are_written_and_once_each()
    {
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        foreach (var id in (Guid[])[ids[1], ids[0], ids[1]])
            Committed(await Store.Apply(new Commit().Upsert(Tables.AuditLog, ("id", id), ("message", "m"), ("tenant_id", _tenant), ("instant", 1L))));
        Assert.Equal([ids[1], ids[0]], await Store.Query("select id from audit_log where tenant_id = @tenant order by seq", row => row.Guid("id"), default, ("tenant", _tenant)));
    }

    [Fact]
    public void A_wrong_column_or_value_is_refused_at_once()
    {
        var commit = new Commit();
        Assert.Throws<ArgumentException>(() => commit.Upsert(Tables.LoginRecord, ("id", Guid.NewGuid()), ("no_such", 1L)));
        Assert.Throws<ArgumentException>(() => commit.Upsert(Tables.LoginRecord, ("id", "text")));
        Assert.Throws<ArgumentException>(() => commit.Upsert(Tables.LoginRecord, ("instant", 1L)));
        Assert.Throws<ArgumentException>(() => commit.Upsert(Tables.LoginRecord, ("id", Guid.NewGuid()), ("id", Guid.NewGuid())));
        Assert.Throws<ArgumentException>(() => commit.Upsert(Tables.AuditLog, ("id", Guid.NewGuid()), ("seq", 1L)));
        Assert.Throws<ArgumentException>(() => commit.Update(Tables.LoginRecord, ("id", Guid.NewGuid())));
        Assert.Throws<ArgumentException>(() => commit.Delete(Tables.LoginRecord));
        Assert.Throws<ArgumentException>(() => commit.Delete(Tables.LoginRecord, ("user_id", null)));
        Assert.Empty(commit.Rows);
    }

    [Fact]
    public async Task A_query_without_its_parameter_or_column_says_so()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Query("select 1 as n where 1 = @one", row => row.Long("n")));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Query("select 1 as n", row => row.Long("m")));
        Assert.Equal([1L], await Store.Query("select 1 as n", row => row.Long("n"), default, ("unused", 1L)));
    }

    [Fact]
    public async Task Definitions_and_tables_agree()
    {
        foreach (var table in Tables.All)
        {
            var actual = await ActualColumns(table.Name);
            Assert.Equal(table.Columns.Select(column => (column.Name, TypeName(column.Type))).Order(), actual.Select(column => (column.Name, column.Type)).Order());
            Assert.Equal(table.Key.Order(), actual.Where(column => column.IsKey).Select(column => column.Name).Order());
        }
    }

    /// <summary>What the database itself says about a table.</summary>
    private protected abstract Task<IReadOnlyList<(string Name, string Type, bool IsKey)>> ActualColumns(string table);

    private protected abstract string TypeName(ColumnType type);

    private (string, object?)[] UserRow(Guid id, string email, params (string, object?)[] more) =>
        [("id", id), ("tenant_id", _tenant), ("active", true), ("email", email), ("insert_instant", 1L), .. more];
}
