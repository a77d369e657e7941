using Microsoft.Extensions.Configuration;

namespace OrleansAuth.Hosting;

/// <summary>
/// <c>--health</c>: asks a running process of this machine whether it is ready, for supervisors that can start a program and ask no
/// address, such as a container's health check. It finds the process by the same settings.
/// </summary>
public static class HealthProbe
{
    public const string Verb = "--health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <param name="args">The arguments after the verb: settings, as the process has them.</param>
    /// <param name="defaultUrl">Where the process listens when the settings do not say.</param>
    /// <returns>The exit code: 0 where the process is ready, 1 where not.</returns>
    public static async Task<int> Run(string[] args, string defaultUrl)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().AddCommandLine(args).Build();
        var address = $"{ListenAddress.First(settings, defaultUrl)}/health/ready";
        // A process of its own, for one request: there are no connections to share.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri(address)).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(await answer.Content.ReadAsStringAsync().ConfigureAwait(false)).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{address} does not answer: {error.Message}").ConfigureAwait(false);
            return 1;
        }
    }
}

/// <summary>Addresses that a process listens on, as one reaches them from this machine.</summary>
public static class ListenAddress
{
    /// <summary>The first address of these settings, without a slash at the end.</summary>
    public static string First(IConfiguration settings, string defaultUrl)
    {
        if (FirstOf(settings["urls"]) is { } url) return Reachable(url.TrimEnd('/'));
        return FirstOf(settings["http_ports"]) is { } port ? $"http://localhost:{port}" : defaultUrl;
    }

    /// <summary>A process that listens on every address is reached on this machine by its usual name.</summary>
    public static string Reachable(string url) => url
        .Replace("://[::]", "://localhost", StringComparison.Ordinal).Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
        .Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal);

    private static string? FirstOf(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}
