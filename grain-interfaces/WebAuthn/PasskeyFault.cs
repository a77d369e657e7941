namespace OrleansAuth.WebAuthn;

/// <summary>Which step of a ceremony failed (WebAuthn Level 3, sections 7.1 and 7.2), for those who look for the cause.</summary>
public enum PasskeyFault
{
    /// <summary>The client data is no JSON object of the right shape.</summary>
    ClientData,

    /// <summary>It is of the other ceremony.</summary>
    Type,

    /// <summary>It answers another challenge.</summary>
    Challenge,

    /// <summary>The page is not one of the relying party.</summary>
    Origin,

    /// <summary>The page stood in a frame of another site.</summary>
    CrossOrigin,

    /// <summary>The authenticator data is malformed, or says nothing about a credential where it must.</summary>
    AuthenticatorData,

    /// <summary>It was made for another relying party.</summary>
    RelyingParty,

    /// <summary>Nobody was there.</summary>
    UserPresence,

    /// <summary>The owner was not recognised, and has to be.</summary>
    UserVerification,

    /// <summary>The key is in a backup although it cannot be, or can be in one now and could not before, or the other way round.</summary>
    Backup,

    /// <summary>The attestation object is malformed, or of a format that nobody knows.</summary>
    Attestation,

    /// <summary>The key is malformed, weak, or of an algorithm that was not offered.</summary>
    Key,

    /// <summary>The id of the credential is not the one that the authenticator says.</summary>
    CredentialId,

    /// <summary>The credential is not the user's, or not the one that was asked for.</summary>
    UnknownCredential,

    /// <summary>The authenticator made the credential for another user, or does not say for whom where it has to.</summary>
    UserHandle,

    /// <summary>The signature is not the credential's.</summary>
    Signature,

    /// <summary>The authenticator counts fewer signatures than it did before: there may be a copy of it.</summary>
    SignCount,
}
