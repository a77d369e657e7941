using System.Text;
using OrleansAuth.Common;

namespace OrleansAuth.Webhooks;

/// <summary>Whether requests may go to private networks: the setting <c>Webhooks:AllowPrivateAddresses</c>.</summary>
internal sealed record OutgoingHttpOptions(bool AllowPrivateAddresses);

/// <summary>What one request may take.</summary>
/// <param name="Connect">Until there is a connection.</param>
/// <param name="Read">From then on until the head of the answer is there.</param>
internal sealed record OutgoingLimits(TimeSpan Connect, TimeSpan Read)
{
    public static readonly OutgoingLimits Usual = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));

    /// <summary>How much of the answer's body is wanted, in bytes. What does not come at once is not waited for.</summary>
    public int KeptOfAnswer { get; init; }

    /// <summary>Certificates of the receiver's own; null for those of the machine.</summary>
    public OutgoingTls? Tls { get; init; }
}

/// <summary>How a receiver answered.</summary>
/// <param name="Status">The HTTP status; 0 where there was no answer.</param>
/// <param name="Fault">Why there was none, for operators; null where there was one.</param>
internal sealed record OutgoingAnswer(int Status, string? Fault)
{
    /// <summary>What the receiver asked for with <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The target is one that nobody may choose: trying again is of no use.</summary>
    public bool Forbidden { get; init; }

    /// <summary>The beginning of the body, without control characters; null where none was wanted or there is none.</summary>
    public string? Text { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>
/// Sends requests to addresses that tenants chose. The address is checked when the connection is made, after the name was
/// resolved, so no name leads inside (DNS rebinding). Redirects are not followed, proxies and cookies not used; of an answer
/// only its head counts, and at most a little of its body is read.
/// </summary>
internal sealed class OutgoingHttp(OutgoingHttpOptions options, Clock clock) : IDisposable
{
    /// <summary>What is left of a body is waited for no longer than this.</summary>
    private static readonly TimeSpan BodyPatience = TimeSpan.FromMilliseconds(250);

    private readonly OutgoingClients _clients = new(options);

    /// <summary>Sends one request within the usual limits. Never throws for what the other side does; a request that is stopped throws.</summary>
    public Task<OutgoingAnswer> Send(HttpRequestMessage request, CancellationToken stop) => Send(request, OutgoingLimits.Usual, stop);

    /// <summary>Sends one request. Never throws for what the other side does; a request that is stopped throws.</summary>
    public async Task<OutgoingAnswer> Send(HttpRequestMessage request, OutgoingLimits limits, CancellationToken stop)
    {
        request.Options.Set(OutgoingConnect.Patience, limits.Connect);
        using var tooLong = CancellationTokenSource.CreateLinkedTokenSource(stop);
        tooLong.CancelAfter(limits.Connect + limits.Read);
        // Whoever writes the body has a connection: from now on it is the receiver's turn.
        if (request.Content is { } content) request.Content = new OutgoingContent(content, () => tooLong.CancelAfter(limits.Read));
        try
        {
            using var answer = await _clients.For(limits.Tls).SendAsync(request, tooLong.Token).ConfigureAwait(false);
            return new OutgoingAnswer((int)answer.StatusCode, null)
            {
                RetryAfter = RetryAfter(answer),
                Text = limits.KeptOfAnswer > 0 ? await Beginning(answer.Content, limits.KeptOfAnswer, stop).ConfigureAwait(false) : null,
            };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new OutgoingAnswer(0, "The receiver did not answer in time.");
        }
        catch (OutgoingCertificateException unreadable)
        {
            return new OutgoingAnswer(0, unreadable.Message) { Forbidden = true };
        }
        catch (HttpRequestException error)
        {
            return error.InnerException switch
            {
                ForbiddenTargetException forbidden => new OutgoingAnswer(0, forbidden.Message) { Forbidden = true },
                NoConnectionException none => new OutgoingAnswer(0, none.Message),
                _ => new OutgoingAnswer(0, $"The receiver could not be reached ({error.HttpRequestError})."),
            };
        }
        catch (ObjectDisposedException) when (!stop.IsCancellationRequested)
        {
            // Its client made room for others at this very moment.
            return new OutgoingAnswer(0, "The request could not be begun.");
        }
    }

    public void Dispose() => _clients.Dispose();

    /// <summary>In seconds or as a date (RFC 9110, section 10.2.3).</summary>
    private TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        var after = answer.Headers.RetryAfter switch { { Delta: { } delta } => delta, { Date: { } date } => date - clock.UtcNow, _ => TimeSpan.Zero };
        return after > TimeSpan.Zero ? after : null;
    }

    private static async Task<string?> Beginning(HttpContent content, int most, CancellationToken stop)
    {
        if (content.Headers.ContentLength == 0) return null;
        var (bytes, length) = (new byte[most], 0);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(BodyPatience);
        try
        {
            var body = await content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
            while (length < most && await body.ReadAsync(bytes.AsMemory(length), patience.Token).ConfigureAwait(false) is var read and > 0) length += read;
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException or IOException && !stop.IsCancellationRequested)
        {
            // The head has said how it went; what came of the body is enough.
        }

        return length == 0 ? null : Printable(Encoding.UTF8.GetString(bytes, 0, length));
    }

    /// <summary>What comes from outside must neither draw in a terminal nor be more than the store takes.</summary>
    private static string Printable(string text) => string.Create(text.Length, text, static (clean, given) =>
    {
        for (var i = 0; i < given.Length; i++) clean[i] = char.IsControl(given[i]) ? ' ' : given[i];
    });
}
