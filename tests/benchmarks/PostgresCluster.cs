using System.Diagnostics;
using System.Globalization;

namespace OrleansAuth.Benchmarks;

/// <summary>
/// A PostgreSQL of the benchmark's own, with the settings of a fresh installation (durable commits), reached only by
/// a socket in its folder. PostgreSQL refuses to run as root, so a benchmark that does gives it another account.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly Process _postmaster;

    private PostgresCluster(string folder, Process postmaster) => (_folder, _postmaster) = (folder, postmaster);

    /// <summary>The process that all others of the cluster descend from.</summary>
    public int Id => _postmaster.Id;

    /// <summary>For Npgsql; the pool may open as many connections as the cluster takes.</summary>
    public string ConnectionString => $"Host={_folder};Username=bench;Database=postgres;Maximum Pool Size=64";

    /// <summary>Ends with the cluster's first process, and with it all of the cluster.</summary>
    public Task Exit => _postmaster.WaitForExitAsync();

    /// <summary>Makes a cluster in that folder unless there is one, starts it and waits until it answers.</summary>
    public static async Task<PostgresCluster> Start(string folder)
    {
        var binaries = FindBinaries();
        var account = Environment.IsPrivilegedProcess ? await Unprivileged(folder) : [];
        var data = Path.Combine(folder, "data");
        if (!Directory.Exists(data)) await RunAs(account, Path.Combine(binaries, "initdb"), "-D", data, "--auth=trust", "--username=bench", "--encoding=UTF8", "--locale=C", "--no-sync");

        string[] command = [.. account, Path.Combine(binaries, "postgres"), "-D", data, "-k", folder, "-c", "listen_addresses="];
        var postmaster = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
            },
        };
        Children.Start(postmaster);
        postmaster.OutputDataReceived += (_, _) => { };
        postmaster.ErrorDataReceived += (_, _) => { };
        postmaster.BeginOutputReadLine();
        postmaster.BeginErrorReadLine();

        var cluster = new PostgresCluster(folder, postmaster);
        await cluster.Answers(Path.Combine(binaries, "pg_isready"));
        return cluster;
    }

    /// <summary>Ends it at once and with it every connection (a fast shutdown).</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_postmaster.HasExited) await Scratch.Run("kill", "-INT", $"{Id}");
        await _postmaster.WaitForExitAsync().WaitAsync(Limit);
        Children.Ended(_postmaster);
    }

    private async Task Answers(string isReady)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            using var probe = Process.Start(new ProcessStartInfo(isReady, ["-q", "-h", _folder]))!;
            await probe.WaitForExitAsync();
            if (probe.ExitCode == 0) return;
            if (_postmaster.HasExited) throw new InvalidOperationException($"PostgreSQL ended with {_postmaster.ExitCode} at its start.");
            if (Stopwatch.GetElapsedTime(since) > Limit) throw new TimeoutException("PostgreSQL did not answer.");
            await Task.Delay(50);
        }
    }

    private static Task RunAs(string[] account, params string[] command)
    {
        string[] all = [.. account, .. command];
        return Scratch.Run(all[0], all[1..]);
    }

    /// <summary>Gives the folder to an account without rights; returns the command that runs another one under it.</summary>
    private static async Task<string[]> Unprivileged(string folder)
    {
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        var account = accounts.Find(fields => fields[0] == "postgres") ?? accounts.Find(fields => fields[0] == "nobody")
            ?? throw new InvalidOperationException("PostgreSQL cannot run as root and there is neither a postgres nor a nobody account.");
        await Scratch.Run("chown", $"{account[2]}:{account[3]}", folder);
        return ["setpriv", $"--reuid={account[2]}", $"--regid={account[3]}", "--clear-groups", "--"];
    }

    private static string FindBinaries()
    {
        // Debian keeps one folder a version, outside the search path.
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var folders = debian
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException("PostgreSQL's server is not installed; tests/run installs it, or use --store sqlite.");
    }
}
