using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Audit;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Outbox;
using OrleansAuth.Tenants;

namespace OrleansAuth.Audit;

/// <summary>What searches of logs find, and what is removed from them, the same on both databases.</summary>
public abstract class LogSuite : IAsyncLifetime
{
    private readonly Guid _tenant = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();

    private protected IStore Store { get; set; } = null!;

    private protected abstract StoreOptions Options { get; }

    private AuditLogReader Audit => new(Store);

    private EventLogReader Events => new(Store);

    private WebhookEventReader Webhooks => new(Store);

    public virtual async Task InitializeAsync() => Store = await StoreFactory.Open(Options);

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    [Fact]
    public async Task Pages_come_in_the_order_that_was_asked_for_with_the_total_of_all()
    {
        for (var i = 1; i <= 7; i++) await Write(i, $"user{8 - i}", $"message {i}");
        await Write(100, "user0", "elsewhere", _other);

        var newest = await Search(LogPaging.Newest with { NumberOfResults = 3 });
        var oldest = await Search(new LogPaging(null, Descending: false, 5, 3));
        var byUser = await Search(new LogPaging("insert_user", Descending: false, 0, 2));
        Assert.Equal("7: message 7, message 6, message 5", Of(newest));
        Assert.Equal("7: message 6, message 7", Of(oldest));
        Assert.Equal("7: message 7, message 6", Of(byUser));
        Assert.Null(byUser.Looked);
        Assert.Equal("2: message 3, message 2", Of(await Audit.Search(new AuditCriteria(_tenant, 2, 4), LogPaging.Newest)));
        Assert.Equal("1: elsewhere", Of(await Audit.Search(new AuditCriteria(_other), LogPaging.Newest)));
        Assert.Equal("8: elsewhere", Of(await Audit.Search(new AuditCriteria(), LogPaging.Newest with { NumberOfResults = 1 })));
    }

    [Theory]
    [InlineData("müller", "Frau müller was here")]
    [InlineData("FRAU m", "Frau müller was here")]
    [InlineData("frau*here", "Frau müller was here")]
    [InlineData("*HERE", "Frau müller was here")]
    [InlineData("was*", null)]
    [InlineData("MÜLLER", null)]
    [InlineData("100%", "100% of_all")]
    [InlineData("1__%", null)]
    [InlineData("of_all", "100% of_all")]
    [InlineData("ofXall", null)]
    [InlineData("back\\slash", "back\\slash")]
    [InlineData("no\0where", null)]
    public async Task Texts_match_the_same_on_every_database(string typed, string? expected)
    {
        foreach (var message in (string[])["Frau müller was here", "100% of_all", "back\\slash"]) await Write(1, "somebody", message);
        var found = await Audit.Search(new AuditCriteria(_tenant) { Message = typed }, LogPaging.Newest);
        Assert.Equal(expected is null ? "0: " : $"1: {expected}", Of(found));
    }

    [Fact]
    public async Task Each_text_of_an_entry_is_found_by_its_own_criterion()
    {
        await Apply(new Commit().Upsert(
            Tables.AuditLog, ("id", Guid.NewGuid()), ("insert_user", "u-1"), ("message", "m-1"), ("reason", "r-1"), ("old_value", "\"o-1\""), ("new_value", "\"n-1\""),
            ("tenant_id", _tenant), ("instant", 5L)));
        var mine = new AuditCriteria(_tenant);
        AuditCriteria[] all = [mine with { User = "u-1" }, mine with { Message = "m-1" }, mine with { Reason = "r-1" }, mine with { OldValue = "o-1" }, mine with { NewValue = "n-1" }];
        foreach (var criteria in all) Assert.Single((await Audit.Search(criteria, LogPaging.Newest)).Rows);
        foreach (var criteria in all) Assert.Empty((await Audit.Search(criteria with { TenantId = _other }, LogPaging.Newest)).Rows);
        Assert.Empty((await Audit.Search(all[0] with { NewValue = "o-1" }, LogPaging.Newest)).Rows);
    }

