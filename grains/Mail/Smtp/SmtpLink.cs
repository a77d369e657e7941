using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace OrleansAuth.Mail;

/// <summary>The bytes between us and a mail server: lines in, lines out, TLS from the start or later.</summary>
internal sealed class SmtpLink : IAsyncDisposable
{
    // RFC 5321, section 4.5.3.1.5, allows 512; servers write longer ones.
    private const int LongestLine = 4096;
    private const int MostLines = 128;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[LongestLine];
    private Stream _stream;
    private int _begin;
    private int _end;

    private SmtpLink(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Our end of the connection.</summary>
    public IPAddress LocalAddress => ((IPEndPoint)_socket.LocalEndPoint!).Address;

    public static async Task<SmtpLink> Connect(string host, int port, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, stop).ConfigureAwait(false);
            return new SmtpLink(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Goes on under TLS. The server's certificate must be good for <paramref name="host"/>.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">It is not, or the two found no common protocol.</exception>
    public async Task Secure(string host, MailTrust trust, CancellationToken stop)
    {
        // What came before the handshake was not protected: a command smuggled in there must not be taken for an answer.
        if (_begin < _end) throw new SmtpException("The mail server sent more than it may before TLS began.");
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secured;
        await secured.AuthenticateAsClientAsync(trust.For(host), stop).ConfigureAwait(false);
    }

    public async Task Write(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        await _stream.WriteAsync(bytes, stop).ConfigureAwait(false);
        await _stream.FlushAsync(stop).ConfigureAwait(false);
    }

    public async Task<SmtpReply> Read(CancellationToken stop)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await ReadLine(stop).ConfigureAwait(false);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code) || code is < 200 or > 599 || (line.Length > 3 && line[3] is not (' ' or '-')))
                throw new SmtpException("The mail server's answer is not one of SMTP. Check host, port and security.");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ') return new SmtpReply(code, lines);
            if (lines.Count > MostLines) throw new SmtpException("The mail server's answer does not end.");
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<string> ReadLine(CancellationToken stop)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_begin, _end - _begin).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _begin, length).TrimEnd('\r');
                _begin += length + 1;
                return line;
            }

            if (_end - _begin == _buffer.Length) throw new SmtpException("The mail server's answer has a line that is too long.");
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), stop).ConfigureAwait(false);
            if (read == 0) throw new SmtpException("The mail server closed the connection.");
            _end += read;
        }
    }
}
