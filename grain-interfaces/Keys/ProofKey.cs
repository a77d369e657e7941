using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansAuth.Keys;

/// <summary>
/// A public key that a client shows in a header to prove that it has the private one (RFC 9449, section 4.2). Nobody vouches
/// for it; all that counts is that it is the same one again.
/// </summary>
public sealed class ProofKey
{
    private const int FewestRsaBits = 2048;

    /// <summary>Larger keys only cost time.</summary>
    private const int MostRsaBits = 4096;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private readonly KeyAlgorithm _algorithm;
    private readonly Func<byte[], byte[], bool> _verify;

    private ProofKey(KeyAlgorithm algorithm, string canonical, Func<byte[], byte[], bool> verify)
    {
        (_algorithm, _verify) = (algorithm, verify);
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
    }

    /// <summary>SHA-256 of the key's required members (RFC 7638), base64url.</summary>
    public string Thumbprint { get; }

    /// <summary>What <c>alg</c> may say; symmetric algorithms and <c>none</c> are not among it.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "EdDSA"];

    /// <summary>The key of a JSON Web Key, or null where it does not fit the algorithm, is too weak, or holds private members.</summary>
    /// <param name="jwk">An object.</param>
    /// <param name="algorithm">The <c>alg</c> of the header beside it.</param>
    public static ProofKey? TryRead(JsonElement jwk, string algorithm)
    {
        if (PrivateMembers.Any(name => jwk.TryGetProperty(name, out _))) return null;
        if (jwk.TryGetProperty("alg", out _) && Text(jwk, "alg") is var own && own != algorithm && !(own is "Ed25519" && algorithm is "EdDSA")) return null;
        try
        {
            return algorithm switch
            {
                "ES256" => Ec(jwk, KeyAlgorithm.ES256),
                "ES384" => Ec(jwk, KeyAlgorithm.ES384),
                "ES512" => Ec(jwk, KeyAlgorithm.ES512),
                "RS256" => Rsa(jwk, KeyAlgorithm.RS256),
                "RS384" => Rsa(jwk, KeyAlgorithm.RS384),
                "RS512" => Rsa(jwk, KeyAlgorithm.RS512),
                "EdDSA" or "Ed25519" => Edwards(jwk),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            // The members read well, and the platform refuses what they say: a point that is not on its curve.
            return null;
        }
    }

    /// <summary>True if the signature of the compact token is this key's.</summary>
    public bool Signed(string token)
    {
        var last = token.LastIndexOf('.');
        if (last <= 0 || !Ascii.IsValid(token) || Decode(token[(last + 1)..]) is not { } signature) return false;
        try
        {
            return _verify(Encoding.ASCII.GetBytes(token[..last]), signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Names algorithm and thumbprint.</summary>
    public override string ToString() => $"{_algorithm} proof key {Thumbprint}";

    private static ProofKey? Ec(JsonElement jwk, KeyAlgorithm algorithm)
    {
        var (curve, name, bits) = algorithm.Curve();
        var size = (bits + 7) / 8;
        if (Text(jwk, "kty") != "EC" || Text(jwk, "crv") != name) return null;
        if (Bytes(jwk, "x") is not { } x || Bytes(jwk, "y") is not { } y || x.Length != size || y.Length != size) return null;
        var parameters = new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } };
        using (ECDsa.Create(parameters))
        {
            // Made once to see that it can be: a bad key is refused before its signature is looked at.
        }

        return new ProofKey(algorithm, $"{{\"crv\":\"{name}\",\"kty\":\"EC\",\"x\":\"{Encode(x)}\",\"y\":\"{Encode(y)}\"}}", (data, signature) =>
        {
            using var key = ECDsa.Create(parameters);
            return signature.Length == 2 * size && key.VerifyData(data, signature, algorithm.Hash(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        });
    }

    private static ProofKey? Rsa(JsonElement jwk, KeyAlgorithm algorithm)
    {
        if (Text(jwk, "kty") != "RSA" || Bytes(jwk, "n") is not { } modulus || Bytes(jwk, "e") is not { Length: <= 4 } exponent) return null;
        // One key has one spelling: no zeros in front (RFC 7518, section 2).
        if (modulus.Length == 0 || modulus[0] == 0 || exponent.Length == 0 || exponent[0] == 0 || (exponent[^1] & 1) == 0 || exponent is [1]) return null;
        var bits = (modulus.Length * 8) - System.Numerics.BitOperations.LeadingZeroCount((uint)modulus[0]) + 24;
        if (bits is < FewestRsaBits or > MostRsaBits) return null;
        var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        return new ProofKey(algorithm, $"{{\"e\":\"{Encode(exponent)}\",\"kty\":\"RSA\",\"n\":\"{Encode(modulus)}\"}}", (data, signature) =>
        {
            using var key = RSA.Create(parameters);
            return signature.Length == modulus.Length && key.VerifyData(data, signature, algorithm.Hash(), RSASignaturePadding.Pkcs1);
        });
    }

    private static ProofKey? Edwards(JsonElement jwk)
    {
        if (Text(jwk, "kty") != "OKP" || Text(jwk, "crv") != "Ed25519" || Bytes(jwk, "x") is not { Length: Ed25519.PublicKeySize } key || !Ed25519.IsPublicKey(key)) return null;
        return new ProofKey(KeyAlgorithm.Ed25519, $"{{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"{Encode(key)}\"}}", (data, signature) =>
            signature.Length == Ed25519.SignatureSize && Ed25519.Verify(key, data, signature));
    }

    private static byte[]? Bytes(JsonElement jwk, string name) => Text(jwk, name) is { Length: <= 1024 } text ? Decode(text) : null;

    /// <summary>One value has one spelling.</summary>
    private static byte[]? Decode(string text) => Base64Url.IsValid(text) && Base64Url.DecodeFromChars(text) is var bytes && text == Encode(bytes) ? bytes : null;

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private static string? Text(JsonElement value, string name) => value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
