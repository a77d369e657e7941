namespace OrleansAuth.Webhooks;

/// <summary>Who gets in when there is not room for all.</summary>
public sealed class OutgoingGateTests
{
    private readonly Guid _busy = Guid.NewGuid(), _quiet = Guid.NewGuid(), _dead = Guid.NewGuid();

    [Fact]
    public async Task Receivers_take_turns_however_much_each_has_to_get()
    {
        var gate = new OutgoingGate(1, 1);
        var first = await gate.Enter(_busy, default);
        var (second, third, other) = (gate.Enter(_busy, default), gate.Enter(_busy, default), gate.Enter(_quiet, default));
        Leave(first, answered: true);
        Leave(await second, answered: true);
        Leave(await other, answered: true);
        Assert.Equal(_busy, (await third).Receiver);
    }

    [Fact]
    public async Task Those_that_do_not_answer_share_a_part_of_the_room_and_the_living_have_the_rest()
    {
        var gate = new OutgoingGate(4, 2);
        Leave(await gate.Enter(_dead, default), answered: false);
        var inside = new[] { await gate.Enter(_dead, default), await gate.Enter(_dead, default) };
        var waiting = gate.Enter(_dead, default);
        Assert.False(waiting.IsCompleted);
        Leave(await gate.Enter(_quiet, default), answered: true);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(2, gate.Inside);
        Leave(inside[0], answered: true);
        Assert.False((await waiting).IsDoubtful);
        Assert.False((await gate.Enter(_dead, default)).IsDoubtful);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_place()
    {
        var gate = new OutgoingGate(1, 1);
        var first = await gate.Enter(_busy, default);
        using var stop = new CancellationTokenSource();
        var (given, next) = (gate.Enter(_quiet, stop.Token), gate.Enter(_quiet, default));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Leave(first, answered: true);
        Leave(await next, answered: true);
        Assert.Equal(0, gate.Inside);
    }

    [Fact]
    public async Task A_place_is_given_back_once()
    {
        var gate = new OutgoingGate(2, 2);
        var place = await gate.Enter(_busy, default);
        using var other = await gate.Enter(_quiet, default);
        place.Dispose();
        place.Dispose();
        Assert.Equal(1, gate.Inside);
    }

    private static void Leave(OutgoingGate.Pass pass, bool answered)
    {
        pass.Answered = answered;
        pass.Dispose();
    }
}
