using System.Formats.Asn1;
using System.Security.Cryptography;

namespace OrleansAuth.Keys;

/// <summary>Ed25519 keys as PEM: SubjectPublicKeyInfo and PKCS#8 with the algorithm 1.3.101.112 and no parameters (RFC 8410).</summary>
internal static class Ed25519Pem
{
    private const string Algorithm = "1.3.101.112";

    public static string WritePublic(ReadOnlySpan<byte> publicKey)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteAlgorithm(writer);
            writer.WriteBitString(publicKey);
        }

        return PemEncoding.WriteString("PUBLIC KEY", writer.Encode());
    }

    public static string WritePrivate(Ed25519PrivateKey key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            WriteAlgorithm(writer);
            var inner = new AsnWriter(AsnEncodingRules.DER);
            inner.WriteOctetString(key.Seed);
            writer.WriteOctetString(inner.Encode());
        }

        return PemEncoding.WriteString("PRIVATE KEY", writer.Encode());
    }

    /// <summary>The 32 bytes of the public key. False for anything else, another algorithm's key among it.</summary>
    public static bool TryReadPublic(ReadOnlyMemory<byte> spki, out byte[] publicKey)
    {
        publicKey = [];
        try
        {
            var reader = new AsnReader(spki, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            if (!IsEd25519(sequence)) return false;
            publicKey = sequence.ReadBitString(out var unused);
            return unused == 0 && !sequence.HasData && Ed25519.IsPublicKey(publicKey);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>The private key. Attributes and a copy of the public key (version 2) may follow and are not read.</summary>
    public static bool TryReadPrivate(ReadOnlyMemory<byte> pkcs8, out Ed25519PrivateKey? key)
    {
        key = null;
        try
        {
            var reader = new AsnReader(pkcs8, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            if (!sequence.TryReadInt32(out var version) || version is < 0 or > 1 || !IsEd25519(sequence)) return false;
            var seed = new AsnReader(sequence.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString();
            if (seed.Length != Ed25519.SeedSize) return false;
            key = new Ed25519PrivateKey(seed);
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(Algorithm);
    }

    private static bool IsEd25519(AsnReader reader)
    {
        var algorithm = reader.ReadSequence();
        return algorithm.ReadObjectIdentifier() == Algorithm && !algorithm.HasData;
    }
}
