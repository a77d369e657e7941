using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;

namespace OrleansAuth.Mail;

/// <summary>The slice by a program that others wrote: the published client of the API.</summary>
public sealed class MailClientTests
{
    [Fact]
    public async Task The_official_client_makes_templates_and_messengers_previews_and_sends()
    {
        await using var server = await TestServer.Start(time: new ManualTime { UtcNow = Clock.System.UtcNow }, settings: "--environment=Development");
        var seen = (JsonObject)JsonNode.Parse((await NodeClient.Run("mail", new { baseUrl = server.Url.ToString().TrimEnd('/'), apiKey = TestServer.SuperKey })).Json.GetRawText())!;
        Assert.Equal(("Hallo Ada", "<p>Ada</p>", "Ihr Code: 123456"), ((string?)seen["subject"], (string?)seen["html"], (string?)seen["message"]));
        Assert.Equal("{}", seen["sent"]!.ToJsonString());
        Assert.Equal("[invalid]emailTemplate.defaultTextTemplate", (string?)seen["refused"]!["badTemplate"]!["body"]!["fieldErrors"]!["emailTemplate.defaultTextTemplate"]![0]!["code"]);
        Assert.Equal(404, (int)seen["refused"]!["unknown"]!["status"]!);
        var subjects = (await server.Services.GetRequiredService<IGrainFactory>().MailCatcher().Newest()).Select(mail => mail.Subject);
        Assert.Contains("Hello Ada", subjects);
    }
}
