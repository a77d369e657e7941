using System.Security.Cryptography.X509Certificates;

namespace OrleansAuth.Keys;

/// <summary>
/// A key that signs or verifies tokens, or holds a secret: immutable, checked, and safe for any number of threads. Made by
/// <see cref="KeyGenerator"/> or <see cref="KeyImport"/>.
/// </summary>
public sealed class KeyMaterial
{
    private readonly KeySigner? _signer;
    private readonly X509Certificate2? _certificate;

    internal KeyMaterial(KeyParts parts, int length, KeySigner? signer, X509Certificate2? certificate = null)
    {
        (Parts, Length, _signer, _certificate) = (parts, length, signer, certificate);
        CanSign = signer is not null && (parts.PrivateKey is not null || parts.Secret is not null);
        Certificate = certificate is null ? null : new CertificateInformation(certificate);
    }

    /// <summary>The key as text, in one spelling: SubjectPublicKeyInfo, PKCS#8 and X.509 as PEM. Holds the private half.</summary>
    public KeyParts Parts { get; }

    public KeyAlgorithm Algorithm => Parts.Algorithm;

    public KeyType Type => Parts.Algorithm.Type();

    public string Kid => Parts.Kid!;

    /// <summary>The size that the contract names: bits of an RSA modulus or a curve, bits of a secret; 256 for Ed25519.</summary>
    public int Length { get; }

    /// <summary>False for a key that only verifies, and for a plain secret.</summary>
    public bool CanSign { get; }

    /// <summary>What the certificate says, where there is one.</summary>
    public CertificateInformation? Certificate { get; }

    /// <summary>Bytes of a signature; 0 where the key neither signs nor verifies.</summary>
    public int SignatureSize => _signer?.SignatureSize ?? 0;

    internal X509Certificate2? X509 => _certificate;

    /// <summary>Writes the JOSE signature of the data, <see cref="SignatureSize"/> bytes.</summary>
    /// <exception cref="InvalidOperationException">The key cannot sign; ask <see cref="CanSign"/>.</exception>
    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        if (!CanSign) throw new InvalidOperationException($"This {Algorithm} key has no private half.");
        _signer!.Sign(data, signature[..SignatureSize]);
    }

    /// <summary>True if the signature is this key's over the data. Never throws for bad signatures, whatever they are.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => _signer is not null && _signer.Verify(data, signature);

    /// <summary>Names algorithm and id only.</summary>
    public override string ToString() => $"{Algorithm} key {Kid}";
}
