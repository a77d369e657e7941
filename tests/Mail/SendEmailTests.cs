using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;

namespace OrleansAuth.Mail;

/// <summary>One template to many, as mails arrive at a real mail server.</summary>
public sealed class SendEmailTests
{
    [Fact]
    public async Task Users_and_addresses_get_their_mail_in_their_language_and_copies_stay_hidden_that_are_to_be()
    {
        await using var mail = await MailServerProcess.Start();
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant(Settings(mail));
        var template = EmailTemplateApiTests.Template("Sent");
        template["emailTemplate"]!["defaultTextTemplate"] = "{{greeting}} {{requestData.greeting}} {{user.email}}";
        template["emailTemplate"]!["fromEmail"] = "news@acme.example";
        template["emailTemplate"]!["defaultFromName"] = "Acme {{user.firstName}}";
        var id = await Store(server, template);
        var user = await NewUser(server, tenant, new { email = "ada@example.com", firstName = "Ada", preferredLanguages = new[] { "de" } });
        var answer = (await server.Post($"/api/email/send/{id}", new
        {
            userIds = new[] { user },
            toAddresses = new[] { new { address = "bob@example.com", display = "Bob \"B\" Builder" } },
            ccAddresses = new[] { "open@example.com" },
            bccAddresses = new[] { "hidden@example.com" },
            requestData = new { greeting = "Hi" },
        })).Is(202);
        Assert.Equal("{}", answer.Text);
        var received = new List<ReceivedMail>();
        for (var i = 0; i < 6; i++) received.Add(await mail.NextMail());
        Assert.All(received, r => Assert.Single(r.To));
        Assert.All(received, r => Assert.Equal("news@acme.example", r.From));
        Assert.All(received, r => Assert.DoesNotContain("hidden", r.Raw, StringComparison.Ordinal));
        var toAda = received.Where(r => r.Headers["To"].Single() == "<ada@example.com>").ToList();
        Assert.Equal(["ada@example.com", "hidden@example.com", "open@example.com"], toAda.Select(r => r.To[0]).Order());
        Assert.Single(toAda.Select(r => r.Headers["Message-ID"].Single()).Distinct());
        var first = toAda.Single(r => r.To[0] == "ada@example.com");
        Assert.Equal(("Hallo", "\"Acme Ada\" <news@acme.example>", "<open@example.com>"), (first.Headers["Subject"].Single(), first.Headers["From"].Single(), first.Headers["Cc"].Single()));
        Assert.Equal("Hi Hi ada@example.com", first.Part("text/plain"));
        var toBob = received.Single(r => r.To[0] == "bob@example.com");
        Assert.Equal("Hello", toBob.Headers["Subject"].Single());
        Assert.Equal("\"Bob \\\"B\\\" Builder\" <bob@example.com>", toBob.Headers["To"].Single());
        Assert.Equal("\"Acme\" <news@acme.example>", toBob.Headers["From"].Single());
    }

    [Fact]
    public async Task The_request_may_choose_the_language()
    {
        await using var mail = await MailServerProcess.Start();
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant(Settings(mail));
        var id = await Store(server, EmailTemplateApiTests.Template("Chosen"));
        (await server.Post($"/api/email/send/{id}", new { toAddresses = new[] { new { address = "bob@example.com" } }, preferredLanguages = new[] { "fr", "de_CH" } }, tenant: tenant)).Is(202);
        Assert.Equal("Hallo", (await mail.NextMail()).Headers["Subject"].Single());
    }

