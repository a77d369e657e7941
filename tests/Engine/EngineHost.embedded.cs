using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansAuth.Common;

namespace OrleansAuth.Engine;

/// <summary>An engine with the test grains. Time stands still unless a test moves it, so nothing times out by chance.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private EngineHost(ServiceProvider services) => _services = services;

    public ManualTime Time { get; private init; } = new();

    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    /// <summary>What test grains tell the test about themselves.</summary>
    public Witness Witness => _services.GetRequiredService<Witness>();

    internal GrainEngine Engine => _services.GetRequiredService<GrainEngine>();

    public static async Task<EngineHost> Start(ManualTime? time = null, IReminderTable? reminders = null, Action<EmbeddedOptions>? configure = null)
    {
        time ??= new ManualTime();
        var services = new ServiceCollection().AddSingleton<Witness>().AddEmbeddedGrains(o =>
        {
            o.Assemblies.Add(typeof(EngineHost).Assembly);
            o.Time = time;
            o.CollectionPeriod = TimeSpan.FromHours(1);
            configure?.Invoke(o);
        });
        if (reminders is not null) services.AddSingleton(reminders);
        var host = new EngineHost(services.BuildServiceProvider()) { Time = time };
        await host._services.GetRequiredService<IHostedService>().StartAsync(CancellationToken.None);
        return host;
    }

    public Task Stop() => _services.GetRequiredService<IHostedService>().StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        // A test that failed may leave calls behind that never end; they must not hide its message behind a hang.
        using var impatient = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _services.GetRequiredService<IHostedService>().StopAsync(impatient.Token);
        await _services.DisposeAsync();
    }
}
