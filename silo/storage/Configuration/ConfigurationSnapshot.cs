using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansAuth.Configuration;

namespace OrleansAuth.Storage.Configuration;

/// <summary>
/// Everything configured, as it was at one version. Immutable: take it once at the beginning of a request and read from
/// it to the end, and the request sees one state of the world.
/// </summary>
public sealed class ConfigurationSnapshot
{
    /// <summary>Nothing but what comes with the server.</summary>
    public static readonly ConfigurationSnapshot Empty = new(0, Families.All.Where(family => !family.BuiltIn.IsEmpty)
        .ToImmutableDictionary(family => family, family => family.BuiltIn.ToImmutableDictionary(value => value.Id)));

    private readonly ImmutableDictionary<ConfigurationFamily, ImmutableDictionary<Guid, ConfigurationObject>> _families;
    private readonly ConcurrentDictionary<object, object> _derived = new();

    internal ConfigurationSnapshot(long version, ImmutableDictionary<ConfigurationFamily, ImmutableDictionary<Guid, ConfigurationObject>> families)
    {
        Version = version;
        _families = families;
    }

    /// <summary>The configuration version that this has everything of.</summary>
    public long Version { get; }

    /// <summary>One object, or null.</summary>
    public T? Find<T>(Guid id) where T : ConfigurationObject => Family(typeof(T)).GetValueOrDefault(id) as T;

    /// <summary>One object, or null, also where <paramref name="id"/> is null.</summary>
    public T? Find<T>(Guid? id) where T : ConfigurationObject => id is { } given ? Find<T>(given) : null;

    /// <summary>One object of that tenant, or null; one of another tenant is not found, nor is one of all tenants.</summary>
    public T? FindIn<T>(Guid tenantId, Guid? id) where T : ConfigurationObject, IInTenant => Find<T>(id) is { } found && found.TenantId == tenantId ? found : null;

    /// <summary>All objects of a family, in no order.</summary>
    public IEnumerable<T> All<T>() where T : ConfigurationObject => Family(typeof(T)).Values.Cast<T>();

    /// <summary>One object of a family known by name only, or null.</summary>
    public ConfigurationObject? Find(ConfigurationFamily family, Guid id) => Family(family).GetValueOrDefault(id);

    /// <summary>All objects of a family known by name only, in no order.</summary>
    public IEnumerable<ConfigurationObject> All(ConfigurationFamily family) => Family(family).Values;

    /// <summary>How many objects a family has.</summary>
    public int Count<T>() where T : ConfigurationObject => Family(typeof(T)).Count;

    /// <summary>
    /// A look-up table made from this snapshot, computed when first asked for and then kept as long as the snapshot lives.
    /// </summary>
    /// <param name="make">A static function; it is also the key under which the table is kept.</param>
    public T Derive<T>(Func<ConfigurationSnapshot, T> make) where T : class => (T)_derived.GetOrAdd(make, static (_, s) => s.make(s.snapshot), (make, snapshot: this));

    internal ConfigurationSnapshot With(long version, IEnumerable<(ConfigurationFamily Family, Guid Id, ConfigurationObject? Value)> changes)
    {
        var families = _families;
        foreach (var (family, id, value) in changes)
        {
            var objects = families.GetValueOrDefault(family, ImmutableDictionary<Guid, ConfigurationObject>.Empty);
            families = families.SetItem(family, value is null ? objects.Remove(id) : objects.SetItem(id, value));
        }

        return new ConfigurationSnapshot(version, families);
    }

    private ImmutableDictionary<Guid, ConfigurationObject> Family(Type type) => Family(Families.Of(type));

    private ImmutableDictionary<Guid, ConfigurationObject> Family(ConfigurationFamily family) =>
        _families.GetValueOrDefault(family, ImmutableDictionary<Guid, ConfigurationObject>.Empty);
}
