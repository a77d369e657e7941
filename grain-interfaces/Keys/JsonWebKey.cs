using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansAuth.Keys;

/// <summary>Public keys as JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037).</summary>
public static class JsonWebKey
{
    /// <summary>Writes the public half as one JSON object. Nothing is written for secrets: they are never published.</summary>
    /// <returns>False for a key without a public half.</returns>
    public static bool Write(Utf8JsonWriter json, KeyMaterial key)
    {
        if (!key.Algorithm.IsAsymmetric()) return false;
        json.WriteStartObject();
        json.WriteString("alg", key.Algorithm.JoseName());
        foreach (var (name, value) in Members(key.Algorithm, PemBlock.Read(key.Parts.PublicKey!)!.Data))
            json.WriteString(name, value);
        json.WriteString("kid", key.Kid);
        json.WriteString("use", "sig");
        if (key.X509 is { } certificate)
        {
            json.WriteStartArray("x5c");
            json.WriteBase64StringValue(certificate.RawDataMemory.Span);
            json.WriteEndArray();
            json.WriteString("x5t", key.Certificate!.Sha1Thumbprint);
            json.WriteString("x5t#S256", key.Certificate.Sha256Thumbprint);
        }

        json.WriteEndObject();
        return true;
    }

    /// <summary>The same as text; null for a key without a public half.</summary>
    public static string? ToJson(KeyMaterial key)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            if (!Write(json, key)) return null;
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The SHA-256 thumbprint of RFC 7638, which serves as the id of keys that nobody named.</summary>
    internal static string Thumbprint(KeyAlgorithm algorithm, ReadOnlyMemory<byte> spki)
    {
        var members = Members(algorithm, spki).OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => $"\"{m.Name}\":\"{m.Value}\"");
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}")));
    }

    private static (string Name, string Value)[] Members(KeyAlgorithm algorithm, ReadOnlyMemory<byte> spki)
    {
        switch (algorithm.Type())
        {
            case KeyType.RSA:
                using (var rsa = RSA.Create())
                {
                    rsa.ImportSubjectPublicKeyInfo(spki.Span, out _);
                    var parameters = rsa.ExportParameters(false);
                    return [("e", Encode(parameters.Exponent!)), ("kty", "RSA"), ("n", Encode(parameters.Modulus!))];
                }

            case KeyType.EC:
                using (var ec = ECDsa.Create())
                {
                    ec.ImportSubjectPublicKeyInfo(spki.Span, out _);
                    var point = ec.ExportParameters(false).Q;
                    return [("crv", algorithm.Curve().Name), ("kty", "EC"), ("x", Encode(point.X!)), ("y", Encode(point.Y!))];
                }

            default:
                Ed25519Pem.TryReadPublic(spki, out var key);
                return [("crv", "Ed25519"), ("kty", "OKP"), ("x", Encode(key))];
        }
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
