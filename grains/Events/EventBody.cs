using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Secrets;

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

    /// <summary>As it is stored: sealed where it holds secrets.</summary>
    public static string AtRest(string type, Guid id, string body, SecretBox secrets) => EventTypes.WithSecrets.Contains(type) ? secrets.Seal(body, Place(id)) : body;

    /// <summary>Where the sealed body of an event lives.</summary>
    public static string Place(Guid id) => EventBodies.Place(id);

    private static JsonObject Show(EventInfo? info)
    {
        if (info is null) return [];
        // What somebody said counts more than what a browser calls itself.
        var (shown, device) = (new JsonObject(), Device.Of(info.UserAgent));
        (string Name, string? Value)[] texts =
        [
            ("deviceDescription", info.DeviceDescription), ("deviceName", info.DeviceName ?? device.Name), ("deviceType", info.DeviceType ?? device.Type), ("ipAddress", info.IpAddress),
            ("os", info.Os ?? device.Os), ("userAgent", info.UserAgent),
        ];
        foreach (var (name, value) in texts)
            if (value is not null) shown[name] = value;
        if (info.Location is { } location) shown["location"] = JsonSerializer.SerializeToNode(location.Read<JsonElement>());
        if (info.Data is { } data) shown["data"] = JsonSerializer.SerializeToNode(data.Read<JsonElement>());
        return shown;
    }
}
