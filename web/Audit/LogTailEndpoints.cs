using System.Globalization;
using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Audit;

/// <summary>What logs get, as it comes: <c>?kinds=audit,login&amp;tenantId=…</c>, resumed by <c>Last-Event-ID</c>.</summary>
internal static class LogTailEndpoints
{
    private static readonly TimeSpan Crowded = TimeSpan.FromSeconds(30);

    public static void MapLogTail(this IEndpointRouteBuilder routes) => routes.MapGet("/api/system/log/tail", Tail).Allow(ApiAccess.Key);

    private static IResult Tail(ApiRequest request, TailSources sources, TailPlaces places, ConfigurationReader configuration, Clock clock, IHostApplicationLifetime lifetime)
    {
        var errors = new Errors("");
        var (query, tenant) = (request.Http.Request.Query, request.TenantScope);
        var kinds = query.Sent("kinds")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToArray() ?? [.. TailSources.Kinds];
        if (kinds.Length == 0 || kinds.Except(TailSources.Kinds).Any())
            errors.AddField("kinds", "invalid", $"The [kinds] must be some of {string.Join(",", TailSources.Kinds)}.");
        if (query.Sent("tenantId") is { } named)
        {
            if (Guid.TryParse(named, out var id) && request.Snapshot.Find<Tenant>(id) is not null && request.Sees(id)) tenant = id;
            else errors.AddField("tenantId", "invalid", "The [tenantId] must be that of a tenant.");
        }

        var last = request.Http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : query.Sent("lastEventId");
        long? resume = null;
        if (last is not null)
        {
            if (long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var reached)) resume = reached;
            else errors.AddField("lastEventId", "invalid", "The last event id must be one that this server gave.");
        }

        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (!places.TryTake()) return ErrorResponses.From(Refusal.Busy(Crowded));
        var tail = new LogTail(sources.Of(kinds, tenant), clock, () => MayStay(request, configuration.Current, tenant, clock.Now));
        return new TailResult(tail, resume, places, lifetime);
    }

    /// <summary>Whether the key is what it was when it was let in; one that was changed or revoked is judged anew when its owner comes back.</summary>
    private static bool MayStay(ApiRequest request, ConfigurationSnapshot current, Guid? tenant, long now) =>
        ReferenceEquals(current.Find<ApiKey>(request.Key!.Id), request.Key) && !(request.Key.ExpirationInstant <= now)
        && (tenant is null || current.Find<Tenant>(tenant) is { State: ObjectState.Active });

    private sealed class TailResult(LogTail tail, long? resume, TailPlaces places, IHostApplicationLifetime lifetime) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            try
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, lifetime.ApplicationStopping);
                httpContext.Response.ContentType = "text/event-stream";
                httpContext.Response.Headers["X-Accel-Buffering"] = "no";
                await tail.Run(resume, httpContext.Response.Body, stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The listener has gone, or the server is stopping: the stream ends here, and whoever wants more comes back.
            }
            finally
            {
                places.Leave();
            }
        }
    }
}
