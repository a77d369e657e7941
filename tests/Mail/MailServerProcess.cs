using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using OrleansAuth.Common;

namespace OrleansAuth.Mail;

/// <summary>How a mail server of the tests behaves.</summary>
internal sealed record MailServerOptions
{
    /// <summary>TLS from the first byte.</summary>
    public bool Secure { get; init; }

    public bool StartTls { get; init; }
    public string? Key { get; init; }
    public string? Cert { get; init; }

    /// <summary>The account that must sign in; null takes mails from anybody.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }
    public string[]? Methods { get; init; }

    /// <summary>Offers no UTF-8 in addresses.</summary>
    public bool HideUtf8 { get; init; }

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }
}

/// <summary>
/// A real mail server in a process of its own (npm's <c>smtp-server</c>). Recipients that begin with <c>later</c> are refused
/// once for now, <c>never</c> for good; at <c>drop</c> it breaks the first connection off after the mail, at <c>hang</c> it
/// never answers.
/// </summary>
internal sealed class MailServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();

    private MailServerProcess(Process process) => _process = process;

    public int Port { get; private set; }

    public static async Task<MailServerProcess> Start(MailServerOptions? options = null)
    {
        if (!Directory.Exists(Path.Combine(Tools.Clients, "node_modules"))) throw Tools.Missing("What tests/clients needs");
        var process = Process.Start(new ProcessStartInfo(Tools.Node, ["smtp.mjs"])
        {
            WorkingDirectory = Tools.Clients,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var server = new MailServerProcess(process);
        _ = server.Listen();
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(options ?? new MailServerOptions(), JsonSerializerOptions.Web));
        await process.StandardInput.FlushAsync();
        server.Port = (await server.Next("listening")).GetProperty("port").GetInt32();
        return server;
    }

    /// <summary>The next mail that it was given.</summary>
    public async Task<ReceivedMail> NextMail() => ReceivedMail.Read(await Next("mail"));

    /// <summary>The next event of a kind; others are passed over.</summary>
    public async Task<JsonElement> Next(string kind)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var next = await _events.Reader.ReadAsync(patience.Token);
            if (next.GetProperty("event").GetString() == kind) return next;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task Listen()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            await _events.Writer.WriteAsync(JsonElement.Parse(line));
        _events.Writer.TryComplete();
    }
}

/// <summary>A mail as the server got it.</summary>
internal sealed record ReceivedMail(string From, string[] To, bool Secure, string? User, bool Utf8, string Raw)
{
    public static ReceivedMail Read(JsonElement told) => new(
        told.GetProperty("from").GetString()!, [.. told.GetProperty("to").EnumerateArray().Select(to => to.GetString()!)], told.GetProperty("secure").GetBoolean(),
        told.GetProperty("user").GetString(), told.GetProperty("utf8").GetBoolean(), Encoding.UTF8.GetString(told.GetProperty("raw").GetBytesFromBase64()));

    /// <summary>The headers before the first empty line, folded lines joined, encoded words decoded.</summary>
    public ILookup<string, string> Headers => MailReading.Headers(Raw);

    /// <summary>The decoded part of a type.</summary>
    public string Part(string type) => MailReading.Part(Raw, type);
}
