using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Hosting;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Setup;

/// <summary>
/// Sets up an untouched system from a file: first its API keys, then its requests in order, each through the server's own
/// API. The first request that fails stops the start.
/// </summary>
internal sealed class Kickstart(IGrainFactory grains, ConfigurationReader configuration, Pipeline pipeline, IConfiguration settings, ILogger<Kickstart> log)
{
    private const int ShownOfAnswer = 2_000;

    /// <exception cref="SettingsException">The file cannot be used or a request failed; the message says which, and what was answered.</exception>
    public async Task Run()
    {
        if (SiloHosting.KickstartFile(settings) is not { } path) return;
        var tenant = configuration.Current.Find<Application>(WellKnown.AdministrationApplication)!.TenantId!.Value;
        var file = KickstartFile.Read(path, tenant);
        var begun = await grains.Setup().BeginKickstart();
        if (begun.Refusal is { } refusal)
        {
            if (refusal.Errors[0].Code != "[alreadySetUp]")
                throw new SettingsException($"{refusal.Errors[0].Message} Mend {path}, take the data folder (or database) away and start again; or start without Kickstart:File to go on with what there is.");
            log.LogInformation("Kickstart: nothing to do, this system has been set up before.");
            return;
        }

        var keys = await CreateKeys(file);
        foreach (var request in file.Requests) await Send(request, keys[0], path);
        await grains.Setup().EndKickstart();
        log.LogInformation("Kickstart: {Keys} API keys and {Requests} requests done.", file.ApiKeys.Count, file.Requests.Count);
    }

    private async Task<List<string>> CreateKeys(KickstartFile file)
    {
        var values = new List<string>();
        foreach (var (key, index) in file.ApiKeys.Select((key, index) => (key, index)))
        {
            var id = Guid.TryParse((string?)key["id"], out var chosen) ? chosen : Guid.CreateVersion7();
            var created = await grains.Setup().CreateApiKey(id, JsonText.From(key));
            if (created.Refusal is { } refusal)
                throw new SettingsException($"The kickstart's API key {index + 1} was refused. {string.Join(" ", refusal.Errors.Select(e => $"{e.Code}: {e.Message}"))}");
            await configuration.AtLeast(created.Value!.Version);
            values.Add((string)JsonNode.Parse(created.Value.Object.Utf8.Span)!["key"]!);
        }

        return values;
    }

    private async Task Send(KickstartRequest request, string key, string path)
    {
        var headers = new Dictionary<string, string> { ["Authorization"] = key, ["Content-Type"] = request.ContentType };
        if (request.TenantId is { } tenant) headers[ApiRequest.TenantHeader] = tenant;
        var body = request.Body is null ? [] : Encoding.UTF8.GetBytes(request.Body.ToJsonString(ContractJson.Options));
        var (status, answer) = await pipeline.Send(request.Method, request.Url, headers, body);
        if (status is >= 200 and < 300)
        {
            log.LogInformation("Kickstart: request {Request} answered {Status}.", request, status);
            return;
        }

        var shown = answer.Length > ShownOfAnswer ? answer[..ShownOfAnswer] + "…" : answer;
        throw new SettingsException($"Request {request} of the kickstart file {path} failed with status {status}: {(shown.Length == 0 ? "(no body)" : shown)} Mend the file, take the data folder (or database) away and start again.");
    }
}
