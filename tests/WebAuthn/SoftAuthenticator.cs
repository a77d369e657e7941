using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Keys;

namespace OrleansAuth.WebAuthn;

/// <summary>
/// A browser and an authenticator in one, made of the specification's words: answers options as they do, or wrongly where
/// <see cref="Ceremony"/> says so. One instance holds one credential.
/// </summary>
internal sealed class SoftAuthenticator
{
    private readonly ECDsa _ec;
    private readonly RSA? _rsa;
    private readonly Ed25519PrivateKey? _edwards;

    public SoftAuthenticator(long algorithm = -7)
    {
        Algorithm = algorithm;
        _ec = ECDsa.Create(algorithm switch { -35 => ECCurve.NamedCurves.nistP384, -36 => ECCurve.NamedCurves.nistP521, _ => ECCurve.NamedCurves.nistP256 });
        if (algorithm is -257 or -37) _rsa = RSA.Create(2048);
        if (algorithm == -8) _edwards = Ed25519.Generate();
    }

    public long Algorithm { get; }

    public byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>What it was told to keep as the user's id.</summary>
    public byte[]? UserHandle { get; set; }

    public uint SignCount { get; set; }

    /// <summary>Answers creation options, in the contract's form.</summary>
    public JsonObject Create(JsonNode options, Ceremony? how = null)
    {
        how ??= new Ceremony();
        UserHandle = Base64Url.DecodeFromChars((string)options["user"]!["id"]!);
        var client = how.Client("webauthn.create", (string)options["challenge"]!);
        var data = AuthenticatorData((string)options["rp"]!["id"]!, how, attested: true);
        var statement = how.Statement ?? CborWriter.Map();
        if (how.Format == "packed" && how.Statement is null)
            statement = CborWriter.Map((CborWriter.Text("alg"), CborWriter.Number(Algorithm)), (CborWriter.Text("sig"), CborWriter.Bytes(Sign([.. data, .. SHA256.HashData(client)]))));
        byte[] attestation = how.Attestation ?? CborWriter.Map((CborWriter.Text("fmt"), CborWriter.Text(how.Format)), (CborWriter.Text("attStmt"), statement), (CborWriter.Text("authData"), CborWriter.Bytes(data)));
        return new JsonObject
        {
            ["id"] = Base64Url.EncodeToString(how.CredentialId ?? CredentialId),
            ["type"] = "public-key",
            ["clientExtensionResults"] = new JsonObject { ["credProps"] = new JsonObject { ["rk"] = true } },
            ["transports"] = new JsonArray("internal"),
            ["response"] = new JsonObject
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(client),
                ["attestationObject"] = Base64Url.EncodeToString([.. attestation, .. how.Trailing]),
            },
        };
    }

    /// <summary>Answers request options, in the contract's form.</summary>
    public JsonObject Get(JsonNode options, Ceremony? how = null)
    {
        how ??= new Ceremony();
        var client = how.Client("webauthn.get", (string)options["challenge"]!);
        byte[] data = [.. AuthenticatorData((string)options["rpId"]!, how, attested: false), .. how.Trailing];
        var signature = Sign([.. data, .. SHA256.HashData(client)]);
        if (how.BreaksSignature) signature[^1] ^= 1;
        var response = new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(client),
            ["authenticatorData"] = Base64Url.EncodeToString(data),
            ["signature"] = Base64Url.EncodeToString(signature),
        };
        if ((how.UserHandle ?? UserHandle) is { Length: > 0 } handle) response["userHandle"] = Base64Url.EncodeToString(handle);
        return new JsonObject
        {
            ["id"] = Base64Url.EncodeToString(how.CredentialId ?? CredentialId),
            ["type"] = "public-key",
            ["clientExtensionResults"] = new JsonObject(),
            ["response"] = response,
        };
    }

    /// <summary>The public key, as PEM.</summary>
    public string PublicKey => _edwards is not null ? Ed25519Pem.WritePublic(_edwards.PublicKey) : _rsa?.ExportSubjectPublicKeyInfoPem() ?? _ec.ExportSubjectPublicKeyInfoPem();

    private byte[] AuthenticatorData(string party, Ceremony how, bool attested)
    {
        var flags = how.Flags | (attested ? 0x40 : 0);
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, SignCount);
        byte[] head = [.. SHA256.HashData(Encoding.UTF8.GetBytes(how.RelyingParty ?? party)), (byte)flags, .. count];
        if (!attested) return head;
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)CredentialId.Length);
        return [.. head, .. new byte[16], .. length, .. CredentialId, .. how.Key ?? CoseKey(how.Algorithm ?? Algorithm)];
    }

    /// <summary>The public key as authenticators write it.</summary>
    public byte[] CoseKey(long algorithm)
    {
        if (_rsa?.ExportParameters(false) is { } rsa)
            return CborWriter.Map((CborWriter.Number(1), CborWriter.Number(3)), (CborWriter.Number(3), CborWriter.Number(algorithm)), (CborWriter.Number(-1), CborWriter.Bytes(rsa.Modulus!)), (CborWriter.Number(-2), CborWriter.Bytes(rsa.Exponent!)));
        if (_edwards is not null)
            return CborWriter.Map((CborWriter.Number(1), CborWriter.Number(1)), (CborWriter.Number(3), CborWriter.Number(algorithm)), (CborWriter.Number(-1), CborWriter.Number(6)), (CborWriter.Number(-2), CborWriter.Bytes(_edwards.PublicKey.ToArray())));
        var point = _ec.ExportParameters(false).Q;
        var curve = Algorithm switch { -35 => 2, -36 => 3, _ => 1 };
        return CborWriter.Map(
            (CborWriter.Number(1), CborWriter.Number(2)), (CborWriter.Number(3), CborWriter.Number(algorithm)), (CborWriter.Number(-1), CborWriter.Number(curve)),
            (CborWriter.Number(-2), CborWriter.Bytes(point.X!)), (CborWriter.Number(-3), CborWriter.Bytes(point.Y!)));
    }

    private byte[] Sign(byte[] data)
    {
        if (_edwards is not null)
        {
            var signature = new byte[Ed25519.SignatureSize];
            _edwards.Sign(data, signature);
            return signature;
        }

        var hash = Algorithm switch { -35 => HashAlgorithmName.SHA384, -36 => HashAlgorithmName.SHA512, _ => HashAlgorithmName.SHA256 };
        return _rsa?.SignData(data, hash, Algorithm == -37 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1) ?? _ec.SignData(data, hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}

/// <summary>How a ceremony goes: rightly, unless told otherwise.</summary>
internal sealed record Ceremony
{
    public const int Present = 0x01;
    public const int Verified = 0x04;
    public const int Eligible = 0x08;
    public const int BackedUp = 0x10;

    public string Origin { get; init; } = PasskeyWorld.Origin;

    public string? Type { get; init; }

    public string? Challenge { get; init; }

    /// <summary>Members of the client data besides, as JSON without braces.</summary>
    public string? More { get; init; } = "\"crossOrigin\":false";

    public string? RelyingParty { get; init; }

    public int Flags { get; init; } = Present | Verified;

    /// <summary>What the key says its algorithm is.</summary>
    public long? Algorithm { get; init; }

    /// <summary>The whole key, in place of the right one.</summary>
    public byte[]? Key { get; init; }

    public string Format { get; init; } = "none";

    public byte[]? Statement { get; init; }

    /// <summary>The whole attestation object, in place of the right one.</summary>
    public byte[]? Attestation { get; init; }

    public byte[] Trailing { get; init; } = [];

    public byte[]? CredentialId { get; init; }

    public byte[]? UserHandle { get; init; }

    public bool BreaksSignature { get; init; }

    public byte[] Client(string type, string challenge)
    {
        var more = More is null ? "" : "," + More;
        return Encoding.UTF8.GetBytes($$"""{"type":"{{Type ?? type}}","challenge":"{{Challenge ?? challenge}}","origin":"{{Origin}}"{{more}}}""");
    }
}
