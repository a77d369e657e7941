using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OrleansAuth.Benchmarks;

/// <summary>HTTP to one server over kept connections, with as little of our own work per request as there can be.</summary>
internal sealed class Wire(Uri address, IReadOnlyDictionary<string, string>? headers = null) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue Form = new("application/x-www-form-urlencoded");

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        ActivityHeadersPropagator = null,
    });

    /// <summary>A document as it goes on the wire, names in camel case.</summary>
    public static byte[] Body(object document) => JsonSerializer.SerializeToUtf8Bytes(document, JsonSerializerOptions.Web);

    /// <summary>Posts the document and reads the whole answer; throws unless it is 200.</summary>
    public Task<byte[]> Post(string path, byte[] body, IReadOnlyDictionary<string, string>? more = null) => Post(path, body, Json, more);

    /// <summary>Posts a form, already encoded, and reads the whole answer; throws unless it is 200.</summary>
    public Task<byte[]> PostForm(string path, string form, IReadOnlyDictionary<string, string>? more = null) => Post(path, Encoding.ASCII.GetBytes(form), Form, more);

    /// <summary>The same, with the answer as JSON.</summary>
    public async Task<JsonElement> PostForJson(string path, object document, IReadOnlyDictionary<string, string>? more = null) =>
        JsonSerializer.Deserialize<JsonElement>(await Post(path, Body(document), more));

    /// <summary>Patches with the document and reads the whole answer; throws unless it is 200.</summary>
    public Task<byte[]> Patch(string path, byte[] body, IReadOnlyDictionary<string, string>? more = null) => Send(HttpMethod.Patch, path, body, Json, more);

    /// <summary>Gets and reads the whole answer; throws unless it is 200.</summary>
    public Task<byte[]> Get(string path, IReadOnlyDictionary<string, string>? more = null) =>
        Send(new HttpRequestMessage(HttpMethod.Get, new Uri(address, path)), more);

    public void Dispose() => _http.Dispose();

    private Task<byte[]> Post(string path, byte[] body, MediaTypeHeaderValue type, IReadOnlyDictionary<string, string>? more) => Send(HttpMethod.Post, path, body, type, more);

    private Task<byte[]> Send(HttpMethod method, string path, byte[] body, MediaTypeHeaderValue type, IReadOnlyDictionary<string, string>? more)
    {
        var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = type;
        return Send(request, more);
    }

    private async Task<byte[]> Send(HttpRequestMessage request, IReadOnlyDictionary<string, string>? more)
    {
        using (request)
        {
            foreach (var (name, value) in headers ?? Nothing) request.Headers.TryAddWithoutValidation(name, value);
            foreach (var (name, value) in more ?? Nothing) request.Headers.TryAddWithoutValidation(name, value);
            using var response = await _http.SendAsync(request, CancellationToken.None);
            var body = await response.Content.ReadAsByteArrayAsync();
            return response.StatusCode == HttpStatusCode.OK
                ? body
                : throw new HttpRequestException($"{request.Method} {request.RequestUri!.AbsolutePath} answered {(int)response.StatusCode} {Shown(body)}");
        }
    }

    private static string Shown(byte[] body) => Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 300));

    private static readonly Dictionary<string, string> Nothing = [];
}
