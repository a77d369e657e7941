using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using OrleansAuth.Storage;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

/// <summary>
/// Any number of receivers from one to nine, whatever they answer, in whatever order: the operation is committed if and only if as many
/// agreed as its transaction wants, it is decided with the answer that makes it certain, and once.
/// </summary>
public sealed class TransactionPropertyTests : IAsyncLifetime
{
    private const int Most = 9;

    private static readonly TransactionType[] Types = [TransactionType.Any, TransactionType.SimpleMajority, TransactionType.SuperMajority, TransactionType.AbsoluteMajority];

    /// <summary>Types that are configured with one transaction type each, so that one tenant serves all draws of its size.</summary>
    private static readonly string[] Events = [EventTypes.UserCreate, EventTypes.UserUpdate, EventTypes.UserDelete, EventTypes.UserReactivate];

    private readonly ConcurrentDictionary<Guid, Draw> _draws = new();
    private readonly List<AskedTenant> _tenants = [];
    private TransactionWorld _world = null!;

    /// <summary>What a receiver does: takes it, refuses it with a status, or says nothing until the decision is made.</summary>
    private enum Says { Yes, No, Nothing }

    public async Task InitializeAsync()
    {
        _world = await TransactionWorld.Start();
        for (var size = 1; size <= Most; size++) _tenants.Add(await _world.Tenant(size, [.. Events.Zip(Types)]));
        // What is still owed when a draw is over is taken by everybody.
        _world.Receivers.Answer = asked => _draws.TryGetValue((Guid)asked.Event["draw"]!, out var draw) ? draw.Answer(asked.Receiver) : Task.FromResult(200);
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public void An_operation_is_committed_if_and_only_if_enough_receivers_agreed()
    {
        var receivers = Gen.Choose(1, Most).SelectMany(size => Gen.ArrayOf(Gen.Frequency((4, Gen.Constant(Says.Yes)), (3, Gen.Constant(Says.No)), (1, Gen.Constant(Says.Nothing))), size));
        var draws = receivers.SelectMany(says => Gen.Shuffle(Enumerable.Range(0, says.Length).ToArray()).SelectMany(order => Gen.Choose(0, Types.Length - 1).Select(type => new Draw(says, order, type))));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(draws.ToArbitrary(), Verify));
    }

    /// <summary>Properties are not asynchronous.</summary>
    private void Verify(Draw draw) => Holds(draw).GetAwaiter().GetResult();

    private async Task Holds(Draw draw)
    {
        var (thing, tenant) = (Guid.NewGuid(), _tenants[draw.Says.Length - 1]);
        _draws[draw.Id] = draw;
        var operation = _world.Operate(tenant, thing, new JsonObject { ["draw"] = draw.Id }, Events[draw.Type]);
        var told = (await _world.Receivers.Got(asked => (Guid?)asked.Event["draw"] == draw.Id)).Id;

        // One answer after the other, each counted before the next is given.
        var (yes, no, certain) = (0, 0, (bool?)null);
        foreach (var receiver in draw.Order.Where(receiver => draw.Says[receiver] != Says.Nothing).TakeWhile(_ => certain is null))
        {
            draw.Release(receiver);
            await _world.Watch.Reached(FaultPoint.Reported, told, yes + no + 1);
            if (draw.Says[receiver] == Says.Yes) yes++;
            else no++;
            certain = Majority.Certain(Types[draw.Type], yes, no, draw.Says.Length);
        }

        // Only time decides for those who say nothing.
        if (certain is null) _world.Server.Time.Advance(TimeSpan.FromSeconds(22));
        var committed = await operation is CommitResult.Committed;
        var expected = Majority.IsReached(Types[draw.Type], yes, draw.Says.Length);
        draw.ReleaseAll();

        Assert.Equal(expected, committed);
        Assert.Equal(expected, await _world.Exists(thing));
        Assert.Equal(expected ? "Succeeded" : "Failed", await _world.Result(thing));
        Assert.Equal(expected ? 1 : 0, _world.Watch.Times(FaultPoint.Committed, told));
        Assert.Equal(expected ? 0 : 1, _world.Watch.Times(FaultPoint.Failed, told));
        if (!expected) Assert.Empty(await _world.Owed(told));
        _draws.TryRemove(draw.Id, out _);
    }

    /// <param name="Order">In which the receivers answer.</param>
    /// <param name="Type">Of <see cref="Types"/>.</param>
    private sealed record Draw(Says[] Says, int[] Order, int Type)
    {
        private readonly TaskCompletionSource[] _released = [.. Says.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

        public Guid Id { get; } = Guid.NewGuid();

        public async Task<int> Answer(int receiver)
        {
            await _released[receiver].Task;
            return Says[receiver] == TransactionPropertyTests.Says.No ? 422 : 200;
        }

        public void Release(int receiver) => _released[receiver].TrySetResult();

        public void ReleaseAll()
        {
            foreach (var released in _released) released.TrySetResult();
        }

        public override string ToString() => $"{Types[Type]}: {string.Join(", ", Says)} in the order {string.Join(", ", Order)}";
    }
}
