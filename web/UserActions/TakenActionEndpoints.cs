using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.UserActions;
using OrleansAuth.Users;

namespace OrleansAuth.UserActions;

/// <summary>Actions taken on users: each is an entry of the user's log.</summary>
internal static class TakenActionEndpoints
{
    private const string Path = "/api/user/action";
    private const string Root = "action";

    public static void MapTakenActions(this IEndpointRouteBuilder routes)
    {
        // Named, because the paths of definitions and of what was taken differ by a hyphen only.
        routes.MapPost(Path, Take).WithName("postTakenUserAction").Allow(ApiAccess.Key);
        routes.MapGet(Path, List).WithName("getTakenUserActions").Allow(ApiAccess.Key);
        routes.MapGet(Path + "/{id:guid}", async (Guid id, ApiRequest request, UserActionLogs actions) => await Find(id, request, actions) is { } found
            ? ContractResults.Wrapped(Root, found.Action.Show())
            : ErrorResponses.Empty(StatusCodes.Status404NotFound)).WithName("getTakenUserActionById").Allow(ApiAccess.Key);
        routes.MapPut(Path + "/{id:guid}", Modify).WithName("putTakenUserActionById").Allow(ApiAccess.Key);
        routes.MapDelete(Path + "/{id:guid}", Cancel).WithName("deleteTakenUserActionById").Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Take(ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        var read = await ActionRequest.Read(request, users);
        if (read.Value is not { } sent) return ErrorResponses.From(read.Refusal!);
        var errors = new Errors(Root);
        var (actionee, action) = (sent.Id("actioneeUserId", errors), sent.Id("userActionId", errors));
        if (actionee is null && !errors.Any) errors.Add("actioneeUserId", "missing", "The [action.actioneeUserId] must name the user on whom the action is taken.");
        if (action is null && !errors.Any) errors.Add("userActionId", "missing", "The [action.userActionId] must name the action.");
        var (applications, reason, option) = (sent.Ids("applicationIds", errors), sent.Id("reasonId", errors), sent.Action.Text("option", errors));
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await users.Find(actionee!.Value, request) is not { } found)
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("action.actioneeUserId", "invalid", "There is no user with this Id.")));
        var taken = await grains.UserActions(found.User.TenantId, actionee.Value).Take(new TakeAction(Guid.CreateVersion7(request.Now), action!.Value, sent.Actioner, request.Actor)
        {
            ApplicationIds = applications,
            Broadcast = sent.Broadcast,
            Comment = sent.Comment,
            EmailUser = sent.EmailUser,
            Expiry = sent.Expiry,
            NotifyUser = sent.NotifyUser,
            Option = option,
            ReasonId = reason,
        });
        return Show(taken);
    }

    private static async Task<IResult> Modify(Guid id, ApiRequest request, UserLookup users, UserActionLogs actions, IGrainFactory grains)
    {
        if (await Find(id, request, actions) is not { } found) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var read = await ActionRequest.Read(request, users);
        if (read.Value is not { } sent) return ErrorResponses.From(read.Refusal!);
        var errors = new Errors(Root);
        var reason = sent.Id("reasonId", errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        return Show(await grains.UserActions(found.TenantId, found.Action.ActioneeUserId).Modify(new ModifyAction(id, sent.Actioner, sent.Expiry, request.Actor)
        {
            Broadcast = sent.Broadcast,
            Comment = sent.Comment,
            EmailUser = sent.EmailUser,
            NotifyUser = sent.NotifyUser,
            ReasonId = reason,
        }));
    }

    private static async Task<IResult> Cancel(Guid id, ApiRequest request, UserLookup users, UserActionLogs actions, IGrainFactory grains)
    {
        if (await Find(id, request, actions) is not { } found) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var read = await ActionRequest.Read(request, users);
        if (read.Value is not { } sent) return ErrorResponses.From(read.Refusal!);
        return Show(await grains.UserActions(found.TenantId, found.Action.ActioneeUserId).Cancel(new CancelAction(id, sent.Actioner, request.Actor)
        {
            Broadcast = sent.Broadcast,
            Comment = sent.Comment,
            EmailUser = sent.EmailUser,
            NotifyUser = sent.NotifyUser,
        }));
    }

    private static async Task<IResult> List(ApiRequest request, UserLookup users, UserActionLogs actions)
    {
        var query = request.Http.Request.Query;
        if (!Guid.TryParse(query.Sent("userId"), out var userId))
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("userId", query.Sent("userId") is null ? "missing" : "couldNotConvert", "The [userId] must be a UUID.")));
        if (await users.Find(userId, request) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var filter = query["preventingLogin"] == "true" ? ActionFilter.PreventingLogin
            : query["active"] == "true" ? ActionFilter.Active
            : query["active"] == "false" || query["inactive"] == "true" ? ActionFilter.Inactive
            : ActionFilter.All;
        var found = await actions.Of(userId, filter, request.Now.ToUnixTimeMilliseconds(), request.Http.RequestAborted);
        return ContractResults.Json(new JsonObject { ["actions"] = new JsonArray([.. found.Select(a => a.Show())]) });
    }

    private static async Task<FoundAction?> Find(Guid id, ApiRequest request, UserActionLogs actions) =>
        await actions.Find(id, request.Http.RequestAborted) is { } found && request.Sees(found.TenantId) ? found : null;

    private static IResult Show(Outcome<ActionView> outcome) => outcome.Answer(view => ContractResults.Wrapped(Root, view.Action.Read<JsonObject>()));
}

