using System.Collections.Immutable;
using OrleansAuth.Applications;
using OrleansAuth.Groups;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>What tokens say about a user, from what is stored and configured.</summary>
internal static class TokenSubjects
{
    public static TokenSubject Of(StoredUser stored, Application? application, ConfigurationSnapshot snapshot)
    {
        var registration = LoginGates.Registration(stored, application);
        return new TokenSubject(
            stored.Id,
            stored.TenantId,
            stored.User.Email,
            stored.User.Verified,
            stored.User.UniqueUsername ?? stored.User.Username,
            registration is not null,
            registration is null ? [] : Roles(stored, registration, application!, snapshot))
        {
            TokensAfter = Math.Max(RevokedBefore(stored, application), registration?.InsertInstant - 1 ?? 0),
        };
    }

    /// <summary>The last revocation of all of the user's tokens, or of those for the application; 0 for none.</summary>
    public static long RevokedBefore(StoredUser stored, Application? application) => Math.Max(
        stored.SessionsRevokedBefore ?? 0,
        application is null ? 0 : stored.SessionsRevokedBeforeByApplication.GetValueOrDefault(application.Id));

    /// <summary>Roles of the registration and of the user's groups, by name, as far as the application still has them.</summary>
    private static ImmutableArray<string> Roles(StoredUser stored, UserRegistration registration, Application application, ConfigurationSnapshot snapshot)
    {
        var byGroup = stored.User.Memberships.Select(m => snapshot.Find<Group>(m.GroupId)).OfType<Group>()
            .Where(g => g.TenantId == stored.TenantId).SelectMany(g => g.RoleIds).ToHashSet();
        return
        [
            .. application.Roles.Where(role => registration.Roles.Contains(role.Name!) || (role.Id is { } id && byGroup.Contains(id)))
                .Select(role => role.Name!).Order(StringComparer.Ordinal),
        ];
    }
}
