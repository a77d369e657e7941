using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace OrleansAuth.Events;

/// <summary>
/// An example of every type of event, with all of the members that the type has: for trying receivers out, and what the documentation
/// of events is held against.
/// </summary>
public static class EventSamples
{
    /// <summary>The tenant that samples speak of where nobody names another.</summary>
    public static readonly Guid Tenant = Guid.Parse(SampleObjects.TenantId);

    /// <summary>Where samples seem to come from.</summary>
    public static readonly EventInfo Info = new() { IpAddress = SampleObjects.IpAddress, DeviceName = "Robin's phone", DeviceType = "MOBILE", Os = "Android", UserAgent = "Mozilla/5.0 (Android 16; Mobile)" };

    private static readonly FrozenDictionary<string, Func<JsonObject>> Samples = All().ToFrozenDictionary(sample => sample.Type, sample => sample.Members);

    /// <summary>The members of an event beside id, instant, type, tenant and info; null for a type that there is not.</summary>
    public static JsonObject? Members(string type) => Samples.TryGetValue(type, out var members) ? members() : null;

    private static IEnumerable<(string Type, Func<JsonObject> Members)> All() =>
    [
        (EventTypes.Test, () => Of(("message", "It works: this is a test."))),
        .. OfSystem(), .. OfTokens(), .. OfGroups(), .. OfEntities(), .. OfUsers(), .. OfNames(), .. OfLogins(), .. OfPasswords(), .. OfRegistrations(), .. OfFactors(),
        (EventTypes.UserAction, Action),
    ];

    private static IEnumerable<(string, Func<JsonObject>)> OfSystem() =>
    [
        (EventTypes.AuditLogCreate, () => Of(("auditLog", SampleObjects.AuditLog()))),
        (EventTypes.EventLogCreate, () => Of(("eventLog", SampleObjects.EventLog()))),
        (EventTypes.KickstartSuccess, () => Of(("instanceId", "2f3a4b5c-6d7e-4f8a-9b0c-1d2e3f4a5b15"))),
    ];

    private static IEnumerable<(string, Func<JsonObject>)> OfTokens() =>
    [
        (EventTypes.JwtPublicKeyUpdate, () => Of(("applicationIds", Applications()))),
        (EventTypes.JwtRefresh, () => Of(
            ("applicationId", SampleObjects.ApplicationId), ("original", "eyJhbGciOiJFUzI1NiJ9.b3JpZ2luYWw.c2lnbmF0dXJl"), ("refreshToken", "sample-of-a-refresh-token"),
            ("token", "eyJhbGciOiJFUzI1NiJ9.bmV3.c2lnbmF0dXJl"), ("userId", SampleObjects.UserId))),
        (EventTypes.JwtRefreshTokenRevoke, () => Of(
            ("applicationId", SampleObjects.ApplicationId), ("applicationTimeToLiveInSeconds", new JsonObject { [SampleObjects.ApplicationId] = 3600 }),
            ("refreshToken", SampleObjects.RefreshToken()), ("user", SampleObjects.User()), ("userId", SampleObjects.UserId))),
    ];

    private static IEnumerable<(string, Func<JsonObject>)> OfGroups()
    {
        JsonObject Group() => Of(("group", SampleObjects.Group()));
        JsonObject Changed() => Of(("group", SampleObjects.Group()), ("original", SampleObjects.Group("Writers")));
        JsonObject Members() => Of(("group", SampleObjects.Group()), ("members", SampleObjects.Members()));
        return
        [
            (EventTypes.GroupCreate, Group), (EventTypes.GroupCreateComplete, Group), (EventTypes.GroupDelete, Group), (EventTypes.GroupDeleteComplete, Group),
            (EventTypes.GroupUpdate, Changed), (EventTypes.GroupUpdateComplete, Changed),
            (EventTypes.GroupMemberAdd, Members), (EventTypes.GroupMemberAddComplete, Members), (EventTypes.GroupMemberRemove, Members),
            (EventTypes.GroupMemberRemoveComplete, Members), (EventTypes.GroupMemberUpdate, Members), (EventTypes.GroupMemberUpdateComplete, Members),
        ];
    }

