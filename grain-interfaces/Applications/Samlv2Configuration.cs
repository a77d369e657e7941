using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansAuth.Common;

namespace OrleansAuth.Applications;

/// <summary>The application as a SAML 2.0 service provider.</summary>
public sealed record Samlv2Configuration : ContractObject
{
    public Samlv2AssertionEncryptionConfiguration AssertionEncryptionConfiguration { get; init; } = new();
    public string? Audience { get; init; }
    public ImmutableArray<string> AuthorizedRedirectURLs { get; init; } = [];
    public bool Debug { get; init; }
    public Guid? DefaultVerificationKeyId { get; init; }
    public Samlv2IdPInitiatedLoginConfiguration InitiatedLogin { get; init; } = new();
    public string? Issuer { get; init; }
    public Guid? KeyId { get; init; }
    public LoginHintConfiguration LoginHintConfiguration { get; init; } = new();
    public Samlv2Logout Logout { get; init; } = new();
    public string? LogoutURL { get; init; }
    public bool RequireSignedRequests { get; init; }
    public CanonicalizationMethod XmlSignatureC14nMethod { get; init; } = CanonicalizationMethod.ExclusiveWithComments;
    public XmlSignatureLocation XmlSignatureLocation { get; init; } = XmlSignatureLocation.Assertion;
    public string? CallbackURL { get; init; }
    public bool Enabled { get; init; }
}

/// <summary>Whether and how assertions are encrypted.</summary>
public sealed record Samlv2AssertionEncryptionConfiguration : ContractObject
{
    public string? DigestAlgorithm { get; init; }
    public string? EncryptionAlgorithm { get; init; }
    public string? KeyLocation { get; init; }
    public string? KeyTransportAlgorithm { get; init; }
    public Guid? KeyTransportEncryptionKeyId { get; init; }
    public string? MaskGenerationFunction { get; init; }
    public bool Enabled { get; init; }
}

/// <summary>Logins that begin here and not at the service provider.</summary>
public sealed record Samlv2IdPInitiatedLoginConfiguration : ContractObject
{
    public string? NameIdFormat { get; init; }
    public bool Enabled { get; init; }
}

/// <summary>A request parameter that names who wants to sign in.</summary>
public sealed record LoginHintConfiguration : ContractObject
{
    public string? ParameterName { get; init; }
    public bool Enabled { get; init; }
}

/// <summary>Logout by SAML.</summary>
public sealed record Samlv2Logout : ContractObject
{
    public SamlLogoutBehavior Behavior { get; init; } = SamlLogoutBehavior.AllParticipants;
    public Guid? DefaultVerificationKeyId { get; init; }
    public Guid? KeyId { get; init; }
    public bool RequireSignedRequests { get; init; }
    public Samlv2SingleLogout SingleLogout { get; init; } = new();
    public CanonicalizationMethod XmlSignatureC14nMethod { get; init; } = CanonicalizationMethod.ExclusiveWithComments;
}

/// <summary>Where the service provider wants to hear of a logout.</summary>
public sealed record Samlv2SingleLogout : ContractObject
{
    public Guid? KeyId { get; init; }
    public string? Url { get; init; }
    public CanonicalizationMethod XmlSignatureC14nMethod { get; init; } = CanonicalizationMethod.ExclusiveWithComments;
    public bool Enabled { get; init; }
}

/// <summary>Whether every participant of a session hears of its end, or only who asked.</summary>
public enum SamlLogoutBehavior { AllParticipants, OnlyOriginator }

/// <summary>XML canonicalisation before a signature.</summary>
public enum CanonicalizationMethod
{
    [JsonStringEnumMemberName("exclusive")] Exclusive,
    [JsonStringEnumMemberName("exclusive_with_comments")] ExclusiveWithComments,
    [JsonStringEnumMemberName("inclusive")] Inclusive,
    [JsonStringEnumMemberName("inclusive_with_comments")] InclusiveWithComments,
}

/// <summary>What is signed: the assertion or the response around it.</summary>
public enum XmlSignatureLocation { Assertion, Response }
