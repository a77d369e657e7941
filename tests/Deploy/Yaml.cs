using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OrleansAuth.Deploy;

/// <summary>Reads YAML with anchors and merges as other programs do, and finds things in it by path.</summary>
internal static class Yaml
{
    /// <summary>All documents of a text that are not empty.</summary>
    public static List<Dictionary<object, object>> Read(string text)
    {
        var parser = new MergingParser(new Parser(new StringReader(text)));
        var reader = new DeserializerBuilder().Build();
        var documents = new List<Dictionary<object, object>>();
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _))
        {
            if (reader.Deserialize<object?>(parser) is Dictionary<object, object> document) documents.Add(document);
        }

        return documents;
    }

    /// <summary>What stands at a path such as <c>spec.template.spec</c>; null where there is nothing.</summary>
    public static object? At(this object? node, string path)
    {
        foreach (var part in path.Split('.'))
            node = node is Dictionary<object, object> map && map.TryGetValue(part, out var next) ? next : null;
        return node;
    }

    public static string? Text(this object? node, string path) => node.At(path) as string;

    public static IEnumerable<object> List(this object? node, string path) => node.At(path) as List<object> ?? [];

    public static Dictionary<object, object> Map(this object? node, string path) => node.At(path) as Dictionary<object, object> ?? [];
}