    private static IEnumerable<(string, Func<JsonObject>)> OfEntities()
    {
        JsonObject Entity() => Of(("entity", SampleObjects.Entity()));
        JsonObject Changed() => Of(("entity", SampleObjects.Entity()), ("original", SampleObjects.Entity("Sample and Sons")));
        return
        [
            (EventTypes.EntityCreate, Entity), (EventTypes.EntityCreateComplete, Entity), (EventTypes.EntityDelete, Entity), (EventTypes.EntityDeleteComplete, Entity),
            (EventTypes.EntityUpdate, Changed), (EventTypes.EntityUpdateComplete, Changed),
        ];
    }

    private static IEnumerable<(string, Func<JsonObject>)> OfUsers()
    {
        JsonObject Changed() => Of(("original", SampleObjects.User("robin.sample@example.com")), ("user", SampleObjects.User()));
        JsonObject Linked() => Of(("identityProviderLink", SampleObjects.IdentityProviderLink()), ("user", SampleObjects.User()));
        return
        [
            (EventTypes.UserBulkCreate, () => Of(("users", new JsonArray(SampleObjects.User(), SampleObjects.OtherUser())))),
            (EventTypes.UserCreate, User), (EventTypes.UserCreateComplete, User), (EventTypes.UserDelete, User), (EventTypes.UserDeleteComplete, User),
            (EventTypes.UserDeactivate, () => Of(("user", SampleObjects.User(active: false)))), (EventTypes.UserReactivate, User),
            (EventTypes.UserUpdate, Changed), (EventTypes.UserUpdateComplete, Changed),
            (EventTypes.UserIdentityProviderLink, Linked), (EventTypes.UserIdentityProviderUnlink, Linked),
        ];
    }

    private static IEnumerable<(string, Func<JsonObject>)> OfNames()
    {
        JsonObject Wanted() => Of(
            ("duplicateEmail", "kim@example.com"), ("duplicateIdentities", SampleObjects.Read("""[ { "type": "email", "value": "kim@example.com" }, { "type": "username", "value": "robin" } ]""")),
            ("duplicatePhoneNumber", "+15555550123"), ("duplicateUsername", "robin"), ("existing", SampleObjects.OtherUser()), ("user", SampleObjects.User()));
        return
        [
            (EventTypes.UserEmailUpdate, () => Of(("previousEmail", "robin.sample@example.com"), ("user", SampleObjects.User()))),
            (EventTypes.UserEmailVerified, User),
            (EventTypes.UserIdentityUpdate, () => Of(
                ("loginIdType", "email"), ("newLoginId", "robin@example.com"), ("previousLoginId", "robin.sample@example.com"), ("user", SampleObjects.User()))),
            (EventTypes.UserIdentityVerified, () => Of(("loginId", "robin@example.com"), ("loginIdType", "email"), ("user", SampleObjects.User()))),
            (EventTypes.UserLoginIdDuplicateCreate, Wanted), (EventTypes.UserLoginIdDuplicateUpdate, Wanted),
        ];
    }

