using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace OrleansAuth.CommandLine;

/// <summary>
/// What the program can do beside serving, for those who build on a server: <c>webhooks listen</c> and its like. Commands talk to a server
/// through its API; they start none, and touch no data folder.
/// </summary>
internal static class Commands
{
    private static readonly ImmutableArray<Command> All = [ListenCommand.Command, TriggerCommand.Command, ResendCommand.Command, TailCommand.Command];

    /// <summary>Runs the command that was given.</summary>
    /// <returns>The exit code: 0 where it worked, 1 where it did not, 2 where it was given wrongly; null where there is no command, so that the server is wanted.</returns>
    public static async Task<int?> Run(string[] written)
    {
        // Settings of the server begin with a dash or hold an equals sign.
        if (written.Length == 0 || !char.IsAsciiLetter(written[0].FirstOrDefault()) || written[0].Contains('=', StringComparison.Ordinal)) return null;
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        return await Run(written, new Terminal(Console.Out, Console.Error), stop.Token);
    }

    private static async Task<int> Run(string[] written, Terminal terminal, CancellationToken stop)
    {
        try
        {
            if (All.FirstOrDefault(command => Names(command, written)) is not { } found) return Explain(written, terminal);
            var arguments = Arguments.Read(found, written.AsSpan(found.Name.Split(' ').Length));
            if (!arguments.WantsHelp) return await found.Run(arguments, terminal, stop);
            terminal.Write(found.Usage());
            return 0;
        }
        catch (CommandException error)
        {
            terminal.Remark(error.Message);
            return error.ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static bool Names(Command command, string[] written) => written.Length > 1 && command.Name == $"{written[0]} {written[1]}";

    /// <summary>The commands there are; asked for, or because there is none of that name.</summary>
    private static int Explain(string[] written, Terminal terminal)
    {
        var isKnown = All.Any(command => command.Name.StartsWith(written[0] + ' ', StringComparison.Ordinal));
        var list = string.Join('\n', All.Where(command => !isKnown || command.Name.StartsWith(written[0] + ' ', StringComparison.Ordinal)).Select(command => $"  {command.Name,-20}{command.Help.Split('\n')[0]}"));
        if (written[0] == "help" || (isKnown && written.Length > 1 && written[1] is "--help" or "-h"))
        {
            terminal.Write(list);
            return 0;
        }

        var wanted = Terminal.Clean(string.Join(' ', written.Take(isKnown ? 2 : 1)));
        terminal.Remark($"There is no command '{wanted}'. There are:\n{list}");
        return CommandException.Misused;
    }

    /// <summary>The first signal lets the command clean up; a second one ends it.</summary>
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    }
}
