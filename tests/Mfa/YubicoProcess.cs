using System.Diagnostics;
using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Mfa;

/// <summary>A validation server of other people's making, in a process of its own.</summary>
internal sealed class YubicoProcess : IAsyncDisposable
{
    public const string ClientId = "87";
    private readonly Process _process;

    private YubicoProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>What it shares with those who ask.</summary>
    public static string SecretKey { get; } = Convert.ToBase64String([.. Enumerable.Range(7, 20).Select(i => (byte)i)]);

    public static async Task<YubicoProcess> Start(SoftKey key)
    {
        var process = Process.Start(new ProcessStartInfo(Tools.Node, ["--no-deprecation", "yubico.mjs"]) { WorkingDirectory = Tools.Clients, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var given = new { clientId = ClientId, secretKey = SecretKey, publicId = key.PublicId, privateId = Convert.ToHexStringLower(key.PrivateId), aesKey = Convert.ToHexStringLower(key.AesKey) };
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(given));
        await process.StandardInput.FlushAsync();
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("tests/clients/yubico.mjs did not start.");
        return new YubicoProcess(process, JsonDocument.Parse(line).RootElement.GetProperty("port").GetInt32());
    }

    /// <summary>The settings of a server that asks it.</summary>
    /// <param name="paths">Ways to ask, tried in this order; the process answers differently on some.</param>
    public string[] Settings(params string[] paths) =>
    [
        $"--Mfa:Yubico:ClientId={ClientId}", $"--Mfa:Yubico:SecretKey={SecretKey}",
        $"--Mfa:Yubico:Urls={string.Join(' ', paths.Select(path => path.StartsWith("http", StringComparison.Ordinal) ? path : $"http://127.0.0.1:{Port}/{path}"))}",
    ];

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
