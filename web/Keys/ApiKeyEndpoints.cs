using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Keys;

/// <summary>
/// API keys. Only a key that may manage keys gets here; it cannot give what it does not have, and cannot make another
/// manager.
/// </summary>
internal static class ApiKeyEndpoints
{
    private static readonly ConfigurationRoutes Routes = new(Families.ApiKeys, "/api/api-key")
    {
        SourceMember = "sourceKeyId",
        Prepare = Prepare,
        Show = (value, _) => Show((ApiKey)value),
    };

    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var managed = routes.MapGroup("").AddEndpointFilter(async (context, next) =>
            ApiRequest.Of(context.HttpContext).Key is { KeyManager: true } ? await next(context) : ErrorResponses.Empty(StatusCodes.Status401Unauthorized));
        Routes.MapCreate(managed).MapRead(managed).MapReplace(managed).MapPatch(managed).MapRemove(managed);
    }

    /// <summary>Refuses what the creator's own key does not have.</summary>
    private static Refusal? Prepare(JsonObject sent, JsonObject body, ApiRequest request)
    {
        sent.Remove("keyManager");
        var creator = request.Key!;
        var errors = new Errors("apiKey");
        if (creator.TenantId is { } own)
        {
            var wanted = sent.Id("tenantId", errors);
            if (wanted is not null && wanted != own)
                errors.Add("tenantId", "invalid", "A key of one tenant cannot make a key of another.");
            sent["tenantId"] = own;
        }

        if (errors.Any || creator.Permissions.Endpoints.IsEmpty) return errors.Any ? errors.Refusal : null;
        if (ContractReading.Read<ApiKey>(ContractJson.WithoutNulls((JsonObject)sent.DeepClone()), "apiKey", errors) is not { } key) return errors.Refusal;
        if (key.Permissions.Endpoints.IsEmpty || key.Permissions.Endpoints.Any(e => !Covers(creator, e.Key, e.Value)))
            errors.Add("permissions", "invalid", "A key cannot be given more than the key that makes it has.");
        return errors.Any ? errors.Refusal : null;
    }

    private static bool Covers(ApiKey creator, string path, IEnumerable<string> methods) =>
        creator.Permissions.Endpoints.TryGetValue(path, out var own) && methods.All(m => own.Contains(m, StringComparer.OrdinalIgnoreCase));

    private static JsonObject Show(ApiKey key)
    {
        var shown = Families.ApiKeys.Shown(key);
        if (!key.Retrievable) shown.Remove("key");
        return shown;
    }
}
