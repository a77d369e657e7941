namespace OrleansAuth.WebAuthn;

/// <summary>Ceremonies that go wrong in one place each, and some that go right: what we and an implementation of others have to agree about.</summary>
internal static class CeremonyTable
{
    private const int Good = Ceremony.Present | Ceremony.Verified;

    /// <summary>Making a passkey.</summary>
    public static IReadOnlyDictionary<string, Trial> Creations { get; } = new Dictionary<string, Trial>
    {
        ["plain"] = Trial.Right(new()),
        ["members of the client data that nobody knows"] = Trial.Right(new() { More = "\"crossOrigin\":false,\"other_keys_can_be_added_here\":\"and are not compared\"" }),
        ["no word about frames"] = Trial.Right(new() { More = null }),
        ["a key that may be in backups"] = Trial.Right(new() { Flags = Good | Ceremony.Eligible }),
        ["a key that is in a backup"] = Trial.Right(new() { Flags = Good | Ceremony.Eligible | Ceremony.BackedUp }),
        ["self attestation"] = Trial.Right(new() { Format = "packed" }),
        ["another site"] = Trial.Wrong(new() { Origin = "https://evil.example.com" }),
        ["a page below the domain"] = Trial.Wrong(new() { Origin = "https://www.login.example.com" }),
        ["a name that only begins alike"] = Trial.Wrong(new() { Origin = "https://login.example.com.evil.test" }),
        ["not https"] = Trial.Wrong(new() { Origin = "http://login.example.com" }),
        ["another port"] = Trial.Wrong(new() { Origin = "https://login.example.com:8443" }),
        ["an origin with a slash"] = Trial.Wrong(new() { Origin = "https://login.example.com/" }),
        ["another relying party"] = Trial.Wrong(new() { RelyingParty = "example.com" }),
        ["another challenge"] = Trial.Wrong(new() { Challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }),
        ["the other type"] = Trial.Wrong(new() { Type = "webauthn.get" }),
        ["a frame of another site"] = Trial.Wrong(new() { More = "\"crossOrigin\":true" }) with { OnlyOurs = true },
        ["a page on top"] = Trial.Wrong(new() { More = "\"crossOrigin\":false,\"topOrigin\":\"https://evil.test\"" }) with { OnlyOurs = true },
        ["a member twice"] = Trial.Wrong(new() { More = "\"origin\":\"https://login.example.com\"" }) with { OnlyOurs = true },
        ["client data that is cut"] = Trial.Wrong(new() { More = "\"crossOrigin\":fal" }),
        ["nobody there"] = Trial.Wrong(new() { Flags = Ceremony.Verified }),
        ["nobody recognised"] = Trial.Wrong(new() { Flags = Ceremony.Present }),
        ["in a backup that cannot be"] = Trial.Wrong(new() { Flags = Good | Ceremony.BackedUp }),
        ["an algorithm that was not offered"] = Trial.Wrong(new() { Algorithm = -47 }),
        ["the algorithm of another curve"] = Trial.Wrong(new() { Algorithm = -35 }) with { OnlyOurs = true },
        ["a key without a point"] = Trial.Wrong(new() { Key = CborWriter.Map((CborWriter.Number(1), CborWriter.Number(2)), (CborWriter.Number(3), CborWriter.Number(-7)), (CborWriter.Number(-1), CborWriter.Number(1))) }) with { OnlyOurs = true },
        ["a point off its curve"] = Trial.Wrong(new() { Key = CborWriter.Map((CborWriter.Number(1), CborWriter.Number(2)), (CborWriter.Number(3), CborWriter.Number(-7)), (CborWriter.Number(-1), CborWriter.Number(1)), (CborWriter.Number(-2), CborWriter.Bytes(new byte[32])), (CborWriter.Number(-3), CborWriter.Bytes(new byte[32]))) }) with { OnlyOurs = true },
        ["no CBOR"] = Trial.Wrong(new() { Attestation = [0xff, 0x00] }),
        ["CBOR that is cut"] = Trial.Wrong(new() { Attestation = [.. CborWriter.Map((CborWriter.Text("fmt"), CborWriter.Text("none")), (CborWriter.Text("attStmt"), CborWriter.Map()))[..^1]] }),
        ["bytes behind the attestation object"] = Trial.Wrong(new() { Trailing = [0] }) with { OnlyOurs = true },
        ["another credential's id"] = Trial.Wrong(new() { CredentialId = new byte[32] }) with { OnlyOurs = true },
        ["a statement where there should be none"] = Trial.Wrong(new() { Statement = CborWriter.Map((CborWriter.Text("alg"), CborWriter.Number(-7))) }),
        ["a format that nobody knows"] = Trial.Wrong(new() { Format = "home-made", Statement = CborWriter.Map((CborWriter.Text("alg"), CborWriter.Number(-7))) }),
        ["self attestation with a wrong signature"] = Trial.Wrong(new() { Format = "packed", Statement = CborWriter.Map((CborWriter.Text("alg"), CborWriter.Number(-7)), (CborWriter.Text("sig"), CborWriter.Bytes(new byte[70]))) }),
        ["self attestation with nothing in it"] = Trial.Wrong(new() { Format = "packed", Statement = CborWriter.Map() }),
    };

