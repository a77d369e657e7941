namespace OrleansAuth.Chaos;

/// <summary>What people would have seen: each fault with how long it kept them out, each operation with its outcomes and how long it took between faults.</summary>
internal sealed class Report(History history, IReadOnlyList<FaultSeen> faults)
{
    // What was held up by a fault may still be on its way for a moment.
    private const long Settling = 1_000_000;

    // So long after the first one is served again the others' logins are looked at.
    private const long Felt = 5_000_000;

    public void Print()
    {
        var timings = history.Timings;
        var logins = timings.Where(t => t.Op == "honest").ToList();
        Console.WriteLine($"\n{"fault",-16}{"at s",8}{"lasted s",10}{"served again after s",22}{"failed logins",16}{"longest gap s",15}   hot reads meanwhile");
        foreach (var fault in faults)
        {
            var end = fault.Served ?? long.MaxValue;
            var hot = timings.Where(t => t.Op == "hot" && t.Start >= fault.Start && t.Start < end).ToList();
            var served = fault.Served is { } at ? $"{Seconds(at - fault.Healed):F2}" : "never";
            var until = Until(fault);
            var meanwhile = logins.Where(t => t.Start >= fault.Start && t.Start < until).ToList();
            var failed = $"{meanwhile.Count(t => t.Result != "ok")} of {meanwhile.Count}";
            Console.WriteLine($"{fault.Name,-16}{Seconds(fault.Start),8:F1}{Seconds(fault.Healed - fault.Start),10:F1}{served,22}{failed,16}{Gap(logins, fault.Start, until),15:F2}   {hot.Count(t => t.Result == "ok")} of {hot.Count}");
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

    /// <summary>Until when a fault counts: some are served later than the first one.</summary>
    private long Until(FaultSeen fault) =>
        Math.Min((fault.Served ?? long.MaxValue - Felt) + Felt, faults.Where(other => other.Start > fault.Start).Select(other => other.Start).DefaultIfEmpty(long.MaxValue).Min());

    /// <summary>The longest that anybody was without a login that succeeded, between the ends of two of them, in seconds.</summary>
    private static double Gap(List<Timing> logins, long start, long until)
    {
        var longest = 0L;
        foreach (var person in logins.Where(t => t.Result == "ok").GroupBy(t => t.Key))
        {
            var ends = person.Select(t => t.End).Order().ToList();
            foreach (var (before, after) in ends.Zip(ends.Skip(1)))
                if (after > start && before < until) longest = Math.Max(longest, after - before);
        }

        return Seconds(longest);
    }

    private bool Calm(Timing timing) => faults.All(fault => timing.End < fault.Start || timing.Start > (fault.Served ?? long.MaxValue) + Settling);

    private static double Seconds(long microseconds) => microseconds / 1e6;

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}
