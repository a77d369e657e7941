using OrleansAuth.Applications;
using OrleansAuth.Keys;
using OrleansAuth.Tenants;

namespace OrleansAuth.Common;

/// <summary>
/// Does on another core, while the host is put together, what the first request or the first read of the configuration
/// would otherwise wait for: working out how the large records are read from JSON takes half a second of processor time.
/// </summary>
internal static class WarmUp
{
    public static void Begin() => _ = Task.Run(() =>
    {
        Touch<Tenant>();
        Touch<Application>();
        Touch<Key>();
        Touch<Users.User>();
    });

    private static void Touch<T>() where T : class, new() => ContractJson.Read<T>(ContractJson.ToNode(new T()));
}
