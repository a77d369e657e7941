using System.Diagnostics;
using OrleansAuth.Common;

namespace OrleansAuth.Recovery;

[Collection(Undisturbed.Name)]
public sealed class RecoveryTimeTests
{
    private const int Samples = 200;

    /// <summary>As attack 40 has it: the medians differ by less than 5 ms.</summary>
    [Fact]
    public async Task Names_that_somebody_has_and_names_that_nobody_has_take_the_same_time()
    {
        await using var world = await RecoveryWorld.New();
        for (var i = 0; i < 20; i++) await world.Ask(i % 2 == 0 ? world.Email : "nobody@example.com");
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < Samples; i++)
        {
            known.Add(await Time(world, world.Email));
            unknown.Add(await Time(world, $"nobody{i}@example.com"));
        }

        Assert.True(Math.Abs(Median(known) - Median(unknown)) < 5, $"{Median(known)} ms and {Median(unknown)} ms");
    }

    private static async Task<double> Time(RecoveryWorld world, string name)
    {
        var watch = Stopwatch.StartNew();
        (await world.Ask(name)).Is(200);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static double Median(List<double> samples) => samples.Order().ElementAt(samples.Count / 2);
}
