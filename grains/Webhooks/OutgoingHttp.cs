using System.Net;
using System.Net.Sockets;

namespace OrleansAuth.Webhooks;

/// <summary>Whether requests may go to private networks: the setting <c>Webhooks:AllowPrivateAddresses</c>.</summary>
internal sealed record OutgoingHttpOptions(bool AllowPrivateAddresses);

/// <summary>How a receiver answered.</summary>
/// <param name="Status">The HTTP status; 0 where there was no answer.</param>
/// <param name="Fault">Why there was none, for operators; null where there was one.</param>
internal sealed record OutgoingAnswer(int Status, string? Fault)
{
    /// <summary>What the receiver asked for with <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The target is one that nobody may choose: trying again is of no use.</summary>
    public bool Forbidden { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>
/// Sends requests to addresses that tenants chose. The address is checked when the connection is made, after the name was
/// resolved, so no name leads inside (DNS rebinding). Redirects are not followed, proxies and cookies not used; of an answer
/// only its head counts, and at most a little of its body is read.
/// </summary>
internal sealed class OutgoingHttp : IDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(15);
    private const int MostHeaders = 16;

    /// <summary>Of a body, in bytes; a connection whose answer is longer is given up.</summary>
    private const int LargestAnswer = 16 * 1024;

    private readonly HttpClient _client;

    public OutgoingHttp(OutgoingHttpOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ConnectPatience,
            MaxResponseHeadersLength = MostHeaders,
            MaxResponseDrainSize = LargestAnswer,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ActivityHeadersPropagator = null,
            ConnectCallback = (context, stop) => Connect(context.DnsEndPoint, options, stop),
        };
        _client = new HttpClient(handler) { Timeout = AnswerPatience };
    }

    /// <summary>Sends one request. Never throws for what the other side does; a request that is stopped throws.</summary>
    public async Task<OutgoingAnswer> Send(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
            var after = answer.Headers.RetryAfter?.Delta;
            return new OutgoingAnswer((int)answer.StatusCode, null) { RetryAfter = after > TimeSpan.Zero ? after : null };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new OutgoingAnswer(0, "The receiver did not answer in time.");
        }
        catch (HttpRequestException error)
        {
            if (error.InnerException is ForbiddenTargetException forbidden) return new OutgoingAnswer(0, forbidden.Message) { Forbidden = true };
            return new OutgoingAnswer(0, $"The receiver could not be reached ({error.HttpRequestError}).");
        }
    }

    public void Dispose() => _client.Dispose();

    private static async ValueTask<Stream> Connect(DnsEndPoint target, OutgoingHttpOptions options, CancellationToken stop)
    {
        var addresses = IPAddress.TryParse(target.Host.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(target.Host, stop).ConfigureAwait(false);
        if (!options.AllowPrivateAddresses)
        {
            // One private address among public ones is as good as none: whoever gives such answers is up to something.
            if (!PublicAddresses.IsPortOfWeb(target.Port) || addresses.Length == 0 || !addresses.All(PublicAddresses.IsPublic))
                throw new ForbiddenTargetException("The receiver's address is not one of the public internet. Webhooks:AllowPrivateAddresses allows others.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, stop).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The target is one that nobody may choose. The message is for operators.</summary>
    private sealed class ForbiddenTargetException(string message) : IOException(message);
}
