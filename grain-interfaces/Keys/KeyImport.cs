using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrleansAuth.Keys;

/// <summary>
/// Reads keys from text and refuses what is broken, too weak, or does not belong together. A certificate alone, or a public
/// key, gives a key that only verifies. What <see cref="KeyMaterial.Parts"/> holds reads back to the same key.
/// </summary>
public static class KeyImport
{
    /// <summary>Bits that an RSA key needs to sign, and to verify only; and the most, because large keys cost seconds.</summary>
    internal const int RsaToSign = 2048, RsaToVerify = 1024, RsaMost = 8192;

    private const int LongestSecret = 4096;

    public static KeyResult Read(KeyParts parts)
    {
        parts = parts with { Kid = Text(parts.Kid), PublicKey = Text(parts.PublicKey), PrivateKey = Text(parts.PrivateKey), Certificate = Text(parts.Certificate) };
        if (!Enum.IsDefined(parts.Algorithm)) return KeyFault.Invalid("algorithm");
        if (!parts.Algorithm.IsAsymmetric()) return ReadSecret(parts);
        if (parts is { PublicKey: null, PrivateKey: null, Certificate: null }) return KeyFault.Missing("publicKey");

        X509Certificate2? certificate = null;
        if (parts.Certificate is not null && (certificate = ReadCertificate(parts.Certificate)) is null) return KeyFault.Invalid("certificate");
        var fault = KeyHalves.TryRead(parts, certificate, out var halves);
        return fault is null ? Assemble(parts, halves!, certificate) : fault;
    }

    internal static KeyMaterial Assemble(KeyParts parts, KeyHalves halves, X509Certificate2? certificate) => new(
        new KeyParts
        {
            Algorithm = parts.Algorithm,
            Kid = parts.Kid ?? JsonWebKey.Thumbprint(parts.Algorithm, halves.PublicDer),
            PublicKey = PemEncoding.WriteString("PUBLIC KEY", halves.PublicDer),
            PrivateKey = halves.PrivatePem,
            Certificate = certificate?.ExportCertificatePem(),
        },
        halves.Bits,
        halves.Signer,
        certificate);

    private static KeyResult ReadSecret(KeyParts parts)
    {
        if (string.IsNullOrWhiteSpace(parts.Secret)) return KeyFault.Missing("secret");
        if (parts.Secret.Length > LongestSecret) return KeyFault.TooLong("secret");
        var bytes = Encoding.UTF8.GetBytes(parts.Secret);
        return new KeyMaterial(
            new KeyParts { Algorithm = parts.Algorithm, Kid = parts.Kid ?? KeyGenerator.NewKid(), Secret = parts.Secret },
            8 * bytes.Length,
            parts.Algorithm == KeyAlgorithm.None ? null : new HmacSigner(parts.Algorithm, bytes));
    }

    private static X509Certificate2? ReadCertificate(string pem)
    {
        if (PemBlock.Read(pem) is not { Label: "CERTIFICATE" } block) return null;
        try
        {
            return X509CertificateLoader.LoadCertificate(block.Data);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
