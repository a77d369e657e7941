namespace Orleans.Runtime;

/// <summary>Something that can be called: a grain or a reference to one.</summary>
public interface IAddressable;

/// <summary>The engine's side of one live grain.</summary>
public interface IGrainContext
{
    GrainId GrainId { get; }
}

/// <summary>The key part of a grain's id.</summary>
public readonly record struct IdSpan(string Value)
{
    internal string Value { get; } = Value;

    public static IdSpan Create(string id) => new(id);

    public override string ToString() => Value;
}

/// <summary>The type part of a grain's id: the name its class is stored under, with the type arguments of a generic class.</summary>
public readonly record struct GrainType(string Value)
{
    internal string Value { get; } = Value;

    public static GrainType Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>Names one grain among all.</summary>
public readonly record struct GrainId(GrainType Type, IdSpan Key)
{
    public static GrainId Create(string type, string key) => new(new GrainType(type), new IdSpan(key));

    public override string ToString() => $"{Type}/{Key}";
}
