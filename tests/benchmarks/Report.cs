using System.Globalization;

namespace OrleansAuth.Benchmarks;

/// <summary>The table: one measure a line, one side a column, and their ratio when there are two.</summary>
internal sealed class Report(IReadOnlyList<string> sides)
{
    private const int TitleWidth = 36;
    private const int MeasureWidth = 26;
    private const int Width = 12;

    /// <summary>Prints the heading of one database's part.</summary>
    public void Heading(string text)
    {
        Console.WriteLine();
        Console.WriteLine(text);
        var columns = string.Concat(sides.Select(side => side.PadLeft(Width)));
        Console.WriteLine($"{"",-TitleWidth}{"median of the rounds",-MeasureWidth}{columns}{(sides.Count == 2 ? $"{sides[0]}/{sides[1]}".PadLeft(Width) : "")}");
    }

    /// <summary>Prints what an operation did; returns whether every request on every side succeeded.</summary>
    public bool Add(Operation operation, int inFlight, IReadOnlyList<IReadOnlyList<Sample>> samples)
    {
        var title = operation.Alone ? operation.Title : $"{operation.Title}, {inFlight}";
        Line(title, "per second", samples, sample => sample.PerSecond);
        Line("", "p50 ms", samples, sample => sample.P50);
        Line("", "p99 ms", samples, sample => sample.P99);
        Line("", "server CPU µs each", samples, sample => sample.ServerMicroseconds);
        if (samples.Any(side => side.Any(sample => sample.DatabaseMicroseconds >= 1)))
        {
            Line("", "database CPU µs each", samples, sample => sample.DatabaseMicroseconds);
            Line("", "CPU together µs each", samples, sample => sample.ServerMicroseconds + sample.DatabaseMicroseconds);
        }

        return Failures(samples);
    }

    /// <summary>Prints starts and memory.</summary>
    public void Add(IReadOnlyList<IReadOnlyList<Startup>> startups)
    {
        Line("start", "ms to the first login", startups, startup => startup.UntilLogin.TotalMilliseconds);
        Line("memory, idle", "resident MiB", startups, startup => Mebibytes(startup.Idle.Resident));
        Line("", "anonymous MiB", startups, startup => Mebibytes(startup.Idle.Anonymous));
        Line("memory, after a login", "resident MiB", startups, startup => Mebibytes(startup.AfterLogin.Resident));
        Line("", "anonymous MiB", startups, startup => Mebibytes(startup.AfterLogin.Anonymous));
    }

    /// <summary>Prints one measure of every side.</summary>
    public void Add(string title, string measure, IReadOnlyList<IReadOnlyList<double>> rounds) => Line(title, measure, rounds, value => value);

    private void Line<T>(string title, string measure, IReadOnlyList<IReadOnlyList<T>> rounds, Func<T, double> value)
    {
        var medians = rounds.Select(side => Median(side.Select(value))).ToList();
        var ratio = sides.Count == 2 ? Shown(medians[0] / medians[1]) : "";
        Console.WriteLine($"{title,-TitleWidth}{measure,-MeasureWidth}{string.Concat(medians.Select(median => Shown(median).PadLeft(Width)))}{ratio.PadLeft(Width)}".TrimEnd());
    }

    private bool Failures(IReadOnlyList<IReadOnlyList<Sample>> samples)
    {
        var good = true;
        for (var side = 0; side < samples.Count; side++)
        {
            var failures = samples[side].Sum(sample => sample.Failures);
            if (failures == 0) continue;
            good = false;
            Console.WriteLine($"{"",-TitleWidth}{sides[side]}: {failures} requests failed, one of them: {samples[side].First(sample => sample.Failures > 0).FirstFailure}");
        }

        return good;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) return double.NaN;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double Mebibytes(long bytes) => bytes / 1024.0 / 1024.0;

    private static string Shown(double value) => double.IsNaN(value) || double.IsInfinity(value)
        ? "-"
        : value.ToString(value >= 1000 ? "#,0" : value >= 100 ? "0" : value >= 10 ? "0.0" : value >= 1 ? "0.00" : "0.000", CultureInfo.InvariantCulture);
}
