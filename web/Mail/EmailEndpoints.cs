using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Users;

namespace OrleansAuth.Mail;

/// <summary>Sends mails: one template to many, and a test of a tenant's mail server.</summary>
internal static class EmailEndpoints
{
    public static void MapEmails(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/email/send/{id:guid}", Send).Allow(ApiAccess.Key);
        routes.MapPost("/api/email/test", Test).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Send(Guid id, ApiRequest request, IGrainFactory grains, UserLookup users)
    {
        if (request.Snapshot.Find<EmailTemplate>(id) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var errors = new Errors("");
        var sent = ContractJson.WithoutNulls(body.Value!);
        var command = new SendMailing(
            id, sent.Id("applicationId", errors), List<Guid>(sent, "userIds", errors), Addresses(sent, errors), List<string>(sent, "ccAddresses", errors), List<string>(sent, "bccAddresses", errors),
            List<string>(sent, "preferredLanguages", errors), sent["requestData"] is JsonObject data ? JsonText.From(data) : null);
        if (sent["requestData"] is not (null or JsonObject)) errors.AddField("requestData", "couldNotConvert", "The [requestData] must be a JSON object.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var tenant = await TenantOf(command, request, users);
        if (tenant.Refusal is { } ambiguous) return ErrorResponses.From(ambiguous);
        var outcome = await grains.Mailing(tenant.Value).Send(command);
        return outcome.Answer(results => ContractResults.Json(results.Read<JsonObject>(), StatusCodes.Status202Accepted));
    }

    private static async Task<IResult> Test(ApiRequest request, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var errors = new Errors("");
        var (address, tenantId) = (body.Value!.Text("address", errors), body.Value!.Id("tenantId", errors));
        if (string.IsNullOrWhiteSpace(address)) errors.AddField("address", "blank", "The [address] must not be blank.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var tenant = tenantId is { } named ? request.Sees(named) ? named : Refusal.NotFound : request.RequireTenant();
        if (tenant.Refusal is { } refused) return ErrorResponses.From(refused);
        var outcome = await grains.Mailing(tenant.Value).Test(new SendTestMail(address!.Trim(), request.Actor));
        return outcome.Answer(sent => ContractResults.Json(new JsonObject { ["sent"] = true, ["server"] = sent.Server, ["answer"] = sent.Answer }));
    }

    /// <summary>The tenant that the caller named, or that of the application or of the first user, or the only one.</summary>
    private static async Task<Outcome<Guid>> TenantOf(SendMailing command, ApiRequest request, UserLookup users)
    {
        if (request.TenantScope is { } scope) return scope;
        if (request.Snapshot.Find<Application>(command.ApplicationId)?.TenantId is { } owner) return owner;
        if (!command.UserIds.IsEmpty && await users.Find(command.UserIds[0], request) is { } found) return found.User.TenantId;
        return request.RequireTenant();
    }

    private static ImmutableArray<MailRecipient> Addresses(JsonObject body, Errors errors) =>
        [.. List<JsonObject>(body, "toAddresses", errors).Select(item => new MailRecipient(Text(item, "address") ?? "", Text(item, "display")))];

    private static string? Text(JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static ImmutableArray<T> List<T>(JsonObject body, string name, Errors errors)
    {
        try
        {
            return body[name] is { } list ? [.. list.Deserialize<List<T>>(ContractJson.Options)!] : [];
        }
        catch (JsonException)
        {
            errors.AddField(name, "couldNotConvert", $"The [{name}] has the wrong type.");
            return [];
        }
    }
}
