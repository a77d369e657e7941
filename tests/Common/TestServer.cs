using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Configuration;

namespace OrleansAuth.Common;

/// <summary>
/// A whole server in this process on a free port, with a data folder of its own, a clock that tests move, and an API key
/// that may do everything. Tests share <see cref="Shared"/>, each in a tenant of its own; those that restart or move the
/// clock start their own.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    /// <summary>The key of the kickstart: no restrictions, and it may manage keys.</summary>
    public const string SuperKey = "the-key-of-the-tests-that-may-do-everything";

    private static readonly Lazy<Task<TestServer>> OneForAll = new(() => Start());
    private readonly AuthServer _server;
    private readonly HttpClient _client;
    private readonly bool _ownsFolder;
    private readonly Action<IServiceCollection>? _customise;
    private readonly string[] _settings;
    private bool _stopped;

    private TestServer(AuthServer server, string folder, bool ownsFolder, ManualTime time, Action<IServiceCollection>? customise, string[] settings)
    {
        (_server, Folder, _ownsFolder, Time, _customise, _settings) = (server, folder, ownsFolder, time, customise, settings);
        Url = new Uri(server.Urls.First());
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Url };
    }

    public static Task<TestServer> Shared => OneForAll.Value;

    public Uri Url { get; }

    public string Folder { get; }

    public ManualTime Time { get; }

    public IServiceProvider Services => _server.Services;

    public Guid DefaultTenant { get; private set; }

    /// <param name="folder">The data of an earlier server, to start on; null for an empty one that goes away with the server.</param>
    /// <param name="settings">More settings, as <c>--Name=value</c>.</param>
    public static Task<TestServer> Start(string? folder = null, ManualTime? time = null, params string[] settings) => Start(null, folder, time, settings);

    /// <param name="customise">Adds services of the test's own; a restarted server gets them too.</param>
    public static async Task<TestServer> Start(Action<IServiceCollection>? customise, string? folder = null, ManualTime? time = null, params string[] settings)
    {
        var path = folder ?? Directory.CreateTempSubdirectory("orleansauth-").FullName;
        var kickstart = Path.Combine(path, "kickstart.json");
        if (!File.Exists(kickstart))
            await File.WriteAllTextAsync(kickstart, $$"""{"apiKeys":[{"key":"{{SuperKey}}","name":"Tests","keyManager":true}]}""");
        time ??= new ManualTime();
        var server = AuthServer.Create(
            ["--urls=http://127.0.0.1:0", $"--Storage:Path={path}", $"--Kickstart:File={kickstart}", .. settings],
            services =>
            {
                services.AddSingleton(new Clock(time));
                customise?.Invoke(services);
            });
        await server.Start();
        var started = new TestServer(server, path, folder is null, time, customise, settings);
        started.DefaultTenant = (Guid)(await started.Get($"/api/application/{WellKnown.AdministrationApplication}")).Body["application"]!["tenantId"]!;
        return started;
    }

    /// <summary>A request with a JSON body, the super key unless another is given (an empty one for none), in a tenant if given.</summary>
    public async Task<Answer> Send(HttpMethod method, string path, object? body = null, string? key = null, Guid? tenant = null, string contentType = "application/json", string? bearer = null, string? cookie = null, IEnumerable<(string Name, string Value)>? headers = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (bearer is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
        else if (key is not "") request.Headers.TryAddWithoutValidation("Authorization", key ?? SuperKey);
        if (tenant is { } id) request.Headers.Add("X-FusionAuth-TenantId", id.ToString());
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        foreach (var (name, value) in headers ?? []) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
        {
            var text = body as string ?? (body as JsonNode)?.ToJsonString() ?? System.Text.Json.JsonSerializer.Serialize(body, ContractJson.Options);
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var response = await _client.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ToDictionary(h => h.Key, h => string.Join('\n', h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<Answer> Get(string path, string? key = null, Guid? tenant = null) => Send(HttpMethod.Get, path, null, key, tenant);

    public Task<Answer> Post(string path, object? body, string? key = null, Guid? tenant = null) => Send(HttpMethod.Post, path, body, key, tenant);

    public Task<Answer> Put(string path, object? body, string? key = null, Guid? tenant = null) => Send(HttpMethod.Put, path, body, key, tenant);

    public Task<Answer> Delete(string path, string? key = null, Guid? tenant = null) => Send(HttpMethod.Delete, path, null, key, tenant);

    public Task<Answer> Patch(string path, object? body, string contentType = "application/json", Guid? tenant = null) =>
        Send(HttpMethod.Patch, path, body, null, tenant, contentType);

    /// <summary>The ids that a query finds in the store.</summary>
    public async Task<IReadOnlyList<Guid>> Rows(string sql, params (string Name, object? Value)[] parameters) =>
        await Services.GetRequiredService<Storage.IStore>().Query(sql, row => row.Guid("id"), default, parameters);

    /// <summary>A tenant that nobody else uses.</summary>
    public async Task<Guid> NewTenant(object? settings = null)
    {
        var id = Guid.NewGuid();
        var tenant = settings is null ? [] : (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(settings, ContractJson.Options)!;
        tenant["name"] = $"Tenant {id}";
        (await Post($"/api/tenant/{id}", new JsonObject { ["tenant"] = tenant })).Is(HttpStatusCode.OK);
        return id;
    }

    /// <summary>An application of a tenant, with the roles reader (the default) and writer, refresh tokens, and no key asked for a login.</summary>
    public async Task<Guid> NewApplication(Guid tenant, object? settings = null)
    {
        var id = Guid.NewGuid();
        var application = settings is null ? [] : (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(settings, ContractJson.Options)!;
        application["name"] = $"Application {id}";
        application["roles"] ??= JsonNode.Parse("""[{"name":"reader","isDefault":true},{"name":"writer"}]""");
        application["loginConfiguration"] ??= JsonNode.Parse("""{"allowTokenRefresh":true,"generateRefreshTokens":true,"requireAuthentication":false}""");
        (await Post($"/api/application/{id}", new JsonObject { ["application"] = application }, tenant: tenant)).Is(HttpStatusCode.OK);
        return id;
    }

    /// <summary>Stops the server as a supervisor would, and starts another on the same data, at the same time of day.</summary>
    public async Task<TestServer> Restart()
    {
        await Stop();
        return await Start(_customise, Folder, Time, _settings);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Stop();
        if (_ownsFolder) Directory.Delete(Folder, recursive: true);
    }

    private async Task Stop()
    {
        if (_stopped) return;
        _stopped = true;
        await _server.Stop();
    }
}

/// <summary>An answer of the server.</summary>
public sealed record Answer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonObject Body => Text.Length == 0 ? [] : (JsonObject)JsonNode.Parse(Text)!;

    /// <summary>Fails with the answer's own words when the status is another.</summary>
    public Answer Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Text}");
        return this;
    }

    public Answer Is(int status) => Is((HttpStatusCode)status);

    /// <summary>The code of the first error of a field, or null.</summary>
    public string? FieldError(string field) => (string?)Body["fieldErrors"]?[field]?[0]?["code"];

    /// <summary>The code of the first general error, or null.</summary>
    public string? GeneralError => (string?)Body["generalErrors"]?[0]?["code"];
}
