using System.Security.Cryptography;

namespace OrleansAuth.Keys;

/// <summary>What a key is for, by the contract's names.</summary>
public enum KeyAlgorithm
{
    /// <summary>A plain secret that signs nothing.</summary>
    None,
    ES256,
    ES384,
    ES512,
    HS256,
    HS384,
    HS512,
    RS256,
    RS384,
    RS512,
    Ed25519,
}

/// <summary>The kind of a key, by the contract's names.</summary>
public enum KeyType
{
    EC,
    RSA,
    HMAC,
    OKP,
    Secret,
}

/// <summary>What follows from an algorithm's name (RFC 7518 section 3, RFC 8037).</summary>
public static class KeyAlgorithms
{
    public static KeyType Type(this KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.ES256 or KeyAlgorithm.ES384 or KeyAlgorithm.ES512 => KeyType.EC,
        KeyAlgorithm.RS256 or KeyAlgorithm.RS384 or KeyAlgorithm.RS512 => KeyType.RSA,
        KeyAlgorithm.HS256 or KeyAlgorithm.HS384 or KeyAlgorithm.HS512 => KeyType.HMAC,
        KeyAlgorithm.Ed25519 => KeyType.OKP,
        _ => KeyType.Secret,
    };

    /// <summary>The <c>alg</c> of JOSE headers and JSON Web Keys; Ed25519 goes by the name that libraries know, <c>EdDSA</c>.</summary>
    public static string JoseName(this KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Ed25519 => "EdDSA",
        KeyAlgorithm.None => "none",
        _ => algorithm.ToString(),
    };

    /// <summary>True for keys with a public half, which are published.</summary>
    public static bool IsAsymmetric(this KeyAlgorithm algorithm) => algorithm.Type() is KeyType.EC or KeyType.RSA or KeyType.OKP;

    internal static HashAlgorithmName Hash(this KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.ES384 or KeyAlgorithm.HS384 or KeyAlgorithm.RS384 => HashAlgorithmName.SHA384,
        KeyAlgorithm.ES512 or KeyAlgorithm.HS512 or KeyAlgorithm.RS512 => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    /// <summary>Bytes of the algorithm's hash.</summary>
    internal static int HashSize(this KeyAlgorithm algorithm) => algorithm.Hash().Name switch
    {
        nameof(SHA384) => SHA384.HashSizeInBytes,
        nameof(SHA512) => SHA512.HashSizeInBytes,
        _ => SHA256.HashSizeInBytes,
    };

    /// <summary>The curve that an EC algorithm is bound to (RFC 7518 section 3.4): 256, 384 or 521 bits.</summary>
    internal static (ECCurve Curve, string Name, int Bits) Curve(this KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.ES384 => (ECCurve.NamedCurves.nistP384, "P-384", 384),
        KeyAlgorithm.ES512 => (ECCurve.NamedCurves.nistP521, "P-521", 521),
        _ => (ECCurve.NamedCurves.nistP256, "P-256", 256),
    };
}
