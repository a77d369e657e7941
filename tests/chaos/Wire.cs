using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>Sends requests to whichever server is up, and puts each answer into the history.</summary>
internal sealed class Wire(Servers servers, History history) : IDisposable
{
    /// <summary>The key that may do everything.</summary>
    public const string Key = "the-key-of-the-fault-harness-0123456789";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    });

    /// <summary>One request, and its line in the history.</summary>
    /// <param name="op">What it is for, as the checker knows it.</param>
    /// <param name="key">What it is about.</param>
    /// <param name="facts">What else the checker should know of it.</param>
    public async Task<Answer> Do(string client, string op, string key, Request request, JsonObject? facts = null, TimeSpan? patience = null)
    {
        var start = history.Now;
        var answer = await Send(request, patience);
        Note(client, op, key, start, answer, facts);
        return answer;
    }

    /// <summary>A request whose answer decides what its line says.</summary>
    public async Task<Answer> Do(string client, string op, string key, Request request, Func<Answer, JsonObject> facts)
    {
        var start = history.Now;
        var answer = await Send(request);
        Note(client, op, key, start, answer, facts(answer));
        return answer;
    }

    /// <summary>One request that is no part of the history.</summary>
    public async Task<Answer> Send(Request request, TimeSpan? patience = null)
    {
        if (servers.Address() is not { } address) return Answer.Unsent;
        using var limit = new CancellationTokenSource(patience ?? Patience);
        try
        {
            using var message = Message(address, request);
            using var response = await _http.SendAsync(message, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            return new Answer((int)response.StatusCode, text, response.Headers.RetryAfter is not null, response.Headers);
        }
        catch (HttpRequestException error) when (error is { HttpRequestError: HttpRequestError.ConnectionError } && error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return Answer.Unsent;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            return Answer.Lost;
        }
    }

    /// <summary>A request of the set-up, which has to succeed.</summary>
    public async Task<JsonObject> Must(Request request)
    {
        var answer = await Send(request);
        return answer.Ok ? answer.Body : throw new InvalidOperationException($"{request.Method} {request.Path} answered {answer.Status} {answer.Text}");
    }

    public void Dispose() => _http.Dispose();

    private void Note(string client, string op, string key, long start, Answer answer, JsonObject? facts)
    {
        var more = new JsonObject { ["status"] = answer.Status };
        if (answer.Code is { } code) more["code"] = code;
        if (answer.Status == 503) more["retryAfter"] = answer.RetryAfter;
        foreach (var (name, value) in facts ?? []) more[name] = value?.DeepClone();
        history.Write(client, op, key, start, history.Now, answer.Result, more);
    }

    private static HttpRequestMessage Message(Uri address, Request request)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(address, request.Path));
        if (request.Body is { } body) message.Content = new StringContent(body.ToJsonString(JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        if (request.Form is { } form) message.Content = new FormUrlEncodedContent(form);
        // A request that has no body is sent again by the handler itself when its connection breaks, and then a refused connection would say of
        // something that was done that it was never sent.
        if (message.Content is null && request.Method != HttpMethod.Get) message.Content = new ByteArrayContent([]);
        if (request.WithKey) message.Headers.TryAddWithoutValidation("Authorization", Key);
        if (request.Tenant is { } tenant) message.Headers.Add("X-FusionAuth-TenantId", tenant);
        if (request.Reason is { } reason) message.Headers.Add("X-Audit-Reason", reason);
        if (request.Cookies is { } cookies) message.Headers.Add("Cookie", cookies);
        return message;
    }
}

/// <summary>A request to the API.</summary>
internal sealed record Request(HttpMethod Method, string Path)
{
    public JsonNode? Body { get; init; }

    public IReadOnlyDictionary<string, string>? Form { get; init; }

    public bool WithKey { get; init; } = true;

    public string? Tenant { get; init; }

    /// <summary>Becomes the reason of the audit log's entry.</summary>
    public string? Reason { get; init; }

    public string? Cookies { get; init; }

    public static Request Get(string path, string? tenant = null) => new(HttpMethod.Get, path) { Tenant = tenant };

    public static Request Post(string path, object body, string? tenant = null) => new(HttpMethod.Post, path) { Body = Json(body), Tenant = tenant };

    public static Request Patch(string path, object body, string? tenant = null) => new(HttpMethod.Patch, path) { Body = Json(body), Tenant = tenant };

    private static JsonNode? Json(object body) => body as JsonNode ?? JsonSerializer.SerializeToNode(body, JsonSerializerOptions.Web);
}

/// <summary>What came back, or that nothing did.</summary>
/// <param name="Status">0 where there was no answer.</param>
internal sealed record Answer(int Status, string Text, bool RetryAfter, System.Net.Http.Headers.HttpResponseHeaders? Headers)
{
    /// <summary>No server took the connection, so nothing can have been done.</summary>
    public static readonly Answer Unsent = new(-1, "", false, null);

    /// <summary>It may have been done or not.</summary>
    public static readonly Answer Lost = new(0, "", false, null);

    public bool Ok => Status is >= 200 and < 300;

    /// <summary>
    /// <c>ok</c>, <c>refused</c> (nothing was done), <c>unsent</c>, or <c>unknown</c>: no answer, 503, a bug, or a gateway's timeout that is no veto.
    /// </summary>
    public string Result => Status switch
    {
        -1 => "unsent",
        >= 200 and < 400 => "ok",
        504 when Code == "[WebhookTransactionException]" => "refused",
        0 or >= 500 => "unknown",
        _ => "refused",
    };

    public JsonObject Body => Text.StartsWith('{') ? (JsonObject)JsonNode.Parse(Text)! : [];

    /// <summary>The code of the first error, or null.</summary>
    public string? Code => Status >= 400 && Text.StartsWith('{') ? Find(Body) : null;

    private static string? Find(JsonObject body)
    {
        if (body["generalErrors"] is JsonArray { Count: > 0 } general) return (string?)general[0]!["code"];
        return body["fieldErrors"] is JsonObject { Count: > 0 } fields ? (string?)fields.First().Value![0]!["code"] : (string?)body["error"];
    }
}
