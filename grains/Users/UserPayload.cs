using System.Text.Json.Nodes;
using OrleansAuth.Events;
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
    // Written once, however many events of the commit show it.
    private WrittenJson? _user, _original;

    /// <summary>As it is to be; of a user who is removed, as it was.</summary>
    public JsonNode User() => after is null ? Original() : (_user ??= Show(after, loginsAfter, snapshot)).ToNode();

    /// <summary>As it was.</summary>
    public JsonNode Original() => (_original ??= Show(before!, loginsBefore, snapshot)).ToNode();

    /// <summary>The member <c>user</c>, and whatever else an event says.</summary>
    public JsonObject With(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var shown = new JsonObject();
        foreach (var (name, value) in members)
            if (value is not null) shown[name] = value;
        shown["user"] = User();
        return shown;
    }

    public JsonNode Registration(UserRegistration registration, bool original = false)
    {
        var logins = original ? loginsBefore : loginsAfter;
        return UserEventJson.Write(registration with { LastLoginInstant = logins.ByApplication.TryGetValue(registration.ApplicationId!.Value, out var at) ? at : null }).ToNode();
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
    public static WrittenJson Show(StoredUser user, UserLogins logins, ConfigurationSnapshot snapshot) => UserEventJson.Write(UserDisplay.Assemble(user, logins, snapshot));
}
