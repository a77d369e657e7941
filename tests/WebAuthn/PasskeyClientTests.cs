using OrleansAuth.Common;

namespace OrleansAuth.WebAuthn;

/// <summary>The contract's own client, and what a stranger can learn from how long an answer takes.</summary>
[Collection(Undisturbed.Name)]
public sealed class PasskeyClientTests
{
    private const int Samples = 300;

    [Fact]
    public async Task The_official_client_starts_lists_reads_and_removes()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        await world.Register();
        await world.Register();
        var seen = (await NodeClient.Run("passkey-client", new { world.Server.Url, Key = TestServer.SuperKey, world.Tenant, world.Application, world.User, world.Email })).Json;
        Assert.Equal((2, "ada", 404), (seen.GetProperty("credentials").GetInt32(), seen.GetProperty("name").GetString(), seen.GetProperty("gone").GetInt32()));
    }

    [Fact]
    public async Task Asking_for_a_name_takes_the_same_time_whoever_has_it()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var without = await world.Another();
        await world.Register();
        string[] names = [world.Email, without.Email, "nobody@example.com"];
        foreach (var name in names) await world.RequestOptions(new { loginId = name });
        var times = names.ToDictionary(n => n, _ => new List<double>());
        for (var i = 0; i < Samples; i++)
        {
            foreach (var name in names)
            {
                var watch = System.Diagnostics.Stopwatch.StartNew();
                await world.RequestOptions(new { loginId = name });
                times[name].Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        var medians = times.Values.Select(t => t.Order().ElementAt(Samples / 2)).ToList();
        Assert.True(medians.Max() - medians.Min() < 5, string.Join(", ", medians));
    }
}
