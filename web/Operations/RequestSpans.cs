using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansAuth.Common;

namespace OrleansAuth.Operations;

/// <summary>
/// Names the span of a request by its route. The address itself is never noted: it can hold ids, codes and tokens. Of what a
/// caller says about its trace, the trace context is taken (W3C, <c>traceparent</c>) and the baggage, which could be anything, is not.
/// </summary>
internal static class RequestSpans
{
    public static IServiceCollection AddRequestSpans(this IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<DistributedContextPropagator>(new WithoutBaggage(DistributedContextPropagator.CreateDefaultPropagator())));

    public static void UseRequestSpans(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span || !Telemetry.Traces.HasListeners())
        {
            await next(http);
            return;
        }

        try
        {
            await next(http);
        }
        finally
        {
            Name(span, http);
        }
    });

    private static void Name(Activity span, HttpContext http)
    {
        var method = Known(http.Request.Method);
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.request.method", method).SetTag("http.route", route).SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError) span.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>A caller can make up methods; OpenTelemetry's name for all of those.</summary>
    private static string Known(string method) => HttpMethods.GetCanonicalizedValue(method) is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS"
        ? HttpMethods.GetCanonicalizedValue(method) : "_OTHER";

    private sealed class WithoutBaggage(DistributedContextPropagator inner) : DistributedContextPropagator
    {
        public override IReadOnlyCollection<string> Fields => inner.Fields;

        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => inner.Inject(activity, carrier, setter);

        public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
            inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
    }
}
