using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Keys;

/// <summary>
/// API keys. Only a key that may manage keys gets here. That it cannot give what it does not have, and cannot make another
/// manager, is checked where the change is made.
/// </summary>
internal static class ApiKeyEndpoints
{
    private static readonly ConfigurationRoutes Routes = new(Families.ApiKeys, "/api/api-key")
    {
        SourceMember = "sourceKeyId",
        // Whoever reads a key can use it, so a key sees only those that have no more rights than it has itself.
        Sees = (value, request) => request.Key!.Covers((ApiKey)value) && request.Sees(((ApiKey)value).TenantId),
        Show = (value, _) => Show((ApiKey)value),
    };

    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var managed = routes.MapGroup("").AddEndpointFilter(async (context, next) =>
            ApiRequest.Of(context.HttpContext).Key is { KeyManager: true } ? await next(context) : ErrorResponses.Empty(StatusCodes.Status401Unauthorized));
        Routes.MapCreate(managed).MapRead(managed).MapReplace(managed).MapPatch(managed).MapRemove(managed);
    }

    private static JsonObject Show(ApiKey key)
    {
        var shown = Families.ApiKeys.Shown(key);
        if (!key.Retrievable) shown.Remove("key");
        return shown;
    }
}
