using System.Globalization;
using System.Text.Json.Nodes;

namespace OrleansAuth.Common;

/// <summary>RFC 6902 over JSON nodes: all operations apply, or the whole patch is refused.</summary>
internal static class JsonPatch
{
    private const int MaximumOperations = 1_000;

    /// <param name="document">Changed in place; throw it away when this throws.</param>
    /// <exception cref="PatchException">An operation is malformed, its path does not exist, or a test failed.</exception>
    public static JsonNode Apply(JsonNode document, JsonArray operations)
    {
        if (operations.Count > MaximumOperations) throw new PatchException($"A JSON Patch may have at most {MaximumOperations} operations.");
        foreach (var item in operations)
        {
            var operation = item as JsonObject ?? throw new PatchException("Each operation of a JSON Patch is an object.");
            document = Apply(document, operation);
        }

        return document;
    }

    private static JsonNode Apply(JsonNode document, JsonObject operation)
    {
        var path = Pointer(operation, "path");
        switch (Text(operation, "op"))
        {
            case "add":
                Add(document, path, Value(operation));
                break;
            case "replace":
                Remove(document, path);
                Add(document, path, Value(operation));
                break;
            case "remove":
                Remove(document, path);
                break;
            case "move":
                var from = Pointer(operation, "from");
                if (path.Length > from.Length && path.AsSpan(0, from.Length).SequenceEqual(from))
                    throw new PatchException("A value cannot be moved into itself.");
                Add(document, path, Remove(document, from));
                break;
            case "copy":
                Add(document, path, Find(document, Pointer(operation, "from"))?.DeepClone());
                break;
            case "test":
                if (!JsonNode.DeepEquals(Find(document, path), Value(operation)))
                    throw new PatchException($"The test of [{Text(operation, "path")}] failed.");
                break;
            default:
                throw new PatchException("An operation of a JSON Patch is add, remove, replace, move, copy or test.");
        }

        return document;
    }

    private static string Text(JsonObject operation, string name) =>
        operation[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new PatchException($"An operation lacks its [{name}].");

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw new PatchException("An operation lacks its [value].");

    /// <summary>RFC 6901, section 4: <c>~1</c> is a slash, <c>~0</c> a tilde.</summary>
    private static string[] Pointer(JsonObject operation, string name)
    {
        var text = Text(operation, name);
        if (!text.StartsWith('/')) throw new PatchException($"The [{name}] of an operation begins with a slash.");
        return [.. text[1..].Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static JsonNode? Find(JsonNode document, ReadOnlySpan<string> path)
    {
        JsonNode? node = document;
        foreach (var part in path)
        {
            node = node switch
            {
                JsonObject child when child.TryGetPropertyValue(part, out var value) => value,
                JsonArray list => list[Index(part, list.Count - 1)],
                _ => throw Missing(part),
            };
        }

        return node;
    }

    private static void Add(JsonNode document, string[] path, JsonNode? value)
    {
        switch (Find(document, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject parent:
                parent[path[^1]] = value;
                break;
            case JsonArray list:
                list.Insert(path[^1] == "-" ? list.Count : Index(path[^1], list.Count), value);
                break;
            default:
                throw Missing(path[^1]);
        }
    }

    private static JsonNode? Remove(JsonNode document, string[] path)
    {
        var value = Find(document, path);
        switch (Find(document, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject parent:
                parent.Remove(path[^1]);
                break;
            case JsonArray list:
                list.RemoveAt(Index(path[^1], list.Count - 1));
                break;
        }

        return value;
    }

    private static int Index(string text, int maximum)
    {
        var plain = text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit) && (text == "0" || text[0] != '0');
        return plain && int.Parse(text, CultureInfo.InvariantCulture) is var index && index <= maximum ? index : throw Missing(text);
    }

    private static PatchException Missing(string part) => new($"The path of an operation leads nowhere at [{part}].");
}
