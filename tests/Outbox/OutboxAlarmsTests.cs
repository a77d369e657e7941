using OrleansAuth.Common;

namespace OrleansAuth.Outbox;

public class OutboxAlarmsTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    [Fact]
    public void Queues_are_rung_when_their_instants_come_each_once()
    {
        var time = new ManualTime();
        var rung = new List<string>();
        using var alarms = Start(time, rung.Add);
        alarms.Set("later", In(time, 20));
        alarms.Set("soon", In(time, 10));
        time.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.Empty(rung);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["soon"], rung);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["soon", "later"], rung);
    }

    [Fact]
    public void The_last_instant_set_is_the_one_that_counts()
    {
        var time = new ManualTime();
        var rung = new List<string>();
        using var alarms = Start(time, rung.Add);
        alarms.Set("a", In(time, 10));
        alarms.Set("a", In(time, 30));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(rung);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["a"], rung);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(60)]
    public async Task A_leap_of_the_time_while_the_alarm_is_set_makes_it_no_later(int seconds)
    {
        var time = new LeapingTime();
        var rung = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var alarms = Start(time, queue => rung.TrySetResult(queue));
        var instant = In(time, 10);
        time.Leap = TimeSpan.FromSeconds(seconds);
        alarms.Set("a", instant);
        Assert.Null(time.Leap);
        time.Inner.Advance(TimeSpan.FromSeconds(Math.Max(0, 10 - seconds)));
        Assert.Equal("a", await rung.Task.WaitAsync(Wait, TimeProvider.System));
    }

    private static OutboxAlarms Start(TimeProvider time, Action<string> ring)
    {
        var alarms = new OutboxAlarms(new Clock(time));
        alarms.Start(ring);
        return alarms;
    }

    private static long In(TimeProvider time, int seconds) => new Clock(time).Now + (seconds * 1_000);

    /// <summary>Leaps right after somebody looked at the clock.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        public ManualTime Inner { get; } = new();

        public TimeSpan? Leap { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            var now = Inner.GetUtcNow();
            if (Leap is not { } leap) return now;
            Leap = null;
            Inner.Advance(leap);
            return now;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Inner.CreateTimer(callback, state, dueTime, period);
    }
}
