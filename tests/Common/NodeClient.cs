using System.Diagnostics;
using System.Text.Json;

namespace OrleansAuth.Common;

/// <summary>
/// Starts a program of <c>tests/clients</c>: it reads one JSON document from standard input, writes one to standard
/// output and what it has to complain about to standard error.
/// </summary>
internal static class NodeClient
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(1);

    /// <summary>Runs <c>tests/clients/&lt;script&gt;.mjs</c> to its end.</summary>
    /// <param name="script">File name without its ending.</param>
    /// <param name="input">Becomes the JSON on standard input, names in camel case; null sends nothing.</param>
    /// <param name="environment">Variables added to the program's environment.</param>
    /// <param name="limit">The program is killed after this time; a minute unless given.</param>
    /// <exception cref="InvalidOperationException">Node.js or the program's packages are not installed.</exception>
    /// <exception cref="TimeoutException">The program did not end in time.</exception>
    public static async Task<NodeResult> Run(
        string script, object? input = null, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? limit = null)
    {
        if (!Directory.Exists(Path.Combine(Tools.Clients, "node_modules"))) throw Tools.Missing("What tests/clients needs");

        using var process = Process.Start(StartInfo(script, environment))!;
        using var patience = new CancellationTokenSource(limit ?? DefaultLimit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await Send(process, input, patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new NodeResult(script, process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"tests/clients/{script}.mjs did not end within {limit ?? DefaultLimit}.");
        }
    }

    private static ProcessStartInfo StartInfo(string script, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(Tools.Node, [$"{script}.mjs"])
        {
            WorkingDirectory = Tools.Clients,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return start;
    }

    private static async Task Send(Process process, object? input, CancellationToken patience)
    {
        try
        {
            if (input is not null)
                await JsonSerializer.SerializeAsync(process.StandardInput.BaseStream, input, JsonSerializerOptions.Web, patience);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of it; its exit code and what it wrote tell why.
        }
    }
}

/// <summary>What a program of <c>tests/clients</c> left behind.</summary>
/// <param name="Script">Its name, for messages.</param>
/// <param name="ExitCode">0 when every step went as the program expects.</param>
/// <param name="Output">Standard output as text.</param>
/// <param name="Errors">Standard error as text.</param>
internal sealed record NodeResult(string Script, int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output as JSON.</summary>
    /// <exception cref="InvalidOperationException">The program failed; the message holds what it wrote to standard error.</exception>
    public JsonElement Json => ExitCode == 0
        ? JsonSerializer.Deserialize<JsonElement>(Output)
        : throw new InvalidOperationException($"tests/clients/{Script}.mjs ended with {ExitCode}: {Errors}");
}
