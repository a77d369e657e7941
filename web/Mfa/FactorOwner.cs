using OrleansAuth.Common;
using OrleansAuth.Users;

namespace OrleansAuth.Mfa;

/// <summary>Whose second factors a request is about: with a token its own user's, with a key those of the user that it names.</summary>
internal static class FactorOwner
{
    /// <returns>Null where the request may not see such a user.</returns>
    public static async Task<IUserFactorGrain?> Find(Guid? userId, ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        if (request.Key is null)
            return request.Token is { } token && request.Sees(token.TenantId) && (userId is null || userId == token.UserId) ? grains.UserFactors(token.TenantId, token.UserId) : null;
        return userId is { } id && await users.Find(id, request) is { } found ? grains.UserFactors(found.User.TenantId, id) : null;
    }
}
