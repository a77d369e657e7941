using System.Text.Json.Nodes;
using OrleansAuth.Configuration;

namespace OrleansAuth.Common;

/// <summary>The ways in which the contract changes a stored object.</summary>
internal static class Patch
{
    /// <summary>
    /// Applies a change to an object. Neither argument is kept or changed.
    /// </summary>
    /// <param name="root">The name that wraps the object in requests; a JSON Patch addresses it, the other forms come without it.</param>
    /// <exception cref="PatchException">The patch is malformed or does not fit the object.</exception>
    public static JsonObject Apply(JsonObject current, ChangeKind kind, JsonText change, string root) => kind switch
    {
        ChangeKind.Replace => (JsonObject)Parse(change),
        ChangeKind.LegacyMerge => LegacyMerge((JsonObject)current.DeepClone(), AsObject(change, root)),
        ChangeKind.MergePatch => MergePatch((JsonObject)current.DeepClone(), AsObject(change, root)),
        ChangeKind.JsonPatch => Operations(current, change, root),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a patch."),
    };

    private static JsonNode Parse(JsonText text) =>
        JsonNode.Parse(text.Utf8.Span, documentOptions: ContractJson.DocumentOptions) ?? throw new PatchException("The patch is null.");

    private static JsonObject AsObject(JsonText text, string root) =>
        Parse(text) as JsonObject ?? throw new PatchException($"The patch must be a JSON object with a member [{root}].");

    private static JsonObject Operations(JsonObject current, JsonText change, string root)
    {
        var operations = Parse(change) as JsonArray ?? throw new PatchException("A JSON Patch is an array of operations.");
        var wrapped = new JsonObject { [root] = current.DeepClone() };
        return JsonPatch.Apply(wrapped, operations)[root] as JsonObject ?? throw new PatchException($"The patch must leave [{root}] an object.");
    }

    /// <summary>The contract's older merge: null removes a member, objects merge, arrays are appended to what is there.</summary>
    private static JsonObject LegacyMerge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject child && target[name] is JsonObject existing)
                LegacyMerge(existing, child);
            else if (value is JsonArray more && target[name] is JsonArray list)
                foreach (var item in more) list.Add(item?.DeepClone());
            else
                target[name] = value.DeepClone();
        }

        return target;
    }

    /// <summary>RFC 7396, section 2.</summary>
    private static JsonObject MergePatch(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject child)
                target[name] = MergePatch(target[name] is JsonObject existing ? (JsonObject)existing.DeepClone() : [], child);
            else
                target[name] = value.DeepClone();
        }

        return target;
    }
}

/// <summary>A patch that is malformed or does not fit. The message is for the caller.</summary>
internal sealed class PatchException : Exception
{
    public PatchException()
    {
    }

    public PatchException(string message) : base(message)
    {
    }

    public PatchException(string message, Exception inner) : base(message, inner)
    {
    }
}
