namespace OrleansAuth.Benchmarks;

/// <summary>The least that a grain can do: what is measured is the call.</summary>
[Alias("benchmark.counting")]
public interface ICountingGrain : IGrainWithStringKey
{
    /// <summary>Counts one more call and returns how many there were.</summary>
    [Alias("count")]
    Task<long> Count();
}

[GrainType("benchmark.counting")]
internal sealed class CountingGrain : Grain, ICountingGrain
{
    private long _count;

    public Task<long> Count() => Task.FromResult(++_count);
}

internal static class CountingGrainKeys
{
    /// <summary>The only place that knows how the key is written.</summary>
    public static ICountingGrain Counting(this IGrainFactory grains, string name) => grains.GetGrain<ICountingGrain>(name);
}
