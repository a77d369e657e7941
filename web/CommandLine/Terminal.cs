namespace OrleansAuth.CommandLine;

/// <summary>Where a command writes: results to one side, what it has to say about them to the other. Lines of parallel work do not mix.</summary>
internal sealed class Terminal(TextWriter results, TextWriter remarks)
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>A line that a program may read.</summary>
    public Task Write(string line) => Write(results, line);

    /// <summary>A line for people.</summary>
    public Task Remark(string line) => Write(remarks, line);

    /// <summary>Text of others without what a terminal would obey.</summary>
    public static string Clean(string? text) => text is null ? "" : string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    private async Task Write(TextWriter to, string line)
    {
        await _one.WaitAsync();
        try
        {
            await to.WriteLineAsync(line);
            await to.FlushAsync();
        }
        finally
        {
            _one.Release();
        }
    }
}