    [Fact]
    public async Task What_cannot_be_written_is_told_for_each_recipient_and_the_others_get_theirs()
    {
        await using var mail = await MailServerProcess.Start();
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant(Settings(mail));
        var template = EmailTemplateApiTests.Template("Partly");
        template["emailTemplate"]!["localizedTextTemplates"] = new JsonObject { ["de"] = "Hallo ${user.firstName}" };
        var id = await Store(server, template);
        var german = await NewUser(server, tenant, new { email = "de@example.com", preferredLanguages = new[] { "de" } });
        var none = await NewUser(server, tenant, new { username = "no-address" });
        var contact = await NewUser(server, tenant, new { username = "contact", data = new { email = "contact@example.com" } });
        var answer = (await server.Post($"/api/email/send/{id}", new { userIds = new[] { german, none, contact } })).Is(202).Body["results"]!;
        Assert.Contains("FreeMarker", (string?)answer[german.ToString()]!["parseErrors"]!["localizedTextTemplates.de"], StringComparison.Ordinal);
        Assert.NotNull(answer[none.ToString()]!["renderErrors"]!["to"]);
        Assert.Null(answer[contact.ToString()]);
        Assert.Equal(["contact@example.com"], (await mail.NextMail()).To);
    }

    [Fact]
    public async Task Users_of_another_tenant_and_templates_that_are_not_there_get_nothing()
    {
        await using var server = await TestServer.Start(settings: "--environment=Development");
        var (tenant, other) = (await server.NewTenant(), await server.NewTenant());
        var id = await Store(server, EmailTemplateApiTests.Template("Elsewhere"));
        var (user, application) = (await NewUser(server, tenant, new { email = "ada@example.com" }), await server.NewApplication(tenant));
        Assert.Equal("[invalid]userIds", (await server.Post($"/api/email/send/{id}", new { userIds = new[] { user } }, tenant: other)).Is(400).FieldError("userIds"));
        Assert.Equal("[invalid]applicationId", (await server.Post($"/api/email/send/{id}", new { applicationId = application, toAddresses = new[] { new { address = "a@b.example" } } }, tenant: other)).Is(400).FieldError("applicationId"));
        (await server.Post($"/api/email/send/{Guid.NewGuid()}", new { userIds = new[] { user } })).Is(404);
        Assert.Equal("[TenantIdRequired]", (await server.Post($"/api/email/send/{id}", new { toAddresses = new[] { new { address = "a@b.example" } } })).Is(400).GeneralError);
        Assert.Equal("[missing]userIds", (await server.Post($"/api/email/send/{id}", "{}", tenant: tenant)).Is(400).FieldError("userIds"));
        (await server.Post($"/api/email/send/{id}", """{"userIds":["x"]}""", tenant: tenant)).Is(400);
        (await server.Post($"/api/email/send/{id}", """{"userIds":[],"requestData":3}""", tenant: tenant)).Is(400);
        Assert.Empty(await server.Services.GetRequiredService<IGrainFactory>().MailCatcher().Newest());
    }

