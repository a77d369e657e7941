using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

public sealed record UserTwoFactorConfiguration : ContractObject
{
    public ImmutableArray<TwoFactorMethod> Methods { get; init; } = [];
    public ImmutableArray<string> RecoveryCodes { get; init; } = [];
}

public sealed record TwoFactorMethod : ContractObject
{
    public AuthenticatorConfiguration Authenticator { get; init; } = new();
    public string? Email { get; init; }
    public string? Id { get; init; }
    public bool LastUsed { get; init; }
    public string? Method { get; init; }
    public string? MobilePhone { get; init; }
    public string? Name { get; init; }
    public string? Secret { get; init; }
}

public sealed record AuthenticatorConfiguration : ContractObject
{
    public TotpAlgorithm Algorithm { get; init; } = TotpAlgorithm.HmacSHA1;
    public int CodeLength { get; init; }
    public int TimeStep { get; init; }
}

public sealed record GroupMember : ContractObject
{
    public JsonElement? Data { get; init; }
    public Guid? GroupId { get; init; }
    public Guid? Id { get; init; }
    public long? InsertInstant { get; init; }
    public Guid? UserId { get; init; }
}

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

public sealed record IdentityType : ContractObject
{
    public string? Name { get; init; }
}

public enum BreachedPasswordStatus { None, ExactMatch, SubAddressMatch, PasswordOnly, CommonPassword }

public enum ChangePasswordReason { Administrative, Breached, Expired, Validation }

public enum ContentStatus { ACTIVE, PENDING, REJECTED }

public enum IdentityVerifiedReason { Skipped, Trusted, Unverifiable, Implicit, Pending, Completed, Disabled, Administrative, Import }
