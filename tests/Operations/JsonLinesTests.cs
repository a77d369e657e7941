using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansAuth.Common;
using OrleansAuth.Hosting;
using OrleansAuth.Setup;

namespace OrleansAuth.Operations;

public sealed class JsonLinesTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void An_entry_is_one_line_with_its_trace_its_values_and_what_went_wrong()
    {
        using var activity = new Activity("test").Start();
        var written = new StringWriter();
        new Into(new JsonLines(new Clock(_time)), written).LogWarning(new InvalidOperationException("two\nlines"), "{Count} mails of {Queue} failed.\nTry again.", 3, "mail");
        var line = written.ToString();
        var entry = (JsonObject)JsonNode.Parse(line)!;

        Assert.Single(line, c => c == '\n');
        Assert.Equal(_time.GetUtcNow(), (DateTimeOffset)entry["time"]!);
        Assert.Equal("Warning", (string?)entry["level"]);
        Assert.Equal("3 mails of mail failed.\nTry again.", (string?)entry["message"]);
        Assert.Equal(3, (int)entry["values"]!["Count"]!);
        Assert.Equal("mail", (string?)entry["values"]!["Queue"]);
        Assert.Contains("two", (string?)entry["exception"], StringComparison.Ordinal);
        Assert.Equal(activity.TraceId.ToHexString(), (string?)entry["traceId"]);
    }

    [Fact]
    public async Task A_server_that_is_told_to_writes_nothing_else()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.Start(folder.Path, "--Logging:Format=json");
        await server.Http.GetAsync("/api/status");
        server.Terminate();
        Assert.Equal(0, await server.Exit());
        var lines = server.Written.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.NotNull(JsonNode.Parse(line)!["message"]));
    }

    [Fact]
    public async Task A_format_that_does_not_exist_stops_the_start()
    {
        using var folder = new TemporaryFolder();
        await using var server = ServerProcess.Launch(folder.Path, "--Logging:Format=xml");
        Assert.Equal(1, await server.Exit());
        Assert.Contains("Logging:Format must be simple", server.Written, StringComparison.Ordinal);
    }

    /// <summary>A logger that formats at once.</summary>
    private sealed class Into(JsonLines lines, TextWriter writer) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Write(new LogEntry<TState>(logLevel, "test", eventId, state, exception, formatter), null, writer);
    }
}
