using System.Collections.Immutable;
using OrleansAuth.Applications;
using OrleansAuth.Groups;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>What tokens may say about a user.</summary>
internal static class TokenSubjects
{
    public static TokenSubject Of(StoredUser stored, ConfigurationSnapshot snapshot, Guid? applicationId)
    {
        var user = stored.User;
        var registration = applicationId is { } id ? user.Registrations.FirstOrDefault(r => r.ApplicationId == id) : null;
        var application = registration is null ? null : snapshot.Find<Application>(applicationId);
        return new TokenSubject(
            stored.Id, stored.TenantId, user.Email, user.Verified, user.UniqueUsername ?? user.Username,
            application is not null, application is null ? [] : Roles(user, registration!, application, snapshot));
    }

    /// <summary>Roles of the registration and of the user's groups, as far as the application still has them, in the application's order.</summary>
    private static ImmutableArray<string> Roles(User user, UserRegistration registration, Application application, ConfigurationSnapshot snapshot)
    {
        var byGroups = user.Memberships.SelectMany(m => snapshot.Find<Group>(m.GroupId)?.RoleIds ?? []).ToHashSet();
        return [.. application.Roles.Where(r => registration.Roles.Contains(r.Name!) || (r.Id is { } id && byGroups.Contains(id))).Select(r => r.Name!)];
    }
}
