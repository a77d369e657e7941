using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Users;

/// <summary>A person or a thing that signs in, as the API shows it. Instants are milliseconds since 1970.</summary>
public sealed record User : ContractObject
{
    public ImmutableArray<string> PreferredLanguages { get; init; } = [];
    public bool Active { get; init; } = true;
    public string? BirthDate { get; init; }
    public Guid? CleanSpeakId { get; init; }
    public JsonElement? Data { get; init; }
    public string? Email { get; init; }
    public long? Expiry { get; init; }
    public string? FirstName { get; init; }
    public string? FullName { get; init; }
    public string? ImageUrl { get; init; }
    public long? InsertInstant { get; init; }
    public string? LastName { get; init; }
    public string? LegacyIdentifier { get; init; }
    public long? LastUpdateInstant { get; init; }
    public string? MiddleName { get; init; }
    public string? MobilePhone { get; init; }
    public string? ParentEmail { get; init; }
    public string? PhoneNumber { get; init; }
    public Guid? TenantId { get; init; }
    public string? Timezone { get; init; }
    public UserTwoFactorConfiguration TwoFactor { get; init; } = new();
    public ImmutableArray<GroupMember> Memberships { get; init; } = [];
    public ImmutableArray<UserRegistration> Registrations { get; init; } = [];
    public ImmutableArray<UserIdentity> Identities { get; init; } = [];
    public long? BreachedPasswordLastCheckedInstant { get; init; }
    public BreachedPasswordStatus BreachedPasswordStatus { get; init; } = BreachedPasswordStatus.None;
    public Guid? ConnectorId { get; init; }
    public string? EncryptionScheme { get; init; }
    public int Factor { get; init; }
    public Guid? Id { get; init; }
    public long? LastLoginInstant { get; init; }
    public string? Password { get; init; }
    public ChangePasswordReason PasswordChangeReason { get; init; } = ChangePasswordReason.Administrative;
    public bool PasswordChangeRequired { get; init; }
    public long? PasswordLastUpdateInstant { get; init; }
    public string? Salt { get; init; }
    public string? UniqueUsername { get; init; }
    public string? Username { get; init; }
    public ContentStatus UsernameStatus { get; init; } = ContentStatus.ACTIVE;
    public bool Verified { get; init; }
    public long? VerifiedInstant { get; init; }
}

/// <summary>What a user is in one application: roles, data, and a name of its own.</summary>
public sealed record UserRegistration : ContractObject
{
    public JsonElement? Data { get; init; }
    public ImmutableArray<string> PreferredLanguages { get; init; } = [];
    public ImmutableDictionary<string, string> Tokens { get; init; } = ImmutableDictionary<string, string>.Empty;
    public Guid? ApplicationId { get; init; }
    public string? AuthenticationToken { get; init; }
    public Guid? CleanSpeakId { get; init; }
    public Guid? Id { get; init; }
    public long? InsertInstant { get; init; }
    public long? LastLoginInstant { get; init; }
    public long? LastUpdateInstant { get; init; }
    public ImmutableArray<string> Roles { get; init; } = [];
    public string? Timezone { get; init; }
    public string? Username { get; init; }
    public ContentStatus UsernameStatus { get; init; } = ContentStatus.ACTIVE;
    public bool Verified { get; init; }
    public long? VerifiedInstant { get; init; }
}
