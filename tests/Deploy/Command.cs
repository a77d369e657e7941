using System.Diagnostics;
using OrleansAuth.Common;

namespace OrleansAuth.Deploy;

/// <summary>A program of another maker, run to its end from the top of the repository.</summary>
internal static class Command
{
    public static async Task<(int Code, string Output, string Errors)> Run(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Tools.RepositoryRoot, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    /// <summary>What it wrote; fails with its own words where it did not succeed.</summary>
    public static async Task<string> Must(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var (code, output, errors) = await Run(program, arguments, environment);
        Assert.True(code == 0, $"{program} ended with {code}: {output}{errors}");
        return output;
    }
}
