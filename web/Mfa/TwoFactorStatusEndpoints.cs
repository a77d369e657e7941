using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Users;

namespace OrleansAuth.Mfa;

/// <summary>Whether an action would ask for a second factor: 242 if so, 200 if not.</summary>
internal static class TwoFactorStatusEndpoints
{
    private const int Challenged = 242;

    public static void MapTwoFactorStatus(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/two-factor/status", (ApiRequest request, UserLookup users, IGrainFactory grains) => ByQuery(null, request, users, grains)).Allow(ApiAccess.KeyOrToken);
        routes.MapGet("/api/two-factor/status/{twoFactorTrustId}", (string twoFactorTrustId, ApiRequest request, UserLookup users, IGrainFactory grains) =>
            ByQuery(twoFactorTrustId, request, users, grains)).Allow(ApiAccess.KeyOrToken);
        routes.MapPost("/api/two-factor/status", ByBody).Allow(ApiAccess.KeyOrToken);
    }

    private static Task<IResult> ByQuery(string? trustId, ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        var query = request.Http.Request.Query;
        var errors = new Errors("");
        var (userId, applicationId) = (Id("userId"), Id("applicationId"));
        return errors.Any ? Task.FromResult(ErrorResponses.From(errors.Refusal)) : Answer(userId, new ReadFactorStatus(applicationId, FactorAction.Login, trustId), request, users, grains);

        Guid? Id(string name)
        {
            if (query.Sent(name) is not { } text) return null;
            if (Guid.TryParse(text, out var id)) return id;
            errors.AddField(name, "couldNotConvert", $"The [{name}] must be a UUID.");
            return null;
        }
    }

    private static async Task<IResult> ByBody(ApiRequest request, UserLookup users, IGrainFactory grains, IAccessTokenVerifier tokens)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (userId, applicationId) = (sent.Id("userId", errors), sent.Id("applicationId", errors));
        var (action, token) = (sent.Text("action", errors), sent.Text("accessToken", errors));
        var query = new ReadFactorStatus(applicationId, Action(action, errors), sent.Text("twoFactorTrustId", errors));
        if (userId is null && token is { Length: > 0 }) userId = tokens.Verify(token, request.Snapshot)?.UserId;
        return errors.Any ? ErrorResponses.From(errors.Refusal) : await Answer(userId, query, request, users, grains);
    }

    private static FactorAction Action(string? text, Errors errors)
    {
        switch (text)
        {
            case null or "" or "login": return FactorAction.Login;
            case "changePassword": return FactorAction.ChangePassword;
            case "stepUp": return FactorAction.StepUp;
            default:
                errors.AddField("action", "invalid", "The [action] must be login, changePassword or stepUp.");
                return FactorAction.Login;
        }
    }

    private static async Task<IResult> Answer(Guid? userId, ReadFactorStatus query, ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        if (await FactorOwner.Find(userId, request, users, grains) is not { } owner || await owner.Status(query) is not { } status) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var trusts = status.Trusts.Read<JsonArray>();
        var answer = new JsonObject();
        if (trusts.Count > 0) (answer["trusts"], answer["twoFactorTrustId"]) = (trusts, query.TrustId);
        return ContractResults.Json(answer, status.Challenged ? Challenged : StatusCodes.Status200OK);
    }
}
