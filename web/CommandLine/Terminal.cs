namespace OrleansAuth.CommandLine;

/// <summary>Where a command writes: results to one side, what it has to say about them to the other. Lines of parallel work do not mix.</summary>
internal sealed class Terminal(TextWriter results, TextWriter remarks)
{
    private readonly Lock _one = new();

    /// <summary>A line that a program may read.</summary>
    public void Write(string line) => Write(results, line);

    /// <summary>A line for people.</summary>
    public void Remark(string line) => Write(remarks, line);

    /// <summary>Text of others without what a terminal would obey.</summary>
    public static string Clean(string? text) => text is null ? "" : string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    private void Write(TextWriter to, string line)
    {
        lock (_one)
        {
            to.WriteLine(line);
            to.Flush();
        }
    }
}
