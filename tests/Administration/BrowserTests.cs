using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Administration;

/// <summary>The first pages in a real browser, with a checker of accessibility that is not ours.</summary>
public sealed class BrowserTests
{
    private const int HeaviestPage = 60_000;

    [Fact]
    public async Task A_person_sets_the_server_up_makes_a_key_and_signs_in_by_keyboard()
    {
        await using var server = await FreshServer.Start();

        var result = await NodeClient.Run("pages", new
        {
            Tools.Chromium,
            SetupUrl = new Uri(server.Url, server.SetupPath),
            WrongSetupUrl = new Uri(server.Url, "/setup?token=wrong"),
            Screenshots = Environment.GetEnvironmentVariable("SCREENSHOTS"),
        }, limit: TimeSpan.FromMinutes(3));

        var seen = result.Json;
        var serious = seen.GetProperty("violations").EnumerateArray().Where(v => v.GetProperty("impact").GetString() is "serious" or "critical");
        Assert.Empty(serious.Select(v => v.GetRawText()));
        Assert.Empty(seen.GetProperty("complaints").EnumerateArray().Select(c => c.GetString()));
        Assert.All(seen.GetProperty("weights").EnumerateObject(), page => Assert.True(page.Value.GetInt32() < HeaviestPage, page.ToString()));
        Assert.Equal(JsonValueKind.String, seen.GetProperty("key").ValueKind);
    }
}
