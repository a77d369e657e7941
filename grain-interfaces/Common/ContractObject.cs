using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansAuth.Common;

/// <summary>
/// An object of the API contract. Members that this version does not know are kept and returned unchanged, so a newer
/// client loses nothing and a newer server finds what was sent to this one.
/// </summary>
public abstract record ContractObject
{
    /// <summary>Members without a property of their own.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Additional { get; init; }
}
