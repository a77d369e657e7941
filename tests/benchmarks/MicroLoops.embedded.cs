using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OrleansAuth.Benchmarks;

internal static partial class MicroLoops
{
    static partial void AddGrainCall(List<MicroLoop> loops) => loops.Add(new("grain call, one at a time", 1, async () =>
    {
        var services = new ServiceCollection()
            .AddEmbeddedGrains(options => options.Assemblies.Add(typeof(CountingGrain).Assembly))
            .BuildServiceProvider();
        await services.GetRequiredService<IHostedService>().StartAsync(CancellationToken.None);
        var grain = services.GetRequiredService<IGrainFactory>().Counting("benchmark");
        return (grain.Count, services);
    }));
}
