using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;
using OrleansAuth.Keys;

namespace OrleansAuth.WebAuthn;

/// <summary>The public key of a passkey: reads it as authenticators write it, keeps it as PEM, checks signatures.</summary>
public sealed class PasskeyKey
{
    private const int FewestRsaBits = 2048;

    /// <summary>Larger keys only cost time.</summary>
    private const int MostRsaBits = 4096;

    private readonly byte[] _spki;

    private PasskeyKey(long algorithm, byte[] spki) => (Algorithm, _spki) = (algorithm, spki);

    /// <summary>What new passkeys may use, best first: numbers of the IANA registry of COSE algorithms. ES256, EdDSA, RS256, ES384, ES512.</summary>
    public static ImmutableArray<long> Offered { get; } = [-7, -8, -257, -35, -36];

    /// <summary>What imported passkeys may use besides: RS384, RS512, PS256, PS384, PS512.</summary>
    private static ImmutableArray<long> Understood { get; } = [.. Offered, -258, -259, -37, -38, -39];

    /// <summary>The number of the algorithm.</summary>
    public long Algorithm { get; }

    /// <summary>SubjectPublicKeyInfo.</summary>
    public string Pem => PemEncoding.WriteString("PUBLIC KEY", _spki);

    /// <summary>Null for a key that is malformed, too weak, or does not fit the algorithm that it names.</summary>
    /// <param name="key">A map: a COSE_Key (RFC 9052, section 7; RFC 9053, section 7).</param>
    public static PasskeyKey? Read(CborValue key)
    {
        if (key.Find(3) is not { Kind: CborKind.Number, Number: var algorithm } || key.Find(1) is not { Kind: CborKind.Number, Number: var type }) return null;
        try
        {
            var spki = (type, algorithm) switch
            {
                (2, -7) => Curve(key, 1, ECCurve.NamedCurves.nistP256, 32),
                (2, -35) => Curve(key, 2, ECCurve.NamedCurves.nistP384, 48),
                (2, -36) => Curve(key, 3, ECCurve.NamedCurves.nistP521, 66),
                (1, -8) => Edwards(key),
                (3, -257 or -258 or -259 or -37 or -38 or -39) => Rsa(key),
                _ => null,
            };
            return spki is null ? null : new PasskeyKey(algorithm, spki);
        }
        catch (CryptographicException)
        {
            // The members read well, and the platform refuses what they say: a point that is not on its curve.
            return null;
        }
    }

    /// <summary>Null for a text that is no key, or none of the algorithm.</summary>
    public static PasskeyKey? Read(string pem, long algorithm)
    {
        if (!Understood.Contains(algorithm) || PemBlock.Read(pem) is not { Label: "PUBLIC KEY" } block) return null;
        try
        {
            return Fits(block.Data, algorithm) ? new PasskeyKey(algorithm, block.Data) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>True if the signature is this key's over the data.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            if (Algorithm == -8) return Ed25519Pem.TryReadPublic(_spki, out var edwards) && Ed25519.Verify(edwards, data, signature);
            if (Algorithm is -7 or -35 or -36)
            {
                using var curve = ECDsa.Create();
                curve.ImportSubjectPublicKeyInfo(_spki, out _);
                return curve.VerifyData(data, signature, Hash, DSASignatureFormat.Rfc3279DerSequence);
            }

            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(_spki, out _);
            return rsa.VerifyData(data, signature, Hash, Algorithm is -37 or -38 or -39 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private HashAlgorithmName Hash => Algorithm switch
    {
        -35 or -258 or -38 => HashAlgorithmName.SHA384,
        -36 or -259 or -39 => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    private static byte[]? Curve(CborValue key, long curve, ECCurve named, int size)
    {
        if (key.Find(-1) is not { Kind: CborKind.Number, Number: var own } || own != curve) return null;
        if (Bytes(key, -2) is not { } x || Bytes(key, -3) is not { } y || x.Length != size || y.Length != size) return null;
        using var read = ECDsa.Create(new ECParameters { Curve = named, Q = new ECPoint { X = x, Y = y } });
        return read.ExportSubjectPublicKeyInfo();
    }

    private static byte[]? Edwards(CborValue key) =>
        key.Find(-1) is { Kind: CborKind.Number, Number: 6 } && Bytes(key, -2) is { Length: Ed25519.PublicKeySize } x && Ed25519.IsPublicKey(x)
            ? PemBlock.Read(Ed25519Pem.WritePublic(x))!.Data
            : null;

    private static byte[]? Rsa(CborValue key)
    {
        if (Bytes(key, -1) is not { Length: > 0 and <= MostRsaBits / 8 } modulus || Bytes(key, -2) is not { Length: > 0 and <= 4 } exponent) return null;
        if (modulus[0] == 0 || exponent[0] == 0) return null;
        using var read = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
        return IsStrong(read) ? read.ExportSubjectPublicKeyInfo() : null;
    }

    private static bool Fits(byte[] spki, long algorithm)
    {
        if (algorithm == -8) return Ed25519Pem.TryReadPublic(spki, out _);
        if (algorithm is -7 or -35 or -36)
        {
            using var curve = ECDsa.Create();
            curve.ImportSubjectPublicKeyInfo(spki, out var read);
            var named = curve.ExportParameters(false).Curve;
            var wanted = algorithm switch { -35 => ECCurve.NamedCurves.nistP384, -36 => ECCurve.NamedCurves.nistP521, _ => ECCurve.NamedCurves.nistP256 };
            return read == spki.Length && named.IsNamed && named.Oid.Value == wanted.Oid.Value;
        }

        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(spki, out var length);
        return length == spki.Length && IsStrong(rsa);
    }

    /// <summary>With the exponent 1 everything is its own signature, and even ones cannot be inverted.</summary>
    private static bool IsStrong(RSA key)
    {
        var exponent = new BigInteger(key.ExportParameters(false).Exponent, isUnsigned: true, isBigEndian: true);
        return key.KeySize is >= FewestRsaBits and <= MostRsaBits && !exponent.IsOne && !exponent.IsEven;
    }

    private static byte[]? Bytes(CborValue key, long name) => key.Find(name) is { Kind: CborKind.Bytes } value ? value.Bytes.ToArray() : null;
}
