using System.Text.Json.Nodes;

namespace OrleansAuth.Tokens;

public sealed partial class AccessTokenTests
{
    private static JsonObject With(JsonObject node, string name, JsonNode value)
    {
        var copy = (JsonObject)node.DeepClone();
        copy[name] = value;
        return copy;
    }

    private static JsonObject Without(JsonObject node, string name)
    {
        var copy = (JsonObject)node.DeepClone();
        copy.Remove(name);
        return copy;
    }
}
