using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.CommandLine;

/// <summary>A server's API as commands use it. Whatever goes wrong becomes a sentence.</summary>
internal sealed class ApiClient : IDisposable
{
    private const string KeyVariable = "ORLEANSAUTH_API_KEY";
    private readonly HttpClient _http;

    private ApiClient(HttpClient http) => _http = http;

    /// <summary>The options that say which server is meant, and with which key.</summary>
    public static readonly Option[] Options =
    [
        new("url", "URL", $"The server's address; {AuthServer.DefaultUrl} if it is not said."),
        new("key", "KEY", $"An API key of the server. Other users of this machine can see it here, and not in the environment variable {KeyVariable}."),
    ];

    /// <exception cref="CommandException">There is no key, or the address is none.</exception>
    public static ApiClient Of(Arguments arguments)
    {
        var key = arguments.Text("key") ?? Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrWhiteSpace(key)) throw new CommandException($"An API key is needed: --key, or the environment variable {KeyVariable}.", CommandException.Misused);
        var http = Http(TimeSpan.FromSeconds(45));
        http.BaseAddress = arguments.Url("url") ?? new Uri(AuthServer.DefaultUrl);
        if (!http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", key.Trim())) throw new CommandException("The key holds characters that no key has.", CommandException.Misused);
        return new ApiClient(http);
    }

    /// <summary>A client that goes where it is sent and nowhere else: the key must not follow a redirect.</summary>
    public static HttpClient Http(TimeSpan patience) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = patience };

    /// <returns>The answer's body; empty where it has none.</returns>
    /// <exception cref="CommandException">The server cannot be reached or says no.</exception>
    public async Task<JsonObject> Send(HttpMethod method, string path, JsonObject? body, Guid? tenant, CancellationToken stop)
    {
        using var request = Request(method, path, tenant);
        if (body is not null) request.Content = JsonContent.Create(body, options: ContractJson.Options);
        using var answer = await Answer(request, HttpCompletionOption.ResponseContentRead, stop);
        return Parse(await answer.Content.ReadAsStringAsync(stop)) ?? [];
    }

    /// <summary>An answer that does not end by itself; the caller disposes of it.</summary>
    /// <exception cref="CommandException">The server cannot be reached or says no.</exception>
    public Task<HttpResponseMessage> Open(string path, Guid? tenant, string? lastId, CancellationToken stop)
    {
        var request = Request(HttpMethod.Get, path, tenant);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        return Answer(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(HttpMethod method, string path, Guid? tenant)
    {
        var request = new HttpRequestMessage(method, path);
        if (tenant is { } id) request.Headers.Add(ApiRequest.TenantHeader, id.ToString());
        return request;
    }

    private async Task<HttpResponseMessage> Answer(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken stop)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, completion, stop);
        }
        catch (HttpRequestException error)
        {
            var neverArrived = error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
            throw new UnreachableException($"The server at {_http.BaseAddress} cannot be reached ({error.HttpRequestError}). Start it, or say with --url where it is.", mayHaveArrived: !neverArrived);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new UnreachableException($"The server at {_http.BaseAddress} did not answer in time.", mayHaveArrived: true);
        }

        if (answer.IsSuccessStatusCode) return answer;
        using (answer) throw new CommandException(Explain(request, answer.StatusCode, await answer.Content.ReadAsStringAsync(stop))) { IsMissing = answer.StatusCode == HttpStatusCode.NotFound };
    }

    private static string Explain(HttpRequestMessage request, HttpStatusCode status, string text) => status switch
    {
        HttpStatusCode.Unauthorized => $"The server does not accept this key for {request.Method} {request.RequestUri!.AbsolutePath}.",
        HttpStatusCode.NotFound => $"The server has nothing at {request.RequestUri!.AbsolutePath} that this key may see.",
        _ when Messages(Parse(text)) is { Length: > 0 } messages => Terminal.Clean($"The server refused: {messages}"),
        _ => $"The server answered {request.Method} {request.RequestUri!.AbsolutePath} with the status {(int)status}.",
    };

    /// <summary>The texts of the contract's errors.</summary>
    private static string Messages(JsonObject? body)
    {
        var fields = (body?["fieldErrors"] as JsonObject)?.Select(field => field.Value as JsonArray) ?? [];
        return string.Join(' ', fields.Append(body?["generalErrors"] as JsonArray).SelectMany(errors => errors ?? []).Select(error => (string?)error?["message"]));
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text, documentOptions: ContractJson.DocumentOptions) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Nobody answers at the moment; trying again may help.</summary>
    internal sealed class UnreachableException(string message, bool mayHaveArrived) : CommandException(message)
    {
        /// <summary>What was asked for may have been done all the same.</summary>
        public bool MayHaveArrived { get; } = mayHaveArrived;
    }
}
