using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Mail;

/// <summary>A test mail, and what a tenant can set about its mail server beyond the usual.</summary>
public sealed class TestMailTests
{
    private const string Path = "/api/email/test";

    [Fact]
    public async Task A_test_mail_goes_out_at_once_and_the_answer_holds_the_servers_words()
    {
        await using var mail = await MailServerProcess.Start();
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant(SendEmailTests.Settings(mail));
        var answer = (await server.Post(Path, new { tenantId = tenant, address = "me@example.com" })).Is(200).Body;
        Assert.True((bool)answer["sent"]!);
        Assert.Equal("250 taken", (string?)answer["answer"]);
        Assert.Equal(["me@example.com"], (await mail.NextMail()).To);
        (await server.Post(Path, new { address = "me@example.com" }, tenant: tenant)).Is(200);
    }

    [Theory]
    [InlineData("never@example.com", "550")]
    [InlineData("later@example.com", "451")]
    public async Task A_server_that_refuses_is_quoted_and_the_event_log_hears_of_it(string address, string code)
    {
        await using var mail = await MailServerProcess.Start();
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant(SendEmailTests.Settings(mail));
        var answer = (await server.Post(Path, new { tenantId = tenant, address })).Is(400);
        Assert.Equal("[mailNotSent]", answer.GeneralError);
        Assert.Contains(code, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(address, answer.Text, StringComparison.Ordinal);
        Assert.Contains(code, Assert.Single(await Told(server, "Error")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_answers_nobody_is_set_or_the_tenant_is_anothers_the_caller_hears_it()
    {
        await using var server = await TestServer.Start();
        var closed = await server.NewTenant(new { emailConfiguration = new { host = "127.0.0.1", port = 9, defaultFromEmail = "a@acme.example" } });
        Assert.Contains("ConnectionRefused", (await server.Post(Path, new { tenantId = closed, address = "me@example.com" })).Is(400).Text, StringComparison.Ordinal);
        var unset = await server.NewTenant();
        Assert.Contains("no mail server", (await server.Post(Path, new { tenantId = unset, address = "me@example.com" })).Is(400).Text, StringComparison.Ordinal);
        (await server.Post(Path, new { tenantId = closed, address = "me@example.com" }, tenant: unset)).Is(404);
        (await server.Post(Path, new { tenantId = Guid.NewGuid(), address = "me@example.com" })).Is(404);
        Assert.Equal("[blank]address", (await server.Post(Path, new { tenantId = closed })).Is(400).FieldError("address"));
        Assert.Equal("[notEmail]address", (await server.Post(Path, new { tenantId = closed, address = "a@b.example\r\nBcc: eve@example.com" })).Is(400).FieldError("address"));
    }

    [Fact]
    public async Task Properties_that_mean_something_are_honoured_and_all_are_kept()
    {
        await using var mail = await MailServerProcess.Start(new MailServerOptions { User = "acme", Password = "secret" });
        await using var server = await TestServer.Start();
        const string Properties = "mail.smtp.from=bounce@acme.example\nmail.smtp.localhost=mx.acme.example\nmail.smtp.auth.mechanisms=LOGIN\nmail.smtp.timeout=5000\nmail.smtp.ssl.trust=*\nmail.of.tomorrow=1";
        var tenant = await server.NewTenant(new
        {
            emailConfiguration = new { host = "127.0.0.1", port = mail.Port, username = "acme", password = "secret", defaultFromEmail = "hello@acme.example", properties = Properties, debug = true },
        });
        Assert.Equal(Properties, (string?)(await server.Get($"/api/tenant/{tenant}")).Is(200).Body["tenant"]!["emailConfiguration"]!["properties"]);
        (await server.Post($"/api/email/send/{BuiltInMessages.MailOf("UserAction")}", new { toAddresses = new[] { new { address = "ada@example.com" } } }, tenant: tenant)).Is(202);
        Assert.Equal("LOGIN", (await mail.Next("auth")).GetProperty("method").GetString());
        var told = await mail.Next("mail");
        Assert.Equal("mx.acme.example", told.GetProperty("client").GetString());
        var received = ReceivedMail.Read(told);
        Assert.Equal("bounce@acme.example", received.From);
        Assert.Equal("<hello@acme.example>", received.Headers["From"].Single());

        // The tenant wants to see the conversation: it is told without passwords and people.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string[] debug;
        while ((debug = await Told(server, "Debug")).Length == 0 && !patience.IsCancellationRequested) await Task.Yield();
        Assert.Contains("> EHLO mx.acme.example", Assert.Single(debug), StringComparison.Ordinal);
        Assert.Contains("> RCPT TO:<…@example.com>", debug[0], StringComparison.Ordinal);
        Assert.Contains("< 250 taken", debug[0], StringComparison.Ordinal);
        Assert.DoesNotContain("ada@", debug[0], StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("secret"u8), debug[0], StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("acme"u8), debug[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mail.smtp.timeout=soon")]
    [InlineData("mail.smtp.connectiontimeout=0")]
    [InlineData("mail.smtp.from=a@b.example\\r\\nRCPT TO:<eve@example.com>")]
    [InlineData("mail.smtp.localhost=a b")]
    [InlineData("mail.smtps.auth.mechanisms=XOAUTH2")]
    [InlineData("no separator")]
    public async Task Properties_that_cannot_be_meant_are_refused(string properties)
    {
        var server = await TestServer.Shared;
        const string Field = "tenant.emailConfiguration.properties";
        Assert.Equal($"[invalid]{Field}", (await server.Post("/api/tenant", new { tenant = new { name = Guid.NewGuid().ToString(), emailConfiguration = new { properties } } })).Is(400).FieldError(Field));
    }

    private static async Task<string[]> Told(TestServer server, string type) =>
        [.. await server.Services.GetRequiredService<IStore>().Query("select message from event_log where type = @type", row => row.Text("message"), default, ("type", type))];
}
