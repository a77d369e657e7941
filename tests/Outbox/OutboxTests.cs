using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

public sealed class OutboxTests : OutboxSuite
{
    protected override Task<string[]> Settings() => Task.FromResult<string[]>([]);
}

public sealed class OutboxOnPostgresTests : OutboxSuite
{
    protected override async Task<string[]> Settings() =>
    [
        $"--Storage:ConnectionString={await (await PostgresFixture.Shared).NewDatabase()}", $"--Secrets:MasterKey={Convert.ToBase64String(new byte[32])}",
    ];
}

/// <summary>What the outbox promises, on either database.</summary>
public abstract partial class OutboxSuite : IAsyncLifetime
{
    private static readonly OutboxVerdict Done = new OutboxVerdict.Done();
    private readonly RecordingQueue _queue = new();
    private TestServer _server = null!;

    protected abstract Task<string[]> Settings();

    public async Task InitializeAsync() => _server = await TestServer.Start(services => services.AddSingleton<IOutboxQueue>(_queue), settings: await Settings());

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private IStore Store => _server.Services.GetRequiredService<IStore>();

    private OutboxReader Reader => _server.Services.GetRequiredService<OutboxReader>();

    private IOutboxGrain Grain => _server.Services.GetRequiredService<IGrainFactory>().Outbox("test");

    [Fact]
    public async Task What_a_commit_queued_is_delivered_and_leaves()
    {
        await Queue(("s", "hello"));
        Assert.Equal(("hello", 1), await _queue.Next());
        await Gone();
    }

    [Fact]
    public async Task A_refused_commit_queues_nothing()
    {
        var key = new StateKey("test", "a");
        Assert.IsType<CommitResult.Committed>(await Store.Apply(new Commit().Put(key, 0, "{}"u8.ToArray())));
        Assert.IsType<CommitResult.Conflict>(await Store.Apply(Entry(new Commit().Put(key, 0, "{}"u8.ToArray()), "s", "never")));
        await Queue(("s", "after"));
        Assert.Equal("after", (await _queue.Next()).Text);
        await Gone();
        Assert.Equal(["after"], _queue.Delivered);
    }

    [Fact]
    public async Task One_subject_keeps_its_order_although_its_entries_are_of_one_millisecond()
    {
        var expected = Enumerable.Range(0, 40).Select(i => $"{i}").ToArray();
        await Queue([.. expected.Select(text => ("s", text))]);
        foreach (var _ in expected) await _queue.Next();
        await Gone();
        Assert.Equal(expected, _queue.Delivered);
        Assert.Equal(1, _queue.Most);
    }

    [Fact]
    public async Task Subjects_go_side_by_side_up_to_the_bound_and_one_that_hangs_holds_up_nobody()
    {
        var gate = new TaskCompletionSource();
        _queue.Answer = async (item, _) =>
        {
            if (item.Subject == "hangs") await gate.Task;
            return Done;
        };
        await Queue(("hangs", "stuck"), ("hangs", "behind"));
        Assert.Equal("stuck", (await _queue.Next()).Text);
        await Queue([.. Enumerable.Range(0, 30).Select(i => ($"s{i}", $"{i}"))]);
        for (var i = 0; i < 30; i++) Assert.NotEqual("behind", (await _queue.Next()).Text);
        Assert.InRange(_queue.Most, 1, 4);
        gate.SetResult();
        Assert.Equal("behind", (await _queue.Next()).Text);
        await Gone();
    }

    [Fact]
    public async Task What_failed_comes_again_after_its_pause_and_its_successor_waits_for_it()
    {
        _queue.Answer = (item, _) => Task.FromResult(item.Attempt == 1 && item.Body is [(byte)'a'] ? new OutboxVerdict.Retry("busy") : Done);
        await Queue(("s", "a"), ("s", "b"), ("t", "c"));
        Assert.Equal([("a", 1), ("c", 1)], new[] { await _queue.Next(), await _queue.Next() }.Order());
        await Stored("attempts = 1", 1);
        Assert.False(_queue.HasMore);

        _server.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(("a", 2), await _queue.Next());
        Assert.Equal(("b", 1), await _queue.Next());
        await Gone();
    }

    [Fact]
    public async Task A_receiver_that_asks_for_more_time_gets_it()
    {
        _queue.Answer = (item, _) => Task.FromResult(item is { Attempt: 1, Subject: "s" } ? new OutboxVerdict.Retry("later", TimeSpan.FromMinutes(10)) : Done);
        await Queue(("s", "a"));
        await _queue.Next();
        await Stored("due > @now", 1);
        _server.Time.Advance(TimeSpan.FromMinutes(9));
        await Grain.Wake();
        await Queue(("t", "b"));
        Assert.Equal("b", (await _queue.Next()).Text);
        _server.Time.Advance(TimeSpan.FromMinutes(1));
        await Grain.Wake();
        Assert.Equal(("a", 2), await _queue.Next());
        await Gone();
    }

