using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>
/// Which devices a user has been seen on. The first one that is seen is not new: before it, nobody looked. Bounded: the device that was
/// used longest ago is forgotten, and new when it comes back. Pure: the time comes in.
/// </summary>
internal static class KnownDevices
{
    /// <summary>So many devices of a user are remembered.</summary>
    public const int Most = 20;

    /// <summary>The devices after a login, and whether it came from a new one.</summary>
    public static (ImmutableArray<StoredDevice> Devices, bool IsNew) With(ImmutableArray<StoredDevice> devices, Guid userId, SeenDevice seen, long now)
    {
        ImmutableArray<StoredDevice> known = devices.IsDefault ? [] : devices;
        if (seen.Mark is not { } mark) return (known, seen.SaysNew);
        var hash = HashOf(userId, mark);
        var isNew = seen.SaysNew || (known.Length > 0 && known.All(d => d.Mark != hash));
        return ([new StoredDevice(hash, now), .. known.Where(d => d.Mark != hash).Take(Most - 1)], isNew);
    }

    /// <summary>Two users of one device have different marks, so that nobody learns from the rows who shares one.</summary>
    private static string HashOf(Guid userId, string mark) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"device/{userId:N}/{mark}")).AsSpan(0, 16));
}
