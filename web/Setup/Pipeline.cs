using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Operations;

namespace OrleansAuth.Setup;

/// <summary>
/// The server's own way of a request. Requests from outside wait at its gate until the start is complete, and are told to
/// come back if that takes long; the server's own requests, those of a kickstart, enter behind the gate and meet everything
/// else that a request meets.
/// </summary>
internal sealed class Pipeline(IServiceScopeFactory scopes, Clock clock)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RequestDelegate? _inner;

    /// <summary>Lets requests from outside in.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>The gate, as the first middleware.</summary>
    public RequestDelegate Gate(RequestDelegate next)
    {
        _inner = next;
        return http => _opened.Task.IsCompleted || http.Request.Path.StartsWithSegments(HealthEndpoints.Path) ? next(http) : Wait(http, next);
    }

    private async Task Wait(HttpContext http, RequestDelegate next)
    {
        try
        {
            await _opened.Task.WaitAsync(LongestWait, clock.Time, http.RequestAborted);
            await next(http);
        }
        catch (TimeoutException) when (!_opened.Task.IsCompleted)
        {
            await ErrorResponses.Starting().ExecuteAsync(http);
        }
    }

    /// <summary>Sends a request of the server's own.</summary>
    /// <returns>The status and the body of the answer.</returns>
    public async Task<(int Status, string Body)> Send(string method, string pathAndQuery, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        await using var scope = scopes.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var question = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        http.Request.Method = method;
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("localhost");
        http.Request.Path = new PathString(question < 0 ? pathAndQuery : pathAndQuery[..question]);
        http.Request.QueryString = new QueryString(question < 0 ? "" : pathAndQuery[question..]);
        foreach (var (name, value) in headers) http.Request.Headers[name] = value;
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentLength = body.Length;
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        await _inner!(http);
        await http.Response.CompleteAsync();
        return (http.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()));
    }
}
