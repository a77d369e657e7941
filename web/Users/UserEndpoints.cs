using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Recovery;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

/// <summary>Single users: create, read, replace, patch, deactivate, reactivate, delete.</summary>
internal static class UserEndpoints
{
    private const string Path = "/api/user";
    private const string OnePath = "/api/user/{userId:guid}";

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, (ApiRequest request, IGrainFactory grains, UserLookup users, FirstToken token) => Create(null, request, grains, users, token)).Allow(ApiAccess.Key);
        routes.MapPost(OnePath, (Guid userId, ApiRequest request, IGrainFactory grains, UserLookup users, FirstToken token) => Create(userId, request, grains, users, token)).Allow(ApiAccess.Key);
        routes.MapGet(Path, Find).Allow(ApiAccess.KeyOrToken);
        routes.MapGet(OnePath, Read).Allow(ApiAccess.Key);
        routes.MapPut(OnePath, Replace).Allow(ApiAccess.Key);
        routes.MapPatch(OnePath, PatchUser).Allow(ApiAccess.Key);
        routes.MapDelete(OnePath, Remove).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Create(Guid? userId, ApiRequest request, IGrainFactory grains, UserLookup users, FirstToken token)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var errors = new Errors("user");
        var sent = UserRequest.Read(body.Value!, errors);
        var user = body.Value!.Wrapped("user");
        if (user.Refusal is { } missing) return ErrorResponses.From(missing);
        var id = userId ?? user.Value!.Id("id", errors) ?? Guid.CreateVersion7();
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var tenant = UserLookup.TenantOfNew(request, sent.ApplicationId);
        if (tenant.Refusal is { } ambiguous) return ErrorResponses.From(ambiguous);

        var command = new CreateUser(JsonText.From(user.Value!), null, sent.SendSetPasswordEmail, sent.SkipVerification, request.Actor)
        {
            DisableDomainBlock = sent.DisableDomainBlock,
            LinkOrigin = users.LinkOrigin(tenant.Value, request),
            VerificationIds = sent.VerificationIds,
            ApplicationId = sent.ApplicationId,
            SendSetPasswordText = sent.SendSetPasswordText,
        };
        var outcome = await grains.User(tenant.Value, id).Create(command);
        return outcome.Answer(created =>
        {
            var answer = new JsonObject { ["user"] = created.User.Read<JsonObject>() };
            if (!sent.SetsPasswordLater) token.Add(answer, created, sent.ApplicationId, request);
            ProofAnswers.Add(answer, created);
            return ContractResults.Json(answer);
        });
    }

    /// <summary>By one of the names in the query; with an access token instead of a key, the user of the token and nobody else.</summary>
    private static async Task<IResult> Find(ApiRequest request, UserLookup users, PasswordRecovery recovery, Verifications verifications)
    {
        var query = request.Http.Request.Query;
        if (request.Key is null) return await Show(request.Token!.UserId, request, users);
        if (query["userId"] is [{ } id]) return Guid.TryParse(id, out var userId) ? await Show(userId, request, users, withScheme: true) : ErrorResponses.Empty(StatusCodes.Status404NotFound);
        if (query["changePasswordId"] is [{ } ticket])
            return await recovery.Find(ticket, request.TenantScope) is { } open ? await Show(open.Ticket.UserId, request, users) : ErrorResponses.Empty(StatusCodes.Status404NotFound);
        if (query["verificationId"] is [{ } proof])
        {
            return await verifications.Find(proof, request.TenantScope, ProofKind.Email, ProofKind.PhoneNumber, ProofKind.Registration) is { Stored.UserId: { } holder } found && await verifications.Check(found) is not null
                ? await Show(holder, request, users)
                : ErrorResponses.Empty(StatusCodes.Status404NotFound);
        }

        (string? Name, string?[] Types) wanted = query switch
        {
            _ when query["email"] is [{ } email] => (email, ["email"]),
            _ when query["username"] is [{ } username] => (username, ["username"]),
            _ when query["loginId"] is [{ } loginId] => (loginId, [.. query["loginIdTypes"]]),
            _ => (null, []),
        };
        if (wanted.Name is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var named = await users.FindByLogin(wanted.Name, [.. wanted.Types.OfType<string>().SelectMany(t => t.Split(','))], request);
        return named.Answer(user => ContractResults.Wrapped("user", UserLookup.Show(user, request)));
    }

    private static Task<IResult> Read(Guid userId, ApiRequest request, UserLookup users) => Show(userId, request, users, withScheme: true);

    private static async Task<IResult> Show(Guid userId, ApiRequest request, UserLookup users, bool withScheme = false) =>
        await users.Find(userId, request) is { } found
            ? ContractResults.Wrapped("user", UserLookup.Show(found, request, withScheme))
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);

    private static async Task<IResult> Replace(Guid userId, ApiRequest request, UserLookup users)
    {
        if (request.Http.Request.Query["reactivate"] == "true")
            return await Change(userId, new ChangeUser(ChangeKind.Reactivate, JsonText.From(new JsonObject()), null, false, false, request.Actor), request, users);
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var errors = new Errors("user");
        var sent = UserRequest.Read(body.Value!, errors);
        var user = body.Value!.Wrapped("user");
        if (user.Refusal is { } missing) return ErrorResponses.From(missing);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        return await Change(userId, sent.Change(ChangeKind.Replace, JsonText.From(user.Value!), request.Actor), request, users);
    }

    private static async Task<IResult> PatchUser(Guid userId, ApiRequest request, UserLookup users)
    {
        var body = await RequestBody.Read(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var patch = PatchRequest.From(request.Http, body.Value, "user");
        if (patch.Refusal is { } refusal) return ErrorResponses.From(refusal);
        var errors = new Errors("user");
        var sent = UserRequest.Read(body.Value as JsonObject ?? [], errors);
        return errors.Any ? ErrorResponses.From(errors.Refusal) : await Change(userId, sent.Change(patch.Value!.Kind, patch.Value.Change, request.Actor), request, users);
    }

    private static async Task<IResult> Change(Guid userId, ChangeUser command, ApiRequest request, UserLookup users)
    {
        if (await users.Find(userId, request) is not { } found) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var outcome = await users.GrainOf(found.User).Change(command with { LinkOrigin = users.LinkOrigin(found.User.TenantId, request) });
        return outcome.Answer(view => ContractResults.Wrapped("user", view.User.Read<JsonObject>()));
    }

    private static async Task<IResult> Remove(Guid userId, ApiRequest request, UserLookup users)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var errors = new Errors("user");
        var hard = body.Value!.Flag("hardDelete", errors) || request.Http.Request.Query["hardDelete"] == "true";
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await users.Grain(userId, request) is not { } user) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        return (await user.Remove(new RemoveUser(hard, request.Actor))).Answer(_ => ContractResults.Empty);
    }
}

