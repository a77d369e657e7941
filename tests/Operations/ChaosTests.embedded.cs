using System.Diagnostics;
using OrleansAuth.Common;

namespace OrleansAuth.Operations;

/// <summary>A minute of faults under load, on each store; the long runs are by hand. See tests/chaos.</summary>
public sealed class ChaosTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_minute_of_faults_breaks_no_invariant_and_all_of_them_are_recovered_from(string store)
    {
        // Built beside the tests, for the same configuration.
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var program = Path.Combine(here.Parent!.Parent!.FullName, "OrleansAuth.Chaos", here.Name, "OrleansAuth.Chaos.dll");
        var run = await Run("dotnet", [program, "--seconds", "60", "--seed", "1", "--every", "1", "--store", store]);
        Assert.True(run.ExitCode == 0, run.Written);
    }

    [Fact]
    public async Task The_checker_finds_what_is_planted_and_nothing_where_nothing_is()
    {
        var run = await Run(Tools.Node, ["--test", Path.Combine(Tools.RepositoryRoot, "tests/chaos/checker/tests")]);
        Assert.True(run.ExitCode == 0, run.Written);
        Assert.Contains("# fail 0", run.Written, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Written)> Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Tools.OnPath(program) ?? program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            // It takes its servers and its mount along, if it is asked first.
            using var asked = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            if (!process.WaitForExit(TimeSpan.FromSeconds(15))) process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{arguments[0]} did not end within {Limit}.");
        }
    }
}
