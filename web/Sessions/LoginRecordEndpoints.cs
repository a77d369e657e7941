using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Storage.Audit;
using OrleansAuth.Storage.Sessions;

namespace OrleansAuth.Sessions;

/// <summary>The journal of successful logins.</summary>
internal static class LoginRecordEndpoints
{
    private const int MaximumResults = 10_000;

    public static void MapLoginRecords(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/system/login-record/search", (ApiRequest request, LoginRecordReader records) =>
        {
            var query = request.Http.Request.Query;
            var search = new JsonObject();
            foreach (var (name, value) in query)
                search[name] = long.TryParse(value.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : value.ToString();
            return Search(search, query["retrieveTotal"] == "true", request, records);
        }).Allow(ApiAccess.Key);
        routes.MapPost("/api/system/login-record/search", async (ApiRequest request, LoginRecordReader records) =>
        {
            var body = await RequestBody.ReadObject(request.Http);
            if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
            var errors = new Errors("");
            var total = sent.Flag("retrieveTotal", errors);
            return errors.Any ? ErrorResponses.From(errors.Refusal) : await Search(sent["search"] as JsonObject ?? [], total, request, records);
        }).Allow(ApiAccess.Key);
        routes.MapExport("/api/system/login-record/export", "login-record", Export);
    }

    private static Outcome<ExportFile> Export(LogSearch search, ExportFormat format, ApiRequest request)
    {
        var records = request.Http.RequestServices.GetRequiredService<LoginRecordReader>();
        var criteria = new LoginRecordCriteria(request.TenantScope, search.Id("applicationId"), search.Id("userId"), search.Instant("start"), search.Instant("end"));
        return search.Refusal is { } refusal ? refusal : ExportFile.Csv(
            "login-record.csv",
            ["instant", "tenantId", "userId", "loginId", "applicationId", "applicationName", "ipAddress"],
            new ExportSource<LoginRecord>((place, limit, stop) => records.After(criteria, place, limit, stop), login => new LogPlace(login.Instant, login.Id)),
            login =>
            [
                format.Write(login.Instant), login.TenantId.ToString(), login.UserId.ToString(), login.LoginId, login.ApplicationId?.ToString(),
                request.Snapshot.Find<Application>(login.ApplicationId)?.Name, login.IpAddress,
            ]);
    }

    private static async Task<IResult> Search(JsonObject search, bool withTotal, ApiRequest request, LoginRecordReader records)
    {
        var criteria = Read(search, request);
        if (criteria.Value is not { } wanted) return ErrorResponses.From(criteria.Refusal!);
        var found = await records.Search(wanted, request.Http.RequestAborted);
        var answer = new JsonObject { ["logins"] = new JsonArray([.. found.Select(record => Show(record, request.Snapshot.Find<Application>(record.ApplicationId)))]) };
        if (withTotal) answer["total"] = await records.Count(wanted, request.Http.RequestAborted);
        return ContractResults.Json(answer);
    }

    private static Outcome<LoginRecordCriteria> Read(JsonObject search, ApiRequest request)
    {
        var errors = new Errors("search");
        var criteria = new LoginRecordCriteria(
            request.TenantScope, search.Id("applicationId", errors), search.Id("userId", errors), search.Number("start", errors), search.Number("end", errors))
        {
            StartRow = Count(search, "startRow", 0, int.MaxValue, errors),
            NumberOfResults = Count(search, "numberOfResults", 25, MaximumResults, errors),
            Ascending = search.Text("orderBy", errors)?.EndsWith(" ASC", StringComparison.OrdinalIgnoreCase) ?? false,
        };
        return errors.Any ? errors.Refusal : criteria;
    }

    private static int Count(JsonObject search, string name, int otherwise, int maximum, Errors errors)
    {
        if (search.Number(name, errors) is not { } value) return otherwise;
        errors.InRange(value, name, 0, maximum);
        return (int)Math.Clamp(value, 0, maximum);
    }

    /// <summary>The login as the API shows it.</summary>
    public static JsonObject Show(LoginRecord record, Application? application)
    {
        var shown = new JsonObject { ["instant"] = record.Instant, ["userId"] = record.UserId };
        if (record.ApplicationId is { } id) shown["applicationId"] = id;
        if (application?.Name is { } name) shown["applicationName"] = name;
        if (record.LoginId is { } loginId) shown["loginId"] = loginId;
        if (record.IpAddress is { } address) shown["ipAddress"] = address;
        return shown;
    }
}
