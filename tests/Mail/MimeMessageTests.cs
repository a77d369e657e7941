using System.Text;

namespace OrleansAuth.Mail;

public sealed class MimeMessageTests
{
    private static readonly MimeMessage Plain = new()
    {
        Id = Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10"),
        Date = new DateTimeOffset(2026, 11, 3, 4, 5, 6, TimeSpan.Zero),
        From = MailAddressText.Read("no-reply@example.com")!.Value,
        To = MailAddressText.Read("ada@example.com")!.Value,
        Subject = "Hello",
        Text = "Hello",
    };

    public static TheoryData<string> Texts() =>
    [
        "", "a", "a\nb\r\nc\n", ".\n..\n.hidden", "ends with a blank \nand a tab\t", new string('x', 5000), string.Concat(Enumerable.Repeat("Grüße 🦊 ", 300)),
        string.Concat(Enumerable.Repeat("日本語のメール", 100)), "=3D =\n= ==", "--part-\nFrom me", "\u0001\u0000 odd \u2028 line", "=?UTF-8?B?eA==?=",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Whatever_is_written_reads_the_same_in_lines_that_every_server_takes(string text)
    {
        var raw = Write(Plain with { Text = text, Html = $"<p>{text}</p>" });
        Assert.All(raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
        Assert.True(raw.All(c => c < 128 && c is not '\0'));
        Assert.DoesNotContain('\n', raw.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.DoesNotContain('\r', raw.Replace("\r\n", "", StringComparison.Ordinal));
        var expected = text.ReplaceLineEndings("\r\n");
        Assert.Equal(expected.TrimEnd('\r', '\n'), MailReading.Part(raw, "text/plain"));
        Assert.Equal($"<p>{expected}</p>", MailReading.Part(raw, "text/html"));
    }

    [Fact]
    public void It_has_the_headers_of_a_mail_that_nobody_should_answer()
    {
        var headers = MailReading.Headers(Write(Plain with { FromName = "Acme \"Login\"", ToName = "Ada Lovelace" }));
        Assert.Equal("Tue, 03 Nov 2026 04:05:06 +0000", headers["Date"].Single());
        Assert.Equal("\"Acme \\\"Login\\\"\" <no-reply@example.com>", headers["From"].Single());
        Assert.Equal("\"Ada Lovelace\" <ada@example.com>", headers["To"].Single());
        Assert.Equal("<0102030405060708090a0b0c0d0e0f10@example.com>", headers["Message-ID"].Single());
        Assert.Equal("auto-generated", headers["Auto-Submitted"].Single());
        Assert.Equal("1.0", headers["MIME-Version"].Single());
    }

    [Theory]
    [InlineData("Passwort zurücksetzen für Österreich, das Land mit den vielen Bergen und Seen, ganz ohne Meer")]
    [InlineData("🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊")]
    [InlineData("=?UTF-8?B?ZXZpbA==?= pretends")]
    public void A_subject_of_any_letters_arrives(string subject)
    {
        var raw = Write(Plain with { Subject = subject, FromName = subject });
        Assert.Equal(subject, MailReading.Headers(raw)["Subject"].Single());
        Assert.StartsWith(subject, MailReading.Headers(raw)["From"].Single().Trim('"'), StringComparison.Ordinal);
        Assert.All(raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
    }

    [Theory]
    [InlineData("x\r\nBcc: eve@example.com")]
    [InlineData("x\nBcc: eve@example.com")]
    [InlineData("x\rBcc: eve@example.com")]
    [InlineData("x\u0000")]
    [InlineData("x\u0085Bcc: eve@example.com")]
    [InlineData("x\u2028Bcc: eve@example.com")]
    public void Nothing_breaks_out_of_a_header(string text)
    {
        Assert.Throws<MailFormatException>(() => (Plain with { Subject = text }).Write());
        Assert.Throws<MailFormatException>(() => (Plain with { FromName = text }).Write());
        Assert.Throws<MailFormatException>(() => (Plain with { ToName = text }).Write());
        Assert.Throws<MailFormatException>(() => (Plain with { More = [("X-Test", text)] }).Write());
        Assert.Throws<MailFormatException>(() => (Plain with { More = [(text, "x")] }).Write());
        Assert.Null(MailAddressText.Read($"{text}@example.com"));
        Assert.Null(MailAddressText.Read($"ada@example.com{text[1..]}"));
    }

    [Theory]
    [InlineData("Bcc")]
    [InlineData("to")]
    [InlineData("Content-Type")]
    [InlineData("X Test")]
    [InlineData("X:Test")]
    [InlineData("")]
    public void Headers_that_would_change_what_a_mail_is_cannot_be_added(string name) =>
        Assert.Throws<MailFormatException>(() => (Plain with { More = [(name, "x")] }).Write());

    [Theory]
    [InlineData("ada@bücher.example", "ada@xn--bcher-kva.example", false)]
    [InlineData("äda@example.com", "äda@example.com", true)]
    [InlineData("ada@example.com", "ada@example.com", false)]
    public void Domains_travel_in_ASCII_where_the_rest_does(string address, string text, bool international) =>
        Assert.Equal(new MailAddressText(text, international), MailAddressText.Read(address));

    [Theory]
    [InlineData("ada")]
    [InlineData("@example.com")]
    [InlineData("ada@")]
    [InlineData("a@b@c")]
    [InlineData("<ada@example.com>")]
    [InlineData("ada@example.com,eve@example.com")]
    [InlineData("ada@example.com> NOTIFY=SUCCESS")]
    [InlineData("\"ada lovelace\"@example.com")]
    public void What_is_no_plain_address_is_none(string address) => Assert.Null(MailAddressText.Read(address));

    private static string Write(MimeMessage message) => Encoding.UTF8.GetString(message.Write());
}