    [Fact]
    public async Task What_is_refused_for_good_is_parked_told_and_lets_its_successors_go_and_can_be_sent_again()
    {
        _queue.Answer = (item, _) => Task.FromResult(item.Body is [(byte)'a'] ? new OutboxVerdict.Refused("No such receiver.") : Done);
        await Queue(("s", "a"), ("s", "b"));
        Assert.Equal(("a", 1), await _queue.Next());
        Assert.Equal(("b", 1), await _queue.Next());
        await Gone();
        var parked = Assert.Single(await Reader.Parked("test", 10));
        Assert.Equal(("s", 1, "No such receiver."), (parked.Subject, parked.Attempts, parked.Fault));
        Assert.Contains($"{parked.Id}", Assert.Single(await Told()), StringComparison.Ordinal);

        _queue.Answer = (_, _) => Task.FromResult(Done);
        Assert.True(await Grain.Resend(parked.Id));
        Assert.Equal(("a", 1), await _queue.Next());
        await Gone();
        Assert.False(await Grain.Resend(parked.Id));
        Assert.Empty(await Reader.Parked("test", 10));
    }

    [Fact]
    public async Task After_the_last_attempt_it_is_parked_also_where_the_handler_throws()
    {
        _queue.Answer = (_, _) => throw new InvalidOperationException("secret");
        await Queue(("s", "a"));
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(("a", attempt), await _queue.Next());
            if (attempt < 3) await Stored($"attempts >= {attempt}", 1);
            _server.Time.Advance(TimeSpan.FromHours(1));
            await Grain.Wake();
        }

        await Stored("parked_instant is not null", 1);
        var told = Assert.Single(await Told());
        Assert.Contains("Given up after 3 attempts.", told, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delivery_that_never_ends_is_cancelled_and_comes_again()
    {
        _queue.Answer = async (item, stop) =>
        {
            if (item.Attempt == 1) await new TaskCompletionSource().Task.WaitAsync(stop);
            return Done;
        };
        await Queue(("s", "a"));
        await _queue.Next();
        _server.Time.Advance(_queue.Limits.LongestDelivery);
        await Stored("attempts = 1", 1);
        _server.Time.Advance(TimeSpan.FromMinutes(1));
        await Grain.Wake();
        Assert.Equal(("a", 2), await _queue.Next());
        await Gone();
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_delivery_loses_nothing_and_counts_no_attempt()
    {
        _queue.Answer = async (_, stop) =>
        {
            await new TaskCompletionSource().Task.WaitAsync(stop);
            return Done;
        };
        await Queue(("s", "a"), ("s", "b"));
        Assert.Equal(("a", 1), await _queue.Next());

        _server = await Restarted(() => _queue.Answer = (_, _) => Task.FromResult(Done));

        Assert.Equal(("a", 1), await _queue.Next());
        Assert.Equal(("b", 1), await _queue.Next());
        await Gone();
    }

    [Fact]
    public async Task What_a_tenant_had_queued_leaves_with_it()
    {
        var gate = new TaskCompletionSource();
        _queue.Answer = async (_, _) =>
        {
            await gate.Task;
            return Done;
        };
        var tenant = await _server.NewTenant();
        await Store.Apply(Entry(Entry(new Commit(), "s", "a", tenant), "s", "b", tenant));
        await _queue.Next();
        (await _server.Delete($"/api/tenant/{tenant}")).Is(200);
        gate.SetResult();
        await Gone();
        await Queue(("t", "c"));
        Assert.Equal("c", (await _queue.Next()).Text);
    }

    private async Task<TestServer> Restarted(Action meanwhile)
    {
        var restarting = _server.Restart();
        meanwhile();
        return await restarting;
    }

    private Task<CommitResult> Queue(params (string Subject, string Text)[] entries) =>
        Store.Apply(entries.Aggregate(new Commit(), (commit, entry) => Entry(commit, entry.Subject, entry.Text)));

    private Commit Entry(Commit commit, string subject, string text, Guid? tenant = null) => commit.Queue(
        new OutboxEntry(Guid.CreateVersion7(_server.Time.UtcNow), "test", subject, tenant, Encoding.UTF8.GetBytes(text)), _server.Time.UtcNow.ToUnixTimeMilliseconds());

    /// <summary>Waits until nothing is left that is still to be delivered.</summary>
    private Task Gone() => Stored("parked_instant is null", 0);

    /// <summary>Waits until so many rows are as described; the commit after a delivery is the queue's own business.</summary>
    private async Task Stored(string condition, int rows)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await Store.Query($"select count(*) as found from outbox where queue = 'test' and {condition}", row => row.Long("found"), patience.Token, ("now", _server.Time.UtcNow.ToUnixTimeMilliseconds())))[0] != rows)
            await Task.Yield();
    }

    private Task<IReadOnlyList<string>> Told() => Store.Query("select message from event_log where type = 'Error'", row => row.Text("message"));
}
