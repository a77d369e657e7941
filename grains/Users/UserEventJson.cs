using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OrleansAuth.Common;

namespace OrleansAuth.Users;

/// <summary>
/// How events write users: as the API does, without what signs somebody in. What is left out is left out of the types, so it is never
/// written in the first place, and what was written is put into an event as it is.
/// </summary>
internal static class UserEventJson
{
    /// <summary>Members that are never told: a registration's token signs in like a password, and those of identity providers are not ours to give.</summary>
    private static readonly Dictionary<Type, string[]> Untold = new()
    {
        [typeof(User)] = ["factor"],
        [typeof(UserRegistration)] = ["authenticationToken", "tokens"],
        [typeof(UserTwoFactorConfiguration)] = ["recoveryCodes"],
        [typeof(TwoFactorMethod)] = ["secret"],
    };

    private static readonly JsonSerializerOptions Options = Make();

    public static JsonObject Write(User user) => (JsonObject)JsonSerializer.SerializeToNode(user, Options)!;

    public static JsonObject Write(UserRegistration registration) => (JsonObject)JsonSerializer.SerializeToNode(registration, Options)!;

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(ContractJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOut } } };
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOut(JsonTypeInfo type)
    {
        if (!Untold.TryGetValue(type.Type, out var names)) return;
        foreach (var name in names) type.Properties.Remove(type.Properties.Single(property => property.Name == name));
    }
}