/// <summary>What every request about an action says.</summary>
/// <param name="Action">The wrapped object.</param>
/// <param name="Actioner">A user whom the caller may see.</param>
internal sealed record ActionRequest(JsonObject Action, Guid Actioner, long? Expiry, string? Comment, bool Broadcast, bool EmailUser, bool NotifyUser)
{
    /// <summary>Numbers that a client cannot write exactly mean the largest one from here on.</summary>
    private const double Large = 9.2e18;

    public static async Task<Outcome<ActionRequest>> Read(ApiRequest request, UserLookup users)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } whole) return body.Refusal!;
        var wrapped = whole.Wrapped("action");
        if (wrapped.Value is not { } action) return wrapped.Refusal!;
        var errors = new Errors("action");
        var read = new ActionRequest(
            action, action.Id("actionerUserId", errors, inside: true) ?? Guid.Empty, ReadExpiry(action, errors), action.Text("comment", errors), whole.Flag("broadcast", errors),
            action.Flag("emailUser", errors), action.Flag("notifyUser", errors));
        if (errors.Any) return errors.Refusal;
        if (read.Actioner == Guid.Empty) errors.Add("actionerUserId", "missing", "The [action.actionerUserId] must name the user who acts.");
        else if (await users.Find(read.Actioner, request) is null) errors.Add("actionerUserId", "invalid", "There is no user with this Id.");
        return errors.Any ? errors.Refusal : read;
    }

    public Guid? Id(string name, Errors errors) => Action.Id(name, errors, inside: true);

    /// <summary>A list of ids; empty where there is none.</summary>
    public ImmutableArray<Guid> Ids(string name, Errors errors)
    {
        if (Action[name] is not { } sent) return [];
        try
        {
            return sent.Deserialize<ImmutableArray<Guid>>(ContractJson.Options);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            errors.Add(name, "couldNotConvert", $"The [action.{name}] must be a list of UUIDs.");
            return [];
        }
    }

    /// <summary>JavaScript writes the largest number, which means for ever, as a larger one.</summary>
    private static long? ReadExpiry(JsonObject action, Errors errors) =>
        action["expiry"] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) && number >= Large
            ? StoredAction.Never
            : action.Number("expiry", errors);
}
