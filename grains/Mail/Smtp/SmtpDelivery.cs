using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mail;

/// <summary>
/// Hands one mail over to a mail server (RFC 5321): without protection, under TLS from the start (RFC 8314), or after
/// STARTTLS (RFC 3207), which is demanded and not merely tried; signed in with PLAIN (RFC 4616) or LOGIN.
/// </summary>
internal sealed class SmtpDelivery(MailTrust trust, Clock clock)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);

    // RFC 5321, section 4.5.3.2, has minutes for patient relays; nobody waits for those here, and the mail comes again.
    private static readonly TimeSpan ReplyLimit = TimeSpan.FromSeconds(60);

    /// <param name="trace">Gets every line of the conversation, without secrets, addresses and the mail itself; null for nobody.</param>
    /// <returns>The server's last words, for operators.</returns>
    /// <exception cref="SmtpException">The server did not take it; the message says why, and whether to try again.</exception>
    public async Task<string> Send(MailServer server, MailAddressText to, byte[] mail, CancellationToken stop, Action<string>? trace = null)
    {
        try
        {
            await using var talk = new SmtpTalk(await Connect(server, stop).ConfigureAwait(false), server, clock.Time, server.Properties.ReplyLimit ?? ReplyLimit, stop) { Trace = trace };
            await Open(talk, server).ConfigureAwait(false);
            var answer = await HandOver(talk, server, to, mail).ConfigureAwait(false);
            await talk.Quit().ConfigureAwait(false);
            return answer.Quote();
        }
        catch (AuthenticationException error)
        {
            throw new SmtpException($"The mail server {server} does not speak TLS as it should: {error.InnerException?.Message ?? error.Message} Check its certificate and emailConfiguration.security.", error);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            throw new SmtpException($"The mail server {server} cannot be reached or broke the connection off ({(error as SocketException ?? error.InnerException as SocketException)?.SocketErrorCode.ToString() ?? error.GetType().Name}).", error);
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new SmtpException($"The mail server {server} did not answer in time.", error);
        }
    }

    private async Task<SmtpLink> Connect(MailServer server, CancellationToken stop)
    {
        using var tooLong = new CancellationTokenSource(server.Properties.ConnectLimit ?? ConnectLimit, clock.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, tooLong.Token);
        var link = await SmtpLink.Connect(server.Host, server.Port, limit.Token).ConfigureAwait(false);
        try
        {
            if (server.Security == EmailSecurityType.SSL) await link.Secure(server.Host, trust, limit.Token).ConfigureAwait(false);
            return link;
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Until the server is ready to take a mail. What fails here is the operator's to mend, not the mail's fault: it is tried again.</summary>
    private async Task Open(SmtpTalk talk, MailServer server)
    {
        await talk.Expect(2, "the connection", null).ConfigureAwait(false);
        await talk.Hello().ConfigureAwait(false);
        if (server.Security == EmailSecurityType.TLS)
        {
            if (!talk.Offers("STARTTLS")) throw new SmtpException($"The mail server {server} does not offer STARTTLS. Nothing was sent; check emailConfiguration.port and security.");
            await talk.Expect(2, "STARTTLS", "STARTTLS").ConfigureAwait(false);
            await talk.Secure(trust).ConfigureAwait(false);
            await talk.Hello().ConfigureAwait(false);
        }

        if (server.Username is { } name) await SignIn(talk, server, name, server.Password ?? "").ConfigureAwait(false);
    }

    private static async Task SignIn(SmtpTalk talk, MailServer server, string name, string password)
    {
        const string What = "the sign-in; check emailConfiguration.username and password";
        switch (server.Properties.Mechanisms.FirstOrDefault(talk.OffersSignIn))
        {
            case "PLAIN":
                await talk.Expect(2, What, "AUTH PLAIN " + Base64($"\0{name}\0{password}")).ConfigureAwait(false);
                break;
            case "LOGIN":
                await talk.Expect(3, What, "AUTH LOGIN").ConfigureAwait(false);
                await talk.Expect(3, What, Base64(name), isSecret: true).ConfigureAwait(false);
                await talk.Expect(2, What, Base64(password), isSecret: true).ConfigureAwait(false);
                break;
            default:
                throw new SmtpException($"The mail server {server} offers no sign-in that this server may use ({string.Join(" or ", server.Properties.Mechanisms)}). Some offer it only under TLS: check emailConfiguration.security.");
        }
    }

    private static async Task<SmtpReply> HandOver(SmtpTalk talk, MailServer server, MailAddressText to, byte[] mail)
    {
        var parameters = new StringBuilder();
        if (talk.Offers("SIZE")) parameters.Append(System.Globalization.CultureInfo.InvariantCulture, $" SIZE={mail.Length}");
        if (server.From.International || server.ReturnTo.International || to.International)
        {
            if (!talk.Offers("SMTPUTF8") || !talk.Offers("8BITMIME"))
                throw new SmtpException($"The mail server {server} does not take addresses with letters beyond ASCII (SMTPUTF8).") { Final = true };
            parameters.Append(" BODY=8BITMIME SMTPUTF8");
        }

        await talk.Expect(2, "the sender", $"MAIL FROM:<{server.ReturnTo.Text}>{parameters}", final: true).ConfigureAwait(false);
        await talk.Expect(2, "the recipient", $"RCPT TO:<{to.Text}>", final: true).ConfigureAwait(false);
        await talk.Expect(3, "the mail", "DATA", final: true).ConfigureAwait(false);
        await talk.Data(mail).ConfigureAwait(false);
        return await talk.Expect(2, "the mail", null, final: true).ConfigureAwait(false);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
