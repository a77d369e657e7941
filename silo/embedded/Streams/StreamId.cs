namespace Orleans.Runtime;

/// <summary>Names a stream: a namespace that classes subscribe to, and the key of the grain that receives it.</summary>
public readonly record struct StreamId
{
    private StreamId(string streamNamespace, string key) => (Namespace, Key) = (streamNamespace, key);

    internal string Namespace { get; }

    internal string Key { get; }

    public static StreamId Create(string ns, string key) => new(ns, key);

    public string GetKeyAsString() => Key;

    public string? GetNamespace() => Namespace;

    public override string ToString() => $"{Namespace}/{Key}";
}
