namespace OrleansAuth.WebAuthn;

/// <summary>The use of a passkey, as browser and authenticator describe it, and its verification (WebAuthn Level 3, section 7.2).</summary>
/// <param name="CredentialId">Which credential was used.</param>
/// <param name="ClientData">JSON, as the browser wrote it.</param>
/// <param name="AuthenticatorData">As the authenticator wrote it.</param>
/// <param name="UserHandle">For whom the authenticator made the credential, where it says so.</param>
[GenerateSerializer, Immutable, Alias("webauthn.assertion.v1")]
public sealed record PasskeyAssertion(
    ReadOnlyMemory<byte> CredentialId, ReadOnlyMemory<byte> ClientData, ReadOnlyMemory<byte> AuthenticatorData, ReadOnlyMemory<byte> Signature, ReadOnlyMemory<byte>? UserHandle)
{
    /// <summary>What the authenticator says, or which step failed. The counter is the last step: everything else was right then.</summary>
    /// <param name="known">The passkey as it was registered and last used.</param>
    public (AuthenticatorData? Data, PasskeyFault? Fault) Verify(PasskeyCeremony ceremony, KnownPasskey known)
    {
        if (UserHandle is { } handle ? !handle.Span.SequenceEqual(known.UserHandle.Span) : known.NeedsHandle) return (null, PasskeyFault.UserHandle);
        if (ceremony.CheckClient(ClientData, WebAuthn.ClientData.Get) is { } wrong) return (null, wrong);
        if (WebAuthn.AuthenticatorData.Read(AuthenticatorData) is not { } data) return (null, PasskeyFault.AuthenticatorData);
        if (ceremony.CheckAuthenticator(data) is { } fault) return (null, fault);
        if (known.BackupEligible is { } eligible && eligible != data.BackupEligible) return (null, PasskeyFault.Backup);
        if (!known.Key.Verify(PasskeyCeremony.Signed(AuthenticatorData, ClientData), Signature.Span)) return (null, PasskeyFault.Signature);
        return (data.SignCount > 0 || known.SignCount > 0) && data.SignCount <= known.SignCount ? (data, PasskeyFault.SignCount) : (data, null);
    }
}

/// <summary>What is known of a passkey when it is used.</summary>
/// <param name="UserHandle">The one that its authenticator was given.</param>
/// <param name="NeedsHandle">Nobody has said who the user is, so the authenticator has to.</param>
/// <param name="BackupEligible">What it said of itself at first; null where that is not known.</param>
/// <param name="SignCount">Of its last use.</param>
public sealed record KnownPasskey(PasskeyKey Key, ReadOnlyMemory<byte> UserHandle, bool NeedsHandle, bool? BackupEligible, long SignCount);
