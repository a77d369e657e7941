using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansAuth.Configuration;
using OrleansAuth.Hosting;

namespace OrleansAuth.Setup;

/// <summary>One request of a kickstart file, ready to be sent.</summary>
/// <param name="Number">Its place in the file, from 1.</param>
internal sealed record KickstartRequest(int Number, string Method, string Url, string? TenantId, string ContentType, JsonNode? Body)
{
    public override string ToString() => $"{Number}: {Method} {Url}";
}

/// <summary>
/// A kickstart file with its variables put in: <c>#{name}</c>, <c>#{ENV.NAME}</c>, <c>#{UUID()}</c> and the built-in
/// names; <c>@{file}</c> takes in the text of a file and <c>&amp;{file}</c> its JSON, both beside the kickstart file.
/// </summary>
internal sealed partial class KickstartFile
{
    private static readonly string[] Methods = ["POST", "PUT", "PATCH"];
    private readonly string _folder;
    private readonly Dictionary<string, string> _variables = [];

    private KickstartFile(string path, Guid defaultTenantId)
    {
        _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _variables["FUSIONAUTH_APPLICATION_ID"] = WellKnown.AdministrationApplication.ToString();
        _variables["FUSIONAUTH_TENANT_MANAGER_APPLICATION_ID"] = WellKnown.TenantManagerApplication.ToString();
        _variables["FUSIONAUTH_TENANT_ID"] = defaultTenantId.ToString();
    }

    /// <summary>The API keys, as <c>apiKey</c> objects of the API.</summary>
    public IReadOnlyList<JsonObject> ApiKeys { get; private set; } = [];

    public IReadOnlyList<KickstartRequest> Requests { get; private set; } = [];

    /// <exception cref="SettingsException">The file cannot be read; the message says where it is wrong.</exception>
    public static KickstartFile Read(string path, Guid defaultTenantId)
    {
        try
        {
            var file = new KickstartFile(path, defaultTenantId);
            var document = JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject
                ?? throw new SettingsException("It must be a JSON object.");
            file.TakeVariables(document["variables"] as JsonObject ?? []);
            file.ApiKeys = [.. (document["apiKeys"] as JsonArray ?? []).Select((key, i) => file.Resolve(key) as JsonObject ?? throw new SettingsException($"apiKeys[{i}] must be an object."))];
            file.Requests = [.. (document["requests"] as JsonArray ?? []).Select((request, i) => file.ReadRequest(request, i + 1))];
            if (file.ApiKeys.Count > 0 && IsRestricted(file.ApiKeys[0])) throw new SettingsException("The first of its apiKeys sends its requests, so it must have no tenantId and no permissions.");
            if (file.Requests.Count > 0 && file.ApiKeys.Count == 0) throw new SettingsException("Its requests need an API key: put one without restrictions first in apiKeys.");
            return file;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or SettingsException or InvalidOperationException)
        {
            throw new SettingsException($"The kickstart file {path} cannot be used. {error.Message}", error);
        }
    }

    private static bool IsRestricted(JsonObject key) => key["tenantId"] is not null || key["permissions"]?["endpoints"] is JsonObject { Count: > 0 };

    private void TakeVariables(JsonObject variables)
    {
        foreach (var (name, value) in variables)
            _variables[name] = Resolve(value is JsonValue text ? text.ToString() : throw new SettingsException($"The variable {name} must be a text or a number."));
    }

    private KickstartRequest ReadRequest(JsonNode? node, int number)
    {
        var request = node as JsonObject ?? throw new SettingsException($"Request {number} must be an object.");
        var method = ((string?)request["method"])?.ToUpperInvariant();
        if (!Methods.Contains(method)) throw new SettingsException($"Request {number} must have the method POST, PUT or PATCH.");
        var url = Resolve((string?)request["url"] ?? throw new SettingsException($"Request {number} has no url."));
        if (!url.StartsWith('/')) throw new SettingsException($"The url of request {number} must begin with a slash.");
        var tenant = request["tenantId"] is { } id ? Resolve((string)id!) : null;
        return new KickstartRequest(number, method!, url, tenant, (string?)request["contentType"] ?? "application/json", Resolve(request["body"]));
    }

    private JsonNode? Resolve(JsonNode? node) => node switch
    {
        JsonObject value => new JsonObject(value.Select(m => KeyValuePair.Create(Resolve(m.Key), Resolve(m.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Resolve)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonInclude().Match(text) is { Success: true } include
            ? Resolve(JsonNode.Parse(File.ReadAllText(Beside(include.Groups[1].Value))))
            : Resolve(text),
        _ => node?.DeepClone(),
    };

    private string Resolve(string text) => TextInclude().Replace(
        Variable().Replace(text, match => ValueOf(match.Groups[1].Value)),
        match => File.ReadAllText(Beside(match.Groups[1].Value)));

    private string ValueOf(string name)
    {
        if (name == "UUID()") return Guid.NewGuid().ToString();
        if (name.StartsWith("ENV.", StringComparison.Ordinal))
            return Environment.GetEnvironmentVariable(name[4..]) ?? throw new SettingsException($"The environment variable {name[4..]} is not set.");
        return _variables.TryGetValue(name, out var value) ? value : throw new SettingsException($"There is no variable {name}.");
    }

    /// <summary>Files are taken from beside the kickstart file or below, so that a borrowed file cannot read the machine.</summary>
    private string Beside(string name)
    {
        var path = Path.GetFullPath(Path.Combine(_folder, name));
        return path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : throw new SettingsException($"{name} is not beside the kickstart file.");
    }

    [GeneratedRegex(@"#\{([A-Za-z0-9_.\-]+(?:\(\))?)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"@\{([^}]+)\}")]
    private static partial Regex TextInclude();

    [GeneratedRegex(@"^&\{([^}]+)\}$")]
    private static partial Regex JsonInclude();
}
