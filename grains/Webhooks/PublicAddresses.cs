using System.Net;
using System.Net.Sockets;

namespace OrleansAuth.Webhooks;

/// <summary>
/// Which addresses a request may go to that somebody else chose the target of: those of the public internet, by the
/// registries of IANA for special purposes (RFC 6890). Everything that is not known to be public is not.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Inside the one block of IPv6 that is public: tunnels, which carry other addresses, benchmarks and documentation.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Global.Contains(address)) return false;
        return !Special.Any(network => network.Contains(address));
    }

    /// <summary>Ports of other protocols would let a request speak to a server that is none of the web.</summary>
    public static bool IsPortOfWeb(int port) => port is 80 or 443 or >= 1024;
}
