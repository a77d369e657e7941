using System.Collections.Immutable;
using System.Text;

namespace OrleansAuth.CommandLine;

/// <summary>An option of a command.</summary>
/// <param name="Name">Without the dashes.</param>
/// <param name="Value">What stands for its value in the help, such as <c>URL</c>; null for one that is only there or not.</param>
internal sealed record Option(string Name, string? Value, string Help);

/// <summary>Something that the program does in place of serving.</summary>
/// <param name="Name">Such as <c>webhooks listen</c>.</param>
/// <param name="Word">What stands for the one word behind the name; null where there is none.</param>
/// <param name="Run">Answers the exit code. A <see cref="CommandException"/> ends it with a sentence.</param>
internal sealed record Command(string Name, string? Word, string Help, ImmutableArray<Option> Options, Func<Arguments, Terminal, CancellationToken, Task<int>> Run)
{
    /// <summary>How it is used, for people.</summary>
    public string Usage()
    {
        var text = new StringBuilder($"{Name}{(Word is null ? "" : $" <{Word}>")} [options]\n\n{Help}\n\n");
        foreach (var option in Options.Append(new Option("help", null, "Shows this.")))
            text.Append("  ").Append($"--{option.Name} {option.Value}".TrimEnd().PadRight(24)).Append(option.Help).Append('\n');
        return text.ToString();
    }
}

/// <summary>A command cannot go on. The message is a sentence for who gave it.</summary>
internal class CommandException(string message, int exitCode = CommandException.Failed) : Exception(message)
{
    /// <summary>What was asked for did not work out.</summary>
    public const int Failed = 1;

    /// <summary>The command was given wrongly.</summary>
    public const int Misused = 2;

    public int ExitCode { get; } = exitCode;

    /// <summary>What was to be done something with is not there.</summary>
    public bool IsMissing { get; init; }
}
