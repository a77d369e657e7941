using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>
/// The events that follow from a commit, found by comparing the user before and after it: whichever operation changed something, it is
/// told. What happened comes in the order of this file, and then that it is complete. Pure.
/// </summary>
internal static class UserDifference
{
    private const string OfEmail = UserIdentities.Email;

    /// <param name="before">Null for a new user.</param>
    /// <param name="after">Null for one who is removed.</param>
    public static IEnumerable<UserEvent> Of(StoredUser? before, StoredUser? after, UserTelling telling)
    {
        if (before is null) return after is null ? [] : Born(after);
        if (after is null) return Gone(before);
        if (ReferenceEquals(before, after)) return [];
        return [.. State(before, after), .. Update(before, after, telling), .. Names(before.User, after.User), .. Verified(before.User, after.User), .. UserPartsDifference.Of(before, after), .. Secrets(before, after, telling), .. Complete(before, after, telling)];
    }

    private static IEnumerable<UserEvent> Born(StoredUser after) =>
    [
        new(EventTypes.UserCreate, p => p.With()),
        .. UserPartsDifference.Of(null, after),
        new(EventTypes.UserCreateComplete, p => p.With()),
        .. UserPartsDifference.Complete(null, after),
    ];

    private static IEnumerable<UserEvent> Gone(StoredUser before) =>
    [
        new(EventTypes.UserDelete, p => p.With()),
        Revoked(before, null),
        new(EventTypes.UserDeleteComplete, p => p.With()),
    ];

    private static IEnumerable<UserEvent> State(StoredUser before, StoredUser after)
    {
        if (before.User.Active != after.User.Active) yield return new(after.User.Active ? EventTypes.UserReactivate : EventTypes.UserDeactivate, p => p.With());
    }

    private static IEnumerable<UserEvent> Update(StoredUser before, StoredUser after, UserTelling telling)
    {
        if (IsUpdated(before, after, telling)) yield return new(EventTypes.UserUpdate, p => p.With(("original", p.Original())));
    }

    private static IEnumerable<UserEvent> Names(User before, User after)
    {
        (string Type, string? Before, string? After)[] names =
        [
            (OfEmail, before.Email, after.Email), (UserIdentities.PhoneNumber, before.PhoneNumber, after.PhoneNumber),
            (UserIdentities.Username, before.UniqueUsername ?? before.Username, after.UniqueUsername ?? after.Username),
        ];
        foreach (var name in names.Where(n => n.Before != n.After))
        {
            yield return new(EventTypes.UserIdentityUpdate, p => p.With(("loginIdType", name.Type), ("newLoginId", name.After), ("previousLoginId", name.Before)));
            if (name.Type == OfEmail) yield return new(EventTypes.UserEmailUpdate, p => p.With(("previousEmail", name.Before)));
        }
    }

    /// <summary>A name that comes with its proof, or needs none, was not verified: only what waited for that is.</summary>
    private static IEnumerable<UserEvent> Verified(User before, User after)
    {
        if (before.Identities == after.Identities) yield break;
        foreach (var identity in after.Identities.Where(i => i.Verified))
        {
            if (before.Identities.FirstOrDefault(i => i.Type.Name == identity.Type.Name && i.Value == identity.Value) is not { Verified: false }) continue;
            yield return new(EventTypes.UserIdentityVerified, p => p.With(("loginId", identity.Value), ("loginIdType", identity.Type.Name)));
            if (identity.Type.Name == OfEmail) yield return new(EventTypes.UserEmailVerified, p => p.With());
        }
    }

    /// <summary>Passwords, and the sessions that end.</summary>
    private static IEnumerable<UserEvent> Secrets(StoredUser before, StoredUser after, UserTelling telling)
    {
        if (before.PasswordGeneration != after.PasswordGeneration)
        {
            yield return new(EventTypes.UserPasswordUpdate, p => p.With());
            if (telling.IsReset && before.Password is not null) yield return new(EventTypes.UserPasswordResetSuccess, p => p.With());
        }

        if (after.User.BreachedPasswordStatus != BreachedPasswordStatus.None && after.User.BreachedPasswordStatus != before.User.BreachedPasswordStatus)
            yield return new(EventTypes.UserPasswordBreach, p => p.With());
        if (before.SessionsRevokedBefore != after.SessionsRevokedBefore)
        {
            yield return Revoked(after, null);
            yield break;
        }

        foreach (var (application, instant) in after.SessionsRevokedBeforeByApplication)
            if (before.SessionsRevokedBeforeByApplication.GetValueOrDefault(application) != instant) yield return Revoked(after, application);
    }

    private static UserEvent Revoked(StoredUser user, Guid? application) => new(EventTypes.JwtRefreshTokenRevoke, p => p.With(
        ("applicationId", application),
        ("applicationTimeToLiveInSeconds", p.TokenLifetimes(application is { } id ? [id] : user.User.Registrations.Select(r => r.ApplicationId!.Value))),
        ("userId", user.Id)));

