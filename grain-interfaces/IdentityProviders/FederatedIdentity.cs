using OrleansAuth.Common;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// A person as a provider knows it: issuer and subject tell it from all others (OpenID Connect Core, section 5.7), and nothing
/// else does. What else is said was checked to come from the provider, and is what the provider says.
/// </summary>
/// <param name="Subject">The provider's name for the person, 1 to 255 characters, letter for letter.</param>
[GenerateSerializer, Immutable, Alias("federated-identity.v1")]
public sealed record FederatedIdentity(Guid ProviderId, string Issuer, string Subject)
{
    /// <summary>So long a subject may be (OpenID Connect Core, section 2).</summary>
    public const int LongestSubject = 255;

    /// <summary>Null where the provider says none that could be one.</summary>
    [Id(0)] public string? Email { get; init; }

    /// <summary>The provider says that the address is the person's.</summary>
    [Id(1)] public bool EmailVerified { get; init; }

    [Id(2)] public string? Username { get; init; }

    /// <summary>For people, to recognise the account by.</summary>
    [Id(3)] public string? DisplayName { get; init; }

    /// <summary>Members of a new user, as the API names them; an object, or null for none.</summary>
    [Id(4)] public JsonText? Profile { get; init; }

    /// <summary>Says nothing of the person.</summary>
    public override string ToString() => $"identity of provider {ProviderId}";
}
