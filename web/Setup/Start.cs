using OrleansAuth.Hosting;
using OrleansAuth.Operations;

namespace OrleansAuth.Setup;

/// <summary>The last step of a start: the kickstart runs, the gate opens, and the log says where to go next.</summary>
internal sealed class Start(Kickstart kickstart, Pipeline pipeline, Readiness readiness, IGrainFactory grains, SetupToken token, ILogger<Start> log)
{
    /// <exception cref="SettingsException">The kickstart failed; the server must not serve.</exception>
    public async Task Complete(IEnumerable<string> urls)
    {
        await kickstart.Run();
        pipeline.Open();
        readiness.Started();
        var url = urls.FirstOrDefault() ?? Common.AuthServer.DefaultUrl;
        if ((await grains.Setup().Read()).HasAdministrator)
            log.LogInformation("OrleansAuth {Version} is ready: {Url}", SystemEndpoints.Version, url);
        else
            log.LogInformation("OrleansAuth {Version} is ready. Create the first administrator here: {Url}/setup?token={Token}", SystemEndpoints.Version, url, token.Value);
    }
}
