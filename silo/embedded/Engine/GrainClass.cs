using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace Orleans;

/// <summary>A grain class: its stored name and how an instance is made.</summary>
internal sealed class GrainClass
{
    private readonly ObjectFactory _factory;

    public GrainClass(Type type)
    {
        _factory = ActivatorUtilities.CreateFactory(type, []);
        Name = NameOf(type);
        Workers = type.GetCustomAttribute<StatelessWorkerAttribute>()?.MaxLocalWorkers ?? 0;
        IsGeneric = type.IsGenericType;
    }

    /// <summary>The type part of the ids of its grains.</summary>
    public string Name { get; }

    /// <summary>How many instances may share a key; 0 for an ordinary grain, of which there is one.</summary>
    public int Workers { get; }

    public bool IsGeneric { get; }

    /// <summary>The type arguments are part of the name, or two families of a generic grain would share their activations.</summary>
    public static string NameOf(Type type)
    {
        var name = type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? type.Name;
        return type.IsConstructedGenericType ? $"{name}[{string.Join(',', type.GetGenericArguments().Select(a => a.FullName))}]" : name;
    }

    public Grain Create(IServiceProvider services) => (Grain)_factory(services, null);
}
