using System.Diagnostics;

namespace OrleansAuth.Benchmarks;

/// <summary>A folder that lives as long as the benchmark; everything that the servers store is in it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("orleansauth-benchmarks-");

    public Scratch() =>
        // The account that runs PostgreSQL has to reach its own folder in here.
        File.SetUnixFileMode(_root.FullName, (UnixFileMode)0b111_001_001);

    /// <summary>A new folder of that name.</summary>
    public string Folder(string name) => _root.CreateSubdirectory(name).FullName;

    /// <summary>Runs a command of the system to its end; throws with what it wrote when it fails.</summary>
    public static async Task Run(string command, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}: {await output}{await errors}");
    }

    /// <summary>Removes it once; the end of the program and a signal may both ask.</summary>
    public void Dispose()
    {
        lock (_root)
        {
            _root.Refresh();
            if (_root.Exists) _root.Delete(recursive: true);
        }
    }
}
