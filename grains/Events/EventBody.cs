using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Events;

namespace OrleansAuth.Events;

/// <summary>What is sent: <c>{"event": {…}}</c>, the members of all events first.</summary>
internal static class EventBody
{
    public static string Write(Guid id, string type, Guid? tenantId, long instant, EventInfo? info, JsonObject members)
    {
        var body = new JsonObject { ["createInstant"] = instant, ["id"] = id, ["info"] = Show(info), ["type"] = type };
        if (tenantId is { } tenant) body["tenantId"] = tenant;
        foreach (var (name, value) in members.ToArray())
        {
            members.Remove(name);
            body[name] = value;
        }

        return new JsonObject { ["event"] = body }.ToJsonString(ContractJson.Options);
    }

    /// <summary>Where the sealed body of an event lives.</summary>
    public static string Place(Guid id) => EventBodies.Place(id);

    private static JsonObject Show(EventInfo? info)
    {
        if (info is null) return [];
        var shown = new JsonObject();
        (string Name, string? Value)[] texts =
        [
            ("deviceDescription", info.DeviceDescription), ("deviceName", info.DeviceName), ("deviceType", info.DeviceType), ("ipAddress", info.IpAddress),
            ("os", info.Os), ("userAgent", info.UserAgent),
        ];
        foreach (var (name, value) in texts)
            if (value is not null) shown[name] = value;
        if (info.Location is { } location) shown["location"] = JsonSerializer.SerializeToNode(location.Read<JsonElement>());
        if (info.Data is { } data) shown["data"] = JsonSerializer.SerializeToNode(data.Read<JsonElement>());
        return shown;
    }
}
