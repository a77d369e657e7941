using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mail;

/// <summary>Against a real mail server, and against one that misbehaves.</summary>
public sealed class SmtpDeliveryTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Plain_connections_carry_a_mail_whose_lines_begin_with_dots()
    {
        await using var server = await MailServerProcess.Start();
        await Send(Server(server), "ada@example.com", ".\r\n..two\r\n.");
        var mail = await server.NextMail();
        Assert.Equal(("no-reply@example.com", false, null), (mail.From, mail.Secure, mail.User));
        Assert.Equal(["ada@example.com"], mail.To);
        Assert.Equal(".\r\n..two\r\n.", mail.Part("text/plain"));
    }

    [Theory]
    [InlineData(EmailSecurityType.TLS, "PLAIN")]
    [InlineData(EmailSecurityType.TLS, "LOGIN")]
    [InlineData(EmailSecurityType.SSL, "PLAIN")]
    [InlineData(EmailSecurityType.SSL, "LOGIN")]
    public async Task Protected_connections_sign_in_and_deliver(EmailSecurityType security, string method)
    {
        var (key, cert) = _authority.Issue("localhost");
        await using var server = await MailServerProcess.Start(new MailServerOptions
        {
            Secure = security == EmailSecurityType.SSL,
            StartTls = security == EmailSecurityType.TLS,
            Key = key,
            Cert = cert,
            User = "acme",
            Password = "pässword",
            Methods = [method],
        });
        await Send(Server(server) with { Host = "localhost", Security = security, Username = "acme", Password = "pässword" }, "ada@example.com", "Hello");
        Assert.Equal(method, (await server.Next("auth")).GetProperty("method").GetString());
        var mail = await server.NextMail();
        Assert.True(mail.Secure);
        Assert.Equal("acme", mail.User);
    }

    [Theory]
    [InlineData(true, "localhost", EmailSecurityType.SSL)]
    [InlineData(true, "localhost", EmailSecurityType.TLS)]
    [InlineData(false, "other.example.com", EmailSecurityType.SSL)]
    [InlineData(false, "other.example.com", EmailSecurityType.TLS)]
    public async Task A_certificate_of_strangers_or_for_another_name_ends_it_before_a_password_is_said(bool strangers, string name, EmailSecurityType security)
    {
        using var other = new TestAuthority();
        var (key, cert) = (strangers ? other : _authority).Issue(name);
        await using var server = await MailServerProcess.Start(new MailServerOptions
        {
            Secure = security == EmailSecurityType.SSL,
            StartTls = security == EmailSecurityType.TLS,
            Key = key,
            Cert = cert,
            User = "acme",
            Password = "x",
        });
        var error = await Assert.ThrowsAsync<SmtpException>(() => Send(Server(server) with { Host = "localhost", Security = security, Username = "acme", Password = "x" }, "ada@example.com", "Hello"));
        Assert.False(error.Final);
        Assert.Contains("certificate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_TLS_is_asked_for_and_not_offered_nothing_is_sent()
    {
        await using var server = await MailServerProcess.Start(new MailServerOptions { User = "acme", Password = "x" });
        var error = await Assert.ThrowsAsync<SmtpException>(() => Send(Server(server) with { Security = EmailSecurityType.TLS, Username = "acme", Password = "x" }, "ada@example.com", "Hello"));
        Assert.Contains("STARTTLS", error.Message, StringComparison.Ordinal);
        await Send(Server(server) with { Username = "acme", Password = "x" }, "ada@example.com", "After");
        Assert.True((await server.Next("auth")).GetProperty("right").GetBoolean());
        Assert.Equal("After", (await server.NextMail()).Part("text/plain"));
    }

    [Fact]
    public async Task A_wrong_password_may_be_mended_and_is_not_quoted_nor_is_the_account()
    {
        await using var server = await MailServerProcess.Start(new MailServerOptions { User = "acme", Password = "right" });
        var error = await Assert.ThrowsAsync<SmtpException>(() => Send(Server(server) with { Username = "acme", Password = "wrong-secret" }, "ada@example.com", "Hello"));
        Assert.False(error.Final);
        Assert.Contains("535", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("acme", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("later@example.com", false, "451")]
    [InlineData("never@example.com", true, "550")]
    public async Task Refusals_for_now_and_for_good_are_told_apart_and_name_nobody(string to, bool final, string code)
    {
        await using var server = await MailServerProcess.Start();
        var error = await Assert.ThrowsAsync<SmtpException>(() => Send(Server(server), to, "Hello"));
        Assert.Equal(final, error.Final);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("@example.com", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_mail_means_again()
    {
        await using var server = await MailServerProcess.Start();
        Assert.False((await Assert.ThrowsAsync<SmtpException>(() => Send(Server(server), "drop@example.com", "Hello"))).Final);
        var first = await server.NextMail();
        await Send(Server(server), "drop@example.com", "Hello");
        Assert.Equal(first.Headers["Message-ID"], (await server.NextMail()).Headers["Message-ID"]);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_after_its_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var sending = Send(Server(((IPEndPoint)silent.LocalEndpoint).Port), "ada@example.com", "Hello");
        using var accepted = await silent.AcceptTcpClientAsync();
        await _time.TimerDueWithin(TimeSpan.FromSeconds(60));
        while (!sending.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(60));
            await Task.Yield();
        }

        Assert.Contains("did not answer in time", (await Assert.ThrowsAsync<SmtpException>(() => sending)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_means_again()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var error = await Assert.ThrowsAsync<SmtpException>(() => Send(Server(port), "ada@example.com", "Hello"));
        Assert.False(error.Final);
        Assert.Contains("ConnectionRefused", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("220 hello\r\n250-hello\r\n250 STARTTLS\r\n220 go\r\n250 smuggled\r\n", "more than it may")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "not one of SMTP")]
    [InlineData("220-no end\r\n", "closed the connection")]
    [InlineData("554 no service for you\r\n", "554 no service")]
    public async Task What_is_not_a_decent_answer_ends_the_conversation(string answers, string said)
    {
        using var rude = new TcpListener(IPAddress.Loopback, 0);
        rude.Start();
        var sending = Send(Server(((IPEndPoint)rude.LocalEndpoint).Port) with { Security = EmailSecurityType.TLS }, "ada@example.com", "Hello");
        using (var accepted = await rude.AcceptTcpClientAsync())
        {
            await accepted.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answers));
            accepted.Client.Shutdown(SocketShutdown.Send);
            var error = await Assert.ThrowsAsync<SmtpException>(() => sending);
            Assert.Contains(said, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Letters_beyond_ASCII_in_addresses_travel_where_the_server_takes_them_and_are_refused_where_not()
    {
        await using (var server = await MailServerProcess.Start())
        {
            await Send(Server(server), "dörte@example.com", "Hello");
            var mail = await server.NextMail();
            Assert.Equal(["dörte@example.com"], mail.To);
            Assert.Equal("<dörte@example.com>", mail.Headers["To"].Single());
        }

        await using var old = await MailServerProcess.Start(new MailServerOptions { HideUtf8 = true });
        Assert.True((await Assert.ThrowsAsync<SmtpException>(() => Send(Server(old), "dörte@example.com", "Hello"))).Final);
        await Send(Server(old), "dorte@bücher.example", "Hello");
        Assert.Equal("<dorte@xn--bcher-kva.example>", (await old.NextMail()).Headers["To"].Single());
    }

    private static MailServer Server(MailServerProcess server) => Server(server.Port);

    private static MailServer Server(int port) => new() { Host = "127.0.0.1", Port = port, From = MailAddressText.Read("no-reply@example.com")!.Value };

    private Task<string> Send(MailServer server, string to, string text)
    {
        var address = MailAddressText.Read(to)!.Value;
        var mail = new MimeMessage { Id = new Guid(1, 2, 3, new byte[8]), Date = _time.UtcNow, From = server.From, To = address, Subject = "Test", Text = text, Html = $"<p>{text}</p>" };
        return new SmtpDelivery(_authority.Trust, new Clock(_time)).Send(server, address, mail.Write(), CancellationToken.None);
    }
}
