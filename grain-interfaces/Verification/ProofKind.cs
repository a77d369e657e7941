namespace OrleansAuth.Verification;

/// <summary>What an id, or an id and a code, proves that was sent to a user. Stored by name: names may be added, never changed.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<ProofKind>))]
public enum ProofKind
{
    /// <summary>The e-mail address is the user's.</summary>
    Email,

    /// <summary>The phone number is the user's.</summary>
    PhoneNumber,

    /// <summary>The user wants the registration for an application.</summary>
    Registration,

    /// <summary>The user wants to sign in, without a password.</summary>
    Passwordless,
}
