using OrleansAuth.Hosting;

namespace OrleansAuth.Deploy;

/// <summary>Names of settings as deployments write them.</summary>
internal static class KnownSettings
{
    private static readonly string[] OfTheRuntime = ["ASPNETCORE_HTTP_PORTS", "DOTNET_EnableDiagnostics"];

    /// <summary>Fails for a name in the environment's form (<c>Web__PublicUrl</c>) that nobody reads.</summary>
    public static void Require(string name) => Assert.True(
        OfTheRuntime.Contains(name) || SettingsCheck.Names.Append("Logging:Format").Contains(name.Replace("__", ":", StringComparison.Ordinal)), $"Nobody reads {name}.");
}
