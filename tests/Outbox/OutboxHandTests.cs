using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

/// <summary>What keeps the order of a subject although the store does not say which entry is its first.</summary>
public class OutboxHandTests
{
    private readonly OutboxHand _hand = new();

    [Fact]
    public void Of_a_subject_one_is_in_hand_and_the_next_is_found_from_the_front_once_it_has_left()
    {
        var (first, second, third, other) = (Row("s", 1), Row("s", 2), Row("s", 4), Row("t", 3));
        Found(true, first, second, other);
        Assert.Equal([first, other], Ready());
        Assert.Equal((2, 0), (_hand.Count, _hand.Ready));
        Assert.True(_hand.Leave(first.Id, "s"));
        Found(false, third);
        Assert.Empty(Ready());
        Found(true, second, other, third);
        Assert.Equal([second], Ready());
    }

    /// <summary>Nothing of it was passed over.</summary>
    [Fact]
    public void A_read_that_goes_on_finds_the_next_of_a_subject_whose_first_has_left()
    {
        var (first, second) = (Row("s", 1), Row("s", 2));
        Found(true, first);
        Assert.Equal([first], Ready());
        Assert.False(_hand.Leave(first.Id, "s"));
        Found(false, second);
        Assert.Equal([second], Ready());
    }

    [Fact]
    public void What_stays_in_the_store_takes_those_behind_it_along_until_a_read_begins_at_the_front()
    {
        var (first, second, third) = (Row("s", 1), Row("s", 2), Row("s", 9));
        Found(true, first, second);
        Assert.Equal([first], Ready());
        _hand.LetGo(first.Id, "s");
        Assert.Equal(0, _hand.Count);
        Assert.Equal(["s"], _hand.Aside);
        Found(false, third);
        Assert.Empty(Ready());
        Found(true, second, third);
        Assert.Equal([second], Ready());
    }

    /// <summary>The read saw it, and then its end was stored.</summary>
    [Fact]
    public void What_leaves_while_it_is_being_read_is_not_taken_again()
    {
        var (first, second) = (Row("s", 1), Row("s", 2));
        Found(true, first);
        Assert.Equal([first], Ready());
        _hand.BeginRead(atFront: true);
        _hand.Leave(first.Id, "s");
        Assert.False(_hand.Take(first));
        Assert.True(_hand.Take(second));
        _hand.EndRead();
        Assert.Equal([second], Ready());
    }

    /// <summary>The read found the second, since nothing before it had been put off yet.</summary>
    [Fact]
    public void What_is_put_off_while_the_store_is_read_lets_nothing_pass()
    {
        var (first, second) = (Row("s", 1), Row("s", 2));
        Found(true, first);
        Assert.Equal([first], Ready());
        _hand.BeginRead(atFront: true);
        _hand.LetGo(first.Id, "s");
        Assert.False(_hand.Take(second));
        _hand.EndRead();
        Assert.Empty(Ready());
    }

    /// <summary>Those between were not found while it was in the store, and a read that goes on does not see them any more.</summary>
    [Fact]
    public void Behind_what_had_been_put_off_nothing_is_taken_but_from_the_front()
    {
        var (first, between, last) = (Row("s", 1) with { IsPutOff = true }, Row("s", 2), Row("s", 9));
        Found(true, first);
        Assert.Equal([first], Ready());
        Assert.True(_hand.Leave(first.Id, "s"));
        Found(false, last);
        Assert.Empty(Ready());
        Found(true, between, last);
        Assert.Equal([between], Ready());
    }

    /// <summary>A long row of one subject is not read over and over.</summary>
    [Fact]
    public void What_was_passed_over_is_not_looked_for_while_its_first_is_in_hand()
    {
        var (first, second) = (Row("s", 1), Row("s", 2));
        Found(true, first, second);
        Found(true);
        Assert.Equal(["s"], _hand.Aside);
        _hand.Leave(first.Id, "s");
        Found(true);
        Assert.Empty(_hand.Aside);
    }

    [Fact]
    public void What_is_not_begun_is_laid_down_and_what_is_begun_is_not()
    {
        var (first, second, other) = (Row("s", 1), Row("s", 2), Row("t", 3));
        Found(true, first);
        Assert.Equal([first], Ready());
        Found(true, other);
        _hand.LayDown();
        Assert.Equal((1, 0), (_hand.Count, _hand.Ready));
        Found(true, first, second, other);
        Assert.Equal([other], Ready());
    }

    private static OutboxRow Row(string subject, long number) => new(Guid.NewGuid(), subject, null, 0, [], 0) { Sequence = number };

    private void Found(bool atFront, params ReadOnlySpan<OutboxRow> rows)
    {
        _hand.BeginRead(atFront);
        foreach (var row in rows) _hand.Take(row);
        _hand.EndRead();
    }

    /// <summary>Those that may be delivered, which then are being.</summary>
    private List<OutboxRow> Ready()
    {
        var ready = new List<OutboxRow>();
        while (_hand.TryTakeReady(out var row)) ready.Add(row);
        return ready;
    }
}
