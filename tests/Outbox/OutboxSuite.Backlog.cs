using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

public abstract partial class OutboxSuite
{
    /// <summary>Far more than is read in one go, so that reads go on behind each other while earlier entries of the same subjects are in hand.</summary>
    [Fact]
    public async Task A_backlog_is_delivered_whole_and_in_the_order_of_each_subject()
    {
        _queue.Answer = (item, _) => Task.FromResult(item is { Attempt: 1, Subject: "7" } ? new OutboxVerdict.Retry("later", TimeSpan.FromMinutes(10)) : Done);
        var (subjects, each) = (60, 5);
        for (var i = 0; i < each; i++) await Queue([.. Enumerable.Range(0, subjects).Select(subject => ($"{subject}", $"{subject}:{i}"))]);
        await Stored("subject <> '7'", 0);
        for (var i = 0; i < each; i++)
        {
            await Stored("attempts = 1", 1);
            _server.Time.Advance(TimeSpan.FromMinutes(10));
            await Grain.Wake();
            await Stored("subject = '7'", each - i - 1);
        }

        var delivered = _queue.Delivered.Select(text => text.Split(':')).ToLookup(parts => parts[0], parts => parts[1]);
        Assert.Equal(subjects, delivered.Count);
        Assert.All(delivered, subject => Assert.Equal(Enumerable.Range(0, each).Select(i => $"{i}"), subject));
        Assert.InRange(_queue.Most, 1, 4);
    }