    [Fact]
    public async Task A_text_is_looked_for_in_a_bounded_part_of_the_log_and_the_answer_says_in_which()
    {
        const int rows = LogQuery.MostLookedAt + 10;
        for (var from = 0; from < rows; from += 5_000)
        {
            var commit = new Commit();
            for (var i = from; i < Math.Min(from + 5_000, rows); i++)
                commit.Upsert(Tables.EventLog, ("id", Guid.NewGuid()), ("type", "Debug"), ("message", i < 20 ? $"needle {i}" : "hay"), ("instant", (long)i));
            await Apply(commit);
        }

        var cut = await Events.Search(new EventLogCriteria(Message: "needle"), LogPaging.Newest);
        Assert.Equal((10L, new LogWindow(10, rows - 1)), (cut.Total, cut.Looked));
        var rest = await Events.Search(new EventLogCriteria(Message: "needle", End: cut.Looked!.Start), LogPaging.Newest);
        Assert.Equal((10L, (LogWindow?)null), (rest.Total, rest.Looked));
        var oldestFirst = await Events.Search(new EventLogCriteria(Message: "needle"), LogPaging.Newest with { Descending = false });
        Assert.Equal((20L, new LogWindow(0, LogQuery.MostLookedAt - 1)), (oldestFirst.Total, oldestFirst.Looked));
        var plain = await Events.Search(new EventLogCriteria(Type: "Debug"), LogPaging.Newest);
        Assert.Equal(((long)rows, (LogWindow?)null), (plain.Total, plain.Looked));

        var behind = new ExpiredLogs(Store);
        while (await behind.Behind(Tables.EventLog, 3, 20_000) is { } commit) await Apply(commit);
        Assert.Equal([rows - 1L, rows - 2L, rows - 3L], (await Events.Search(new EventLogCriteria(), LogPaging.Newest)).Rows.Select(entry => entry.Instant));
    }

    [Fact]
    public async Task An_event_runs_while_a_delivery_waits_and_failed_when_one_was_given_up()
    {
        var (delivered, waiting, parked, running) = (Event(1), Event(2), Event(3), Event(4) with { Transaction = TransactionType.Any, Result = EventResult.Running });
        var entries = new Dictionary<StoredEvent, Guid> { [waiting] = Guid.NewGuid(), [parked] = Guid.NewGuid() };
        var commit = new Commit().PutEvent(delivered).PutEvent(waiting).PutEvent(parked).PutEvent(running);
        foreach (var (told, entry) in entries) commit.Tell(entry, told, Guid.NewGuid(), told.Instant);
        await Apply(commit);
        await Apply(new Commit().Park(entries[parked], 3, 10, "gone"));

        Assert.Equal(["Running", "Failed", "Running", "Succeeded"], (await Find(new WebhookEventCriteria(_tenant))).Select(row => row.Result));
        Assert.Equal([running.Id, waiting.Id], (await Find(new WebhookEventCriteria(_tenant, Result: "Running"))).Select(row => row.Id));
        Assert.Equal([parked.Id], (await Find(new WebhookEventCriteria(_tenant, Result: "Failed", Type: "user.create"))).Select(row => row.Id));
        Assert.Empty(await Find(new WebhookEventCriteria(_tenant, Type: "user.delete")));
        Assert.Empty(await Find(new WebhookEventCriteria(_other)));

        await Apply(new Commit().Delivered(entries[waiting]));
        Assert.Equal("Succeeded", (await Webhooks.Find(waiting.Id))!.Result);
    }

    [Fact]
    public async Task A_log_that_its_ids_order_is_read_on_from_an_instant_as_well_as_from_an_entry()
    {
        var events = Enumerable.Range(1, 4).Select(i => Event(i * 10)).ToArray();
        var commit = new Commit();
        foreach (var told in events) commit.PutEvent(told);
        await Apply(commit);
        Assert.Equal(events.Select(told => told.Id), await After(LogPlace.Beginning));
        Assert.Equal(events[1..].Select(told => told.Id), await After(LogPlace.At(20)));
        Assert.Equal(events[2..].Select(told => told.Id), await After(LogPlace.At(21)));
        Assert.Equal(events[2..].Select(told => told.Id), await After(new LogPlace(20, events[1].Id)));
        Assert.Empty(await After(LogPlace.At(41)));

        async Task<IEnumerable<Guid>> After(LogPlace place) => (await Webhooks.After(new WebhookEventCriteria(_tenant), place, 10)).Select(row => row.Id);
    }

    [Fact]
    public async Task The_text_of_an_event_is_found_unless_it_is_sealed()
    {
        var (open, closed) = (Event(1) with { Body = """{"event":{"user":{"email":"Ada@example.com"}}}""" }, Event(2) with { Body = "enc:v1:ada" });
        await Apply(new Commit().PutEvent(open).PutEvent(closed));
        Assert.Equal([open.Id], (await Find(new WebhookEventCriteria(_tenant, Text: "ADA"))).Select(row => row.Id));
    }

