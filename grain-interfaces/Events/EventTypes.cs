using System.Collections.Immutable;

namespace OrleansAuth.Events;

/// <summary>The types of events, as the contract spells them. Names on the wire never change.</summary>
public static class EventTypes
{
    public const string AuditLogCreate = "audit-log.create";
    public const string EntityCreate = "entity.create";
    public const string EntityCreateComplete = "entity.create.complete";
    public const string EntityDelete = "entity.delete";
    public const string EntityDeleteComplete = "entity.delete.complete";
    public const string EntityUpdate = "entity.update";
    public const string EntityUpdateComplete = "entity.update.complete";
    public const string EventLogCreate = "event-log.create";
    public const string GroupCreate = "group.create";
    public const string GroupCreateComplete = "group.create.complete";
    public const string GroupDelete = "group.delete";
    public const string GroupDeleteComplete = "group.delete.complete";
    public const string GroupMemberAdd = "group.member.add";
    public const string GroupMemberAddComplete = "group.member.add.complete";
    public const string GroupMemberRemove = "group.member.remove";
    public const string GroupMemberRemoveComplete = "group.member.remove.complete";
    public const string GroupMemberUpdate = "group.member.update";
    public const string GroupMemberUpdateComplete = "group.member.update.complete";
    public const string GroupUpdate = "group.update";
    public const string GroupUpdateComplete = "group.update.complete";
    public const string JwtPublicKeyUpdate = "jwt.public-key.update";
    public const string JwtRefresh = "jwt.refresh";
    public const string JwtRefreshTokenRevoke = "jwt.refresh-token.revoke";
    public const string KickstartSuccess = "kickstart.success";
    public const string Test = "test";
    public const string UserAction = "user.action";
    public const string UserBulkCreate = "user.bulk.create";
    public const string UserCreate = "user.create";
    public const string UserCreateComplete = "user.create.complete";
    public const string UserDeactivate = "user.deactivate";
    public const string UserDelete = "user.delete";
    public const string UserDeleteComplete = "user.delete.complete";
    public const string UserEmailUpdate = "user.email.update";
    public const string UserEmailVerified = "user.email.verified";
    public const string UserIdentityProviderLink = "user.identity-provider.link";
    public const string UserIdentityProviderUnlink = "user.identity-provider.unlink";
    public const string UserIdentityUpdate = "user.identity.update";
    public const string UserIdentityVerified = "user.identity.verified";
    public const string UserLoginFailed = "user.login.failed";
    public const string UserLoginNewDevice = "user.login.new-device";
    public const string UserLoginSuccess = "user.login.success";
    public const string UserLoginSuspicious = "user.login.suspicious";
    public const string UserLoginIdDuplicateCreate = "user.loginId.duplicate.create";
    public const string UserLoginIdDuplicateUpdate = "user.loginId.duplicate.update";
    public const string UserPasswordBreach = "user.password.breach";
    public const string UserPasswordResetSend = "user.password.reset.send";
    public const string UserPasswordResetStart = "user.password.reset.start";
    public const string UserPasswordResetSuccess = "user.password.reset.success";
    public const string UserPasswordUpdate = "user.password.update";
    public const string UserReactivate = "user.reactivate";
    public const string UserRegistrationCreate = "user.registration.create";
    public const string UserRegistrationCreateComplete = "user.registration.create.complete";
    public const string UserRegistrationDelete = "user.registration.delete";
    public const string UserRegistrationDeleteComplete = "user.registration.delete.complete";
    public const string UserRegistrationUpdate = "user.registration.update";
    public const string UserRegistrationUpdateComplete = "user.registration.update.complete";
    public const string UserRegistrationVerified = "user.registration.verified";
    public const string UserTwoFactorChallenge = "user.two-factor.challenge";
    public const string UserTwoFactorFailedAttempt = "user.two-factor.failed-attempt";
    public const string UserTwoFactorMethodAdd = "user.two-factor.method.add";
    public const string UserTwoFactorMethodRemove = "user.two-factor.method.remove";
    public const string UserTwoFactorSuccess = "user.two-factor.success";
    public const string UserUpdate = "user.update";
    public const string UserUpdateComplete = "user.update.complete";

