using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OrleansAuth.Keys;

/// <summary>Keys and signatures that another implementation made; the file says which, and make-vectors.mjs makes others.</summary>
internal static class KeyVectors
{
    public static KeyVectorFile File { get; } = Read();

    public static KeyVector Of(KeyAlgorithm algorithm) => File.Keys.Single(k => k.Algorithm == algorithm.ToString());

    private static KeyVectorFile Read([CallerFilePath] string here = "")
    {
        var text = System.IO.File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "key-vectors.json"));
        return JsonSerializer.Deserialize<KeyVectorFile>(text, JsonSerializerOptions.Web)!;
    }
}

internal sealed record KeyVectorFile(IReadOnlyList<Ed25519Vector> Ed25519, IReadOnlyList<KeyVector> Keys, IReadOnlyDictionary<string, KeyVector> Refused);

internal sealed record Ed25519Vector(string Seed, string PublicKey, string PrivatePem, string PublicPem, string Data, string Signature);

internal sealed record KeyVector(
    string Algorithm, string? PrivateKey, string? PublicKey, string? Spki, IReadOnlyDictionary<string, string>? Jwk, string? Thumbprint, string? Jws, string? Secret);
