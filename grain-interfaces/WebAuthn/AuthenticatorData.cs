using System.Buffers.Binary;

namespace OrleansAuth.WebAuthn;

/// <summary>What an authenticator says about itself and what it did (WebAuthn Level 3, section 6.1).</summary>
public sealed class AuthenticatorData
{
    /// <summary>The longest id of a credential that counts, in bytes (section 7.1).</summary>
    public const int LongestCredentialId = 1023;

    private const int Shortest = 37;
    private readonly byte _flags;

    private AuthenticatorData(ReadOnlyMemory<byte> written)
    {
        var bytes = written.Span;
        (Written, RelyingPartyHash, _flags, SignCount) = (written, written[..32], bytes[32], BinaryPrimitives.ReadUInt32BigEndian(bytes[33..]));
    }

    /// <summary>As the authenticator wrote it: what it signs.</summary>
    public ReadOnlyMemory<byte> Written { get; }

    /// <summary>SHA-256 of the relying party's id.</summary>
    public ReadOnlyMemory<byte> RelyingPartyHash { get; }

    /// <summary>Counts signatures where the authenticator does so; 0 where it does not.</summary>
    public uint SignCount { get; }

    /// <summary>Somebody was there.</summary>
    public bool UserPresent => (_flags & 0x01) != 0;

    /// <summary>The authenticator recognised its owner.</summary>
    public bool UserVerified => (_flags & 0x04) != 0;

    /// <summary>The key may live on more than one device. It never changes.</summary>
    public bool BackupEligible => (_flags & 0x08) != 0;

    /// <summary>The key is on more than one device or in a backup now.</summary>
    public bool BackedUp => (_flags & 0x10) != 0;

    /// <summary>The new credential; null where the data is about none.</summary>
    public AttestedCredential? Credential { get; private init; }

    /// <summary>Null where the bytes are not authenticator data, to the last of them.</summary>
    public static AuthenticatorData? Read(ReadOnlyMemory<byte> data)
    {
        if (data.Length is < Shortest or > CborReader.Longest) return null;
        var flags = data.Span[32];
        var rest = data[Shortest..];
        AttestedCredential? credential = null;
        if ((flags & 0x40) != 0)
        {
            credential = AttestedCredential.Read(rest, out var length);
            if (credential is null) return null;
            rest = rest[length..];
        }

        if ((flags & 0x80) != 0)
        {
            if (CborReader.Read(rest, out var length) is not { Kind: CborKind.Map }) return null;
            rest = rest[length..];
        }

        return rest.IsEmpty ? new AuthenticatorData(data) { Credential = credential } : null;
    }
}

/// <summary>A new credential as its authenticator describes it.</summary>
/// <param name="Model">Which make of authenticator it is (AAGUID); all zeros where it does not say.</param>
/// <param name="Id">At most <see cref="AuthenticatorData.LongestCredentialId"/> bytes.</param>
/// <param name="Key">The public key, a COSE_Key (RFC 9052, section 7).</param>
public sealed record AttestedCredential(Guid Model, ReadOnlyMemory<byte> Id, CborValue Key)
{
    private const int Header = 18;

    internal static AttestedCredential? Read(ReadOnlyMemory<byte> data, out int length)
    {
        length = 0;
        if (data.Length < Header) return null;
        int size = BinaryPrimitives.ReadUInt16BigEndian(data.Span[16..]);
        if (size is 0 or > AuthenticatorData.LongestCredentialId || data.Length < Header + size) return null;
        if (CborReader.Read(data[(Header + size)..], out var keyLength) is not { Kind: CborKind.Map } key) return null;
        length = Header + size + keyLength;
        return new AttestedCredential(new Guid(data.Span[..16], bigEndian: true), data.Slice(Header, size), key);
    }
}
