using System.Diagnostics;
using OrleansAuth.Common;
using Xunit.Abstractions;

namespace OrleansAuth.UserActions;

/// <summary>Whether somebody has a name cannot be told from how a login is refused, nor from how long that takes.</summary>
[Collection(Undisturbed.Name)]
public sealed class EnumerationTests(ITestOutputHelper output)
{
    private const int Samples = 500;

    /// <summary>As attack 40 has it: the medians differ by less than 5 ms.</summary>
    [Theory]
    [InlineData(1_000_000, 404)]
    [InlineData(1, 409)]
    public async Task A_wrong_password_takes_as_long_as_a_name_that_nobody_has_locked_or_not(int tooManyAttempts, int status)
    {
        await using var server = await TestServer.Start();
        var world = await ActionWorld.WithLockout(server, new { tooManyAttempts, actionDuration = 100, actionDurationUnit = "YEARS" }, tenant => tenant.Remove("passwordEncryptionConfiguration"));
        string[] names = [world.Email, "nobody@example.com"];
        foreach (var name in names) await world.Fail(1, name);
        var times = names.ToDictionary(name => name, _ => new List<double>());
        for (var i = 0; i < Samples + 20; i++)
        {
            // A lockout is prolonged, and so written, with every attempt.
            server.Time.UtcNow += TimeSpan.FromSeconds(2);
            foreach (var name in i % 2 == 0 ? names : names.Reverse())
            {
                var watch = Stopwatch.StartNew();
                var answer = await world.LogIn("wrong", name);
                if (i >= 20) times[name].Add(watch.Elapsed.TotalMilliseconds);
                answer.Is(status);
            }
        }

        var (known, unknown) = (Median(times[names[0]]), Median(times[names[1]]));
        output.WriteLine($"{status}: known {known:F3} ms, unknown {unknown:F3} ms");
        Assert.True(Math.Abs(known - unknown) < (status == 409 ? 1 : 5), $"{known} ms and {unknown} ms");
    }

    private static double Median(List<double> samples) => samples.Order().ElementAt(samples.Count / 2);
}
