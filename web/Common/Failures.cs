using System.Text.RegularExpressions;
using OrleansAuth.Storage;

namespace OrleansAuth.Common;

/// <summary>
/// Turns what nobody expected into an answer: an outage of the store, or a grain that does not answer, into 503, a bug into 500 with an
/// empty body. Only the log has the details.
/// </summary>
internal sealed class Failures(RequestDelegate next, ILogger<Failures> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            await ErrorResponses.Invalid("[invalidRequest]", "The request could not be read.").ExecuteAsync(http);
            log.LogDebug(error, "A request could not be read.");
        }
        catch (StoreUnavailableException error) when (!http.Response.HasStarted)
        {
            log.LogError(error, "The store is not available: {Reason}", error.Message);
            await ErrorResponses.Unavailable().ExecuteAsync(http);
        }
        catch (Exception error) when (error is SiloUnavailableException or TimeoutException and not RegexMatchTimeoutException && !http.Response.HasStarted)
        {
            log.LogError(error, "{Method} {Path} got no answer in time. Request id {RequestId}.", http.Request.Method, http.Request.Path, http.TraceIdentifier);
            await ErrorResponses.Unknown().ExecuteAsync(http);
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            log.LogError(error, "{Method} {Path} failed. Request id {RequestId}.", http.Request.Method, http.Request.Path, http.TraceIdentifier);
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            http.Response.Headers["X-Request-Id"] = http.TraceIdentifier;
        }
    }
}
