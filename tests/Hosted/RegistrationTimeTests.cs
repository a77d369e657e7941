using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Recovery;
using OrleansAuth.Verification;

namespace OrleansAuth.Hosted;

/// <summary>As attack 40 has it: where addresses are verified first, the registration page takes as long for those that somebody has. The medians differ by less than 5 ms.</summary>
[Collection(Undisturbed.Name)]
public sealed class RegistrationTimeTests
{
    private const int Samples = 500;

    [Fact]
    public async Task Where_the_page_does_not_tell_who_has_an_address_neither_does_its_time()
    {
        await using var server = await TestServer.Start();
        var world = await OAuthWorld.Make(
            server,
            application: (JsonObject)JsonNode.Parse("""{"registrationConfiguration":{"enabled":true} }""")!,
            tenant: RecoveryWorld.Merge(new { }, ProofMails.Gates));
        for (var i = 0; i < 40; i++) await Time(world, i % 2 == 0 ? world.Email : $"warm{i}@example.com");
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < Samples; i++)
        {
            known.Add(await Time(world, world.Email));
            unknown.Add(await Time(world, $"nobody{i}@example.com"));
        }

        Assert.True(Math.Abs(Median(known) - Median(unknown)) < 5, $"{Median(known)} ms and {Median(unknown)} ms");
    }

    private static async Task<double> Time(OAuthWorld world, string email)
    {
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize().Replace("authorize", "register", StringComparison.Ordinal))).Is(200);
        var watch = Stopwatch.StartNew();
        await browser.Submit(page, "#register-form", ("email", email), ("password", OAuthWorld.Password));
        return watch.Elapsed.TotalMilliseconds;
    }

    private static double Median(List<double> samples) => samples.Order().ElementAt(samples.Count / 2);
}
