using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using OrleansAuth.Common;

namespace OrleansAuth.Setup;

/// <summary>The program as operators run it: a process of its own, told by its arguments, heard through what it writes.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Process _process;
    private readonly StringBuilder _written = new();
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> _awaited = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string program, string folder, string[] arguments, (string Name, string Value)[]? environment = null)
    {
        var start = new ProcessStartInfo(Tools.OnPath("dotnet") ?? throw Tools.Missing("dotnet"))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _ = Task.WhenAll(Read(_process.StandardOutput), Read(_process.StandardError)).ContinueWith(_ => End(), TaskScheduler.Default);
    }

    /// <summary>Everything that it wrote so far, to the log and to standard error.</summary>
    public string Written
    {
        get
        {
            lock (_written) return _written.ToString();
        }
    }

    /// <summary>Where it listens, once <see cref="Start"/> has returned.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>A client without cookies that follows no redirects.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    /// <summary>Starts a server on a folder and a free port, and waits until it serves.</summary>
    public static async Task<ServerProcess> Start(string folder, params string[] settings)
    {
        var server = Launch(folder, ["--urls=http://127.0.0.1:0", .. settings]);
        var ready = server.Wrote("is ready");
        await server.Listens();
        await ready;
        return server;
    }

    /// <summary>A server that kills itself at a step of a transaction, with a clock that is some seconds ahead; waits until it serves.</summary>
    public static async Task<ServerProcess> StartWithFault(string folder, string point, int ahead, params string[] settings)
    {
        var server = new ServerProcess(Beside("OrleansAuth.FaultServer"), folder, [point, $"{ahead}", "--urls=http://127.0.0.1:0", $"--Storage:Path={folder}", .. settings]);
        var ready = server.Wrote("is ready");
        await server.Listens();
        await ready;
        return server;
    }

    /// <summary>A server that is expected to kill itself while it starts.</summary>
    public static ServerProcess LaunchWithFault(string folder, string point, int ahead, params string[] settings) =>
        new(Beside("OrleansAuth.FaultServer"), folder, [point, $"{ahead}", "--urls=http://127.0.0.1:0", $"--Storage:Path={folder}", .. settings]);

    /// <summary>Starts the sample application in its own folder, as <c>dotnet run</c> does, on a free port.</summary>
    public static async Task<ServerProcess> StartSample(params string[] settings)
    {
        var sample = new ServerProcess(Beside("OrleansAuth.Samples.SignIn"), Path.Combine(Tools.RepositoryRoot, "deploy/samples/sign-in"), ["--urls=http://127.0.0.1:0", .. settings]);
        await sample.Listens();
        return sample;
    }

    /// <summary>Starts a server that is expected not to get far.</summary>
    public static ServerProcess Launch(string folder, params string[] settings) =>
        new(Path.Combine(AppContext.BaseDirectory, "OrleansAuth.Web.dll"), folder, [$"--Storage:Path={folder}", .. settings]);

    /// <summary>Runs a command of the program in a folder, with no setting of a server.</summary>
    public static ServerProcess Command(string folder, (string Name, string Value)[] environment, params string[] arguments) =>
        new(Path.Combine(AppContext.BaseDirectory, "OrleansAuth.Web.dll"), folder, arguments, environment);

    /// <summary>Starts a silo without a web tier.</summary>
    public static ServerProcess LaunchSilo(string folder, params string[] settings) =>
        new(Path.Combine(AppContext.BaseDirectory, "OrleansAuth.Silo.dll"), folder, settings);

    /// <summary>The line that contains the text, as soon as it has been written.</summary>
    public Task<string> Wrote(string text)
    {
        lock (_written)
        {
            var line = _written.ToString().Split('\n').FirstOrDefault(l => l.Contains(text, StringComparison.Ordinal));
            if (line is not null) return Task.FromResult(line);
            var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_ended.Task.IsCompleted) seen.SetException(Missed(text));
            else _awaited.Add((text, seen));
            return seen.Task.WaitAsync(Patience);
        }
    }

    /// <summary>Its exit code, once it has ended by itself and all that it wrote has been read.</summary>
    public async Task<int> Exit()
    {
        await _ended.Task.WaitAsync(Patience);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _ended.Task.WaitAsync(Patience);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as a supervisor does.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Lets it stand still with its connections open, as a machine without processors does.</summary>
    public void Freeze() => Signal("STOP");

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) await Kill();
        _process.Dispose();
    }

    /// <summary>A program that is built beside the tests, for the same engine and configuration.</summary>
    private static string Beside(string name)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(here.Parent!.Parent!.FullName, name, here.Name, $"{name}.dll");
    }

    private async Task Listens()
    {
        Url = new Uri(Address().Match(await Wrote("Now listening on: ")).Value);
        Http.BaseAddress = Url;
    }

    private async Task Read(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_written)
            {
                _written.Append(line).Append('\n');
                foreach (var awaited in _awaited.FindAll(a => line.Contains(a.Text, StringComparison.Ordinal)))
                {
                    _awaited.Remove(awaited);
                    awaited.Seen.SetResult(line);
                }
            }
        }
    }

    private void End()
    {
        lock (_written)
        {
            foreach (var (text, seen) in _awaited) seen.SetException(Missed(text));
            _awaited.Clear();
            _ended.SetResult();
        }
    }

    private InvalidOperationException Missed(string text) => new($"The server ended without writing '{text}'. It wrote:\n{_written}");

    [GeneratedRegex(@"http://[^\s""]+")]
    private static partial Regex Address();
}
