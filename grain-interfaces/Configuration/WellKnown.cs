using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Configuration;

/// <summary>Ids of what every system has.</summary>
public static class WellKnown
{
    /// <summary>The application that administrators of this server are registered for. Its tenant is the default tenant.</summary>
    public static readonly Guid AdministrationApplication = new("3c219e58-ed0e-4b18-ad48-f4f92793ae32");

    /// <summary>The application that tenants' own managers are registered for. The contract names it without an id; this one is ours.</summary>
    public static readonly Guid TenantManagerApplication = new("6a1f0c52-3f0e-8b0e-9d5e-7d1f6f2c40aa");

    /// <summary>The connector to this server's own users.</summary>
    public static readonly Guid OwnConnector = new("e3306678-a53a-4964-9040-1c96f36dda72");

    /// <summary>The theme that every tenant has until it chooses another.</summary>
    public static readonly Guid DefaultTheme = new("75a068fd-e94b-451a-9aeb-3ddb9a3b5987");

    /// <summary>The same id for the same name on every system (RFC 9562, section 5.8: a custom name-based id).</summary>
    public static Guid Named(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
