using System.Diagnostics;
using System.Security.Cryptography;

namespace OrleansAuth.Benchmarks;

/// <summary>
/// Loops inside this process, without a server: what a step costs by itself. First the machine's own floor under every
/// login, then steps of ours.
/// </summary>
internal static partial class MicroLoops
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    /// <summary>What no server on this machine can be faster than.</summary>
    public static readonly IReadOnlyList<MicroLoop> Floor =
    [
        new("bare hash, PBKDF2 x 24,000", 1, () => Task.FromResult(BareHash())),
        new("bare signature, ES256", 1, () => Task.FromResult(BareSignature())),
    ];

    /// <summary>The floor and every step of ours, on the databases that were asked for.</summary>
    public static IReadOnlyList<MicroLoop> All(Options options, Scratch scratch)
    {
        List<MicroLoop> loops = [.. Floor];
        AddGrainCall(loops);
        foreach (var database in options.Databases)
            foreach (var inFlight in new[] { 1, options.InFlight }.Distinct())
                loops.Add(new($"commit of one state, {database}, {inFlight} at a time", inFlight, () => CommitLoop.Make(database, scratch)));
        return loops;
    }

    /// <summary>
    /// Runs every loop for a second, after one of warming up, and prints microseconds a step. The floor is printed before
    /// and after the comparison: where the two differ much, the machine was busy with something else.
    /// </summary>
    public static async Task Print(string when, IReadOnlyList<MicroLoop> loops)
    {
        Console.WriteLine();
        Console.WriteLine($"In this process, {when}: µs each");
        foreach (var loop in loops)
        {
            var (step, owner) = await loop.Make();
            await Run(step, loop.InFlight);
            Console.WriteLine($"{loop.Name,-58}{await Run(step, loop.InFlight),12:0.0}");
            if (owner is not null) await owner.DisposeAsync();
        }
    }

    static partial void AddGrainCall(List<MicroLoop> loops);

    private static async Task<double> Run(Func<Task> step, int inFlight)
    {
        var start = Stopwatch.GetTimestamp();
        var steps = await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(() => Repeat(step, start))));
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / steps.Sum();
    }

    private static async Task<long> Repeat(Func<Task> step, long start)
    {
        long steps = 0;
        for (; Stopwatch.GetElapsedTime(start) < Length; steps++) await step();
        return steps;
    }

    private static (Func<Task> Step, IAsyncDisposable? Owner) BareHash()
    {
        var (salt, hash) = (RandomNumberGenerator.GetBytes(32), new byte[32]);
        return (() =>
        {
            Rfc2898DeriveBytes.Pbkdf2(Account.SamePassword, salt, hash, Operation.FullHash, HashAlgorithmName.SHA256);
            return Task.CompletedTask;
        }, null);
    }

    private static (Func<Task> Step, IAsyncDisposable? Owner) BareSignature()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var digest = RandomNumberGenerator.GetBytes(32);
        return (() =>
        {
            _ = key.SignHash(digest);
            return Task.CompletedTask;
        }, null);
    }
}

/// <summary>One loop.</summary>
/// <param name="Name">Its line in the report.</param>
/// <param name="InFlight">How many repeat the step at the same time.</param>
/// <param name="Make">Gives the step, and what to dispose after it.</param>
internal sealed record MicroLoop(string Name, int InFlight, Func<Task<(Func<Task> Step, IAsyncDisposable? Owner)>> Make);
