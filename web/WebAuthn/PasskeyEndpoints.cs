using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.WebAuthn;
using OrleansAuth.Users;

namespace OrleansAuth.WebAuthn;

/// <summary>Passkeys of users: made, listed and removed.</summary>
internal static class PasskeyEndpoints
{
    private const int LongestName = 255;

    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/webauthn/register/start", Start).Allow(ApiAccess.Key);
        routes.MapPost("/api/webauthn/register/complete", Complete).Allow(ApiAccess.Anyone);
        routes.MapGet("/api/webauthn", List).Allow(ApiAccess.Key);
        routes.MapDelete("/api/webauthn", RemoveAll).Allow(ApiAccess.Key);
        routes.MapGet("/api/webauthn/{id:guid}", Read).Allow(ApiAccess.Key);
        routes.MapDelete("/api/webauthn/{id:guid}", Remove).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Start(ApiRequest request, PasskeyCeremonies ceremonies, UserLookup users)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (userId, displayName, name, agent) = (sent.Id("userId", errors), sent.Text("displayName", errors), sent.Text("name", errors), sent.Text("userAgent", errors));
        var workflow = PasskeyRequests.Workflow(sent, errors, withGeneral: true);
        if (userId is null && !errors.Any) errors.AddField("userId", "blank", "The [userId] must not be blank.");
        if (string.IsNullOrWhiteSpace(displayName)) errors.AddField("displayName", "blank", "The [displayName] must not be blank.");
        foreach (var (field, text) in ((string, string?)[])[("displayName", displayName), ("name", name)])
        {
            if (text?.Length > LongestName) errors.AddField(field, "tooLong", $"The [{field}] may have at most {LongestName} characters.");
            else if (text is not null && !LoginName.IsClean(text)) errors.AddField(field, "invalid", $"The [{field}] must not have line ends or other control characters.");
        }

        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await users.Find(userId!.Value, request) is not { User: var user } || !user.User.Active) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var wish = new PasskeyCreation(workflow!.Value, null, displayName!, string.IsNullOrWhiteSpace(name) ? null : name, agent, null);
        var options = await ceremonies.StartCreation(user, wish, request.Http.RequestAborted);
        return options.Answer(o => ContractResults.Wrapped("options", o));
    }

    private static async Task<IResult> Complete(ApiRequest request, PasskeyCeremonies ceremonies)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (userId, party) = (sent.Id("userId", errors), sent.Text("rpId", errors));
        if (userId is null && !errors.Any) errors.AddField("userId", "blank", "The [userId] must not be blank.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (sent.Wrapped("credential") is not { Value: { } credential } wrapped) return ErrorResponses.From(sent.Wrapped("credential").Refusal!);
        var made = await ceremonies.FinishCreation(credential, userId!.Value, party, request.TenantScope, null, request.Actor);
        return made.Answer(Show);
    }

    private static async Task<IResult> List(ApiRequest request, UserLookup users, PasskeyQueries passkeys)
    {
        if (await Named(request, users) is not { } user) return Missing(request);
        var held = (await passkeys.Of(user.Id, request.Http.RequestAborted))?.Passkeys ?? [];
        return ContractResults.Json(new JsonObject { ["credentials"] = new JsonArray([.. held.Select(p => PasskeyDisplay.Show(user.TenantId, user.Id, p))]) });
    }

    private static async Task<IResult> RemoveAll(ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        if (await Named(request, users) is not { } user) return Missing(request);
        var removed = await grains.UserPasskeys(user.TenantId, user.Id).Remove(new RemovePasskeys(null, request.Actor));
        return removed.Answer(_ => ContractResults.Empty);
    }

    private static async Task<IResult> Read(Guid id, ApiRequest request, PasskeyQueries passkeys) =>
        await passkeys.Find(id, request.Http.RequestAborted) is { } found && request.Sees(found.TenantId)
            ? ContractResults.Wrapped("credential", PasskeyDisplay.Show(found.TenantId, found.UserId, found.Passkey))
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);

    private static async Task<IResult> Remove(Guid id, ApiRequest request, PasskeyQueries passkeys, IGrainFactory grains)
    {
        if (await passkeys.Find(id, request.Http.RequestAborted) is not { } found || !request.Sees(found.TenantId)) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var removed = await grains.UserPasskeys(found.TenantId, found.UserId).Remove(new RemovePasskeys(id, request.Actor));
        return removed.Answer(_ => ContractResults.Empty);
    }

    /// <summary>A passkey as the grain shows it, under its name.</summary>
    public static IResult Show(PasskeyView view) => ContractResults.Wrapped("credential", JsonNode.Parse(view.Passkey.Utf8.Span, documentOptions: ContractJson.DocumentOptions)!);

    private static async Task<Storage.Users.StoredUser?> Named(ApiRequest request, UserLookup users) =>
        Guid.TryParse(request.Http.Request.Query["userId"], out var id) && await users.Find(id, request) is { } found ? found.User : null;

    private static IResult Missing(ApiRequest request) => Guid.TryParse(request.Http.Request.Query["userId"], out _)
        ? ErrorResponses.Empty(StatusCodes.Status404NotFound)
        : ErrorResponses.From(Refusal.Invalid(ContractError.At("userId", "invalid", "The [userId] must be a UUID.")));
}

/// <summary>Members that requests about passkeys share.</summary>
internal static class PasskeyRequests
{
    /// <summary>The member <c>workflow</c>; null after an error.</summary>
    public static PasskeyWorkflow? Workflow(JsonObject body, Errors errors, bool withGeneral)
    {
        try
        {
            if (body["workflow"] is { } sent && sent.Deserialize<PasskeyWorkflow>(ContractJson.Options) is var workflow && (withGeneral || workflow != PasskeyWorkflow.General)) return workflow;
        }
        catch (JsonException)
        {
            // Not one of the names: told like one that does not go here.
        }

        errors.AddField("workflow", body["workflow"] is null ? "blank" : "invalid", $"The [workflow] must be [bootstrap]{(withGeneral ? ", [general]" : "")} or [reauthentication].");
        return null;
    }
}
