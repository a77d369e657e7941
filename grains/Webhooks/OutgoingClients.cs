namespace OrleansAuth.Webhooks;

/// <summary>
/// The pools of connections: one that all receivers share, and one for each set of certificates, since connections that were made
/// with the certificates of one receiver are nothing for another. So many of those and no more; the one longest unused leaves.
/// </summary>
internal sealed class OutgoingClients(OutgoingHttpOptions options) : IDisposable
{
    /// <summary>Sets of certificates.</summary>
    private const int MostSpecial = 64;

    /// <summary>Kilobytes.</summary>
    private const int LongestHead = 16;

    /// <summary>Of a body, in bytes; a connection whose answer is longer is given up.</summary>
    private const int LargestAnswer = 16 * 1024;

    private readonly HttpMessageInvoker _plain = Make(options, null);
    private readonly Dictionary<OutgoingTls, LinkedListNode<(OutgoingTls Tls, HttpMessageInvoker Client)>> _special = [];
    private readonly LinkedList<(OutgoingTls Tls, HttpMessageInvoker Client)> _byUse = [];
    private readonly Lock _gate = new();

    /// <exception cref="OutgoingCertificateException">A certificate cannot be read.</exception>
    public HttpMessageInvoker For(OutgoingTls? tls)
    {
        if (tls is null) return _plain;
        lock (_gate)
        {
            if (_special.TryGetValue(tls, out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                return known.Value.Client;
            }

            var client = Make(options, tls);
            _special.Add(tls, _byUse.AddFirst((tls, client)));
            if (_special.Count > MostSpecial) Forget(_byUse.Last!.Value);
            return client;
        }
    }

    public void Dispose()
    {
        _plain.Dispose();
        lock (_gate)
        {
            while (_byUse.First is { } first) Forget(first.Value);
        }
    }

    /// <summary>Requests that are under way end as they would have; their connections are not used again.</summary>
    private void Forget((OutgoingTls Tls, HttpMessageInvoker Client) one)
    {
        _byUse.Remove(one);
        _special.Remove(one.Tls);
        one.Client.Dispose();
    }

    private static HttpMessageInvoker Make(OutgoingHttpOptions options, OutgoingTls? tls)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = LongestHead,
            MaxResponseDrainSize = LargestAnswer,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ActivityHeadersPropagator = null,
            ConnectCallback = (context, stop) => OutgoingConnect.Open(context, options, stop),
        };
        if (tls is not null) handler.SslOptions = tls.Options();
        return new HttpMessageInvoker(handler);
    }
}
