using OrleansAuth.Common;

namespace OrleansAuth.Configuration;

/// <summary>
/// One configuration object: every write of it passes through here, one after the other. Reading is done from the
/// process's snapshot, never by a call.
/// </summary>
[Alias("configuration")]
public interface IConfigurationGrain : IGrainWithStringKey
{
    /// <summary>Creates the object. Refuses a taken id or name with <c>[duplicate]</c>, and whatever the family's rules refuse.</summary>
    [Alias("create")]
    Task<Outcome<ConfigurationView>> Create(CreateConfiguration command);

    /// <summary>Replaces or patches the object. Not found where it does not exist in the tenant that the command names.</summary>
    [Alias("change")]
    Task<Outcome<ConfigurationView>> Change(ChangeConfiguration command);

    /// <summary>Adds, changes or removes one item of a list inside the object, such as a role of an application.</summary>
    [Alias("change-item")]
    Task<Outcome<ConfigurationView>> ChangeItem(ChangeConfigurationItem command);

    /// <summary>Does to the object what no request for a change can say, such as pausing a webhook.</summary>
    [Alias("act")]
    Task<Outcome<ConfigurationView>> Act(ActOnConfiguration command);

    /// <summary>Deactivates the object, or removes it for good, as the command says and the family allows.</summary>
    [Alias("remove")]
    Task<Outcome<ConfigurationView>> Remove(RemoveConfiguration command);
}

/// <summary>How keys of configuration grains are written and read.</summary>
public static class ConfigurationGrainKeys
{
    /// <summary>
    /// The only place that knows how the key is written. Ids of configuration objects are unique across tenants; the
    /// tenant that a caller may act in travels in each command and is checked there.
    /// </summary>
    public static IConfigurationGrain Configuration(this IGrainFactory grains, ConfigurationFamily family, Guid id) =>
        grains.GetGrain<IConfigurationGrain>($"{family.Name}/{id:N}");

    /// <summary>Reads a key back; for the grain itself.</summary>
    public static (ConfigurationFamily Family, Guid Id) ReadKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return (Families.Named(key[..slash]), Guid.ParseExact(key.AsSpan(slash + 1), "N"));
    }
}
