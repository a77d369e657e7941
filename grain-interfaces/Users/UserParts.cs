using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>The second factors of a user.</summary>
public sealed record UserTwoFactorConfiguration : ContractObject
{
    public ImmutableArray<TwoFactorMethod> Methods { get; init; } = [];
    public ImmutableArray<string> RecoveryCodes { get; init; } = [];
}

/// <summary>One second factor.</summary>
public sealed record TwoFactorMethod : ContractObject
{
    public AuthenticatorConfiguration? Authenticator { get; init; }
    public string? Email { get; init; }
    public string? Id { get; init; }
    public bool LastUsed { get; init; }
    public string? Method { get; init; }
    public string? MobilePhone { get; init; }
    public string? Name { get; init; }
    public string? Secret { get; init; }
}

/// <summary>How an authenticator's codes are made (RFC 6238).</summary>
public sealed record AuthenticatorConfiguration : ContractObject
{
    public TotpAlgorithm Algorithm { get; init; } = TotpAlgorithm.HmacSHA1;
    public int CodeLength { get; init; }
    public int TimeStep { get; init; }
}

/// <summary>A user's membership in a group.</summary>
public sealed record GroupMember : ContractObject
{
    public JsonElement? Data { get; init; }
    public Guid? GroupId { get; init; }
    public Guid? Id { get; init; }
    public long? InsertInstant { get; init; }
    public Guid? UserId { get; init; }
}

/// <summary>One name that a user signs in with: an e-mail address, a username or a phone number.</summary>
public sealed record UserIdentity : ContractObject
{
    public string? DisplayValue { get; init; }
    public long? InsertInstant { get; init; }
    public long? LastLoginInstant { get; init; }
    public long? LastUpdateInstant { get; init; }
    public ContentStatus ModerationStatus { get; init; } = ContentStatus.ACTIVE;
    public bool Primary { get; init; }
    public IdentityType Type { get; init; } = new();
    public string? Value { get; init; }
    public bool Verified { get; init; }
    public long? VerifiedInstant { get; init; }
    public IdentityVerifiedReason VerifiedReason { get; init; } = IdentityVerifiedReason.Skipped;
}

/// <summary>The kind of an identity: <c>email</c>, <c>username</c> or <c>phoneNumber</c>.</summary>
public sealed record IdentityType : ContractObject
{
    public string? Name { get; init; }
}

/// <summary>What was found when the password was held against known breaches.</summary>
public enum BreachedPasswordStatus { None, ExactMatch, SubAddressMatch, PasswordOnly, CommonPassword }

/// <summary>Why a password must be changed.</summary>
public enum ChangePasswordReason { Administrative, Breached, Expired, Validation }

/// <summary>What moderation said of a username.</summary>
public enum ContentStatus { ACTIVE, PENDING, REJECTED }

/// <summary>How an identity came to be verified, or why it is not.</summary>
public enum IdentityVerifiedReason { Skipped, Trusted, Unverifiable, Implicit, Pending, Completed, Disabled, Administrative, Import }
