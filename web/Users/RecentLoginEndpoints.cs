using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Users;

/// <summary>The latest logins, of one user or of all that the caller may see.</summary>
internal static class RecentLoginEndpoints
{
    private const int MaximumResults = 1_000;

    public static void MapRecentLogins(this IEndpointRouteBuilder routes) => routes.MapGet("/api/user/recent-login", List).Allow(ApiAccess.Key);

    private static async Task<IResult> List(ApiRequest request, IStoreReader store)
    {
        var query = request.Http.Request.Query;
        var errors = new Errors("");
        var (limit, offset) = (Number(query, "limit", 10, MaximumResults, errors), Number(query, "offset", 0, int.MaxValue, errors));
        Guid? userId = null;
        if (query["userId"] is [{ } text, ..])
        {
            if (Guid.TryParse(text, out var id)) userId = id;
            else errors.AddField("userId", "couldNotConvert", "The [userId] must be a UUID.");
        }

        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var where = new List<string> { "1 = 1" };
        var parameters = new List<(string, object?)> { ("limit", (long)limit), ("offset", (long)offset) };
        foreach (var (column, value) in ((string, Guid?)[])[("user_id", userId), ("tenant_id", request.TenantScope)])
        {
            if (value is null) continue;
            where.Add($"{column} = @{column}");
            parameters.Add((column, value));
        }

        var logins = await store.Query(
            $"select application_id, instant, ip_address, login_id, user_id from login_record where {string.Join(" and ", where)} order by instant desc, id desc limit @limit offset @offset",
            row => Show(row, request), request.Http.RequestAborted, [.. parameters]);
        return ContractResults.Json(new JsonObject { ["logins"] = new JsonArray([.. logins]) });
    }

    private static JsonObject Show(IRow row, ApiRequest request)
    {
        var shown = new JsonObject { ["instant"] = row.Long("instant"), ["userId"] = row.Guid("user_id") };
        var application = row.NullableGuid("application_id");
        if (application is { } id) shown["applicationId"] = id;
        if (request.Snapshot.Find<Application>(application)?.Name is { } name) shown["applicationName"] = name;
        if (row.NullableText("login_id") is { } loginId) shown["loginId"] = loginId;
        if (row.NullableText("ip_address") is { } address) shown["ipAddress"] = address;
        return shown;
    }

    private static int Number(IQueryCollection query, string name, int otherwise, int maximum, Errors errors)
    {
        if (query[name] is not [{ } text, ..]) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= maximum) return value;
        errors.AddField(name, "invalid", $"The [{name}] must be a whole number from 0 to {maximum}.");
        return otherwise;
    }
}
