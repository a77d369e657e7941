namespace OrleansAuth.Common;

public class OrderedIdTests
{
    private const long Noon = 1_794_000_000_000;

    [Fact]
    public void Ids_of_one_millisecond_sort_as_they_were_made_in_both_databases_orders()
    {
        var made = Enumerable.Range(0, 3_000).Select(_ => OrderedId.New(Noon)).ToList();
        Assert.Equal(made, made.OrderBy(id => id.ToString("N"), StringComparer.Ordinal));
        Assert.Equal(made.Count, made.Distinct().Count());
    }

    [Fact]
    public void A_later_instant_sorts_behind_whatever_was_made_before_and_an_earlier_one_before()
    {
        var (before, noon, after) = (OrderedId.New(Noon - 1), OrderedId.New(Noon), OrderedId.New(Noon + 1));
        var late = OrderedId.New(Noon - 1);
        Assert.Equal([before, noon, after], new[] { after, noon, before }.Order());
        Assert.True(late < noon);
    }

    [Fact]
    public void An_id_is_one_of_version_7_and_tells_its_instant()
    {
        var id = OrderedId.New(Noon);
        Assert.Equal((7, 8), (id.Version, id.Variant & 0xC));
        Assert.Equal(Noon, OrderedId.InstantOf(id));
        Assert.Equal(Noon, OrderedId.InstantOf(Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(Noon))));
    }

    [Fact]
    public void The_first_of_an_instant_divides_it_from_the_one_before()
    {
        Assert.True(OrderedId.New(Noon - 1) < OrderedId.First(Noon));
        Assert.True(OrderedId.First(Noon) < OrderedId.New(Noon));
        Assert.True(OrderedId.First(Noon) < Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(Noon)));
        Assert.Equal((Guid.Empty, OrderedId.First((1L << 48) - 1)), (OrderedId.First(long.MinValue), OrderedId.First(long.MaxValue)));
    }

    [Fact]
    public void Many_at_once_get_an_id_each_even_where_the_counter_ends()
    {
        var made = new Guid[20_000];
        Parallel.For(0, made.Length, i => made[i] = OrderedId.New(Noon));
        Assert.Equal(made.Length, made.Distinct().Count());
        Assert.All(made, id => Assert.Equal(Noon, OrderedId.InstantOf(id)));
    }

    [Fact]
    public void An_instant_before_1970_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => OrderedId.New(-1));
}
