using System.Runtime.InteropServices;
using OrleansAuth.Benchmarks;
using OrleansAuth.Chaos;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Options.Usage);
    return 0;
}

Options options;
try
{
    options = Options.Parse(args);
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync($"{wrong.Message}\n{Options.Usage}");
    return 2;
}

using var scratch = new Scratch();
await using var run = new Run(options, scratch);
// Also when a signal ends it, no server, no mount and no folder stays behind.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await run.Complete() ? 0 : 1;
}
catch (Exception failure) when (failure is InvalidOperationException or FileNotFoundException or TimeoutException or FormatException)
{
    await Console.Error.WriteLineAsync($"The run could not go on: {failure.Message}");
    return 2;
}

void Stop(PosixSignalContext signal)
{
    Children.EndAll();
    run.Unmount();
    scratch.Dispose();
    Environment.Exit(1);
}
