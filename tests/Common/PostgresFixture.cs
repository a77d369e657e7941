using System.Diagnostics;
using Npgsql;

namespace OrleansAuth.Common;

/// <summary>
/// A PostgreSQL server of the tests' own, from the installed binaries: in a temporary folder, reached over a Unix socket
/// in it, with fsync on, as a user without rights when the tests run as root. Tests share one; who stops and restarts a
/// server starts another.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private const string Password = "only-for-tests";

    private static readonly Lazy<Task<PostgresFixture>> One = new(Start);

    private readonly string _binaries;
    private readonly string _folder;
    private readonly bool _asRoot = Environment.IsPrivilegedProcess;
    private Process? _caretaker;

    private PostgresFixture(string binaries)
    {
        _binaries = binaries;
        // Short, because the path of a Unix socket may not be longer than 107 bytes.
        _folder = Directory.CreateTempSubdirectory("pg-").FullName;
    }

    /// <summary>The server that the whole test run shares.</summary>
    public static Task<PostgresFixture> Shared => One.Value;

    /// <summary>How to connect, to the database that is always there.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = _folder,
        Username = "tests",
        Password = Password,
        Database = "postgres",
    }.ConnectionString;

    /// <summary>Starts a server that no other test uses.</summary>
    public static async Task<PostgresFixture> Start()
    {
        var server = new PostgresFixture(FindBinaries());
        var secret = Path.Combine(server._folder, "password");
        await File.WriteAllTextAsync(secret, Password);
        if (server._asRoot)
            await Run("chown", ["-R", Owner, server._folder]);
        await server.RunAsOwner("initdb",
            ["-D", server.Data, "-U", "tests", "--auth=scram-sha-256", $"--pwfile={secret}", "-E", "UTF8", "--locale=C.UTF-8"]);
        await File.AppendAllTextAsync(Path.Combine(server.Data, "postgresql.conf"),
            $"\nlisten_addresses = ''\nunix_socket_directories = '{server._folder}'\nfsync = on\nmax_connections = 200\n");
        server.StartCaretaker();
        await server.Resume();
        return server;
    }

    /// <summary>An empty database; answers how to connect to it.</summary>
    public async Task<string> NewDatabase()
    {
        var name = "t" + Guid.NewGuid().ToString("N");
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Ends the server at once, as a power cut would.</summary>
    public Task Crash() => RunAsOwner("pg_ctl", ["-D", Data, "-m", "immediate", "-w", "stop"]);

    /// <summary>Starts it again, with recovery if it crashed.</summary>
    public Task Resume() => RunAsOwner("pg_ctl", ["-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-t", "60", "start"]);

    public async ValueTask DisposeAsync()
    {
        if (_caretaker is null)
            return;
        _caretaker.StandardInput.Close();
        await _caretaker.WaitForExitAsync();
        _caretaker.Dispose();
        _caretaker = null;
    }

    // Its input ends when this process does, however it ends; then it stops the server and removes the folder.
    private void StartCaretaker()
    {
        const string script = "cat >/dev/null; \"$@\" >/dev/null 2>&1; rm -rf \"$0\"";
        var start = new ProcessStartInfo("setsid") { WorkingDirectory = "/", RedirectStandardInput = true };
        foreach (var argument in (string[])["sh", "-c", script, _folder, .. AsOwner("pg_ctl", ["-D", Data, "-m", "immediate", "-w", "stop"])])
            start.ArgumentList.Add(argument);
        _caretaker = Process.Start(start);
    }

    private static string Owner => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private string Data => Path.Combine(_folder, "data");

    private string[] AsOwner(string program, string[] arguments) => _asRoot
        ? ["setpriv", $"--reuid={Owner}", "--clear-groups", Path.Combine(_binaries, program), .. arguments]
        : [Path.Combine(_binaries, program), .. arguments];

    private async Task RunAsOwner(string program, string[] arguments)
    {
        var command = AsOwner(program, arguments);
        await Run(command[0], command[1..]);
    }

    private static async Task Run(string program, string[] arguments)
    {
        // The server inherits the outputs and outlives pg_ctl, so they go nowhere but to files.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        var log = Path.GetTempFileName();
        foreach (var argument in (string[])["-c", "\"$@\" >\"$0\" 2>&1 </dev/null", log, program, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var output = await File.ReadAllTextAsync(log);
        File.Delete(log);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {output}");
    }

    private static string FindBinaries()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => folder.Length).ThenByDescending(folder => folder, StringComparer.Ordinal)
            : Enumerable.Empty<string>();
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var found = installed.Select(folder => Path.Combine(folder, "bin")).Concat(path)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
        Assert.True(found is not null, "PostgreSQL is not installed, and these tests need it: run tests/run, which installs it, or 'apt-get install postgresql'.");
        return found!;
    }
}
