using System.Diagnostics;
using OrleansAuth.Common;
using OrleansAuth.Recovery;

namespace OrleansAuth.Verification;

/// <summary>As attack 40 has it: known and unknown names cannot be told apart by time. The medians differ by less than 5 ms.</summary>
[Collection(Undisturbed.Name)]
public sealed class ProofTimeTests
{
    private const int Samples = 500;

    [Theory]
    [InlineData("forgot")]
    [InlineData("passwordless")]
    [InlineData("verify-email")]
    public async Task Names_that_somebody_has_and_names_that_nobody_has_take_the_same_time(string what)
    {
        await using var world = await Passwordless.PasswordlessApiTests.New(ProofMails.Links);
        for (var i = 0; i < 20; i++) await Ask(world, what, i % 2 == 0 ? world.Email : "nobody@example.com");
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < Samples; i++)
        {
            known.Add(await Time(world, what, world.Email));
            unknown.Add(await Time(world, what, $"nobody{i}@example.com"));
        }

        Assert.True(Math.Abs(Median(known) - Median(unknown)) < 5, $"{what}: {Median(known)} ms and {Median(unknown)} ms");
    }

    private static async Task<double> Time(RecoveryWorld world, string what, string name)
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal("", (await Ask(world, what, name)).Is(200).Text);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static Task<Answer> Ask(RecoveryWorld world, string what, string name) => what switch
    {
        "forgot" => world.Ask(name),
        "passwordless" => world.Server.Post("/api/passwordless/send", new { loginId = name, applicationId = world.Application }, key: "", tenant: world.Tenant),
        _ => world.Server.Put($"/api/user/verify-email?email={name}", null, key: "", tenant: world.Tenant),
    };

    private static double Median(List<double> samples) => samples.Order().ElementAt(samples.Count / 2);
}