    private static IEnumerable<UserEvent> Complete(StoredUser before, StoredUser after, UserTelling telling)
    {
        if (IsUpdated(before, after, telling)) yield return new(EventTypes.UserUpdateComplete, p => p.With(("original", p.Original())));
        foreach (var complete in UserPartsDifference.Complete(before, after)) yield return complete;
    }

    private static bool IsUpdated(StoredUser before, StoredUser after, UserTelling telling) =>
        telling.IsUpdate || (!ReferenceEquals(before.User, after.User) && Profile(before.User) != Profile(after.User));

    /// <summary>The user without what has events of its own.</summary>
    private static User Profile(User user) => user with
    {
        Active = true,
        BreachedPasswordLastCheckedInstant = null,
        BreachedPasswordStatus = BreachedPasswordStatus.None,
        Identities = [],
        LastUpdateInstant = null,
        Memberships = [],
        PasswordChangeReason = ChangePasswordReason.Administrative,
        PasswordChangeRequired = false,
        PasswordLastUpdateInstant = null,
        Registrations = [],
        Verified = false,
        VerifiedInstant = null,
    };
}

/// <summary>The same for what belongs to a user: registrations, memberships, second factors.</summary>
internal static class UserPartsDifference
{
    public static IEnumerable<UserEvent> Of(StoredUser? before, StoredUser after) =>
    [
        .. Registrations(before, after, EventTypes.UserRegistrationCreate, EventTypes.UserRegistrationUpdate, EventTypes.UserRegistrationDelete, EventTypes.UserRegistrationVerified),
        .. Memberships(before, after, EventTypes.GroupMemberAdd, EventTypes.GroupMemberUpdate, EventTypes.GroupMemberRemove),
        .. Factors(before, after),
    ];

    public static IEnumerable<UserEvent> Complete(StoredUser? before, StoredUser after) =>
    [
        .. Registrations(before, after, EventTypes.UserRegistrationCreateComplete, EventTypes.UserRegistrationUpdateComplete, EventTypes.UserRegistrationDeleteComplete, null),
        .. Memberships(before, after, EventTypes.GroupMemberAddComplete, EventTypes.GroupMemberUpdateComplete, EventTypes.GroupMemberRemoveComplete),
    ];

    private static IEnumerable<UserEvent> Registrations(StoredUser? before, StoredUser after, string create, string update, string delete, string? verified)
    {
        if (before is not null && before.User.Registrations == after.User.Registrations) yield break;
        var held = (before?.User.Registrations ?? []).ToDictionary(r => r.ApplicationId!.Value);
        foreach (var registration in after.User.Registrations)
        {
            held.Remove(registration.ApplicationId!.Value, out var original);
            if (ReferenceEquals(original, registration)) continue;
            if (original is null) yield return new(create, p => Members(p, registration));
            else if (!original.Verified && registration.Verified && verified is not null) yield return new(verified, p => Members(p, registration));
            else if (original.Verified == registration.Verified) yield return new(update, p => Members(p, registration, original));
        }

        foreach (var gone in held.Values) yield return new(delete, p => p.With(("applicationId", gone.ApplicationId), ("registration", p.Registration(gone, original: true))));
    }

    private static JsonObject Members(UserPayload payload, UserRegistration registration, UserRegistration? original = null) => payload.With(
        ("applicationId", registration.ApplicationId),
        ("original", original is null ? null : payload.Registration(original, original: true)),
        ("registration", payload.Registration(registration)));

    /// <summary>A membership in a group that is gone means nothing any more, and is not told.</summary>
    private static IEnumerable<UserEvent> Memberships(StoredUser? before, StoredUser after, string add, string update, string remove)
    {
        if (before is not null && before.User.Memberships == after.User.Memberships) yield break;
        var held = (before?.User.Memberships ?? []).ToDictionary(m => m.Id!.Value);
        var kept = after.User.Memberships.Select(m => m.Id!.Value).ToHashSet();
        foreach (var gone in held.Values.Where(m => !kept.Contains(m.Id!.Value))) yield return Member(remove, gone);
        foreach (var member in after.User.Memberships)
        {
            var original = held.GetValueOrDefault(member.Id!.Value);
            if (!ReferenceEquals(original, member)) yield return Member(original is null ? add : update, member);
        }
    }

    private static UserEvent Member(string type, GroupMember member) => new(type, p => new JsonObject
    {
        ["group"] = p.Group(member.GroupId),
        ["members"] = new JsonArray(ContractJson.ToNode(member)),
    });

    private static IEnumerable<UserEvent> Factors(StoredUser? before, StoredUser after)
    {
        var (held, kept) = (before?.Factors?.Methods ?? [], after.Factors?.Methods ?? []);
        if (held == kept) yield break;
        foreach (var method in kept.Where(m => held.All(h => h.Id != m.Id)))
            yield return new(EventTypes.UserTwoFactorMethodAdd, p => p.With(("method", ContractJson.ToNode(method.Show(lastUsed: false)))));
        foreach (var method in held.Where(h => kept.All(m => m.Id != h.Id)))
            yield return new(EventTypes.UserTwoFactorMethodRemove, p => p.With(("method", ContractJson.ToNode(method.Show(lastUsed: false)))));
    }
}
