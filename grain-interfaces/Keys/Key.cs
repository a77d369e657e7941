using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Keys;

public sealed record Key : ConfigurationObject, INamed
{
    public KeyAlgorithm Algorithm { get; init; } = KeyAlgorithm.ES256;
    public string? Certificate { get; init; }
    public CertificateInformation CertificateInformation { get; init; } = new();
    public long? ExpirationInstant { get; init; }
    public bool HasPrivateKey { get; init; }
    public string? Issuer { get; init; }
    public string? Kid { get; init; }
    public int Length { get; init; }
    public string? Name { get; init; }
    public string? PrivateKey { get; init; }
    public string? PublicKey { get; init; }
    public string? Secret { get; init; }
    public KeyType Type { get; init; } = KeyType.EC;
}

public sealed record CertificateInformation : ContractObject
{
    public string? Issuer { get; init; }
    public string? Md5Fingerprint { get; init; }
    public string? SerialNumber { get; init; }
    public string? Sha1Fingerprint { get; init; }
    public string? Sha1Thumbprint { get; init; }
    public string? Sha256Fingerprint { get; init; }
    public string? Sha256Thumbprint { get; init; }
    public string? Subject { get; init; }
    public long? ValidFrom { get; init; }
    public long? ValidTo { get; init; }
}

public enum KeyType { EC, RSA, HMAC, OKP, Secret }

/// <summary>What a key signs with; <see cref="None"/> is for plain secrets.</summary>
public enum KeyAlgorithm { ES256, ES384, ES512, HS256, HS384, HS512, RS256, RS384, RS512, Ed25519, None }
