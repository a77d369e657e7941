using System.Net.Http.Json;
using OrleansAuth.Setup;

namespace OrleansAuth.Mail;

/// <summary>A process that dies with a mail in its hands leaves it to the next one.</summary>
public sealed class MailCrashTests : IDisposable
{
    private const string Key = "the-key-of-the-mail-that-must-not-be-lost";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_mail_that_was_on_its_way_when_the_process_was_killed_is_sent_by_the_next()
    {
        await using var mail = await MailServerProcess.Start();
        await using (var first = await ServerProcess.Start(_folder.Path, Kickstart(mail)))
        {
            // The mail server takes the mail and never says so.
            (await Send(first, "/api/user", new { user = new { email = "hang@example.com", password = "correct horse" } })).EnsureSuccessStatusCode();
            (await Send(first, "/api/user/forgot-password", new { loginId = "hang@example.com" })).EnsureSuccessStatusCode();
            await mail.NextMail();
            await first.Kill();
        }

        await using var second = await ServerProcess.Start(_folder.Path, Kickstart(mail));
        Assert.Equal(["hang@example.com"], (await mail.NextMail()).To);
    }

    private string Kickstart(MailServerProcess mail) => $"--Kickstart:File={_folder.Write("kickstart.json", $$$"""
        {
          "apiKeys": [{ "key": "{{{Key}}}", "keyManager": true }],
          "requests": [{
            "method": "PATCH", "url": "/api/tenant/#{FUSIONAUTH_TENANT_ID}",
            "body": { "tenant": { "emailConfiguration": { "host": "127.0.0.1", "port": {{{mail.Port}}}, "defaultFromEmail": "hello@acme.example" } } }
          }]
        }
        """)}";

    private static async Task<HttpResponseMessage> Send(ServerProcess server, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", Key);
        return await server.Http.SendAsync(request);
    }
}
