using System.Text.Json.Nodes;
using OrleansAuth.Groups;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Groups;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>
/// What events show of a user: what the API shows, without what signs somebody in. Receivers are other people's servers, and what
/// they are told is kept readable.
/// </summary>
/// <param name="before">Null for a new user.</param>
/// <param name="after">Null for one who is removed.</param>
internal sealed class UserPayload(StoredUser? before, UserLogins loginsBefore, StoredUser? after, UserLogins loginsAfter, ConfigurationSnapshot snapshot)
{
    private JsonObject? _user;

    /// <summary>As it is to be; of a user who is removed, as it was.</summary>
    public JsonObject User()
    {
        // Most commits tell one event, whose own it then is.
        if (_user is { } shown) return (JsonObject)shown.DeepClone();
        return _user = after is null ? Original() : Show(after, loginsAfter);
    }

    /// <summary>As it was.</summary>
    public JsonObject Original() => Show(before!, loginsBefore);

    /// <summary>The member <c>user</c>, and whatever else an event says.</summary>
    public JsonObject With(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var shown = new JsonObject();
        foreach (var (name, value) in members)
            if (value is not null) shown[name] = value;
        shown["user"] = User();
        return shown;
    }

    public JsonObject Registration(UserRegistration registration, bool original = false)
    {
        var logins = original ? loginsBefore : loginsAfter;
        return UserEventJson.Write(registration with { LastLoginInstant = logins.ByApplication.TryGetValue(registration.ApplicationId!.Value, out var at) ? at : null });
    }

    /// <summary>The group of a membership, with its roles by application; null where it is gone.</summary>
    public JsonObject? Group(Guid? groupId) => snapshot.Find<Group>(groupId) is { } group ? GroupDisplay.Show(group, snapshot) : null;

    /// <summary>For how long access tokens of these applications are good, in seconds; they outlive the refresh tokens that are revoked.</summary>
    public JsonObject TokenLifetimes(IEnumerable<Guid> applications)
    {
        var tenantId = (after ?? before!).TenantId;
        var shown = new JsonObject();
        foreach (var id in applications)
            if (TokenSettings.Find(snapshot, tenantId, id) is { } settings) shown[id.ToString()] = settings.Jwt.TimeToLiveInSeconds;
        return shown;
    }

    /// <summary>The user as others may hear of it.</summary>
    public static JsonObject Show(StoredUser user, UserLogins logins, ConfigurationSnapshot snapshot) => UserEventJson.Write(UserDisplay.Assemble(user, logins, snapshot));

    private JsonObject Show(StoredUser user, UserLogins logins) => Show(user, logins, snapshot);
}
