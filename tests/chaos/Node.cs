using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Benchmarks;

namespace OrleansAuth.Chaos;

/// <summary>One process of the server, started again whenever it ends, as a supervisor does.</summary>
internal sealed class Node(string name, string program, IReadOnlyList<string> arguments, bool serves, string logs, History history) : IAsyncDisposable
{
    // A silo that serves nobody says this when it runs.
    private const string SiloRuns = "Application started";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _ending = new();
    private readonly StreamWriter _log = new(Path.Combine(logs, $"{name}.log")) { AutoFlush = true };
    private TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Uri? _address;
    private ServerProcess? _process;
    private Task _kept = Task.CompletedTask;
    private double _ahead;

    public string Name => name;

    /// <summary>The bin folder of the build that the next start is made from; null for the harness's own.</summary>
    public string? Folder { get; set; }

    /// <summary>It takes requests.</summary>
    public bool Serves => serves;

    /// <summary>Where it listens; null while it does not, and for one that serves nobody.</summary>
    public Uri? Address => _address;

    /// <summary>Starts it for the first time, and waits until it runs.</summary>
    /// <exception cref="TimeoutException">It did not start in a minute and a half; its log says why.</exception>
    public Task Start()
    {
        _kept = Task.Run(Keep);
        return _up.Task.WaitAsync(TimeSpan.FromSeconds(90));
    }

    /// <summary>Waits until it runs.</summary>
    public Task Up(CancellationToken stop) => _up.Task.WaitAsync(stop);

    /// <summary>Ends it as a power cut would; it is started again at once.</summary>
    public async Task Kill()
    {
        Down();
        await (_process?.Kill() ?? Task.CompletedTask);
    }

    /// <summary>Tells it to end, as a deployment does: it gets no more requests, ends what it has, and is started again at once.</summary>
    public async Task Stop()
    {
        Down();
        if (_process is not { Exit.IsCompleted: false } process) return;
        await Signal("TERM");
        await process.Exit;
    }

    /// <summary>Stops it where it stands (<c>STOP</c>), or lets it go on (<c>CONT</c>).</summary>
    public Task Signal(string signal) =>
        _process is { Exit.IsCompleted: false } process ? Scratch.Run("kill", $"-{signal}", $"{process.Id}") : Task.CompletedTask;

    /// <summary>Sets its clock so many seconds before the machine's; it stays so over restarts.</summary>
    public async Task SetClock(double ahead)
    {
        _ahead = ahead;
        if (_process is { } process) await Tell(process);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _address = null;
        await (_process?.Kill() ?? Task.CompletedTask);
        await _kept;
        _ending.Dispose();
        await _log.DisposeAsync();
    }

    private string Assembly() => Folder is { } folder ? Path.Combine(folder, program, "release", $"{program}.dll") : Build.Assembly(program);

    private void Down()
    {
        _address = null;
        if (_up.Task.IsCompleted) _up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private async Task Keep()
    {
        while (!_ending.IsCancellationRequested)
        {
            var process = _process = ServerProcess.Start(Assembly(), arguments, Hear);
            if (serves) await Listen(process);
            await process.Exit;
            Down();
            if (!_ending.IsCancellationRequested)
                history.Write("supervisor", "exit", name, history.Now, history.Now, "ok", new JsonObject { ["exitCode"] = process.ExitCode });
            await process.DisposeAsync();
            await Task.Delay(Pause, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Listen(ServerProcess process)
    {
        try
        {
            var address = await process.Address();
            await Tell(process);
            _address = address;
            _up.TrySetResult();
        }
        catch (InvalidOperationException reason)
        {
            // It ended before it listened, or hangs: the next start is another try.
            Hear(reason.Message);
            await process.Kill();
        }
    }

    private async Task Tell(ServerProcess process)
    {
        if (program != "OrleansAuth.FaultServer") return;
        try
        {
            await process.Input.WriteLineAsync(_ahead.ToString(CultureInfo.InvariantCulture));
            await process.Input.FlushAsync();
        }
        catch (IOException)
        {
            // It has just ended, and its successor is told at its start.
        }
    }

    private void Hear(string line)
    {
        lock (_log)
        {
            if (_log.BaseStream.CanWrite) _log.WriteLine($"{history.Now / 1000} {line}");
        }

        if (!serves && line.Contains(SiloRuns, StringComparison.Ordinal)) _up.TrySetResult();
    }
}
