using System.Net;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>The budgets of those who guess codes.</summary>
public sealed class GuessLimitsTests
{
    private readonly ManualTime _time = new();
    private readonly GuessLimits _limits;

    public GuessLimitsTests() => _limits = new GuessLimits(new Clock(_time));

    [Fact]
    public void An_address_has_so_many_tries_and_gets_them_back_with_time()
    {
        var address = IPAddress.Parse("192.0.2.1");
        for (var i = 0; i < GuessLimits.PerAddress; i++) Assert.Null(_limits.Charge(address));
        var wait = _limits.Charge(address);
        Assert.NotNull(wait);
        _time.Advance(wait.Value - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(_limits.Charge(address));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_limits.Charge(address));
        Assert.NotNull(_limits.Charge(address));
    }

    [Fact]
    public void A_right_try_costs_nothing()
    {
        for (var i = 0; i < 10 * GuessLimits.Overall; i++)
        {
            Assert.Null(_limits.Charge(IPAddress.Loopback));
            _limits.Refund(IPAddress.Loopback);
        }
    }

    [Fact]
    public void Tries_that_are_under_way_at_once_count_before_they_are_known_to_be_wrong()
    {
        var taken = 0;
        Parallel.For(0, 200, _ =>
        {
            if (_limits.Charge(IPAddress.Loopback) is null) Interlocked.Increment(ref taken);
        });
        Assert.Equal(GuessLimits.PerAddress, taken);
    }

    [Fact]
    public void Many_addresses_together_have_a_limit_too_and_a_household_is_one_address()
    {
        for (var i = 0; i < GuessLimits.PerAddress; i++) Assert.Null(_limits.Charge(IPAddress.Parse($"2001:db8::{i}")));
        Assert.NotNull(_limits.Charge(IPAddress.Parse("2001:db8::ffff")));
        var tries = Enumerable.Range(0, 4 * GuessLimits.Overall).Count(i => _limits.Charge(new IPAddress([10, 0, (byte)(i >> 8), (byte)i])) is null);
        Assert.Equal(GuessLimits.Overall - GuessLimits.PerAddress, tries);
    }
}
