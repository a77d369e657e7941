using Microsoft.Extensions.Hosting;
using OrleansAuth.Hosting;
using OrleansAuth.Storage;

if (!EngineSetup.RunsAlone)
{
    await Console.Error.WriteLineAsync("""
        A silo of its own needs the cluster build: dotnet run --project silo -p:Engine=orleans
        On one machine the web tier hosts the grains itself: dotnet run --project web
        """);
    return 1;
}

try
{
    var builder = Host.CreateApplicationBuilder(args);
    builder.Services.AddSilo(builder.Configuration);
    await builder.Build().RunAsync();
    return 0;
}
catch (Exception reason) when (reason is SettingsException or StoreUnavailableException)
{
    await Console.Error.WriteLineAsync($"The silo did not start. {reason.Message}");
    return 1;
}