    [Fact]
    public async Task Without_a_mail_server_nothing_is_queued()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        Assert.Equal("[mailNotSent]", (await server.Post($"/api/email/send/{BuiltInMessages.MailOf("UserAction")}", new { toAddresses = new[] { new { address = "a@b.example" } } }, tenant: tenant)).Is(400).GeneralError);
    }

    [Fact]
    public async Task Nothing_that_a_value_holds_gets_out_of_its_header()
    {
        await using var mail = await MailServerProcess.Start();
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant(Settings(mail));
        var template = EmailTemplateApiTests.Template("Injected");
        (template["emailTemplate"]!["defaultSubject"], template["emailTemplate"]!["defaultFromName"]) = ("Hello {{requestData.x}}", "{{{requestData.x}}}");
        (template["emailTemplate"]!["defaultTextTemplate"], template["emailTemplate"]!["defaultHtmlTemplate"]) = ("{{requestData.x}}", "<p>{{{requestData.x}}}</p>");
        var id = await Store(server, template);
        string[] texts = ["\r\nBcc: eve@example.com", "\nBcc: eve@example.com", "\rBcc: eve@example.com", "\u2028Bcc: eve@example.com", "\0x", "\r\n\r\nbody", "x\r\n.\r\nMAIL FROM:<eve@example.com>", new('x', 10_000)];
        foreach (var text in texts)
        {
            (await server.Post($"/api/email/send/{id}", new { toAddresses = new[] { new { address = "bob@example.com" } }, requestData = new { x = "A" + text } }, tenant: tenant)).Is(202);
            var received = await mail.NextMail();
            Assert.Equal(["bob@example.com"], received.To);
            Assert.Equal("hello@acme.example", received.From);
            Assert.Empty(received.Headers["Bcc"]);
            Assert.StartsWith("Hello A", received.Headers["Subject"].Single(), StringComparison.Ordinal);
            Assert.Equal(["Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"], received.Headers.Select(h => h.Key).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("toAddresses", "a@b.example\r\nBcc: eve@example.com")]
    [InlineData("toAddresses", "a@b.example>\r\nRCPT TO:<eve@example.com")]
    [InlineData("toAddresses", "a@b.example, eve@example.com")]
    [InlineData("toAddresses", "\"a b\"@b.example")]
    [InlineData("toAddresses", "a@b@c.example")]
    [InlineData("toAddresses", "")]
    [InlineData("toAddresses", "10 kB")]
    [InlineData("ccAddresses", "a@b.example\nBcc: eve@example.com")]
    [InlineData("bccAddresses", "a@b.example\0")]
    public async Task An_address_that_is_none_is_refused(string member, string address)
    {
        await using var server = await TestServer.Start(settings: "--environment=Development");
        var id = BuiltInMessages.MailOf("UserAction");
        var given = address == "10 kB" ? new string('a', 10_000) + "@example.com" : address;
        var body = new JsonObject { ["toAddresses"] = new JsonArray(new JsonObject { ["address"] = "ok@example.com" }) };
        body[member] = member == "toAddresses" ? new JsonArray(new JsonObject { ["address"] = given }) : new JsonArray(given);
        Assert.Equal($"[notEmail]{member}", (await server.Post($"/api/email/send/{id}", body)).Is(400).FieldError(member));
        var name = new { toAddresses = new[] { new { address = "ok@example.com", display = "x\r\nBcc: eve@example.com" } } };
        Assert.Equal("[invalid]toAddresses", (await server.Post($"/api/email/send/{id}", name)).Is(400).FieldError("toAddresses"));
    }

    [Fact]
    public async Task The_additional_headers_of_a_tenant_travel_and_nothing_else_does()
    {
        await using var mail = await MailServerProcess.Start();
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant(new
        {
            emailConfiguration = new { host = "127.0.0.1", port = mail.Port, defaultFromEmail = "hello@acme.example", additionalHeaders = new[] { new { name = "X-Campaign", value = "ä=?UTF-8?B?QmNjOg==?=" } } },
        });
        (await server.Post($"/api/email/send/{BuiltInMessages.MailOf("UserAction")}", new { toAddresses = new[] { new { address = "bob@exämple.example" } } }, tenant: tenant)).Is(202);
        var received = await mail.NextMail();
        Assert.Equal("ä=?UTF-8?B?QmNjOg==?=", received.Headers["X-Campaign"].Single());
        Assert.Equal("<bob@xn--exmple-cua.example>", received.Headers["To"].Single());
    }

    internal static object Settings(MailServerProcess mail) => new { emailConfiguration = new { host = "127.0.0.1", port = mail.Port, security = "NONE", defaultFromEmail = "hello@acme.example" } };

    internal static async Task<Guid> Store(TestServer server, JsonObject template) => (Guid)(await server.Post("/api/email/template", template)).Is(200).Body["emailTemplate"]!["id"]!;

    internal static async Task<Guid> NewUser(TestServer server, Guid tenant, object user)
    {
        var sent = ContractJson.ToNode(user);
        sent["password"] = "correct horse battery";
        return (Guid)(await server.Post("/api/user", new JsonObject { ["user"] = sent }, tenant: tenant)).Is(200).Body["user"]!["id"]!;
    }
}
