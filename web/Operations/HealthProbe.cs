using OrleansAuth.Common;

namespace OrleansAuth.Operations;

/// <summary>
/// <c>--health</c>: asks a running server of this machine whether it is ready, for supervisors that can start a program and ask no
/// address, such as a container's health check. It finds the server by the same settings.
/// </summary>
internal static class HealthProbe
{
    public const string Verb = "--health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <returns>The exit code: 0 where the server is ready, 1 where not.</returns>
    public static async Task<int> Run(string[] args)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().AddCommandLine(args).Build();
        var address = new Uri(new Uri(Address(settings)), "/health/ready");
        // A process of its own, for one request: there are no connections to share.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(address);
            await Console.Out.WriteLineAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{address} does not answer: {error.Message}");
            return 1;
        }
    }

    /// <summary>The first address that the server of these settings listens on, as this machine reaches it.</summary>
    internal static string Address(IConfiguration settings)
    {
        var ports = settings["http_ports"]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
        var url = settings["urls"]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault()
            ?? (ports is null ? AuthServer.DefaultUrl : $"http://localhost:{ports}");
        return PublicAddress.WithName(url.TrimEnd('/'));
    }
}