    /// <summary>Using a passkey, which counts up to 7 so far and is in no backup.</summary>
    public static IReadOnlyDictionary<string, Trial> Uses { get; } = new Dictionary<string, Trial>
    {
        ["plain"] = Trial.Right(new()),
        ["no user handle"] = Trial.Right(new() { UserHandle = [] }),
        ["another site"] = Trial.Wrong(new() { Origin = "https://evil.example.com" }),
        ["not https"] = Trial.Wrong(new() { Origin = "http://login.example.com" }),
        ["another relying party"] = Trial.Wrong(new() { RelyingParty = "example.com" }),
        ["another challenge"] = Trial.Wrong(new() { Challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }),
        ["the other type"] = Trial.Wrong(new() { Type = "webauthn.create" }),
        ["a frame of another site"] = Trial.Wrong(new() { More = "\"crossOrigin\":true" }) with { OnlyOurs = true },
        ["nobody there"] = Trial.Wrong(new() { Flags = Ceremony.Verified }),
        ["nobody recognised"] = Trial.Wrong(new() { Flags = Ceremony.Present }),
        ["in a backup that cannot be"] = Trial.Wrong(new() { Flags = Good | Ceremony.BackedUp }),
        ["may be in backups all of a sudden"] = Trial.Wrong(new() { Flags = Good | Ceremony.Eligible }) with { OnlyOurs = true },
        ["bytes behind the authenticator data"] = Trial.Wrong(new() { Trailing = [0] }),
        ["a bit of the signature"] = Trial.Wrong(new() { BreaksSignature = true }),
        ["another user's handle"] = Trial.Wrong(new() { UserHandle = new byte[16] }) with { OnlyOurs = true },
        ["another credential's id"] = Trial.Wrong(new() { CredentialId = new byte[32] }) with { OnlyOurs = true },
        ["a counter that went back"] = Trial.Wrong(new()) with { SignCount = 6 },
        ["a counter that stands still"] = Trial.Wrong(new()) with { SignCount = 7 },
        ["a counter that is gone"] = Trial.Wrong(new()) with { SignCount = 0 },
    };
}

/// <param name="How">What is done.</param>
/// <param name="IsRight">It has to be accepted.</param>
internal sealed record Trial(Ceremony How, bool IsRight)
{
    /// <summary>The other implementation does not look at this, or leaves it to its caller.</summary>
    public bool OnlyOurs { get; init; }

    public uint SignCount { get; init; } = 8;

    public static Trial Right(Ceremony how) => new(how, true);

    public static Trial Wrong(Ceremony how) => new(how, false);
}
