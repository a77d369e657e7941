using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace OrleansAuth.Keys;

/// <summary>Signs and verifies with one key, from any number of threads.</summary>
internal abstract class KeySigner
{
    public abstract int SignatureSize { get; }

    public abstract void Sign(ReadOnlySpan<byte> data, Span<byte> signature);

    public abstract bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}

/// <summary>HMAC with SHA-2 (RFC 7518 section 3.2).</summary>
internal sealed class HmacSigner(KeyAlgorithm algorithm, byte[] key) : KeySigner
{
    public override int SignatureSize { get; } = algorithm.HashSize();

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature) =>
        CryptographicOperations.HmacData(algorithm.Hash(), key, data, signature);

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[SHA512.HashSizeInBytes];
        expected = expected[..SignatureSize];
        Sign(data, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}

/// <summary>Ed25519 (RFC 8037 section 3.1).</summary>
internal sealed class Ed25519Signer(Ed25519PrivateKey? key, byte[] publicKey) : KeySigner
{
    public override int SignatureSize => Ed25519.SignatureSize;

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature) => key!.Sign(data, signature);

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => Ed25519.Verify(publicKey, data, signature);
}

/// <summary>
/// A few instances of a platform key, made as needed and handed from thread to thread: one instance must not be used by two
/// threads, and importing the key anew costs more than the signature. Their finalizers free them with the signer.
/// </summary>
internal sealed class PlatformKeys<T>(Func<T> import) where T : AsymmetricAlgorithm
{
    private readonly ConcurrentBag<T> _idle = [];

    public T Rent() => _idle.TryTake(out var key) ? key : import();

    public void Return(T key) => _idle.Add(key);
}

/// <summary>ECDSA with signatures as r and s side by side (RFC 7518 section 3.4).</summary>
internal sealed class EcSigner(KeyAlgorithm algorithm, Func<ECDsa> import) : KeySigner
{
    private readonly PlatformKeys<ECDsa> _keys = new(import);
    private readonly HashAlgorithmName _hash = algorithm.Hash();

    public override int SignatureSize { get; } = 2 * ((algorithm.Curve().Bits + 7) / 8);

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        var key = _keys.Rent();
        key.SignData(data, signature, _hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _keys.Return(key);
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize) return false;
        var key = _keys.Rent();
        var valid = key.VerifyData(data, signature, _hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _keys.Return(key);
        return valid;
    }
}

/// <summary>RSASSA-PKCS1-v1_5 (RFC 7518 section 3.3).</summary>
internal sealed class RsaSigner(KeyAlgorithm algorithm, int bits, Func<RSA> import) : KeySigner
{
    private readonly PlatformKeys<RSA> _keys = new(import);
    private readonly HashAlgorithmName _hash = algorithm.Hash();

    public override int SignatureSize { get; } = (bits + 7) / 8;

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        var key = _keys.Rent();
        key.SignData(data, signature, _hash, RSASignaturePadding.Pkcs1);
        _keys.Return(key);
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize) return false;
        var key = _keys.Rent();
        var valid = key.VerifyData(data, signature, _hash, RSASignaturePadding.Pkcs1);
        _keys.Return(key);
        return valid;
    }
}
