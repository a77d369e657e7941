using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansAuth.Common;

/// <summary>What callers get when something goes wrong that nobody refused.</summary>
public sealed class FailuresTests
{
    [Fact]
    public async Task What_took_too_long_is_reported_as_unknown_and_not_as_failed()
    {
        var (status, body) = await Answer(new TimeoutException("The call user/a1.Change -> event/b2.Decide did not get its turn."));
        Assert.Equal(503, status);
        var error = Assert.Single(JsonNode.Parse(body)!["generalErrors"]!.AsArray())!;
        Assert.Equal("[timeout]", (string?)error["code"]);
        Assert.DoesNotContain("b2", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_that_takes_too_long_is_a_bug() => Assert.Equal((500, ""), await Answer(new RegexMatchTimeoutException()));

    private static async Task<(int Status, string Body)> Answer(Exception error)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { Response = { Body = body } };
        await new Failures(_ => throw error, NullLogger<Failures>.Instance).InvokeAsync(http);
        return (http.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
