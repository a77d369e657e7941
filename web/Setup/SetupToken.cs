using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Setup;

/// <summary>
/// What proves that whoever opens the setup page can read this server's log. Made anew by each start and never stored; it
/// opens nothing once there is an administrator.
/// </summary>
internal sealed class SetupToken
{
    private readonly byte[] _value = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24)));

    /// <summary>For the log, and only while there is no administrator.</summary>
    public string Value => Encoding.ASCII.GetString(_value);

    public bool Matches(string? given) => given is not null && CryptographicOperations.FixedTimeEquals(_value, Encoding.UTF8.GetBytes(given));
}
