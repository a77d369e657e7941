using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Outbox;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Mail;

/// <summary>From a commit to a mail server, or to where a mail waits that has none.</summary>
public sealed class MailQueueTests
{
    [Fact]
    public async Task A_mail_goes_out_by_the_settings_of_its_tenant()
    {
        using var authority = new TestAuthority();
        var (key, cert) = authority.Issue("localhost");
        await using var mail = await MailServerProcess.Start(new MailServerOptions { StartTls = true, Key = key, Cert = cert, User = "acme", Password = "x" });
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, authority.Pem);
        await using var server = await TestServer.Start(settings: $"--Mail:CertificateAuthorities={file}");
        var tenant = await server.NewTenant(new
        {
            emailConfiguration = new
            {
                host = "localhost",
                port = mail.Port,
                security = "TLS",
                username = "acme",
                password = "x",
                defaultFromEmail = "hello@acme.example",
                defaultFromName = "Acme",
                additionalHeaders = new[] { new { name = "X-Campaign", value = "recovery" } },
            },
        });
        await Queue(server, tenant, new MailMessage("ada@example.com", "Grüße", "Hallo Ada", "<p>Hallo Ada</p>") { ToName = "Ada Lovelace" });
        var received = await mail.NextMail();
        Assert.Equal("\"Acme\" <hello@acme.example>", received.Headers["From"].Single());
        Assert.Equal("\"Ada Lovelace\" <ada@example.com>", received.Headers["To"].Single());
        Assert.Equal("Grüße", received.Headers["Subject"].Single());
        Assert.Equal("recovery", received.Headers["X-Campaign"].Single());
        Assert.Equal(("Hallo Ada", "<p>Hallo Ada</p>"), (received.Part("text/plain"), received.Part("text/html")));
        await Left(server, 0);
        File.Delete(file);
    }

    [Fact]
    public async Task Later_is_tried_again_never_is_parked_and_nothing_of_a_mail_lies_open_in_the_store()
    {
        await using var mail = await MailServerProcess.Start();
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant(Plain(mail));
        await Queue(server, tenant, new MailMessage("later@example.com", "Secret subject", "Secret link", null));
        await Stored(server, "attempts = 1", 1);
        var body = (await Store(server).Query("select body from outbox where queue = 'mail'", row => System.Text.Encoding.UTF8.GetString(row.Bytes("body"))))[0];
        Assert.StartsWith("enc:", body, StringComparison.Ordinal);
        server.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(["later@example.com"], (await mail.NextMail()).To);
        await Left(server, 0);

        await Queue(server, tenant, new MailMessage("never@example.com", "Hello", "Hello", null));
        await Stored(server, "parked_instant is not null", 1);
        var told = (await Store(server).Query("select message from event_log", row => row.Text("message")))[^1];
        Assert.Contains("550", told, StringComparison.Ordinal);
        Assert.DoesNotContain("never@", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_mail_server_a_mail_is_parked_and_the_event_log_says_what_to_set()
    {
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant();
        await Queue(server, tenant, new MailMessage("ada@example.com", "Hello", "Hello", null));
        await Stored(server, "parked_instant is not null", 1);
        Assert.Contains("emailConfiguration", (await Store(server).Query("select message from event_log", row => row.Text("message")))[^1], StringComparison.Ordinal);
        Assert.Empty(await server.Services.GetRequiredService<IGrainFactory>().MailCatcher().Newest());
        (await server.Get("/dev/mail", key: "")).Is(404);

        // Once there is one, what was parked can be sent.
        await using var mail = await MailServerProcess.Start();
        (await server.Patch($"/api/tenant/{tenant}", new { tenant = Plain(mail) })).Is(200);
        var parked = Assert.Single(await server.Services.GetRequiredService<OutboxReader>().Parked("mail", 10));
        Assert.True(await server.Services.GetRequiredService<IGrainFactory>().Outbox("mail").Resend(parked.Id));
        Assert.Equal(["ada@example.com"], (await mail.NextMail()).To);
    }

    [Fact]
    public async Task Under_development_a_page_shows_the_mails_that_could_go_nowhere()
    {
        await using var server = await TestServer.Start(settings: "--environment=Development");
        var tenant = await server.NewTenant();
        Assert.Contains("No mail yet", (await server.Get("/dev/mail", key: "")).Is(200).Text, StringComparison.Ordinal);
        await Queue(server, tenant, new MailMessage("ada@example.com", "First <b>", "Open https://a.example/x?y=1&z=2 now", "<p>x</p>"));
        await Left(server, 0);
        await Queue(server, tenant, new MailMessage("bob@example.com", "Second", "No link", null));
        await Left(server, 0);
        var page = new HtmlParser().ParseDocument((await server.Get("/dev/mail", key: "")).Is(200).Text);
        Assert.Equal(["Second", "First <b>"], page.QuerySelectorAll(".mail h2").Select(title => title.TextContent));
        Assert.Equal(["bob@example.com", "ada@example.com"], page.QuerySelectorAll(".mail .to").Select(to => to.TextContent));
        Assert.Equal("https://a.example/x?y=1&z=2", Assert.Single(page.QuerySelectorAll(".mail a.link")).GetAttribute("href"));
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_mail_costs_one_duplicate_which_its_id_tells()
    {
        await using var mail = await MailServerProcess.Start();
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant(Plain(mail));
        await Queue(server, tenant, new MailMessage("drop@example.com", "Hello", "Hello", null));
        await Stored(server, "attempts = 1", 1);
        server.Time.Advance(TimeSpan.FromSeconds(20));
        await Left(server, 0);
        var (first, second) = (await mail.NextMail(), await mail.NextMail());
        Assert.Equal(first.Headers["Message-ID"].Single(), second.Headers["Message-ID"].Single());
        Assert.Equal(first.Headers["Date"].Single(), second.Headers["Date"].Single());
    }

    [Fact]
    public async Task A_mail_whose_link_is_over_is_not_sent()
    {
        await using var mail = await MailServerProcess.Start();
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant(Plain(mail));
        await Queue(server, tenant, new MailMessage("ada@example.com", "Hello", "Hello", null) { Expires = server.Time.UtcNow.ToUnixTimeMilliseconds() });
        await Stored(server, "parked_instant is not null", 1);
    }

    [Theory]
    [InlineData("""{"defaultFromName":"x\r\nBcc: eve@example.com"}""", "defaultFromName")]
    [InlineData("""{"defaultFromEmail":"a@b.example\r\nBcc: eve@example.com"}""", "defaultFromEmail")]
    [InlineData("""{"defaultFromEmail":"nobody"}""", "defaultFromEmail")]
    [InlineData("""{"host":"a.example\nb"}""", "host")]
    [InlineData("""{"host":"a b"}""", "host")]
    [InlineData("""{"additionalHeaders":[{"name":"Bcc","value":"eve@example.com"}]}""", "additionalHeaders")]
    [InlineData("""{"additionalHeaders":[{"name":"X-A\r\nBcc","value":"x"}]}""", "additionalHeaders")]
    [InlineData("""{"additionalHeaders":[{"name":"X-A","value":"x\r\nBcc: eve@example.com"}]}""", "additionalHeaders")]
    public async Task Settings_that_could_break_out_of_a_header_are_refused(string settings, string field)
    {
        var server = await TestServer.Shared;
        var answer = (await server.Post("/api/tenant", $$$"""{"tenant":{"name":"{{{Guid.NewGuid()}}}","emailConfiguration":{{{settings}}}}}""")).Is(400);
        Assert.Equal($"[invalid]tenant.emailConfiguration.{field}", (answer.FieldError($"tenant.emailConfiguration.{field}") ?? "").Replace("notEmail", "invalid", StringComparison.Ordinal));
    }

    private static object Plain(MailServerProcess mail) => new { emailConfiguration = new { host = "127.0.0.1", port = mail.Port, security = "NONE", defaultFromEmail = "hello@acme.example" } };

    private static IStore Store(TestServer server) => server.Services.GetRequiredService<IStore>();

    private static async Task Queue(TestServer server, Guid tenant, MailMessage message)
    {
        var commit = new Commit();
        server.Services.GetRequiredService<MailOutbox>().Add(commit, tenant, Guid.NewGuid(), message);
        await Store(server).Apply(commit);
    }

    private static Task Left(TestServer server, int rows) => Stored(server, "1 = 1", rows);

    private static async Task Stored(TestServer server, string condition, int rows)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await Store(server).Query($"select count(*) as found from outbox where queue = 'mail' and {condition}", row => row.Long("found"), patience.Token))[0] != rows)
            await Task.Yield();
    }
}
