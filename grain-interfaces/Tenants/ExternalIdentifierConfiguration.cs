using System.Text.Json.Serialization;
using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

/// <summary>How long the identifiers live that the server hands out, in seconds, and what they look like.</summary>
public sealed record ExternalIdentifierConfiguration : ContractObject
{
    /// <summary>1 to 600 (RFC 6749, section 4.1.2).</summary>
    public int AuthorizationGrantIdTimeToLiveInSeconds { get; init; } = 30;

    public SecureGeneratorConfiguration ChangePasswordIdGenerator { get; init; } = new() { Length = 32, Type = SecureGeneratorType.RandomBytes };
    public int ChangePasswordIdTimeToLiveInSeconds { get; init; } = 600;
    public int DeviceCodeTimeToLiveInSeconds { get; init; } = 300;
    public SecureGeneratorConfiguration DeviceUserCodeIdGenerator { get; init; } = new() { Length = 6, Type = SecureGeneratorType.RandomAlphaNumeric };
    public SecureGeneratorConfiguration EmailVerificationIdGenerator { get; init; } = new() { Length = 32, Type = SecureGeneratorType.RandomBytes };
    public int EmailVerificationIdTimeToLiveInSeconds { get; init; } = 86_400;
    public SecureGeneratorConfiguration EmailVerificationOneTimeCodeGenerator { get; init; } = new() { Length = 6, Type = SecureGeneratorType.RandomAlphaNumeric };
    public int ExternalAuthenticationIdTimeToLiveInSeconds { get; init; } = 300;
    public int IdentityProviderConnectionTestTimeToLiveInSeconds { get; init; } = 300;
    public int LoginIntentTimeToLiveInSeconds { get; init; } = 1_800;
    public int OneTimePasswordTimeToLiveInSeconds { get; init; } = 60;
    public SecureGeneratorConfiguration PasswordlessLoginGenerator { get; init; } = new() { Length = 32, Type = SecureGeneratorType.RandomBytes };
    public SecureGeneratorConfiguration PasswordlessLoginOneTimeCodeGenerator { get; init; } = new() { Length = 6, Type = SecureGeneratorType.RandomAlphaNumeric };
    public int PasswordlessLoginTimeToLiveInSeconds { get; init; } = 180;
    public int PendingAccountLinkTimeToLiveInSeconds { get; init; } = 3_600;
    public SecureGeneratorConfiguration PhoneVerificationIdGenerator { get; init; } = new() { Length = 32, Type = SecureGeneratorType.RandomBytes };
    public int PhoneVerificationIdTimeToLiveInSeconds { get; init; } = 86_400;
    public SecureGeneratorConfiguration PhoneVerificationOneTimeCodeGenerator { get; init; } = new() { Length = 6, Type = SecureGeneratorType.RandomDigits };
    public SecureGeneratorConfiguration RegistrationVerificationIdGenerator { get; init; } = new() { Length = 32, Type = SecureGeneratorType.RandomBytes };
    public int RegistrationVerificationIdTimeToLiveInSeconds { get; init; } = 86_400;
    public SecureGeneratorConfiguration RegistrationVerificationOneTimeCodeGenerator { get; init; } = new() { Length = 6, Type = SecureGeneratorType.RandomAlphaNumeric };
    public int RememberOAuthScopeConsentChoiceTimeToLiveInSeconds { get; init; } = 2_592_000;
    public int Samlv2AuthNRequestIdTimeToLiveInSeconds { get; init; } = 300;
    public SecureGeneratorConfiguration SetupPasswordIdGenerator { get; init; } = new() { Length = 32, Type = SecureGeneratorType.RandomBytes };
    public int SetupPasswordIdTimeToLiveInSeconds { get; init; } = 86_400;
    public int TrustTokenTimeToLiveInSeconds { get; init; } = 180;
    public int TwoFactorIdTimeToLiveInSeconds { get; init; } = 300;
    public SecureGeneratorConfiguration TwoFactorOneTimeCodeIdGenerator { get; init; } = new() { Length = 6, Type = SecureGeneratorType.RandomDigits };
    public int TwoFactorOneTimeCodeIdTimeToLiveInSeconds { get; init; } = 60;
    public int TwoFactorTrustIdTimeToLiveInSeconds { get; init; } = 2_592_000;
    public int WebAuthnAuthenticationChallengeTimeToLiveInSeconds { get; init; } = 180;
    public int WebAuthnRegistrationChallengeTimeToLiveInSeconds { get; init; } = 180;
}

/// <summary>The shape of a random identifier. A length of random bytes counts bytes, every other counts characters.</summary>
public sealed record SecureGeneratorConfiguration : ContractObject
{
    public int Length { get; init; }
    public SecureGeneratorType Type { get; init; } = SecureGeneratorType.RandomDigits;
}

/// <summary>What a random identifier is made of.</summary>
public enum SecureGeneratorType
{
    [JsonStringEnumMemberName("randomDigits")] RandomDigits,
    [JsonStringEnumMemberName("randomBytes")] RandomBytes,
    [JsonStringEnumMemberName("randomAlpha")] RandomAlpha,
    [JsonStringEnumMemberName("randomAlphaNumeric")] RandomAlphaNumeric,
}
