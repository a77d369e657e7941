using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Events;

/// <summary>What is sent: <c>{"event": {…}}</c>, the members of all events first.</summary>
internal static class EventBody
{
    private const string CreateInstant = "createInstant", Id = "id", Info = "info", Type = "type", TenantId = "tenantId";

    /// <param name="members">What the event says beside these; where it has a name of theirs, it is the event's own value that counts.</param>
    public static string Write(Guid id, string type, Guid? tenantId, long instant, EventInfo? info, JsonObject members)
    {
        var text = EventText.Begin();
        var writer = text.Writer;
        writer.WriteStartObject();
        writer.WriteStartObject("event");
        if (!IsOwn(writer, members, CreateInstant)) writer.WriteNumber(CreateInstant, instant);
        if (!IsOwn(writer, members, Id)) writer.WriteString(Id, id);
        if (!IsOwn(writer, members, Info)) Show(writer, info);
        if (!IsOwn(writer, members, Type)) writer.WriteString(Type, type);
        if (tenantId is { } tenant && !IsOwn(writer, members, TenantId)) writer.WriteString(TenantId, tenant);
        foreach (var (name, value) in members)
            if (name is not (CreateInstant or Id or Info or Type) && (name != TenantId || tenantId is null)) Write(writer, name, value);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return text.End();
    }

    /// <summary>As it is stored: sealed where it holds secrets.</summary>
    public static string AtRest(string type, Guid id, string body, SecretBox secrets) => EventTypes.WithSecrets.Contains(type) ? secrets.Seal(body, Place(id)) : body;

    /// <summary>Where the sealed body of an event lives.</summary>
    public static string Place(Guid id) => EventBodies.Place(id);

    /// <summary>Writes the event's own value, if it has one.</summary>
    private static bool IsOwn(Utf8JsonWriter writer, JsonObject members, string name)
    {
        if (!members.TryGetPropertyValue(name, out var value)) return false;
        Write(writer, name, value);
        return true;
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        if (value is null) writer.WriteNullValue();
        else value.WriteTo(writer, ContractJson.Options);
    }

    private static void Show(Utf8JsonWriter writer, EventInfo? info)
    {
        writer.WriteStartObject(Info);
        if (info is not null)
        {
            // What somebody said counts more than what a browser calls itself.
            var device = Device.Of(info.UserAgent);
            Say(writer, "deviceDescription", info.DeviceDescription);
            Say(writer, "deviceName", info.DeviceName ?? device.Name);
            Say(writer, "deviceType", info.DeviceType ?? device.Type);
            Say(writer, "ipAddress", info.IpAddress);
            Say(writer, "os", info.Os ?? device.Os);
            Say(writer, "userAgent", info.UserAgent);
            Say(writer, "location", info.Location);
            Say(writer, "data", info.Data);
        }

        writer.WriteEndObject();
    }

    private static void Say(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null) writer.WriteString(name, value);
    }

    /// <summary>Read before it is written, so that it is written as everything else, however somebody sent it.</summary>
    private static void Say(Utf8JsonWriter writer, string name, JsonText? value)
    {
        if (value is null) return;
        writer.WritePropertyName(name);
        value.Read<JsonElement>().WriteTo(writer);
    }
}
