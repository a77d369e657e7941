using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansAuth.Storage;

/// <summary>
/// What a row holds that grains read, change and write back. While one version replaces another in a cluster, and after a way back, the
/// older one meets members that only the newer one knows: it keeps them as they are, since a second factor or a ban may be among them.
/// </summary>
public abstract record StoredRecord
{
    /// <summary>Members without a property of their own; null where there are none.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Additional { get; init; }
}
