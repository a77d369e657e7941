namespace OrleansAuth.Chaos;

/// <summary>What people would have seen: each fault with how long it kept them out, each operation with its outcomes and how long it took between faults.</summary>
internal sealed class Report(History history, IReadOnlyList<FaultSeen> faults)
{
    // What was held up by a fault may still be on its way for a moment.
    private const long Settling = 1_000_000;

    public void Print()
    {
        var timings = history.Timings;
        Console.WriteLine($"\n{"fault",-16}{"at s",8}{"lasted s",10}{"served again after s",22}   hot reads meanwhile");
        foreach (var fault in faults)
        {
            var end = fault.Served ?? long.MaxValue;
            var hot = timings.Where(t => t.Op == "hot" && t.Start >= fault.Start && t.Start < end).ToList();
            var served = fault.Served is { } at ? $"{Seconds(at - fault.Healed):F2}" : "never";
            Console.WriteLine($"{fault.Name,-16}{Seconds(fault.Start),8:F1}{Seconds(fault.Healed - fault.Start),10:F1}{served,22}   {hot.Count(t => t.Result == "ok")} of {hot.Count}");
        }

        Console.WriteLine($"\n{"operation",-18}{"ok",8}{"refused",9}{"unknown",9}{"unsent",8}{"p50 ms",10}{"p99 ms",10}   (times: of what succeeded between faults)");
        foreach (var op in timings.Where(t => !t.Op.StartsWith("final", StringComparison.Ordinal) && t.Op is not ("fault" or "exit" or "drained")).GroupBy(t => t.Op).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var calm = op.Where(t => t.Result == "ok" && Calm(t)).Select(t => (t.End - t.Start) / 1000.0).Order().ToArray();
            Console.WriteLine($"{op.Key,-18}{Count("ok"),8}{Count("refused"),9}{Count("unknown") + Count("lost"),9}{Count("unsent"),8}{At(calm, 0.5),10:F1}{At(calm, 0.99),10:F1}");

            int Count(string result) => op.Count(t => t.Result == result);
        }

        Console.WriteLine();
    }

    private bool Calm(Timing timing) => faults.All(fault => timing.End < fault.Start || timing.Start > (fault.Served ?? long.MaxValue) + Settling);

    private static double Seconds(long microseconds) => microseconds / 1e6;

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}
