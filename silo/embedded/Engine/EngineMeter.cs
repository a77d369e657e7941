using System.Diagnostics.Metrics;

namespace Orleans;

/// <summary>How many grains live in this process, under the name that Microsoft Orleans has for it.</summary>
internal sealed class EngineMeter : IDisposable
{
    private readonly Meter _meter = new("Microsoft.Orleans");

    public EngineMeter(GrainEngine engine) => _meter.CreateObservableGauge(
        "orleans-catalog-activations", () => engine.ActivationCount, "{activation}", "Grains that are live in this process.");

    public void Dispose() => _meter.Dispose();
}
