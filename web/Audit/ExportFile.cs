using OrleansAuth.Storage.Audit;

namespace OrleansAuth.Audit;

/// <summary>Where the entries of an export come from: a log from its beginning, part by part, so that one of any size takes little memory.</summary>
/// <param name="After">Entries after a place, oldest first, at most so many.</param>
internal sealed record ExportSource<T>(Func<LogPlace, int, CancellationToken, Task<IReadOnlyList<T>>> After, Func<T, LogPlace> PlaceOf);

/// <summary>The one file of an export.</summary>
/// <param name="Name">Its name inside the archive.</param>
internal sealed record ExportFile(string Name, Func<StreamWriter, CancellationToken, Task> Write)
{
    private const int AtOnce = 1_000;

    /// <summary>A line for each entry.</summary>
    public static ExportFile Lines<T>(string name, ExportSource<T> source, Func<T, string> line) => new(name, (writer, stop) => WriteLines(writer, source, line, stop));

    /// <summary>Comma-separated values (RFC 4180) under a line with the columns' names.</summary>
    public static ExportFile Csv<T>(string name, IReadOnlyList<string> columns, ExportSource<T> source, Func<T, IReadOnlyList<string?>> cells) => new(name, async (writer, stop) =>
    {
        await WriteLine(writer, Line(columns), stop);
        await WriteLines(writer, source, entry => Line(cells(entry)), stop);
    });

    private static async Task WriteLines<T>(StreamWriter writer, ExportSource<T> source, Func<T, string> line, CancellationToken stop)
    {
        var place = LogPlace.Beginning;
        for (var count = AtOnce; count == AtOnce;)
        {
            var entries = await source.After(place, AtOnce, stop);
            foreach (var entry in entries) await WriteLine(writer, line(entry), stop);
            if ((count = entries.Count) > 0) place = source.PlaceOf(entries[^1]);
        }
    }

    private static async Task WriteLine(StreamWriter writer, string line, CancellationToken stop)
    {
        await writer.WriteAsync(line.AsMemory(), stop);
        await writer.WriteAsync("\r\n".AsMemory(), stop);
    }

    private static string Line(IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell));

    /// <summary>
    /// A cell that a spreadsheet would take for a formula gets an apostrophe before it, so that what somebody typed as a name computes
    /// nothing on the machine of whoever opens the file.
    /// </summary>
    private static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        if (value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n') value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
