using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace OrleansAuth.Hosting;

/// <summary>How the log is written: for people, or for programs that collect logs.</summary>
public static class LogSettings
{
    private const string Setting = "Logging:Format";

    /// <exception cref="SettingsException">There is no such format.</exception>
    public static ILoggingBuilder AddLogs(this ILoggingBuilder logging, IConfiguration settings) => settings[Setting]?.ToUpperInvariant() switch
    {
        null or "" or "SIMPLE" => logging.AddSimpleConsole(console => console.SingleLine = true),
        "JSON" => logging.AddConsole(console => console.FormatterName = JsonLines.FormatName).AddConsoleFormatter<JsonLines, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>(),
        _ => throw new SettingsException($"{Setting} must be simple (lines for people) or json (one JSON object a line)."),
    };
}
