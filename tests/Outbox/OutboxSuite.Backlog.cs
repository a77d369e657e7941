using Microsoft.Extensions.DependencyInjection;

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