/// <summary>What a request about a user holds beside the user.</summary>
internal sealed record UserRequest(Guid? ApplicationId, bool SendSetPasswordEmail, bool SkipVerification, bool DisableDomainBlock, string? CurrentPassword)
{
    private const int MostIds = 10;

    /// <summary>Verifications that were completed before.</summary>
    public ImmutableArray<string> VerificationIds { get; init; } = [];

    /// <summary>A text message leads to the first password.</summary>
    public bool SendSetPasswordText { get; init; }

    /// <summary>A message leads to the first password, so the caller gets no token.</summary>
    public bool SetsPasswordLater => SendSetPasswordEmail || SendSetPasswordText;

    public static UserRequest Read(JsonObject body, Errors errors)
    {
        var mails = body.Flag("sendSetPasswordEmail", errors);
        var way = body.Text("sendSetPasswordIdentityType", errors);
        if (way is not (null or "email" or "phone" or "doNotSend"))
            errors.AddField("sendSetPasswordIdentityType", "invalid", "The [sendSetPasswordIdentityType] is one of email, phone, doNotSend.");
        // The newer member decides where it is given.
        return new UserRequest(body.Id("applicationId", errors), way is null ? mails : way == "email", body.Flag("skipVerification", errors), body.Flag("disableDomainBlock", errors), body.Text("currentPassword", errors))
        {
            VerificationIds = Ids(body, errors),
            SendSetPasswordText = way == "phone",
        };
    }

    public ChangeUser Change(ChangeKind kind, JsonText change, Actor actor) => new(kind, change, CurrentPassword, SkipVerification, DisableDomainBlock, actor) { ApplicationId = ApplicationId };

    private static ImmutableArray<string> Ids(JsonObject body, Errors errors)
    {
        if (body["verificationIds"] is not { } sent) return [];
        if (sent is JsonArray { Count: <= MostIds } list && list.All(i => i is JsonValue value && value.TryGetValue<string>(out var id) && id.Length is > 0 and <= Verifications.LongestId))
            return [.. list.Select(i => (string)i!).Distinct()];
        errors.AddField("verificationIds", "couldNotConvert", $"The [verificationIds] are at most {MostIds} Ids.");
        return [];
    }
}
