namespace OrleansAuth.Webhooks;

/// <summary>The circuit by itself: it takes the time and the chance, so every step is exact.</summary>
public sealed class CircuitTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Five_failures_in_a_row_open_it_and_four_do_not()
    {
        var circuit = Fail(Circuit.Closed, 4);
        Assert.Null(circuit.Wait(Noon));
        circuit = Fail(circuit, 1);
        Assert.True(circuit.IsOpen);
        Assert.True(circuit.HasJustOpened);
        Assert.Equal(Circuit.FirstPause, circuit.Wait(Noon));
    }

    [Fact]
    public void When_the_pause_is_over_one_goes_and_the_others_wait_for_how_it_ends()
    {
        var circuit = Fail(Circuit.Closed, 5);
        var later = Noon + Circuit.FirstPause;
        Assert.Null(circuit.Wait(later));
        circuit = circuit.Begun();
        Assert.Equal(TimeSpan.FromSeconds(1), circuit.Wait(later));
        Assert.Null(circuit.Abandoned().Wait(later));
    }

    [Fact]
    public void Each_probe_that_fails_doubles_the_pause_up_to_ten_minutes()
    {
        var (circuit, now) = (Fail(Circuit.Closed, 5), Noon);
        var pauses = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            var pause = circuit.Wait(now)!.Value;
            pauses.Add(pause.TotalSeconds);
            now += pause;
            circuit = circuit.Begun().Failed(wasProbe: true, null, now, 0);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 600, 600], pauses);
    }

    [Fact]
    public void Chance_shortens_a_pause_by_up_to_half() => Assert.Equal(Circuit.FirstPause / 2, Fail(Circuit.Closed, 5, chance: 1).Wait(Noon));

    [Fact]
    public void What_was_on_its_way_when_it_opened_says_nothing_new()
    {
        var circuit = Fail(Circuit.Closed, 5);
        Assert.Equal(circuit, Fail(circuit, 20));
    }

    [Fact]
    public void Who_asks_to_be_left_alone_is_left_alone_at_once_but_no_longer_than_a_day()
    {
        Assert.Equal(TimeSpan.FromMinutes(7), Circuit.Closed.Failed(false, TimeSpan.FromMinutes(7), Noon, 0).Wait(Noon));
        Assert.Equal(TimeSpan.FromDays(1), Circuit.Closed.Failed(false, TimeSpan.FromDays(300), Noon, 0).Wait(Noon));
    }

    private static Circuit Fail(Circuit circuit, int times, double chance = 0) =>
        Enumerable.Range(0, times).Aggregate(circuit, (at, _) => at.Failed(wasProbe: false, null, Noon, chance));
}
