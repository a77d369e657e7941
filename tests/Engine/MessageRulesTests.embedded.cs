using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansAuth.Engine;

/// <summary>Orleans refuses to compile some of these, so its build has to believe the other one.</summary>
public sealed class MessageRulesTests
{
    [Fact]
    public void Good_messages_and_interfaces_break_no_rule() =>
        Assert.Empty(MessageRules.Violations([typeof(Good), typeof(GoodGeneric<>), typeof(IGood), typeof(GoodStruct), typeof(GoodKind)]));

    [Theory]
    [InlineData(typeof(NoImmutable), "lacks [Immutable]")]
    [InlineData(typeof(NoAlias), "lacks [Alias]")]
    [InlineData(typeof(NotARecord), "is not a sealed record")]
    [InlineData(typeof(NotSealed), "is not a sealed record")]
    [InlineData(typeof(WithSetter), "can be changed through Name")]
    [InlineData(typeof(WithoutId), "has Name without [Id]")]
    [InlineData(typeof(SameIds), "the [Id] 0 of")]
    [InlineData(typeof(WithField), "has the field Name")]
    [InlineData(typeof(WithList), "neither a message nor an allowed leaf")]
    [InlineData(typeof(WithArray), "neither a message nor an allowed leaf")]
    [InlineData(typeof(WithInterface), "neither a message nor an allowed leaf")]
    [InlineData(typeof(WithJson), "neither a message nor an allowed leaf")]
    [InlineData(typeof(WithNestedList), "neither a message nor an allowed leaf")]
    [InlineData(typeof(WithLocalTime), "neither a message nor an allowed leaf")]
    [InlineData(typeof(Hidden), "is nested and private")]
    [InlineData(typeof(INoAlias), "lacks [Alias]")]
    [InlineData(typeof(INoMethodAlias), "has Do without [Alias]")]
    [InlineData(typeof(ISameMethodAlias), "The alias 'do' is used by")]
    [InlineData(typeof(IBlocking), "instead of Task or ValueTask")]
    [InlineData(typeof(IProperty), "no properties or events")]
    [InlineData(typeof(IStranger), "neither a message nor an allowed leaf")]
    [InlineData(typeof(IStrangeAnswer), "neither a message nor an allowed leaf")]
    public void A_bad_type_is_found(Type bad, string rule) =>
        Assert.Contains(MessageRules.Violations([bad]), v => v.Contains(rule, StringComparison.Ordinal));

    [Fact]
    public void An_alias_used_by_two_types_is_found() =>
        Assert.Contains(MessageRules.Violations([typeof(Good), typeof(SameAlias)]), v => v.StartsWith("The alias 'good.v1' is used by", StringComparison.Ordinal));

    internal enum GoodKind
    {
        One,
    }

    [Alias("good")]
    internal interface IGood : IGrainWithStringKey
    {
        [Alias("do")] Task Do(Good good, CancellationToken stop = default);

        [Alias("count")] ValueTask<ImmutableArray<GoodGeneric<Good>>> Count(ImmutableDictionary<string, Guid?> of);
    }

    internal interface INoAlias : IGrainWithStringKey;

    [Alias("a")]
    internal interface INoMethodAlias : IGrainWithStringKey
    {
        Task Do();
    }

    [Alias("a")]
    internal interface ISameMethodAlias : IGrainWithStringKey
    {
        [Alias("do")] Task Do();

        [Alias("do")] Task DoAgain();
    }

    [Alias("a")]
    internal interface IBlocking : IGrainWithStringKey
    {
        [Alias("do")] int Do();
    }

    [Alias("a")]
    internal interface IProperty : IGrainWithStringKey
    {
        Task Name { get; }
    }

    [Alias("a")]
    internal interface IStranger : IGrainWithStringKey
    {
        [Alias("do")] Task Do(object anything);
    }

    [Alias("a")]
    internal interface IStrangeAnswer : IGrainWithStringKey
    {
        [Alias("do")] Task<List<string>> Do();
    }

    [GenerateSerializer, Immutable, Alias("good.v1")]
    internal sealed record Good(string Name, GoodKind Kind, int? Count = null)
    {
        [Id(0)] public ReadOnlyMemory<byte> Bytes { get; init; }

        [Id(1)] public ImmutableHashSet<Uri> Links { get; init; } = [];

        public bool IsNamed => Name.Length > 0;
    }

    [GenerateSerializer, Immutable, Alias("good.generic.v1`1")]
    internal sealed record GoodGeneric<T>(T Value, ImmutableList<T> More);

    [GenerateSerializer, Immutable, Alias("good.struct.v1")]
    internal readonly record struct GoodStruct(long Number, DateTimeOffset At);

    [GenerateSerializer, Immutable, Alias("good.v1")]
    internal sealed record SameAlias(string Name);

    [GenerateSerializer, Alias("b")]
    internal sealed record NoImmutable(string Name);

    [GenerateSerializer, Immutable]
    internal sealed record NoAlias(string Name);

    [GenerateSerializer, Immutable, Alias("b")]
    internal sealed class NotARecord
    {
        [Id(0)] public string? Name { get; init; }
    }

    [GenerateSerializer, Immutable, Alias("b")]
    internal record NotSealed(string Name);

    internal sealed record Derived(string Name) : NotSealed(Name);

    [GenerateSerializer, Immutable, Alias("b")]
    internal sealed record WithSetter
    {
        [Id(0)] public string? Name { get; set; }
    }

    [GenerateSerializer, Immutable, Alias("b")]
    internal sealed record WithoutId
    {
        public string? Name { get; init; }
    }

    [GenerateSerializer, Immutable, Alias("b")]
    internal sealed record SameIds
    {
        [Id(0)] public string? Name { get; init; }

        [Id(0)] public string? Other { get; init; }
    }

    [GenerateSerializer, Immutable, Alias("b")]
    internal sealed record WithField
    {
        [Id(0)] public readonly string Name = "";
    }

    [GenerateSerializer, Immutable, Alias("b")]
    internal sealed record WithList(List<string> Names);

    [GenerateSerializer, Immutable, Alias("b")]
    internal sealed record WithArray(byte[] Bytes);

    [GenerateSerializer, Immutable, Alias("b")]
    internal sealed record WithInterface(IReadOnlyList<string> Names);

    [GenerateSerializer, Immutable, Alias("b")]
    internal sealed record WithJson(JsonElement Data);

    [GenerateSerializer, Immutable, Alias("b")]
    internal sealed record WithNestedList(ImmutableArray<List<string>> Names);

    [GenerateSerializer, Immutable, Alias("b")]
    internal sealed record WithLocalTime(DateTime At);

    [GenerateSerializer, Immutable, Alias("b")]
    private sealed record Hidden(string Name);
}
