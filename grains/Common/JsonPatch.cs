using System.Globalization;
using System.Text.Json.Nodes;

namespace OrleansAuth.Common;

/// <summary>RFC 6902 over JSON nodes: all operations apply, or the whole patch is refused.</summary>
internal static class JsonPatch
{
    private const int MaximumOperations = 1_000;

    /// <summary>Nodes that all copies and moves of a patch may touch: a few small operations could double a document again and again.</summary>
    private const int MaximumCopied = 100_000;

    /// <param name="document">Changed in place; throw it away when this throws.</param>
    /// <exception cref="PatchException">An operation is malformed, its path does not exist, or a test failed.</exception>
    public static JsonNode Apply(JsonNode document, JsonArray operations)
    {
        if (operations.Count > MaximumOperations) throw new PatchException($"A JSON Patch may have at most {MaximumOperations} operations.");
        var budget = MaximumCopied;
        foreach (var item in operations)
            Apply(document, item as JsonObject ?? throw new PatchException("Each operation of a JSON Patch is an object."), ref budget);
        budget = int.MaxValue;
        Measure(document, 1, ref budget);
        return document;
    }

    private static void Apply(JsonNode document, JsonObject operation, ref int budget)
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
                var moved = Remove(document, from);
                Measure(moved, 1, ref budget);
                Add(document, path, moved);
                break;
            case "copy":
                var original = Find(document, Pointer(operation, "from"));
                Measure(original, 1, ref budget);
                Add(document, path, original?.DeepClone());
                break;
            case "test":
                if (!JsonNode.DeepEquals(Find(document, path), Value(operation)))
                    throw new PatchException($"The test of [{Text(operation, "path")}] failed.");
                break;
            default:
                throw new PatchException("An operation of a JSON Patch is add, remove, replace, move, copy or test.");
        }
    }

    /// <summary>Takes the nodes of a value from the budget, and refuses one that is deeper than a request may be.</summary>
    private static void Measure(JsonNode? node, int depth, ref int budget)
    {
        if (--budget < 0) throw new PatchException($"The operations of a JSON Patch may copy and move at most {MaximumCopied} values.");
        if (depth > ContractJson.MaximumDepth) throw new PatchException($"A JSON Patch may not nest values deeper than {ContractJson.MaximumDepth}.");
        if (node is JsonObject value)
            foreach (var (_, child) in value) Measure(child, depth + 1, ref budget);
        else if (node is JsonArray list)
            foreach (var item in list) Measure(item, depth + 1, ref budget);
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
        if (text.Count(c => c == '/') > ContractJson.MaximumDepth) throw new PatchException($"The [{name}] of an operation has at most {ContractJson.MaximumDepth} parts.");
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
