using OrleansAuth.Hosting;
using OrleansAuth.Setup;
using OrleansAuth.Storage;

namespace OrleansAuth.Common;

/// <summary>The whole server: which services it has, what a request passes, which endpoints there are.</summary>
public sealed class AuthServer
{
    /// <summary>The address of a server that nobody told another.</summary>
    public const string DefaultUrl = "http://localhost:9011";

    private readonly WebApplication? _app;
    private readonly string? _refusedToStart;

    private AuthServer(WebApplication? app, string? refusedToStart) => (_app, _refusedToStart) = (app, refusedToStart);

    /// <summary>The services of the server, for tests that run one in their own process.</summary>
    public IServiceProvider Services => _app!.Services;

    /// <summary>The addresses that the server listens on, once it has started.</summary>
    public IEnumerable<string> Urls => _app!.Urls;

    /// <param name="args">Settings as <c>--Storage:Path=…</c>; they win over the environment, which wins over files.</param>
    /// <param name="customise">Changes services before the server is built; tests put their clock in here.</param>
    public static AuthServer Create(string[] args, Action<IServiceCollection>? customise = null)
    {
        WarmUp.Begin();
        try
        {
            // Pages are looked for in the assembly of this name; without it, in whichever program runs this server.
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ApplicationName = typeof(AuthServer).Assembly.GetName().Name });
            if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null) builder.WebHost.UseUrls(DefaultUrl);
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
            // Requests are not logged one by one: their addresses can hold tokens, and metrics count better.
            builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddLogs(builder.Configuration);
            // Why a start failed is said once, by Run: as a sentence, or with its trace.
            builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
            customise?.Invoke(builder.Services);
            builder.Services.AddGrains(builder.Configuration).AddWebTier();
            var app = builder.Build();
            app.UseWebTier();
            _ = app.Services.GetRequiredService<PublicAddress>();
            return new AuthServer(app, null);
        }
        catch (SettingsException error)
        {
            return new AuthServer(null, error.Message);
        }
    }

    /// <summary>Starts the server and returns when it serves.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be used; the message says what to do.</exception>
    /// <exception cref="SettingsException">The settings or the kickstart are wrong; the message says what to do.</exception>
    public async Task Start()
    {
        await _app!.StartAsync();
        _app.Services.GetRequiredService<PublicAddress>().Listening(_app.Urls);
        await _app.Services.GetRequiredService<Start>().Complete(_app.Urls);
    }

    /// <summary>Stops the server: requests that run are finished first.</summary>
    public async Task Stop()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Runs until the process is told to stop.</summary>
    /// <returns>The exit code: 0, or 1 where the server could not start.</returns>
    public async Task<int> Run()
    {
        if (_refusedToStart is { } reason) return await Refuse(reason);
        try
        {
            await Start();
            await _app!.WaitForShutdownAsync();
            return Environment.ExitCode;
        }
        catch (Exception error) when (Explanation(error) is not null)
        {
            return await Refuse(Explanation(error)!);
        }
        finally
        {
            await _app!.DisposeAsync();
        }
    }

    /// <summary>Failures that the operator can mend get a sentence; everything else is a bug and shows its trace.</summary>
    private static string? Explanation(Exception error) => error switch
    {
        StoreUnavailableException or SettingsException => error.Message,
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"{error.Message} Another program uses this address; stop it, or choose another with --urls.",
        { InnerException: { } inner } => Explanation(inner),
        _ => null,
    };

    private static async Task<int> Refuse(string reason)
    {
        await Console.Error.WriteLineAsync($"The server did not start. {reason}");
        return 1;
    }
}
