using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>From what a request names to the user it means, within what the caller may see.</summary>
internal sealed class UserLookup(IGrainFactory grains, UserQueries users, PublicAddress address)
{
    private static readonly string[] UsualTypes = ["email", "username"];

    /// <summary>The user of that id, or null where the request may not see one.</summary>
    public async Task<(StoredUser User, UserLogins Logins)?> Find(Guid userId, ApiRequest request) =>
        await users.Find(userId, request.Http.RequestAborted) is { } found && request.Sees(found.User.TenantId) ? found : null;

    /// <summary>The grain of the user, or null where the request may not see one.</summary>
    public async Task<IUserGrain?> Grain(Guid userId, ApiRequest request) =>
        await Find(userId, request) is { } found ? grains.User(found.User.TenantId, userId) : null;

    /// <summary>The grain of a user that was found.</summary>
    public IUserGrain GrainOf(StoredUser user) => grains.User(user.TenantId, user.Id);

    /// <summary>The user who signs in with that name in the request's tenant; not found unless it is of one of the types.</summary>
    public async Task<Outcome<(StoredUser User, UserLogins Logins)>> FindByLogin(string loginId, IReadOnlyCollection<string> types, ApiRequest request)
    {
        var tenant = request.RequireTenant();
        if (tenant.Refusal is { } ambiguous) return ambiguous;
        foreach (var type in types.Count == 0 ? UsualTypes : types)
        {
            var name = type == "phoneNumber" ? LoginName.Phone(loginId) : LoginName.Normalise(loginId);
            if (name is null || await users.FindByLogin(tenant.Value, name, request.Http.RequestAborted) is not { } id) continue;
            if (await users.Find(id, request.Http.RequestAborted) is { } found && Name(found.User.User, type) == name) return found;
        }

        return Refusal.NotFound;
    }

    /// <summary>The tenant of a new user: the one that the caller named, or that of the application, or the only one.</summary>
    public static Outcome<Guid> TenantOfNew(ApiRequest request, Guid? applicationId) =>
        (request.TenantScope ?? request.Snapshot.Find<Application>(applicationId)?.TenantId) is { } tenant ? tenant : request.RequireTenant();

    /// <summary>Where links lead that are mailed to users of the tenant.</summary>
    public string? LinkOrigin(Guid tenantId, ApiRequest request) => request.Snapshot.Find<Tenant>(tenantId) is { } tenant ? address.OriginOf(tenant) : null;

    /// <summary>The user as the API shows it.</summary>
    public static JsonObject Show((StoredUser User, UserLogins Logins) found, ApiRequest request, bool withScheme = false) =>
        UserDisplay.Show(found.User, found.Logins, request.Snapshot, withScheme);

    /// <summary>The name of that type (<c>email</c>, <c>username</c>, <c>phoneNumber</c>), normalised; null where the user has none.</summary>
    public static string? Name(User user, string type) => type switch
    {
        "email" => LoginName.Normalise(user.Email),
        "username" => LoginName.Normalise(user.UniqueUsername ?? user.Username),
        "phoneNumber" => LoginName.Phone(user.PhoneNumber),
        _ => null,
    };
}
