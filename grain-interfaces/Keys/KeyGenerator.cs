using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansAuth.Keys;

/// <summary>Makes new keys.</summary>
public static class KeyGenerator
{
    private const int CertificateYears = 10;

    /// <summary>
    /// A new key. RSA takes 2048 (the default), 3072 or 4096 bits; the size of the others follows from the algorithm, and a
    /// length given for them must agree with it (a secret may be longer than its hash, up to 4096 bits).
    /// RSA and EC keys come with a self-signed certificate.
    /// </summary>
    /// <param name="length">Bits, or null for the algorithm's default.</param>
    /// <param name="issuer">The common name in the certificate; blank for <c>OrleansAuth</c>.</param>
    /// <param name="now">The certificate is valid from now for ten years.</param>
    /// <param name="kid">Blank for the default.</param>
    public static KeyResult Generate(KeyAlgorithm algorithm, DateTimeOffset now, int? length = null, string? issuer = null, string? kid = null)
    {
        var parts = new KeyParts { Algorithm = algorithm, Kid = string.IsNullOrWhiteSpace(kid) ? null : kid.Trim() };
        return algorithm.Type() switch
        {
            KeyType.RSA => GenerateRsa(parts, length ?? 2048, Name(issuer), now),
            KeyType.EC => GenerateEc(parts, length, Name(issuer), now),
            KeyType.OKP => GenerateEd25519(parts, length),
            _ => GenerateSecret(parts, length),
        };
    }

    /// <summary>An id for a key that has no public half to name it by.</summary>
    internal static string NewKid() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    private static KeyResult GenerateRsa(KeyParts parts, int bits, X500DistinguishedName name, DateTimeOffset now)
    {
        if (bits is not (2048 or 3072 or 4096)) return KeyFault.Invalid("length");
        using var key = RSA.Create(bits);
        var request = new CertificateRequest(name, key, parts.Algorithm.Hash(), RSASignaturePadding.Pkcs1);
        return KeyImport.Assemble(parts, KeyHalves.OfRsa(parts.Algorithm, key, hasPrivate: true), SelfSign(request, now));
    }

    private static KeyResult GenerateEc(KeyParts parts, int? bits, X500DistinguishedName name, DateTimeOffset now)
    {
        var (curve, _, curveBits) = parts.Algorithm.Curve();
        if (bits is { } asked && asked != curveBits) return KeyFault.Invalid("length");
        using var key = ECDsa.Create(curve);
        var request = new CertificateRequest(name, key, parts.Algorithm.Hash());
        return KeyImport.Assemble(parts, KeyHalves.OfEc(parts.Algorithm, key, hasPrivate: true), SelfSign(request, now));
    }

    private static KeyResult GenerateEd25519(KeyParts parts, int? bits)
    {
        if (bits is not (null or 256)) return KeyFault.Invalid("length");
        var key = Ed25519.Generate();
        return KeyImport.Assemble(parts, KeyHalves.OfEd25519(key, key.PublicKey.ToArray()), null);
    }

    // The secret is the text, so that it can be copied to another program; its random bytes alone fill the hash.
    private static KeyResult GenerateSecret(KeyParts parts, int? bits)
    {
        var least = 8 * parts.Algorithm.HashSize();
        var size = bits ?? least;
        if (size < least || size > 4096 || size % 8 != 0) return KeyFault.Invalid("length");
        return KeyImport.Read(parts with { Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(size / 8)) });
    }

    private static X500DistinguishedName Name(string? issuer)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(string.IsNullOrWhiteSpace(issuer) ? "OrleansAuth" : issuer.Trim());
        return name.Build();
    }

    private static X509Certificate2 SelfSign(CertificateRequest request, DateTimeOffset now)
    {
        using var signed = request.CreateSelfSigned(now, now.AddYears(CertificateYears));
        return X509CertificateLoader.LoadCertificate(signed.RawDataMemory.Span); // without the private key
    }
}
