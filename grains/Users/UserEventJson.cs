using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansAuth.Common;
using OrleansAuth.Events;

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

    public static WrittenJson Write(User user) => new(JsonSerializer.SerializeToUtf8Bytes(user, Options));

    public static WrittenJson Write(UserRegistration registration) => new(JsonSerializer.SerializeToUtf8Bytes(registration, Options));

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(ContractJson.Options)
        {
            // Nothing counts the depth of what is written already: what would be too deep in its place, two levels down, is too deep here.
            MaxDepth = ContractJson.MaximumDepth - 2,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOut } },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOut(JsonTypeInfo type)
    {
        if (!Untold.TryGetValue(type.Type, out var names)) return;
        foreach (var name in names) type.Properties.Remove(type.Properties.Single(property => property.Name == name));
    }
}
