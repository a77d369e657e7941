using System.Security.Cryptography;
using OrleansAuth.Common;

namespace OrleansAuth.Operations;

public sealed class OutageTests
{
    [Fact]
    public async Task While_the_store_is_away_nobody_is_told_that_a_password_is_wrong_and_afterwards_all_is_well()
    {
        await using var postgres = await PostgresFixture.Start();
        await using var server = await TestServer.Start(settings:
        [
            $"--Storage:ConnectionString={await postgres.NewDatabase()}",
            $"--Secrets:MasterKey={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
        ]);
        var application = await server.NewApplication(server.DefaultTenant);
        var user = new { email = "ada@example.com", password = "correct horse" };
        (await server.Post("/api/user/registration", new { user, registration = new { applicationId = application } })).Is(200);
        var login = new { loginId = user.email, user.password, applicationId = application };
        (await server.Post("/api/login", login)).Is(200);

        await postgres.Crash();

        var refused = (await server.Post("/api/login", login)).Is(503);
        Assert.Equal("[storeUnavailable]", refused.GeneralError);
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
        Assert.Equal(452, (int)(await server.Get("/api/status")).Status);
        Assert.Equal("store", (string?)(await server.Get("/health/ready", key: "")).Is(503).Body["reasons"]![0]!["code"]);
        (await server.Get("/health/live", key: "")).Is(200);
        (await server.Get($"/api/application/{application}")).Is(200);

        await postgres.Resume();
        (await server.Post("/api/login", login)).Is(200);
        (await server.Get("/api/status")).Is(200);
        (await server.Get("/health/ready", key: "")).Is(200);
    }
}