    /// <summary>Far more of one subject than stands in line for it, and in front of all others.</summary>
    [Fact]
    public async Task A_long_line_of_one_subject_holds_up_no_other()
    {
        var (gate, line, others) = (new TaskCompletionSource(), 200, 40);
        _queue.Answer = async (item, _) =>
        {
            if (item.Subject == "long") await gate.Task;
            return Done;
        };
        await Queue([.. Enumerable.Range(0, line).Select(i => ("long", $"{i}"))]);
        await Queue([.. Enumerable.Range(0, others).Select(i => ($"s{i}", "other"))]);
        await Stored("subject <> 'long'", 0);
        Assert.Equal(others, _queue.Delivered.Count());
        gate.SetResult();
        await Gone();
        Assert.Equal(Enumerable.Range(0, line).Select(i => $"{i}"), _queue.Delivered.Where(text => text != "other"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_becomes_of_deliveries_each_subject_keeps_its_order(int seed)
    {
        var (subjects, each, chance) = (25, 25, new Random(seed));
        _queue.Answer = (_, _) =>
        {
            lock (chance)
            {
                return Task.FromResult<OutboxVerdict>(chance.Next(20) switch
                {
                    0 or 1 => new OutboxVerdict.Retry("later", TimeSpan.FromMinutes(chance.Next(1, 4))),
                    2 => new OutboxVerdict.Refused("never"),
                    _ => Done,
                });
            }
        };
        for (var i = 0; i < each; i++) await Queue([.. Enumerable.Range(0, subjects).Select(subject => ($"{subject}", $"{subject}:{i}"))]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await Waiting() > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            if (await Waiting($"and due <= @now and not exists (select 1 from outbox p where p.subject = outbox.subject and {PutOff} and p.seq < outbox.seq)") == 0) _server.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        var parked = (await Reader.Parked("test", subjects * each)).Count;
        var delivered = _queue.Delivered.Select(text => text.Split(':')).ToLookup(parts => parts[0], parts => int.Parse(parts[1], CultureInfo.InvariantCulture));
        Assert.InRange(parked, 1, subjects * each / 2);
        Assert.Equal((subjects * each) - parked, delivered.Sum(subject => subject.Count()));
        Assert.All(delivered, subject => Assert.Equal(subject.Order(), subject));
    }

    /// <summary>It was tried before it was queued. Older ones of its subject may not have been.</summary>
    [Fact]
    public async Task What_is_held_back_keeps_its_place_and_is_not_tried_before_its_instant()
    {
        var (now, held) = (_server.Time.UtcNow.ToUnixTimeMilliseconds(), Guid.CreateVersion7(_server.Time.UtcNow));
        var gate = new TaskCompletionSource();
        _queue.Answer = async (item, _) =>
        {
            if (item.Body is [(byte)'a']) await gate.Task;
            return Done;
        };
        await Queue(("s", "a"));
        Assert.Equal(("a", 1), await _queue.Next());
        await Store.Apply(new Commit().Queue(new OutboxEntry(held, "test", "s", null, "b"u8.ToArray()), now).HoldBack(held, 1, now + 600_000, "The receiver failed."));
        await Queue(("s", "c"), ("t", "d"));
        Assert.Equal(("d", 1), await _queue.Next());
        gate.SetResult();
        await Stored($"due = {now + 600_000} and attempts = 1 and fault = 'The receiver failed.'", 1);
        Assert.False(_queue.HasMore);
        _server.Time.Advance(TimeSpan.FromMinutes(10));
        await Grain.Wake();
        Assert.Equal([("b", 2), ("c", 1)], new[] { await _queue.Next(), await _queue.Next() });
        await Gone();
    }

    private const string PutOff = "p.queue = 'test' and p.parked_instant is null and p.due > 0";

    private async Task<long> Waiting(string condition = "") => (await Store.Query(
        $"select count(*) as found from outbox where queue = 'test' and parked_instant is null {condition}", row => row.Long("found"), default,
        ("now", _server.Time.UtcNow.ToUnixTimeMilliseconds())))[0];

    [Fact]
    public async Task What_comes_while_the_queue_rests_goes_when_the_rest_is_over_and_wakes_nobody_before()
    {
        _queue.Answer = (item, _) => Task.FromResult<OutboxVerdict>(item.Subject == "s" ? new OutboxVerdict.Untouched { Rest = TimeSpan.FromMinutes(10) } : Done);
        await Queue(("s", "a"));
        Assert.Equal(("a", 1), await _queue.Next());
        await Rests();
        for (var i = 0; i < 5; i++) await Queue(($"t{i}", "b"));
        _server.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(_queue.HasMore);

        _queue.Answer = (_, _) => Task.FromResult(Done);
        _server.Time.Advance(TimeSpan.FromMinutes(1));
        await Gone();
        Assert.Equal(6, _queue.Delivered.Count());
    }

    /// <summary>Such as where the call that was to wake it failed. The end of the rest is none of the instants at which the net is cast.</summary>
    [Fact]
    public async Task An_alarm_for_an_instant_within_a_rest_does_not_take_the_place_of_its_end()
    {
        var rest = TimeSpan.FromSeconds(585);
        _queue.Answer = (_, _) => Task.FromResult<OutboxVerdict>(new OutboxVerdict.Untouched { Rest = rest });
        await Queue(("s", "a"));
        Assert.Equal(("a", 1), await _queue.Next());
        await Rests();
        _server.Services.GetRequiredService<OutboxBell>().RingAt("test", _server.Time.UtcNow.AddSeconds(5).ToUnixTimeMilliseconds());
        _queue.Answer = (_, _) => Task.FromResult(Done);
        _server.Time.Advance(rest);
        await Gone();
    }

    [Fact]
    public async Task Whoever_ends_a_rest_need_not_wait_for_its_end()
    {
        _queue.Answer = (_, _) => Task.FromResult<OutboxVerdict>(new OutboxVerdict.Untouched { Rest = TimeSpan.FromDays(1) });
        await Queue(("s", "a"));
        Assert.Equal(("a", 1), await _queue.Next());
        await Rests();
        _queue.Answer = (_, _) => Task.FromResult(Done);
        await Grain.Resume();
        await Gone();
        await Queue(("s", "b"));
        Assert.Equal(("a", 1), await _queue.Next());
        Assert.Equal(("b", 1), await _queue.Next());
    }

    /// <summary>Waits until the queue's rest has begun: then its bell is still.</summary>
    private async Task Rests()
    {
        var bell = _server.Services.GetRequiredService<OutboxBell>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!bell.Rests("test"))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