    [Fact]
    public async Task Old_events_leave_with_their_attempts_and_those_that_somebody_still_waits_for_stay()
    {
        var (old, waiting, parked, running, young) = (Event(1), Event(2), Event(3), Event(4) with { Result = EventResult.Running }, Event(100));
        var parkedEntry = Guid.NewGuid();
        await Apply(new Commit().PutEvent(old).PutEvent(waiting).PutEvent(parked).PutEvent(running).PutEvent(young)
            .Tell(Guid.NewGuid(), waiting, Guid.NewGuid(), 2).Tell(parkedEntry, parked, Guid.NewGuid(), 3));
        await Apply(new Commit().Park(parkedEntry, 3, 10, "gone"));
        foreach (var told in (StoredEvent[])[old, waiting])
            await Apply(new Commit().Upsert(Tables.WebhookAttempt, ("id", Guid.NewGuid()), ("event_id", told.Id), ("webhook_id", Guid.NewGuid()), ("tenant_id", _tenant), ("result", "Failure"), ("start_instant", 1L), ("end_instant", 2L)));

        var (expired, place) = (new ExpiredLogs(Store), LogPlace.Beginning);
        for (var round = 0; round < 5; round++)
        {
            (var commit, place) = await expired.Events(place, 50, 1);
            if (commit is not null) await Apply(commit);
        }

        Assert.Equal(Sorted(waiting, parked, running, young), (await Find(new WebhookEventCriteria(_tenant))).Select(row => row.Id).Order());
        Assert.Empty(await Webhooks.Attempts(old.Id, 10));
        Assert.Single(await Webhooks.Attempts(waiting.Id, 10));

        static IEnumerable<Guid> Sorted(params StoredEvent[] events) => events.Select(told => told.Id).Order();
    }

    [Fact]
    public async Task Two_sweep_at_once_and_each_entry_goes_once()
    {
        for (var i = 1; i <= 6; i++) await Write(i, "u", $"m{i}");
        var expired = new ExpiredLogs(Store);
        var both = await Task.WhenAll(expired.Before(Tables.AuditLog, 5, 3), expired.Before(Tables.AuditLog, 5, 3));
        await Task.WhenAll(both.Select(commit => Apply(commit!)));
        await Apply((await expired.Before(Tables.AuditLog, 5, 3))!);
        Assert.Null(await expired.Before(Tables.AuditLog, 5, 3));
        Assert.Equal("2: m6, m5", Of(await Search(LogPaging.Newest)));
    }

    private async Task<IReadOnlyList<EventLogRow>> Find(WebhookEventCriteria criteria) => (await Webhooks.Search(criteria, LogPaging.Newest)).Rows;

    private Task<LogPage<Storage.Audit.AuditEntry>> Search(LogPaging paging) => Audit.Search(new AuditCriteria(_tenant), paging);

    private StoredEvent Event(long instant) => new(
        OrderedId.New(instant), _tenant, "user.create", "subject", null, TransactionType.None, EventResult.Succeeded, """{"event":{}}""");

    private Task Write(long instant, string user, string message, Guid? tenant = null) => Apply(new Commit().Upsert(
        Tables.AuditLog, ("id", Guid.NewGuid()), ("insert_user", user), ("message", message), ("tenant_id", tenant ?? _tenant), ("instant", instant)));

    private async Task Apply(Commit commit) => Assert.IsType<CommitResult.Committed>(await Store.Apply(commit));

    private static string Of(LogPage<Storage.Audit.AuditEntry> page) => $"{page.Total}: {string.Join(", ", page.Rows.Select(row => row.Message))}";
}

public sealed class SqliteLogTests : LogSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansauth-").FullName;

    private protected override StoreOptions Options => new() { Path = _folder };

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_index_of_types_leaves_out_what_searches_look_for()
    {
        var index = Assert.Single(await Store.Query("select sql from sqlite_master where name = 'webhook_event_type'", row => row.Text("sql")));
        Assert.EndsWith($"where {WebhookEventReader.IsRare}", index, StringComparison.Ordinal);
    }
}

public sealed class PostgresLogTests : LogSuite
{
    private string _connection = "";

    private protected override StoreOptions Options => new() { ConnectionString = _connection };

    public override async Task InitializeAsync()
    {
        _connection = await (await Common.PostgresFixture.Shared).NewDatabase();
        await base.InitializeAsync();
    }
}