    private static IEnumerable<(string, Func<JsonObject>)> OfLogins()
    {
        JsonObject Login() => Of(
            ("applicationId", SampleObjects.ApplicationId), ("authenticationType", "PASSWORD"), ("connectorId", "e3306678-a53a-4964-9040-1c96f36dda72"),
            ("identityProviderId", SampleObjects.IdentityProviderId), ("identityProviderName", "Example Login"), ("ipAddress", SampleObjects.IpAddress), ("user", SampleObjects.User()));
        JsonObject Suspicious()
        {
            var login = Login();
            login["threatsDetected"] = new JsonArray("ImpossibleTravel");
            return login;
        }

        return
        [
            (EventTypes.UserLoginFailed, () => Of(
                ("applicationId", SampleObjects.ApplicationId), ("authenticationType", "PASSWORD"), ("ipAddress", SampleObjects.IpAddress),
                ("reason", new JsonObject { ["code"] = "credentials" }), ("user", SampleObjects.User()))),
            (EventTypes.UserLoginNewDevice, Login), (EventTypes.UserLoginSuccess, Login), (EventTypes.UserLoginSuspicious, Suspicious),
        ];
    }

    private static IEnumerable<(string, Func<JsonObject>)> OfPasswords() =>
    [
        (EventTypes.UserPasswordBreach, User), (EventTypes.UserPasswordResetSend, User), (EventTypes.UserPasswordResetStart, User),
        (EventTypes.UserPasswordResetSuccess, User), (EventTypes.UserPasswordUpdate, User),
    ];

    private static IEnumerable<(string, Func<JsonObject>)> OfRegistrations()
    {
        JsonObject Registration() => Of(("applicationId", SampleObjects.ApplicationId), ("registration", SampleObjects.Registration()), ("user", SampleObjects.User()));
        JsonObject Changed() => Of(
            ("applicationId", SampleObjects.ApplicationId), ("original", SampleObjects.Registration("writer")), ("registration", SampleObjects.Registration()), ("user", SampleObjects.User()));
        return
        [
            (EventTypes.UserRegistrationCreate, Registration), (EventTypes.UserRegistrationCreateComplete, Registration), (EventTypes.UserRegistrationDelete, Registration),
            (EventTypes.UserRegistrationDeleteComplete, Registration), (EventTypes.UserRegistrationUpdate, Changed), (EventTypes.UserRegistrationUpdateComplete, Changed),
            (EventTypes.UserRegistrationVerified, Registration),
        ];
    }

    private static IEnumerable<(string, Func<JsonObject>)> OfFactors()
    {
        JsonObject Method() => Of(("method", SampleObjects.FactorMethod()), ("user", SampleObjects.User()));
        JsonObject Risk() => new() { ["status"] = "Low" };
        JsonObject Answered() => Of(
            ("applicationId", SampleObjects.ApplicationId), ("clientRisk", Risk()), ("messageType", "SMS"), ("method", "sms"), ("user", SampleObjects.User()));
        return
        [
            (EventTypes.UserTwoFactorChallenge, () => Of(("applicationId", SampleObjects.ApplicationId), ("clientRisk", Risk()), ("user", SampleObjects.User()))),
            (EventTypes.UserTwoFactorFailedAttempt, Answered), (EventTypes.UserTwoFactorSuccess, Answered),
            (EventTypes.UserTwoFactorMethodAdd, Method), (EventTypes.UserTwoFactorMethodRemove, Method),
        ];
    }

    private static JsonObject Action() => Of(
        ("action", "Lock"), ("actionId", SampleObjects.ActionId), ("actioneeUserId", SampleObjects.UserId), ("actionerUserId", SampleObjects.OtherUserId),
        ("applicationIds", Applications()), ("comment", "Three complaints in a week."), ("email", SampleObjects.Email()), ("emailedUser", true),
        ("expiry", SampleObjects.Instant + 86_400_000), ("localizedAction", "Lock"), ("localizedDuration", "1 day"), ("localizedOption", "Strict"), ("localizedReason", "Rude"),
        ("notifyUser", true), ("option", "Strict"), ("phase", "start"), ("reason", "Rude"), ("reasonCode", "R1"));

    private static JsonObject User() => Of(("user", SampleObjects.User()));

    private static JsonArray Applications() => [SampleObjects.ApplicationId];

    private static JsonObject Of(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var sample = new JsonObject();
        foreach (var (name, value) in members) sample[name] = value;
        return sample;
    }
}
