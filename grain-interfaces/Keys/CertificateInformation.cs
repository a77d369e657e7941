using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansAuth.Keys;

/// <summary>
/// What the contract tells about a certificate. Fingerprints are hexadecimal pairs with colons, thumbprints Base64url
/// (RFC 7515 sections 4.1.7 and 4.1.8), instants milliseconds since 1970, the serial number decimal.
/// </summary>
public sealed record CertificateInformation
{
    internal CertificateInformation(X509Certificate2 certificate)
    {
        var der = certificate.RawDataMemory.Span;
        (Issuer, Subject) = (certificate.Issuer, certificate.Subject);
        SerialNumber = new BigInteger(certificate.SerialNumberBytes.Span, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
#pragma warning disable CA5350, CA5351 // the contract shows these digests; nothing is decided by them
        Md5Fingerprint = Fingerprint(MD5.HashData(der));
        var sha1 = SHA1.HashData(der);
#pragma warning restore CA5350, CA5351
        var sha256 = SHA256.HashData(der);
        (Sha1Fingerprint, Sha1Thumbprint) = (Fingerprint(sha1), Base64Url(sha1));
        (Sha256Fingerprint, Sha256Thumbprint) = (Fingerprint(sha256), Base64Url(sha256));
        ValidFrom = new DateTimeOffset(certificate.NotBefore.ToUniversalTime()).ToUnixTimeMilliseconds();
        ValidTo = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()).ToUnixTimeMilliseconds();
    }

    public string Issuer { get; }
    public string Subject { get; }
    public string SerialNumber { get; }
    public string Md5Fingerprint { get; }
    public string Sha1Fingerprint { get; }
    public string Sha1Thumbprint { get; }
    public string Sha256Fingerprint { get; }
    public string Sha256Thumbprint { get; }
    public long ValidFrom { get; }
    public long ValidTo { get; }

    private static string Fingerprint(byte[] digest) => string.Join(':', digest.Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));

    private static string Base64Url(byte[] digest) => System.Buffers.Text.Base64Url.EncodeToString(digest);
}
