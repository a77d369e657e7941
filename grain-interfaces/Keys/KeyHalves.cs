using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansAuth.Keys;

/// <summary>The public and private half of an asymmetric key after reading.</summary>
/// <param name="PublicDer">SubjectPublicKeyInfo.</param>
/// <param name="PrivatePem">PKCS#8, or null for a key that only verifies.</param>
internal sealed record KeyHalves(byte[] PublicDer, string? PrivatePem, int Bits, KeySigner Signer)
{
    /// <summary>Reads the halves that are given and holds them against each other. Returns what is wrong, or null.</summary>
    public static KeyFault? TryRead(KeyParts parts, X509Certificate2? certificate, out KeyHalves? halves)
    {
        halves = null;
        try
        {
            return parts.Algorithm.Type() switch
            {
                KeyType.RSA => ReadPlatform(parts, certificate, () => RSA.Create(), FitsRsa, rsa => OfRsa(parts.Algorithm, rsa, parts.PrivateKey is not null), out halves),
                KeyType.EC => ReadPlatform(parts, certificate, () => ECDsa.Create(), FitsEc, ec => OfEc(parts.Algorithm, ec, parts.PrivateKey is not null), out halves),
                _ => ReadEd25519(parts, certificate, out halves),
            };
        }
        catch (CryptographicException)
        {
            // Reading went well, so the platform refuses the key itself: a curve or size that it does not know.
            return KeyFault.Invalid("algorithm");
        }
    }

    public static KeyHalves OfRsa(KeyAlgorithm algorithm, RSA key, bool hasPrivate)
    {
        var parameters = key.ExportParameters(hasPrivate);
        return new KeyHalves(key.ExportSubjectPublicKeyInfo(), hasPrivate ? key.ExportPkcs8PrivateKeyPem() : null, key.KeySize,
            new RsaSigner(algorithm, key.KeySize, () => RSA.Create(parameters)));
    }

    public static KeyHalves OfEc(KeyAlgorithm algorithm, ECDsa key, bool hasPrivate)
    {
        var parameters = key.ExportParameters(hasPrivate);
        return new KeyHalves(key.ExportSubjectPublicKeyInfo(), hasPrivate ? key.ExportPkcs8PrivateKeyPem() : null, key.KeySize,
            new EcSigner(algorithm, () => ECDsa.Create(parameters)));
    }

    public static KeyHalves OfEd25519(Ed25519PrivateKey? key, byte[] publicKey) => new(
        PemBlock.Read(Ed25519Pem.WritePublic(publicKey))!.Data,
        key is null ? null : Ed25519Pem.WritePrivate(key),
        256,
        new Ed25519Signer(key, publicKey));

    private static KeyFault? ReadPlatform<T>(
        KeyParts parts, X509Certificate2? certificate, Func<T> create, Func<KeyParts, T, KeyFault?> fits, Func<T, KeyHalves> take, out KeyHalves? halves)
        where T : AsymmetricAlgorithm
    {
        halves = null;
        using var fromPrivate = create();
        using var fromPublic = create();
        if (parts.PrivateKey is not null && !TryImport(fromPrivate, parts.PrivateKey, isPrivate: true)) return KeyFault.Invalid("privateKey");
        if (parts.PublicKey is not null && !TryImport(fromPublic, parts.PublicKey, isPrivate: false)) return KeyFault.Invalid("publicKey");
        if (parts is { PrivateKey: null, PublicKey: null } && !TryImport(fromPublic, PublicPem(certificate!), isPrivate: false)) return KeyFault.Mismatch("certificate");

        var key = parts.PrivateKey is not null ? fromPrivate : fromPublic;
        if (fits(parts, key) is { } fault) return fault;
        var spki = key.ExportSubjectPublicKeyInfo();
        if (parts.PublicKey is not null && !spki.AsSpan().SequenceEqual(fromPublic.ExportSubjectPublicKeyInfo())) return KeyFault.Mismatch("publicKey");
        if (certificate is not null && !spki.AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo())) return KeyFault.Mismatch("certificate");
        var read = take(key);
        if (parts.PrivateKey is not null && !IsPair(read)) return KeyFault.Invalid("privateKey");
        halves = read;
        return null;
    }

    // A private key's text carries a copy of its public half, which need not be true.
    private static bool IsPair(KeyHalves halves)
    {
        var signature = new byte[halves.Signer.SignatureSize];
        try
        {
            halves.Signer.Sign("pair"u8, signature);
            return halves.Signer.Verify("pair"u8, signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool TryImport(AsymmetricAlgorithm key, string pem, bool isPrivate)
    {
        if (PemBlock.Read(pem) is not { } block || block.Label.StartsWith("ENCRYPTED", StringComparison.Ordinal)) return false;
        if (block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) != isPrivate) return false;
        try
        {
            key.ImportFromPem(PemEncoding.WriteString(block.Label, block.Data));
            return true;
        }
        catch (Exception refusal) when (refusal is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static KeyFault? FitsRsa(KeyParts parts, RSA key)
    {
        var field = parts.PrivateKey is not null ? "privateKey" : parts.PublicKey is not null ? "publicKey" : "certificate";
        var least = parts.PrivateKey is not null ? KeyImport.RsaToSign : KeyImport.RsaToVerify;
        if (key.KeySize < least) return KeyFault.TooShort(field);
        if (key.KeySize > KeyImport.RsaMost) return KeyFault.TooLong(field);

        // With the exponent 1 everything is its own signature, and even ones cannot be inverted.
        var exponent = new BigInteger(key.ExportParameters(false).Exponent, isUnsigned: true, isBigEndian: true);
        return exponent.IsOne || exponent.IsEven ? KeyFault.Invalid(field) : null;
    }

    private static KeyFault? FitsEc(KeyParts parts, ECDsa key)
    {
        // Other curves can have the same size, so the curve itself counts.
        var curve = key.ExportParameters(false).Curve;
        return curve.IsNamed && curve.Oid.Value == parts.Algorithm.Curve().Curve.Oid.Value ? null : KeyFault.Mismatch("algorithm");
    }

    private static KeyFault? ReadEd25519(KeyParts parts, X509Certificate2? certificate, out KeyHalves? halves)
    {
        halves = null;
        Ed25519PrivateKey? key = null;
        byte[] publicKey = [];
        if (parts.PrivateKey is not null && !(PemBlock.Read(parts.PrivateKey) is { Label: "PRIVATE KEY" } secret && Ed25519Pem.TryReadPrivate(secret.Data, out key)))
            return KeyFault.Invalid("privateKey");
        if (parts.PublicKey is not null && !(PemBlock.Read(parts.PublicKey) is { Label: "PUBLIC KEY" } open && Ed25519Pem.TryReadPublic(open.Data, out publicKey)))
            return KeyFault.Invalid("publicKey");
        if (parts is { PrivateKey: null, PublicKey: null } && !Ed25519Pem.TryReadPublic(certificate!.PublicKey.ExportSubjectPublicKeyInfo(), out publicKey))
            return KeyFault.Mismatch("certificate");

        if (key is not null && parts.PublicKey is not null && !key.PublicKey.SequenceEqual(publicKey)) return KeyFault.Mismatch("publicKey");
        halves = OfEd25519(key, key is null ? publicKey : key.PublicKey.ToArray());
        if (certificate is not null && !halves.PublicDer.AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo()))
        {
            halves = null;
            return KeyFault.Mismatch("certificate");
        }

        return null;
    }

    private static string PublicPem(X509Certificate2 certificate) =>
        PemEncoding.WriteString("PUBLIC KEY", certificate.PublicKey.ExportSubjectPublicKeyInfo());
}
