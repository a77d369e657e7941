using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansAuth.Mail;

/// <summary>One conversation with a mail server: commands, answers, what it offers. Every step has its time.</summary>
internal sealed class SmtpTalk(SmtpLink link, MailServer server, TimeProvider time, TimeSpan limit, CancellationToken stop) : IAsyncDisposable
{
    private static readonly TimeSpan GoodByeLimit = TimeSpan.FromSeconds(2);
    private IReadOnlyList<string> _offers = [];

    /// <summary>Gets every line of the conversation, without secrets, addresses and the mail itself.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>Sends a command, if there is one, and reads the answer.</summary>
    /// <param name="digit">What the code must begin with.</param>
    /// <param name="what">What a refusal is of, for operators.</param>
    /// <param name="command">Never quoted anywhere: it may hold a password or an address.</param>
    /// <param name="final">An answer of 5xx is about this mail and holds for ever.</param>
    /// <param name="isSecret">The whole command is one.</param>
    public async Task<SmtpReply> Expect(int digit, string what, string? command, bool final = false, bool isSecret = false)
    {
        var reply = await Ask(command, limit, isSecret).ConfigureAwait(false);
        if (reply.Code / 100 == digit) return reply;
        throw new SmtpException($"The mail server {server} refused {what}: {reply.Quote()}") { Final = final && reply.Code >= 500 };
    }

    /// <summary>Says hello and notes what the server offers.</summary>
    public async Task Hello()
    {
        var reply = await Ask($"EHLO {OwnName()}", limit).ConfigureAwait(false);
        if (reply.Code / 100 == 2)
        {
            _offers = [.. reply.Lines.Skip(1)];
            return;
        }

        // A server of the old kind offers nothing, which is enough where nothing is asked for.
        _offers = [];
        await Expect(2, "the greeting", $"HELO {OwnName()}").ConfigureAwait(false);
    }

    public bool Offers(string keyword) => Find(keyword) is not null;

    public bool OffersSignIn(string mechanism) =>
        Find("AUTH")?.Split(' ', '=').Skip(1).Contains(mechanism, StringComparer.OrdinalIgnoreCase) == true;

    public Task Secure(MailTrust trust) => Within(limit, async token =>
    {
        await link.Secure(server.Host, trust, token).ConfigureAwait(false);
        return true;
    });

    /// <summary>The mail itself: a line that begins with a dot gets another (RFC 5321, section 4.5.2), a lone dot ends it.</summary>
    public Task Data(byte[] mail)
    {
        var lines = new MemoryStream(mail.Length + 64);
        var begins = true;
        foreach (var b in mail)
        {
            if (begins && b == '.') lines.WriteByte((byte)'.');
            lines.WriteByte(b);
            begins = b == '\n';
        }

        lines.Write(begins ? ".\r\n"u8 : "\r\n.\r\n"u8);
        return Within(limit, async token =>
        {
            await link.Write(lines.ToArray(), token).ConfigureAwait(false);
            return true;
        });
    }

    /// <summary>Takes leave. The mail has been taken by now, whatever comes of this.</summary>
    public async Task Quit()
    {
        try
        {
            await Ask("QUIT", GoodByeLimit).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SmtpException or IOException or SocketException or OperationCanceledException)
        {
        }
    }

    public ValueTask DisposeAsync() => link.DisposeAsync();

    private Task<SmtpReply> Ask(string? command, TimeSpan within, bool isSecret = false) => Within(within, async token =>
    {
        if (command is not null)
        {
            Trace?.Invoke("> " + (isSecret ? "…" : Harmless(command)));
            await link.Write(Encoding.UTF8.GetBytes(command + "\r\n"), token).ConfigureAwait(false);
        }

        var reply = await link.Read(token).ConfigureAwait(false);
        Trace?.Invoke("< " + reply.Quote());
        return reply;
    });

    /// <summary>A command for operators: no password, and of an address the domain.</summary>
    private static string Harmless(string command)
    {
        if (command.StartsWith("AUTH PLAIN", StringComparison.Ordinal)) return "AUTH PLAIN …";
        var (begin, at) = (command.IndexOf('<', StringComparison.Ordinal), command.LastIndexOf('@'));
        return begin >= 0 && at > begin ? $"{command[..(begin + 1)]}…{command[at..]}" : command;
    }

    private async Task<T> Within<T>(TimeSpan span, Func<CancellationToken, Task<T>> step)
    {
        using var tooLong = new CancellationTokenSource(span, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, tooLong.Token);
        return await step(both.Token).ConfigureAwait(false);
    }

    private string? Find(string keyword) => _offers.FirstOrDefault(offer =>
        offer.StartsWith(keyword, StringComparison.OrdinalIgnoreCase) && (offer.Length == keyword.Length || offer[keyword.Length] is ' ' or '='));

    /// <summary>This machine's name where it has a full one, or else its address (RFC 5321, section 4.1.3).</summary>
    private string OwnName()
    {
        if (server.Properties.HelloName is { } chosen) return chosen;
        var name = Dns.GetHostName();
        if (name.Contains('.', StringComparison.Ordinal) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-')) return name;
        var address = link.LocalAddress.IsIPv4MappedToIPv6 ? link.LocalAddress.MapToIPv4() : link.LocalAddress;
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{address}]" : $"[{address}]";
    }
}
