using FsCheck;
using FsCheck.Fluent;
using OrleansAuth.Tenants;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Events;

/// <summary>How many must agree, at every size that can be counted on fingers, and when the outcome is certain.</summary>
public sealed class MajorityTests
{
    [Theory]
    [InlineData(TransactionType.None, 3, 0)]
    [InlineData(TransactionType.Any, 1, 1)]
    [InlineData(TransactionType.Any, 9, 1)]
    [InlineData(TransactionType.SimpleMajority, 1, 1)]
    [InlineData(TransactionType.SimpleMajority, 2, 1)]
    [InlineData(TransactionType.SimpleMajority, 3, 2)]
    [InlineData(TransactionType.SimpleMajority, 4, 2)]
    [InlineData(TransactionType.SimpleMajority, 5, 3)]
    [InlineData(TransactionType.SuperMajority, 1, 1)]
    [InlineData(TransactionType.SuperMajority, 2, 2)]
    [InlineData(TransactionType.SuperMajority, 3, 2)]
    [InlineData(TransactionType.SuperMajority, 4, 3)]
    [InlineData(TransactionType.SuperMajority, 6, 4)]
    [InlineData(TransactionType.SuperMajority, 7, 5)]
    [InlineData(TransactionType.SuperMajority, 100, 67)]
    [InlineData(TransactionType.AbsoluteMajority, 1, 1)]
    [InlineData(TransactionType.AbsoluteMajority, 9, 9)]
    public void So_many_are_enough_and_one_fewer_is_not(TransactionType type, int asked, int enough)
    {
        Assert.True(Majority.IsReached(type, enough, asked));
        if (enough > 0) Assert.False(Majority.IsReached(type, enough - 1, asked));
    }

    [Theory]
    [InlineData(TransactionType.None)]
    [InlineData(TransactionType.Any)]
    [InlineData(TransactionType.SimpleMajority)]
    [InlineData(TransactionType.SuperMajority)]
    [InlineData(TransactionType.AbsoluteMajority)]
    public void Where_nobody_is_asked_nobody_refuses(TransactionType type) => Assert.True(Majority.IsReached(type, 0, 0));

    [Fact]
    public void What_is_certain_stays_and_is_said_no_later_than_when_it_is()
    {
        var votes = Gen.Choose(1, 9).SelectMany(n => Gen.ArrayOf(Gen.Elements(true, false), n));
        var types = Gen.Elements(TransactionType.Any, TransactionType.SimpleMajority, TransactionType.SuperMajority, TransactionType.AbsoluteMajority);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(votes.SelectMany(all => types.Select(type => (All: all, Type: type))).ToArbitrary(), drawn =>
        {
            var (all, type) = drawn;
            var whole = Majority.IsReached(type, all.Count(vote => vote), all.Length);
            for (var heard = 0; heard <= all.Length; heard++)
            {
                var agreed = all.Take(heard).Count(vote => vote);
                var left = all.Length - heard;
                var best = Majority.IsReached(type, agreed + left, all.Length);
                var worst = Majority.IsReached(type, agreed, all.Length);
                Assert.Equal(best == worst ? whole : null, Majority.Certain(type, agreed, heard - agreed, all.Length));
            }
        }));
    }

    [Fact]
    public void A_receiver_counts_once_and_a_stranger_not_at_all()
    {
        var (one, two, stranger, told) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var ballot = new Ballot(TransactionType.AbsoluteMajority, [one, two]);
        ballot.Take(new DeliveryReport(told, one, DeliveryOutcome.Delivered));
        ballot.Take(new DeliveryReport(told, one, DeliveryOutcome.Failed));
        ballot.Take(new DeliveryReport(told, stranger, DeliveryOutcome.Delivered));
        Assert.Null(ballot.Certain);
        Assert.Equal([two], ballot.Missing);

        ballot.Take(new DeliveryReport(told, two, DeliveryOutcome.Delivered));
        Assert.True(ballot.Certain);
        Assert.Equal(2, ballot.Reports.Length);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Failed)]
    [InlineData(DeliveryOutcome.Refused)]
    [InlineData(DeliveryOutcome.Gone)]
    [InlineData(DeliveryOutcome.Held)]
    public void Whoever_did_not_take_the_event_has_not_agreed(DeliveryOutcome outcome)
    {
        var one = Guid.NewGuid();
        var ballot = new Ballot(TransactionType.Any, [one]);
        ballot.Take(new DeliveryReport(Guid.NewGuid(), one, outcome));
        Assert.False(ballot.Certain);
        Assert.False(ballot.IsReached);
    }
}
