using OrleansAuth.Common;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Tenants;

namespace OrleansAuth.Sessions;

/// <summary>Finds the session of a refresh token that a client shows. Finding it proves nothing yet.</summary>
internal static class PresentedToken
{
    /// <summary>Longer texts are no tokens of anybody. In characters.</summary>
    public const int Longest = 2048;

    /// <summary>The session that may have given the token out, or null; never one of a tenant that the request does not mean.</summary>
    public static async Task<ISessionGrain?> Find(string? token, ApiRequest request, IGrainFactory grains, SessionReader sessions)
    {
        if (token is not { Length: > 0 and <= Longest }) return null;
        var (tenantId, sessionId) = RefreshTokenValue.TryRead(token, out var value) && request.Snapshot.Find<Tenant>(value.TenantId) is not null
            ? (value.TenantId, value.SessionId)
            : await sessions.FindImported(token, request.Http.RequestAborted) ?? default;
        return tenantId == default || !request.Sees(tenantId) ? null : grains.Session(tenantId, sessionId);
    }

    /// <summary>The same for an OAuth 2.0 client, which means its own tenant and no other.</summary>
    public static async Task<ISessionGrain?> Find(string token, Guid tenantId, IGrainFactory grains, SessionReader sessions, CancellationToken stop)
    {
        if (token.Length > Longest) return null;
        if (RefreshTokenValue.TryRead(token, out var value)) return value.TenantId == tenantId ? grains.Session(tenantId, value.SessionId) : null;
        return await sessions.FindImported(token, stop) is { } found && found.TenantId == tenantId ? grains.Session(tenantId, found.SessionId) : null;
    }
}
