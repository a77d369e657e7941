using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.UserActions;

namespace OrleansAuth.Users;

/// <summary>What keeps a user out now: actions that somebody took, and the lockout after failed logins.</summary>
internal static class LoginPreventions
{
    /// <summary>Whether the user is kept out of the application; of what belongs to none, where it is null.</summary>
    public static bool Any(StoredUser user, UserAttempts attempts, Guid? applicationId, long now) =>
        Lockouts.IsInForce(attempts, now) || InForce(user, applicationId, now).Any();

    /// <summary>The actions as whoever proved to be the user gets to know them: a JSON array.</summary>
    public static JsonText Show(StoredUser user, UserAttempts attempts, Guid? applicationId, ConfigurationSnapshot snapshot, long now)
    {
        var shown = new JsonArray([.. InForce(user, applicationId, now).Select(Show)]);
        if (attempts.Lockout is { } lockout && Lockouts.IsInForce(attempts, now)) shown.Add(Show(lockout, snapshot));
        return JsonText.From<JsonNode>(shown);
    }

    /// <summary>
    /// The lockout alone, for whoever tries: nothing in it depends on who the user is, or whether there is one.
    /// </summary>
    public static JsonText ShowLockout(UserAttempts attempts, ConfigurationSnapshot snapshot) =>
        JsonText.From<JsonNode>(new JsonArray(Show(attempts.Lockout!, snapshot)));

    private static IEnumerable<Prevention> InForce(StoredUser user, Guid? applicationId, long now) =>
        user.Preventions.IsDefaultOrEmpty ? [] : user.Preventions.Where(p => p.IsInForce(applicationId, now));

    private static JsonNode Show(Prevention prevention)
    {
        var shown = ContractJson.ToNode(prevention with { Additional = null });
        shown.Remove("applicationIds");
        return shown;
    }

    private static JsonObject Show(Lockout lockout, ConfigurationSnapshot snapshot)
    {
        var shown = new JsonObject { ["actionId"] = lockout.ActionId, ["expiry"] = lockout.Until };
        if (snapshot.Find<UserAction>(lockout.UserActionId) is { } action) (shown["localizedName"], shown["name"]) = (action.Name, action.Name);
        return shown;
    }
}
