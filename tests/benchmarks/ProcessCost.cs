using System.Globalization;

namespace OrleansAuth.Benchmarks;

/// <summary>What a process and those it started cost, read from <c>/proc</c>.</summary>
internal static class ProcessCost
{
    // The unit of /proc's processor times; 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>
    /// Processor time in seconds of a process and its descendants, including those that ended and were waited for.
    /// </summary>
    public static double Cpu(int root)
    {
        var processes = ReadAll();
        var children = processes.Values.ToLookup(process => process.Parent, process => process.Id);
        double total = 0;
        var open = new Stack<int>([root]);
        while (open.TryPop(out var id))
        {
            if (!processes.TryGetValue(id, out var process)) continue;
            total += process.Ticks;
            foreach (var child in children[id]) open.Push(child);
        }

        return total / TicksPerSecond;
    }

    /// <summary>Resident memory of one process in bytes: all of it, and the part that no file backs.</summary>
    public static Memory Memory(int id)
    {
        var lines = File.ReadAllLines($"/proc/{id}/status");
        return new Memory(Bytes(lines, "VmRSS:"), Bytes(lines, "RssAnon:"));
    }

    private static long Bytes(IEnumerable<string> lines, string name)
    {
        var fields = lines.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[^2], CultureInfo.InvariantCulture) * 1024;
    }

    private static Dictionary<int, Entry> ReadAll()
    {
        var processes = new Dictionary<int, Entry>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Read(id) is { } entry)
                processes[id] = entry;
        return processes;
    }

    private static Entry? Read(int id)
    {
        try
        {
            // The command's name stands in brackets and may hold spaces; after it: state, parent, …, utime (12th), stime, cutime, cstime.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
            return new Entry(id, int.Parse(fields[1], CultureInfo.InvariantCulture), ticks);
        }
        catch (IOException)
        {
            return null; // it ended meanwhile
        }
    }

    private sealed record Entry(int Id, int Parent, long Ticks);
}

/// <summary>Resident memory in bytes.</summary>
/// <param name="Resident">Everything in memory, shared libraries included (VmRSS).</param>
/// <param name="Anonymous">What only this process has and no file backs (RssAnon).</param>
internal sealed record Memory(long Resident, long Anonymous);
