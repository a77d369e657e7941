using OrleansAuth.Configuration;

namespace OrleansAuth.Keys;

/// <summary>
/// A key of the key master: signs and verifies tokens, or is a plain secret. Everything but its name is fixed when it is
/// generated or imported.
/// </summary>
public sealed record Key : ConfigurationObject, INamed
{
    public KeyAlgorithm Algorithm { get; init; } = KeyAlgorithm.ES256;

    /// <summary>X.509 as PEM.</summary>
    public string? Certificate { get; init; }

    /// <summary>When the certificate ends, milliseconds since 1970.</summary>
    public long? ExpirationInstant { get; init; }

    public bool HasPrivateKey { get; init; }

    /// <summary>The common name in a certificate that the server made.</summary>
    public string? Issuer { get; init; }

    /// <summary>What token headers call the key; unique.</summary>
    public string? Kid { get; init; }

    /// <summary>In bits: of the RSA modulus, the curve or the secret.</summary>
    public int Length { get; init; }

    /// <summary>Unique; 1 to 191 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>PKCS#8 as PEM; encrypted at rest, never returned.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>SubjectPublicKeyInfo as PEM.</summary>
    public string? PublicKey { get; init; }

    /// <summary>Of an HMAC key or a plain secret; encrypted at rest, never returned.</summary>
    public string? Secret { get; init; }

    public KeyType Type { get; init; } = KeyType.EC;

    /// <summary>The key as text, for <see cref="KeyImport"/>.</summary>
    public KeyParts Parts() => new() { Algorithm = Algorithm, Kid = Kid, PublicKey = PublicKey, PrivateKey = PrivateKey, Certificate = Certificate, Secret = Secret };
}
