using System.Net.Http.Json;
using OrleansAuth.Mail;
using OrleansAuth.Setup;

namespace OrleansAuth.Messages;

/// <summary>A process that dies with a message in its hands leaves it to the next one.</summary>
public sealed class MessageCrashTests : IDisposable
{
    private const string Key = "the-key-of-the-message-that-must-not-be-lost";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_message_that_was_on_its_way_when_the_process_was_killed_is_sent_by_the_next()
    {
        await using var receiver = await MessengerReceiver.Start();
        receiver.Answers = [0];
        string sent;
        await using (var first = await ServerProcess.Start(_folder.Path, Kickstart(receiver), "--Webhooks:AllowPrivateAddresses=true"))
        {
            var user = Guid.NewGuid();
            (await Send(first, HttpMethod.Post, $"/api/user/{user}", new { user = new { email = "ada@example.com", phoneNumber = "+491701234567", password = "correct horse" } })).EnsureSuccessStatusCode();
            (await Send(first, HttpMethod.Patch, $"/api/user/{user}", new { user = new { password = "another horse" } })).EnsureSuccessStatusCode();
            sent = (await receiver.Next()).Headers["Idempotency-Key"];
            await first.Kill();
        }

        await using var second = await ServerProcess.Start(_folder.Path, Kickstart(receiver), "--Webhooks:AllowPrivateAddresses=true");
        var again = await receiver.Next();
        Assert.Equal(sent, again.Headers["Idempotency-Key"]);
        Assert.Contains("+491701234567", again.Body, StringComparison.Ordinal);
    }

    private string Kickstart(MessengerReceiver receiver) => $"--Kickstart:File={_folder.Write("kickstart.json", $$$"""
        {
          "apiKeys": [{ "key": "{{{Key}}}", "keyManager": true }],
          "requests": [
            { "method": "POST", "url": "/api/messenger/11111111-1111-1111-1111-111111111111", "body": { "messenger": { "name": "Here", "type": "Generic", "url": "{{{receiver.Url}}}", "readTimeout": 30000 } } },
            { "method": "PATCH", "url": "/api/tenant/#{FUSIONAUTH_TENANT_ID}",
              "body": { "tenant": { "phoneConfiguration": { "messengerId": "11111111-1111-1111-1111-111111111111", "passwordUpdateTemplateId": "{{{BuiltInMessages.TextOf("PasswordUpdate")}}}" } } } }
          ]
        }
        """)}";

    private static async Task<HttpResponseMessage> Send(ServerProcess server, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", Key);
        return await server.Http.SendAsync(request);
    }
}
