namespace OrleansAuth.Benchmarks;

/// <summary>Posts a body as fast as it can: no store, no order, no signature, no second attempt.</summary>
internal static class BareLoop
{
    public static async Task Post(Uri address, byte[] body, int times, int atOnce)
    {
        using var wire = new Wire(address);
        var left = times;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0) await wire.Post("/", body);
        })));
    }
}