    /// <summary>Events that receivers can veto, if the tenant gives them a transaction type. <see cref="Test"/> is none of them: it is sent by hand.</summary>
    public static readonly ImmutableSortedSet<string> Transactional = ImmutableSortedSet.Create(StringComparer.Ordinal,
    [
        JwtPublicKeyUpdate, JwtRefreshTokenRevoke, JwtRefresh, GroupCreate, GroupDelete, GroupMemberAdd, GroupMemberRemove, GroupMemberUpdate,
        GroupUpdate, UserAction, UserBulkCreate, UserCreate, UserDeactivate, UserDelete, UserEmailVerified, UserLoginFailed, UserLoginNewDevice,
        UserLoginSuccess, UserLoginSuspicious, UserPasswordBreach, UserReactivate, UserRegistrationCreate, UserRegistrationDelete,
        UserRegistrationUpdate, UserRegistrationVerified, UserUpdate, UserIdentityVerified, UserIdentityUpdate, EntityCreate, EntityDelete,
        EntityUpdate,
    ]);

    /// <summary>
    /// Transactional events that nobody is asked about in the caller's time, whatever the tenant configured: they tell of somebody who has
    /// proved nothing. A veto, or only the wait for it, would tell that stranger that the account exists. They are told afterwards. The same
    /// holds for a <see cref="UserAction"/> that failed logins bring about; whoever raises that one says so.
    /// </summary>
    public static readonly ImmutableSortedSet<string> Unasked = ImmutableSortedSet.Create(StringComparer.Ordinal, [UserLoginFailed]);

    /// <summary>Events that tell what has happened; no receiver can prevent them.</summary>
    public static readonly ImmutableSortedSet<string> Informational = ImmutableSortedSet.Create(StringComparer.Ordinal,
    [
        AuditLogCreate, EventLogCreate, KickstartSuccess, GroupCreateComplete, GroupDeleteComplete, GroupMemberAddComplete, GroupMemberRemoveComplete,
        GroupMemberUpdateComplete, GroupUpdateComplete, UserCreateComplete, UserDeleteComplete, UserEmailUpdate, UserIdentityProviderLink,
        UserIdentityProviderUnlink, UserLoginIdDuplicateCreate, UserLoginIdDuplicateUpdate, UserTwoFactorChallenge, UserPasswordResetSend,
        UserPasswordResetStart, UserPasswordResetSuccess, UserPasswordUpdate, UserRegistrationCreateComplete, UserRegistrationDeleteComplete,
        UserRegistrationUpdateComplete, UserTwoFactorMethodAdd, UserTwoFactorMethodRemove, UserUpdateComplete, UserTwoFactorFailedAttempt,
        UserTwoFactorSuccess, EntityCreateComplete, EntityDeleteComplete, EntityUpdateComplete,
    ]);

    /// <summary>Events of the server itself, which belong to no tenant and are sent whatever tenants configure.</summary>
    public static readonly ImmutableSortedSet<string> OfSystem = ImmutableSortedSet.Create(StringComparer.Ordinal, [AuditLogCreate, EventLogCreate, KickstartSuccess]);

    /// <summary>Events with tokens in them, which are stored sealed.</summary>
    public static readonly ImmutableSortedSet<string> WithSecrets = ImmutableSortedSet.Create(StringComparer.Ordinal, [JwtRefresh, JwtRefreshTokenRevoke]);

    /// <summary>The event that tells that what another one announced has happened.</summary>
    /// <param name="type">One of those that have such a companion.</param>
    public static string CompleteOf(string type) => type + ".complete";

    /// <summary>All that tenants configure and receivers choose from.</summary>
    public static readonly ImmutableSortedSet<string> All = Transactional.Union(Informational);
}
