using System.Security.Cryptography;

namespace OrleansAuth.Keys;

/// <summary>
/// Ed25519 signatures (RFC 8032 section 5.1) in managed code, because the platform has none yet. Signing takes the same
/// steps for every key and message; verification is strict: one encoding per value, and no keys of small order.
/// </summary>
internal static class Ed25519
{
    public const int SeedSize = 32;
    public const int PublicKeySize = 32;
    public const int SignatureSize = 64;

    /// <summary>A fresh private key. The seed is all of it.</summary>
    public static Ed25519PrivateKey Generate() => new(RandomNumberGenerator.GetBytes(SeedSize));

    /// <summary>
    /// True if the signature is this key's over the data. Refuses s ≥ L (RFC 8032 section 5.1.7), points that are not encoded
    /// canonically, and keys or commitments of small order, which would sign many messages at once.
    /// </summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize || !Ed25519Scalar.IsCanonical(signature[32..])) return false;
        if (!Ed25519Point.TryRead(publicKey, out var key) || key.IsSmall) return false;

        Span<byte> challenge = stackalloc byte[32];
        Challenge(signature[..32], publicKey, data).Write(challenge);

        // R = s·B - k·A, compared in its encoding, which also refuses every other encoding of R.
        var commitment = Ed25519Point.Add(
            Ed25519Multiplication.TimesBase(signature[32..]),
            Ed25519Multiplication.Times(Ed25519Point.Negate(key), challenge));
        Span<byte> expected = stackalloc byte[Ed25519Point.Size];
        commitment.Write(expected);
        return expected.SequenceEqual(signature[..32]) && !commitment.IsSmall;
    }

    /// <summary>True for the canonical encoding of a point that can be a key.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> publicKey) =>
        Ed25519Point.TryRead(publicKey, out var point) && !point.IsSmall;

    internal static Ed25519Scalar Challenge(ReadOnlySpan<byte> commitment, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData(commitment);
        hash.AppendData(publicKey);
        hash.AppendData(data);
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return Ed25519Scalar.ReadWide(digest);
    }
}

/// <summary>A private key of Ed25519 with what signing needs of it, computed once. Safe for many threads.</summary>
internal sealed class Ed25519PrivateKey
{
    private readonly byte[] _seed;
    private readonly byte[] _scalar;
    private readonly byte[] _prefix;
    private readonly byte[] _publicKey = new byte[Ed25519.PublicKeySize];

    public Ed25519PrivateKey(ReadOnlySpan<byte> seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, Ed25519.SeedSize);
        _seed = seed.ToArray();
        var expanded = SHA512.HashData(seed);
        (_scalar, _prefix) = (expanded[..32], expanded[32..]);
        _scalar[0] &= 0xf8;
        _scalar[31] = (byte)((_scalar[31] & 0x7f) | 0x40);
        Ed25519Multiplication.TimesBase(_scalar).Write(_publicKey);
        CryptographicOperations.ZeroMemory(expanded);
    }

    public ReadOnlySpan<byte> Seed => _seed;

    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>Writes the signature of RFC 8032 section 5.1.6: always the same one for the same data.</summary>
    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512))
        {
            hash.AppendData(_prefix);
            hash.AppendData(data);
            hash.GetHashAndReset(digest);
        }

        var nonce = Ed25519Scalar.ReadWide(digest);
        nonce.Write(digest);
        Ed25519Multiplication.TimesBase(digest[..32]).Write(signature);
        var challenge = Ed25519.Challenge(signature[..32], _publicKey, data);
        Ed25519Scalar.MultiplyAdd(challenge, Ed25519Scalar.Read(_scalar), nonce).Write(signature[32..]);
        CryptographicOperations.ZeroMemory(digest);
    }
}
