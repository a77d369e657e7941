namespace OrleansAuth.Keys;

/// <summary>
/// A key as text: what an import brings and what is stored. Private key and secret must be encrypted before they are
/// stored, and are never sent to anybody.
/// </summary>
public sealed record KeyParts
{
    public required KeyAlgorithm Algorithm { get; init; }

    /// <summary>The id in token headers; null or blank for the default one.</summary>
    public string? Kid { get; init; }

    /// <summary>PEM, SubjectPublicKeyInfo or PKCS#1.</summary>
    public string? PublicKey { get; init; }

    /// <summary>PEM, PKCS#8, PKCS#1 or SEC 1, not encrypted.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>PEM, X.509.</summary>
    public string? Certificate { get; init; }

    /// <summary>The text of an HMAC key or plain secret; its UTF-8 bytes are the key.</summary>
    public string? Secret { get; init; }

    /// <summary>Names the algorithm only, so that no log shows a key.</summary>
    public override string ToString() => $"{Algorithm} key";
}
