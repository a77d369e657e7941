using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Operations;

/// <summary>The configuration of the whole server. It is no tenant's, so a key that is bound to one may not even see it.</summary>
internal static class SystemConfigurationEndpoints
{
    private const string Path = "/api/system-configuration";

    private static readonly ConfigurationFamily Family = Families.SystemConfigurations;

    private static readonly ConfigurationRoutes Routes = new(Family, Path)
    {
        Show = (value, _) =>
        {
            var shown = Family.Shown(value);
            shown.Remove("id");
            return shown;
        },
    };

    public static void MapSystemConfiguration(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (ApiRequest request) => MayNot(request)
            ?? ContractResults.Wrapped(Family.Name, Routes.Show(request.Snapshot.Find<SystemConfiguration>(SystemConfiguration.TheOne)!, request))).Allow(ApiAccess.Key);
        routes.MapPut(Path, async (ApiRequest request, IGrainFactory grains) =>
        {
            if (MayNot(request) is { } refused) return refused;
            var body = await RequestBody.ReadObject(request.Http);
            if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
            var sent = body.Value!.Wrapped(Family.Name);
            return sent.Refusal is { } missing ? ErrorResponses.From(missing) : await Change(ChangeKind.Replace, JsonText.From(sent.Value), request, grains);
        }).Allow(ApiAccess.Key);
        routes.MapPatch(Path, async (ApiRequest request, IGrainFactory grains) =>
        {
            if (MayNot(request) is { } refused) return refused;
            var patch = await PatchRequest.Read(request.Http, Family.Name);
            return patch.Refusal is { } malformed ? ErrorResponses.From(malformed) : await Change(patch.Value!.Kind, patch.Value.Change, request, grains);
        }).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Change(ChangeKind kind, JsonText change, ApiRequest request, IGrainFactory grains) =>
        await Routes.Answer(await grains.Configuration(Family, SystemConfiguration.TheOne).Change(new ChangeConfiguration(kind, change, null, request.Actor)), request);

    private static IResult? MayNot(ApiRequest request) => request.Key?.TenantId is null ? null : ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
}
