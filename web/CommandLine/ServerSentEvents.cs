using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace OrleansAuth.CommandLine;

/// <summary>Reads server-sent events (HTML standard, section 9.2.6) and keeps where to go on after the connection broke.</summary>
internal sealed class ServerSentEvents
{
    public static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(2);

    /// <summary>Of one event, in characters; a server that sends more is none of ours.</summary>
    private const int LargestEvent = 4 * 1024 * 1024;

    /// <summary>The last id that was read; null before the first.</summary>
    public string? LastId { get; private set; }

    /// <summary>How long the server wants others to wait before they come back.</summary>
    public TimeSpan Pause { get; private set; } = UsualPause;

    /// <summary>What comes until the stream ends.</summary>
    /// <exception cref="IOException">The connection broke, or an event has no end.</exception>
    public async IAsyncEnumerable<(string Kind, string Data)> Read(Stream stream, [EnumeratorCancellation] CancellationToken stop)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var (kind, data) = ("message", new StringBuilder());
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (line.Length > 0)
            {
                Take(line, ref kind, data);
                if (data.Length > LargestEvent) throw new IOException("An event has no end.");
                continue;
            }

            if (data.Length > 0) yield return (kind, data.ToString().TrimEnd('\n'));
            (kind, data) = ("message", new StringBuilder());
        }
    }

    private void Take(string line, ref string kind, StringBuilder data)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? "" : line[(colon + 1)..];
        if (value.StartsWith(' ')) value = value[1..];
        if (name == "event") kind = value;
        else if (name == "data") data.Append(value).Append('\n');
        else if (name == "id" && !value.Contains('\0', StringComparison.Ordinal)) LastId = value;
        else if (name == "retry" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)) Pause = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 100, 30_000));
    }
}
