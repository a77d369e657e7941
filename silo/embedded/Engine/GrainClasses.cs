using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Orleans;

/// <summary>Which class serves which interface, and which subscribe to a stream namespace; read from the assemblies once.</summary>
internal sealed class GrainClasses
{
    private readonly ImmutableArray<Type> _types;
    private readonly ImmutableDictionary<string, Type> _byName;
    private readonly ImmutableDictionary<string, ImmutableArray<GrainClass>> _subscribers;
    private readonly ConcurrentDictionary<Type, GrainClass> _byType = new();
    private readonly ConcurrentDictionary<Type, GrainClass> _byInterface = new();

    /// <exception cref="InvalidOperationException">Two classes have the same stored name.</exception>
    public GrainClasses(IEnumerable<Assembly> assemblies)
    {
        _types = [.. assemblies.Distinct().SelectMany(a => a.GetTypes()).Where(t => t is { IsClass: true, IsAbstract: false } && t.IsSubclassOf(typeof(Grain)))];
        var names = _types.ToLookup(GrainClass.NameOf);
        if (names.FirstOrDefault(n => n.Count() > 1) is { } twice)
            throw new InvalidOperationException($"The grain type '{twice.Key}' is claimed by {string.Join(" and ", twice)}; give each its own [GrainType].");

        _byName = names.ToImmutableDictionary(n => n.Key, n => n.Single());
        _subscribers = _types
            .SelectMany(t => t.GetCustomAttributes<ImplicitStreamSubscriptionAttribute>().Select(a => (a.StreamNamespace, Type: t)))
            .GroupBy(x => x.StreamNamespace)
            .ToImmutableDictionary(g => g.Key, g => g.Select(x => Class(x.Type)).ToImmutableArray());
    }

    public ImmutableArray<GrainClass> SubscribersOf(string streamNamespace) => _subscribers.GetValueOrDefault(streamNamespace, []);

    /// <summary>The class with that stored name, or null if this version of the program has none.</summary>
    public GrainClass? Named(string name) => _byName.TryGetValue(name, out var type) ? Class(type) : null;

    /// <summary>The one class that serves an interface.</summary>
    /// <exception cref="ArgumentException">The type is no usable grain interface, or not exactly one class implements it.</exception>
    public GrainClass Serving(Type face) => _byInterface.GetOrAdd(face, static (face, classes) => classes.Resolve(face), this);

    private GrainClass Class(Type type) => _byType.GetOrAdd(type, static t => new GrainClass(t));

    private GrainClass Resolve(Type face)
    {
        GrainInterfaceRules.Check(face);
        var serving = _types.Select(t => Close(t, face)).OfType<Type>().Where(face.IsAssignableFrom).ToArray();
        return serving switch
        {
            [var one] => Class(one),
            [] => throw new ArgumentException($"No grain class implements {face}. Is its assembly among EmbeddedOptions.Assemblies?"),
            _ => throw new ArgumentException($"{face} is implemented by {string.Join(" and ", serving.Select(t => t.ToString()))}; there must be one."),
        };
    }

    /// <summary>A generic interface is served by the generic class that implements it, closed with the same arguments.</summary>
    private static Type? Close(Type type, Type face)
    {
        if (!type.IsGenericTypeDefinition) return type;
        if (!face.IsConstructedGenericType) return null;
        var definition = face.GetGenericTypeDefinition();
        return type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == definition)
            && type.GetGenericArguments().Length == face.GenericTypeArguments.Length
            ? type.MakeGenericType(face.GenericTypeArguments)
            : null;
    }
}
