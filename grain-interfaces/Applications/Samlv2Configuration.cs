using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansAuth.Common;

namespace OrleansAuth.Applications;

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

public sealed record Samlv2IdPInitiatedLoginConfiguration : ContractObject
{
    public string? NameIdFormat { get; init; }
    public bool Enabled { get; init; }
}

public sealed record LoginHintConfiguration : ContractObject
{
    public string? ParameterName { get; init; }
    public bool Enabled { get; init; }
}

public sealed record Samlv2Logout : ContractObject
{
    public SamlLogoutBehavior Behavior { get; init; } = SamlLogoutBehavior.AllParticipants;
    public Guid? DefaultVerificationKeyId { get; init; }
    public Guid? KeyId { get; init; }
    public bool RequireSignedRequests { get; init; }
    public Samlv2SingleLogout SingleLogout { get; init; } = new();
    public CanonicalizationMethod XmlSignatureC14nMethod { get; init; } = CanonicalizationMethod.ExclusiveWithComments;
}

public sealed record Samlv2SingleLogout : ContractObject
{
    public Guid? KeyId { get; init; }
    public string? Url { get; init; }
    public CanonicalizationMethod XmlSignatureC14nMethod { get; init; } = CanonicalizationMethod.ExclusiveWithComments;
    public bool Enabled { get; init; }
}

public enum SamlLogoutBehavior { AllParticipants, OnlyOriginator }

public enum CanonicalizationMethod
{
    [JsonStringEnumMemberName("exclusive")] Exclusive,
    [JsonStringEnumMemberName("exclusive_with_comments")] ExclusiveWithComments,
    [JsonStringEnumMemberName("inclusive")] Inclusive,
    [JsonStringEnumMemberName("inclusive_with_comments")] InclusiveWithComments,
}

public enum XmlSignatureLocation { Assertion, Response }
