using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Audit;
using OrleansAuth.Tenants;

namespace OrleansAuth.Audit;

/// <summary>Who changed what. A key that is bound to a tenant sees what happened in that tenant, and nothing of the system.</summary>
internal static class AuditLogEndpoints
{
    private const string Path = "/api/system/audit-log";
    private const string Root = "auditLog";
    private const int LongestMessage = 10_000;

    public static void MapAuditLog(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, Write).Allow(ApiAccess.Key);
        routes.MapGet(Path + "/{auditLogId}", async (string auditLogId, ApiRequest request, AuditLogReader log) =>
            LogAnswers.Number(auditLogId) is { } number && await log.Find(number, request.Http.RequestAborted) is { } found && Sees(request, found)
                ? ContractResults.Wrapped(Root, Show(found))
                : ErrorResponses.Empty(StatusCodes.Status404NotFound)).Allow(ApiAccess.Key);
        routes.MapLogSearch(Path + "/search", async (search, request) =>
        {
            var (criteria, paging) = (Criteria(search, request), search.Paging(AuditLogReader.Orders));
            return search.Refusal is { } refusal
                ? ErrorResponses.From(refusal)
                : LogAnswers.Page("auditLogs", await Reader(request).Search(criteria, paging, request.Http.RequestAborted), Show);
        });
        routes.MapExport(Path + "/export", "audit-log", (search, format, request) =>
        {
            var criteria = Criteria(search, request);
            return search.Refusal is { } refusal ? refusal : ExportFile.Csv(
                "audit-log.csv",
                ["id", "insertInstant", "tenantId", "insertUser", "message", "reason", "oldValue", "newValue", "data"],
                new ExportSource<AuditEntry>((place, limit, stop) => Reader(request).After(criteria, place, limit, stop), entry => new LogPlace(entry.Instant, entry.Id)),
                entry =>
                [
                    entry.Number.ToString(CultureInfo.InvariantCulture), format.Write(entry.Instant), entry.TenantId?.ToString(), entry.InsertUser, entry.Message, entry.Reason,
                    entry.OldValue, entry.NewValue, entry.Data,
                ]);
        });
    }

    /// <summary>The entry as the API shows it.</summary>
    public static JsonObject Show(AuditEntry entry)
    {
        var shown = new JsonObject { ["id"] = entry.Number, ["insertInstant"] = entry.Instant };
        shown.Set("insertUser", entry.InsertUser);
        shown.Set("message", entry.Message);
        shown.Set("reason", entry.Reason);
        shown.Set("oldValue", LogAnswers.Json(entry.OldValue));
        shown.Set("newValue", LogAnswers.Json(entry.NewValue));
        shown.Set("data", LogAnswers.Json(entry.Data));
        shown.Set("tenantId", entry.TenantId);
        return shown;
    }

    private static AuditLogReader Reader(ApiRequest request) => request.Http.RequestServices.GetRequiredService<AuditLogReader>();

    private static bool Sees(ApiRequest request, AuditEntry entry) => request.TenantScope is not { } scope || entry.TenantId == scope;

    private static AuditCriteria Criteria(LogSearch search, ApiRequest request)
    {
        // Whose own tenant is not the one that is asked for finds nothing in it.
        var wanted = search.Id("tenantId");
        var tenant = request.TenantScope is { } scope && wanted is { } other && other != scope ? Guid.Empty : request.TenantScope ?? wanted;
        return new AuditCriteria(tenant, search.Instant("start"), search.Instant("end"))
        {
            User = search.Text("user"),
            Message = search.Text("message"),
            Reason = search.Text("reason"),
            OldValue = search.Text("oldValue"),
            NewValue = search.Text("newValue"),
        };
    }

    private static async Task<IResult> Write(ApiRequest request, IGrainFactory grains, AuditLogReader log)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var sent = body.Value!.Wrapped(Root);
        if (sent.Refusal is { } missing) return ErrorResponses.From(missing);
        var command = Read(sent.Value!, request);
        if (command.Refusal is { } wrong) return ErrorResponses.From(wrong);
        var written = await grains.AuditLog(command.Value!.TenantId).Write(command.Value);
        return written.Refusal is { } refusal ? ErrorResponses.From(refusal) : ContractResults.Wrapped(Root, Show((await log.Find(written.Value, request.Http.RequestAborted))!));
    }

    private static Outcome<WriteAuditLog> Read(JsonObject sent, ApiRequest request)
    {
        var errors = new Errors(Root);
        var (user, message, reason) = (Member(sent, "insertUser", errors), Member(sent, "message", errors), Member(sent, "reason", errors));
        var tenant = request.TenantScope ?? sent.Id("tenantId", errors, inside: true);
        errors.Required(user, "insertUser", 255);
        if (string.IsNullOrWhiteSpace(message)) errors.Add("message", "blank", "The [auditLog.message] must not be blank.");
        errors.NotLonger(message, "message", LongestMessage);
        errors.NotLonger(reason, "reason", LongestMessage);
        if (sent["data"] is not (null or JsonObject)) errors.Add("data", "couldNotConvert", "The [auditLog.data] must be a JSON object.");
        if (tenant is { } id && request.Snapshot.Find<Tenant>(id) is null) errors.Add("tenantId", "invalid", "There is no tenant with this Id.");
        return errors.Any ? errors.Refusal : new WriteAuditLog(tenant, user!, message!, reason, Text(sent["oldValue"]), Text(sent["newValue"]), Text(sent["data"]), request.Actor);
    }

    private static JsonText? Text(JsonNode? node) => node is null ? null : JsonText.From(node);

    private static string? Member(JsonObject sent, string name, Errors errors)
    {
        if (sent[name] is not { } node) return null;
        if (node is JsonValue value && value.TryGetValue<string>(out var text)) return text;
        errors.Add(name, "couldNotConvert", $"The [auditLog.{name}] must be a text.");
        return null;
    }
}
