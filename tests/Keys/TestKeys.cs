using System.Collections.Concurrent;

namespace OrleansAuth.Keys;

/// <summary>Two different generated keys for each algorithm, made once: RSA keys take a while, and tests only read them.</summary>
internal static class TestKeys
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly ConcurrentDictionary<(KeyAlgorithm, int), Lazy<KeyMaterial>> Keys = new();

    public static KeyMaterial One(KeyAlgorithm algorithm) => Get(algorithm, 1);

    public static KeyMaterial Other(KeyAlgorithm algorithm) => Get(algorithm, 2);

    private static KeyMaterial Get(KeyAlgorithm algorithm, int number) =>
        Keys.GetOrAdd((algorithm, number), _ => new(() => KeyGenerator.Generate(algorithm, Now).Key!)).Value;
}
