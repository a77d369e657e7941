namespace OrleansAuth.WebAuthn;

/// <summary>
/// A new passkey, as browser and authenticator describe it, and its verification (WebAuthn Level 3, section 7.1). Attestation
/// is not asked for and gives nobody anything: a statement of the format none must be empty, one that the new key made about
/// itself must be right, and any other known one, which would need roots of trust, counts as none.
/// </summary>
/// <param name="CredentialId">As the client names it.</param>
/// <param name="ClientData">JSON, as the browser wrote it.</param>
/// <param name="AttestationObject">CBOR, as the browser wrote it.</param>
[GenerateSerializer, Immutable, Alias("webauthn.registration.v1")]
public sealed record PasskeyRegistration(ReadOnlyMemory<byte> CredentialId, ReadOnlyMemory<byte> ClientData, ReadOnlyMemory<byte> AttestationObject)
{
    /// <summary>Formats of the IANA registry whose statements are maps that we do not verify.</summary>
    private static readonly string[] Unverified = ["tpm", "android-key", "android-safetynet", "fido-u2f", "apple"];

    /// <summary>The passkey, or which step failed.</summary>
    public (NewPasskey? Passkey, PasskeyFault? Fault) Verify(PasskeyCeremony ceremony)
    {
        if (ceremony.CheckClient(ClientData, WebAuthn.ClientData.Create) is { } wrong) return (null, wrong);
        if (CborReader.Read(AttestationObject) is not { Kind: CborKind.Map, Members.Length: 3 } read
            || read.Find("fmt") is not { Kind: CborKind.Text, Text: var format }
            || read.Find("attStmt") is not { Kind: CborKind.Map } statement
            || read.Find("authData") is not { Kind: CborKind.Bytes, Bytes: var bytes }) return (null, PasskeyFault.Attestation);
        if (AuthenticatorData.Read(bytes) is not { Credential: { } credential } data) return (null, PasskeyFault.AuthenticatorData);
        if (ceremony.CheckAuthenticator(data) is { } fault) return (null, fault);
        if (!credential.Id.Span.SequenceEqual(CredentialId.Span)) return (null, PasskeyFault.CredentialId);
        if (PasskeyKey.Read(credential.Key) is not { } key || !PasskeyKey.Offered.Contains(key.Algorithm)) return (null, PasskeyFault.Key);
        return Attested(format, statement, key, data) is { } attestation
            ? (new NewPasskey(credential, key, data, attestation), null)
            : (null, PasskeyFault.Attestation);
    }

    /// <summary>The contract's type of the attestation, or null where the statement is wrong or unknown.</summary>
    private string? Attested(string format, CborValue statement, PasskeyKey key, AuthenticatorData data)
    {
        if (format == "none") return statement.Members.IsEmpty ? "none" : null;
        if (format != "packed") return Unverified.Contains(format) && !statement.Members.IsEmpty ? "none" : null;
        if (statement.Find("alg") is not { Kind: CborKind.Number, Number: var algorithm } || statement.Find("sig") is not { Kind: CborKind.Bytes, Bytes: var signature }) return null;
        if (statement.Find("x5c") is { } chain)
            return statement.Members.Length == 3 && chain is { Kind: CborKind.Array, Items: { IsEmpty: false } certificates } && certificates.All(c => c.Kind == CborKind.Bytes) ? "none" : null;
        return statement.Members.Length == 2 && algorithm == key.Algorithm && key.Verify(PasskeyCeremony.Signed(data.Written, ClientData), signature.Span) ? "self" : null;
    }
}

/// <summary>A passkey that was just made, verified.</summary>
/// <param name="AttestationType">The contract's name: <c>none</c> or <c>self</c>.</param>
public sealed record NewPasskey(AttestedCredential Credential, PasskeyKey Key, AuthenticatorData Data, string AttestationType);
