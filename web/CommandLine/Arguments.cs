using System.Globalization;

namespace OrleansAuth.CommandLine;

/// <summary>What was written behind a command. Options come as <c>--name value</c> or <c>--name=value</c>, each once.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Arguments()
    {
    }

    /// <summary>Somebody wants to know how the command is used.</summary>
    public bool WantsHelp { get; private set; }

    /// <summary>The word that is no option; null where there is none.</summary>
    public string? Word { get; private set; }

    /// <exception cref="CommandException">Something is unknown, missing or there twice.</exception>
    public static Arguments Read(Command command, ReadOnlySpan<string> written)
    {
        var arguments = new Arguments();
        for (var index = 0; index < written.Length; index++)
        {
            var text = written[index];
            if (text is "--help" or "-h") arguments.WantsHelp = true;
            else if (text.StartsWith('-')) arguments.Add(command, text, written, ref index);
            else if (command.Word is null || arguments.Word is not null) throw Misused(command, $"Nobody knows what '{text}' is to mean here.");
            else arguments.Word = text;
        }

        if (!arguments.WantsHelp && command.Word is { } word && arguments.Word is null) throw Misused(command, $"The <{word}> is missing.");
        return arguments;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>The parts between commas; null where the option is missing.</summary>
    public string[]? List(string name) => Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>An id; null where the option is missing.</summary>
    public Guid? Id(string name) => Text(name) is not { } text ? null
        : Guid.TryParse(text, out var id) ? id : throw new CommandException($"--{name} must be an id (UUID), and '{text}' is none.", CommandException.Misused);

    /// <summary>An absolute http or https address; null where the option is missing.</summary>
    public Uri? Url(string name) => Text(name) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            ? url : throw new CommandException($"--{name} must be an address such as http://localhost:3000/hook.", CommandException.Misused);

    /// <summary>A time such as <c>90s</c>, <c>15m</c>, <c>1h</c> or <c>2d</c>; null where the option is missing.</summary>
    public TimeSpan? Span(string name)
    {
        if (Text(name) is not { } text) return null;
        var unit = text.Length == 0 ? TimeSpan.Zero : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => TimeSpan.Zero,
        };
        if (unit > TimeSpan.Zero && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 100_000)
            return count * unit;
        throw new CommandException($"--{name} must be a time such as 90s, 15m, 1h or 2d.", CommandException.Misused);
    }

    /// <summary>A sentence about a command that was given wrongly, and where to read more.</summary>
    public static CommandException Misused(Command command, string sentence) => new($"{sentence} '{command.Name} --help' shows what there is.", CommandException.Misused);

    private void Add(Command command, string text, ReadOnlySpan<string> written, ref int index)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = (equals < 0 ? text : text[..equals]).TrimStart('-');
        if (!text.StartsWith("--", StringComparison.Ordinal) || command.Options.FirstOrDefault(option => option.Name == name) is not { } option)
            throw Misused(command, $"There is no option {(equals < 0 ? text : text[..equals])}.");
        var value = equals >= 0 ? text[(equals + 1)..] : option.Value is null ? "" : index + 1 < written.Length ? written[++index] : null;
        if (option.Value is null && equals >= 0) throw Misused(command, $"--{name} takes no value.");
        if (value is null || (option.Value is not null && value.Length == 0)) throw Misused(command, $"--{name} needs a value.");
        if (!_values.TryAdd(name, value)) throw Misused(command, $"--{name} is there twice.");
    }
}
