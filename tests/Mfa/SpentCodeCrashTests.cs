using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Setup;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mfa;

/// <summary>What was used up before a process died is used up afterwards, and what was not is still good.</summary>
public sealed class SpentCodeCrashTests
{
    private const string Key = "the-key-of-the-codes-that-count-once";
    private const string User = "5d1b7c0e-0000-4000-8000-000000000031";
    private const string Application = "85a03867-dccf-4882-adde-1a79aeec50df";

    private const string Kickstart = $$$"""
        {
          "apiKeys": [{ "key": "{{{Key}}}" }],
          "requests": [
            { "method": "POST", "url": "/api/application/{{{Application}}}", "body": { "application": { "name": "App", "passwordlessConfiguration": { "enabled": true } } } },
            { "method": "POST", "url": "/api/user/registration/{{{User}}}", "body": { "user": { "email": "ada@example.com", "password": "correct horse battery" }, "registration": { "applicationId": "{{{Application}}}" } } }
          ]
        }
        """;

    [Fact]
    public async Task A_server_that_is_killed_forgets_no_code_that_was_used_and_none_that_was_not()
    {
        using var folder = new TemporaryFolder();
        var setting = $"--Kickstart:File={folder.Write("kickstart.json", Kickstart)}";
        string[] recovery;
        string passwordless, fresh, ticket, waiting;
        await using (var server = await ServerProcess.Start(folder.Path, setting))
        {
            passwordless = await Passwordless(server);
            fresh = await Passwordless(server);
            Assert.Equal(200, (await Post(server, "/api/passwordless/login", new { code = passwordless })).Status);

            ticket = (string)(await Post(server, "/api/user/forgot-password", new { loginId = "ada@example.com", sendForgotPasswordEmail = false })).Body["changePasswordId"]!;
            Assert.Equal(200, (await Post(server, $"/api/user/change-password/{ticket}", new { password = "another horse battery" })).Status);

            recovery = await AddAuthenticator(server);
            Assert.Equal(200, await Prove(server, await Challenge(server), recovery[0]));
            waiting = await Challenge(server);
            await server.Kill();
        }

        await using (var server = await ServerProcess.Start(folder.Path, setting))
        {
            Assert.Equal(404, (await Post(server, "/api/passwordless/login", new { code = passwordless })).Status);
            Assert.Equal(404, (await Post(server, $"/api/user/change-password/{ticket}", new { password = "a third horse battery" })).Status);
            Assert.Equal(421, await Prove(server, waiting, recovery[0]));
            Assert.Equal(200, await Prove(server, waiting, recovery[1]));
            Assert.Equal(404, await Prove(server, waiting, recovery[2]));
            // The change of the password voided the login that was under way.
            Assert.Equal(404, (await Post(server, "/api/passwordless/login", new { code = fresh })).Status);
            await server.Kill();
        }
    }

    private static async Task<string> Passwordless(ServerProcess server) =>
        (string)(await Post(server, "/api/passwordless/start", new { applicationId = Application, loginId = "ada@example.com" })).Body["code"]!;

    private static async Task<string[]> AddAuthenticator(ServerProcess server)
    {
        var secret = new byte[20];
        var code = Totp.Code(secret, Totp.Step(Clock.System.Now, 30), TotpAlgorithm.HmacSHA1, 6);
        var added = await Post(server, $"/api/user/two-factor/{User}", new { method = "authenticator", secret = Convert.ToBase64String(secret), code });
        Assert.Equal(200, added.Status);
        return added.Body["recoveryCodes"]!.AsArray().Select(c => (string)c!).ToArray();
    }

    private static async Task<string> Challenge(ServerProcess server)
    {
        var login = await Post(server, "/api/login", new { loginId = "ada@example.com", password = "another horse battery", applicationId = Application });
        Assert.Equal(242, login.Status);
        return (string)login.Body["twoFactorId"]!;
    }

    private static async Task<int> Prove(ServerProcess server, string twoFactorId, string code) =>
        (await Post(server, "/api/two-factor/login", new { twoFactorId, code, applicationId = Application })).Status;

    private static async Task<(int Status, JsonNode Body)> Post(ServerProcess server, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", Key);
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
    }
}
