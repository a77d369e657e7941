using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Setup;

/// <summary>The main job, by programs that others wrote: the published client of the API, and a JOSE library.</summary>
public sealed class FirstLoginTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_official_client_sets_up_a_tenant_signs_a_user_in_and_an_independent_library_verifies_the_token(bool onPostgres)
    {
        string[] settings = onPostgres
            ? [$"--Storage:ConnectionString={await (await PostgresFixture.Shared).NewDatabase()}", $"--Secrets:MasterKey={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}"]
            : [];
        await using var server = await TestServer.Start(time: new ManualTime { UtcNow = Clock.System.UtcNow }, settings: settings);

        var seen = (JsonObject)JsonNode.Parse((await NodeClient.Run("first-login", new { baseUrl = server.Url.ToString().TrimEnd('/'), apiKey = TestServer.SuperKey })).Json.GetRawText())!;

        Assert.Equal(404, (int)seen["refused"]!["wrongPassword"]!["status"]!);
        Assert.Equal(404, (int)seen["refused"]!["unknownUser"]!["status"]!);
        Assert.Equal(401, (int)seen["refused"]!["wrongKey"]!["status"]!);
        Assert.Equal(401, (int)seen["refused"]!["alteredToken"]!["status"]!);
        Assert.Equal(400, (int)seen["refused"]!["unknownRefreshToken"]!["status"]!);
    }
}
