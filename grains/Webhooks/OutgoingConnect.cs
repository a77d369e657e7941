using System.Net;
using System.Net.Sockets;

namespace OrleansAuth.Webhooks;

/// <summary>Makes connections, to addresses only that a request may go to.</summary>
internal static class OutgoingConnect
{
    /// <summary>How long the connection of a request may take.</summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> Patience = new("OrleansAuth.ConnectPatience");

    /// <summary>Each look-up of a name blocks a thread of the pool while a name server is silent.</summary>
    private const int LookUpsAtOnce = 16;

    private static readonly SemaphoreSlim LookUps = new(LookUpsAtOnce);

    public static async ValueTask<Stream> Open(SocketsHttpConnectionContext context, OutgoingHttpOptions options, CancellationToken stop)
    {
        using var tooLong = CancellationTokenSource.CreateLinkedTokenSource(stop);
        tooLong.CancelAfter(context.InitialRequestMessage.Options.TryGetValue(Patience, out var patience) ? patience : OutgoingLimits.Usual.Connect);
        try
        {
            return await Open(context.DnsEndPoint, options, tooLong.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new NoConnectionException("There was no connection to the receiver in time.");
        }
    }

    private static async Task<Stream> Open(DnsEndPoint target, OutgoingHttpOptions options, CancellationToken stop)
    {
        var addresses = IPAddress.TryParse(target.Host.Trim('[', ']'), out var literal) ? [literal] : await LookUp(target.Host, stop).ConfigureAwait(false);
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

    private static async Task<IPAddress[]> LookUp(string host, CancellationToken stop)
    {
        await LookUps.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await Dns.GetHostAddressesAsync(host, stop).ConfigureAwait(false);
        }
        finally
        {
            LookUps.Release();
        }
    }
}

/// <summary>The target is one that nobody may choose. The message is for operators.</summary>
internal sealed class ForbiddenTargetException(string message) : IOException(message);

/// <summary>Nobody took the connection in time. The message is for operators.</summary>
internal sealed class NoConnectionException(string message) : IOException(message);
