using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Groups;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Users;

namespace OrleansAuth.Storage.Users;

/// <summary>The user as the API shows it, put together from what is stored.</summary>
public static class UserDisplay
{
    /// <param name="snapshot">Registrations and memberships of what is not configured any more are left out.</param>
    /// <param name="withScheme">Adds the name of the password's scheme; only the look-up by id shows it.</param>
    public static JsonObject Show(StoredUser stored, UserLogins logins, ConfigurationSnapshot snapshot, bool withScheme = false)
    {
        var shown = ContractJson.ToNode(Assemble(stored, logins, snapshot, withScheme));
        shown.Remove("factor");
        return shown;
    }

    /// <summary>The same before it is written.</summary>
    public static User Assemble(StoredUser stored, UserLogins logins, ConfigurationSnapshot snapshot, bool withScheme = false) => stored.User with
    {
        LastLoginInstant = logins.LastLoginInstant,
        EncryptionScheme = withScheme ? stored.Password?.Scheme : null,
        TwoFactor = stored.Factors is { Any: true } factors ? stored.User.TwoFactor with { Methods = factors.Show() } : stored.User.TwoFactor,
        Memberships = [.. stored.User.Memberships.Where(m => snapshot.Find<Group>(m.GroupId) is not null)],
        Registrations =
        [
            .. stored.User.Registrations.Where(r => snapshot.Find<Application>(r.ApplicationId) is not null)
                .Select(r => r with { LastLoginInstant = logins.ByApplication.TryGetValue(r.ApplicationId!.Value, out var at) ? at : null }),
        ],
    };

    /// <summary>One registration as the API shows it, or null where the user has none for the application.</summary>
    public static JsonObject? ShowRegistration(StoredUser stored, UserLogins logins, Guid applicationId) =>
        stored.User.Registrations.FirstOrDefault(r => r.ApplicationId == applicationId) is { } registration
            ? ContractJson.ToNode(registration with { LastLoginInstant = logins.ByApplication.TryGetValue(applicationId, out var at) ? at : null })
            : null;
}
