using System.Net.Http.Headers;
using OrleansAuth.Common;
using OrleansAuth.Webhooks;

namespace OrleansAuth.IdentityProviders;

/// <summary>What a provider answered.</summary>
/// <param name="Status">The HTTP status; 0 where there was no answer that could be read.</param>
/// <param name="Body">All of the body, at most <see cref="UpstreamHttp.LargestAnswer"/> bytes.</param>
/// <param name="Fault">Why there was no answer, for operators; null where there was one.</param>
internal sealed record UpstreamResponse(int Status, ReadOnlyMemory<byte> Body, string? Fault)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>
/// Sends requests to identity providers: to public addresses only, unless a setting allows others, over TLS, without
/// following redirects; an answer that is too long or too slow is none. The address is checked when the connection is made.
/// </summary>
internal sealed class UpstreamHttp(OutgoingHttpOptions options, Clock clock) : IDisposable
{
    /// <summary>Of a body, in bytes. Key sets and discovery documents have some thousands.</summary>
    public const int LargestAnswer = 256 * 1024;

    /// <summary>For one request, from the connection to the last byte. A login takes up to five, and its caller waits for half a minute.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);

    private readonly OutgoingClients _clients = new(options);

    /// <summary>Never throws for what the other side does.</summary>
    public async Task<UpstreamResponse> Send(HttpRequestMessage request)
    {
        if (request.RequestUri is not { } uri || (uri.Scheme != Uri.UriSchemeHttps && !(options.AllowPrivateAddresses && uri.Scheme == Uri.UriSchemeHttp)))
            return None("The address is no https address.");
        request.Options.Set(OutgoingConnect.Patience, ConnectPatience);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var tooLong = new CancellationTokenSource(Patience, clock.Time);
        try
        {
            using var answer = await _clients.For(null).SendAsync(request, tooLong.Token).ConfigureAwait(false);
            if ((int)answer.StatusCode is >= 300 and < 400) return None($"The answer was a redirect ({(int)answer.StatusCode}), and redirects are not followed.");
            if (await Read(answer.Content, tooLong.Token).ConfigureAwait(false) is not { } body) return None($"The answer has more than {LargestAnswer / 1024} KiB.");
            return new UpstreamResponse((int)answer.StatusCode, body, null);
        }
        catch (OperationCanceledException)
        {
            return None($"The provider did not answer within {Patience.TotalSeconds} seconds.");
        }
        catch (HttpRequestException error)
        {
            return None(error.InnerException is ForbiddenTargetException or NoConnectionException ? error.InnerException.Message : $"The provider could not be reached ({error.HttpRequestError}).");
        }
        catch (IOException)
        {
            return None("The provider ended the connection in the middle of its answer.");
        }
    }

    public void Dispose() => _clients.Dispose();

    private static UpstreamResponse None(string fault) => new(0, default, fault);

    /// <returns>Null where it is too long.</returns>
    private static async Task<byte[]?> Read(HttpContent content, CancellationToken stop)
    {
        if (content.Headers.ContentLength > LargestAnswer) return null;
        using var kept = new MemoryStream();
        var (part, stream) = (new byte[8192], await content.ReadAsStreamAsync(stop).ConfigureAwait(false));
        while (await stream.ReadAsync(part, stop).ConfigureAwait(false) is var read and > 0)
        {
            if (kept.Length + read > LargestAnswer) return null;
            kept.Write(part, 0, read);
        }

        return kept.ToArray();
    }
}
