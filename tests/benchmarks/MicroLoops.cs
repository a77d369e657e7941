using System.Diagnostics;
using System.Security.Cryptography;

namespace OrleansAuth.Benchmarks;

/// <summary>
/// Loops inside this process, without a server: what a step costs by itself. The first two are the machine's own floor
/// under every login; a step of ours (a grain call, a commit) is one more line in <see cref="All"/>.
/// </summary>
internal static class MicroLoops
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    /// <summary>Name of the step and the step, made when it is measured.</summary>
    private static readonly IReadOnlyList<(string Name, Func<Func<ValueTask>> Make)> All =
    [
        ("bare hash, PBKDF2 x 24,000", BareHash),
        ("bare signature, ES256", BareSignature),
    ];

    /// <summary>
    /// Runs every loop for a second, after one of warming up, and prints microseconds a step. Printed before and after
    /// the comparison: where the two differ much, the machine was busy with something else.
    /// </summary>
    public static async Task Print(string when)
    {
        Console.WriteLine();
        Console.WriteLine($"In this process, one after the other, {when}: µs each");
        foreach (var (name, make) in All)
        {
            var step = make();
            await Run(step);
            Console.WriteLine($"{name,-54}{await Run(step),12:0.0}");
        }
    }

    private static async Task<double> Run(Func<ValueTask> step)
    {
        var start = Stopwatch.GetTimestamp();
        long steps = 0;
        while (Stopwatch.GetElapsedTime(start) < Length)
        {
            await step();
            steps++;
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / steps;
    }

    private static Func<ValueTask> BareHash()
    {
        var (salt, hash) = (RandomNumberGenerator.GetBytes(32), new byte[32]);
        return () =>
        {
            Rfc2898DeriveBytes.Pbkdf2(Account.SamePassword, salt, hash, Operation.FullHash, HashAlgorithmName.SHA256);
            return ValueTask.CompletedTask;
        };
    }

    private static Func<ValueTask> BareSignature()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var digest = RandomNumberGenerator.GetBytes(32);
        return () =>
        {
            _ = key.SignHash(digest);
            return ValueTask.CompletedTask;
        };
    }
}
