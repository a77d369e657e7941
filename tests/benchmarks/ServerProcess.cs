using System.Diagnostics;

namespace OrleansAuth.Benchmarks;

/// <summary>A server that the benchmark started, known by the address it printed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Announcement = "Now listening on: ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Action<string>? _heard;

    private ServerProcess(Process process, long startedAt, Action<string>? heard)
    {
        _process = process;
        StartedAt = startedAt;
        _heard = heard;
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>The reading of <see cref="Stopwatch"/> just before the process was made.</summary>
    public long StartedAt { get; }

    /// <summary>Ends when the process does.</summary>
    public Task Exit => _process.WaitForExitAsync();

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it reads from standard input.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Starts <c>dotnet assembly arguments</c>; the address comes later, from <see cref="Address"/>.</summary>
    /// <param name="heard">Gets each line that it writes, as it comes.</param>
    public static ServerProcess Start(string assembly, IEnumerable<string> arguments, Action<string>? heard = null) => Start("dotnet", assembly, arguments, heard);

    /// <summary>The same with Node.js: <c>node script arguments</c>.</summary>
    public static ServerProcess StartNode(string script, IEnumerable<string> arguments) => Start("node", script, arguments);

    private static ServerProcess Start(string command, string program, IEnumerable<string> arguments, Action<string>? heard = null)
    {
        if (!File.Exists(program)) throw new FileNotFoundException($"{Path.GetFileName(program)} is not there, or not built.", program);

        var start = new ProcessStartInfo(command, [program, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Both sides log what they print in production, but no line per request.
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        start.Environment["NODE_ENV"] = "production";

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var server = new ServerProcess(process, Stopwatch.GetTimestamp(), heard);
        process.OutputDataReceived += (_, line) => server.Read(line.Data);
        process.ErrorDataReceived += (_, line) => server.Read(line.Data);
        process.Exited += (_, _) => server.Ended();
        Children.Start(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Where it listens; throws with its last lines when it ends first or says nothing for a minute.</summary>
    public async Task<Uri> Address()
    {
        try
        {
            return await _address.Task.WaitAsync(StartLimit);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"It did not say where it listens within {StartLimit}:\n{LastLines()}");
        }
    }

    /// <summary>Ends it as a power cut would.</summary>
    public Task Kill()
    {
        if (!_process.HasExited) _process.Kill();
        return _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end (SIGTERM), and ends it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Scratch.Run("kill", "-TERM", $"{Id}");
            using var patience = new CancellationTokenSource(StopLimit);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        Children.Ended(_process);
    }

    private void Read(string? line)
    {
        if (line is null) return;
        _heard?.Invoke(line);
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 20) _lastLines.Dequeue();
        }

        var at = line.IndexOf(Announcement, StringComparison.Ordinal);
        if (at >= 0 && Uri.TryCreate(line[(at + Announcement.Length)..].Trim(), UriKind.Absolute, out var address))
            _address.TrySetResult(address);
    }

    private void Ended() => _address.TrySetException(
        new InvalidOperationException($"It ended with {_process.ExitCode} before it listened:\n{LastLines()}"));

    private string LastLines()
    {
        lock (_lastLines) return string.Join('\n', _lastLines);
    }
}
