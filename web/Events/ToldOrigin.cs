using System.Net;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Events;

/// <summary>
/// What the body of a request says about where the request came from. <c>eventInfo</c> counts from callers with an API key, who speak for
/// somebody else, and takes the place of what the server sees. <c>metaData.device</c> of logins is what a device calls itself, whoever sends it.
/// </summary>
internal static class ToldOrigin
{
    /// <summary>In characters.</summary>
    private const int LongestText = 255;

    /// <summary>Of <c>data</c>, in characters of JSON.</summary>
    private const int LongestData = 4096;

    /// <param name="seen">What the server sees; the caller's own address stays where it told none.</param>
    /// <returns>Null where the body says nothing that counts.</returns>
    public static Outcome<EventInfo> Read(JsonObject body, EventInfo seen, bool trusted)
    {
        if (trusted && body["eventInfo"] is { } told) return ReadInfo(told, seen);
        return body["metaData"] is JsonObject { Count: > 0 } metaData && metaData["device"] is JsonObject device ? OfDevice(device, seen) : new Outcome<EventInfo>();
    }

    private static Outcome<EventInfo> ReadInfo(JsonNode told, EventInfo seen)
    {
        var errors = new Errors("eventInfo");
        if (told is not JsonObject sent) return Refusal.Invalid(ContractError.At("eventInfo", "couldNotConvert", "The [eventInfo] must be a JSON object."));
        var address = Text(sent, "ipAddress", errors);
        if (address is not null && !IPAddress.TryParse(address, out _)) errors.Add("ipAddress", "invalid", "The [eventInfo.ipAddress] must be an IP address.");
        var info = new EventInfo
        {
            IpAddress = address ?? seen.IpAddress,
            UserAgent = RequestOrigin.UserAgent(Value(sent, "userAgent", errors)),
            Os = Text(sent, "os", errors),
            DeviceName = Text(sent, "deviceName", errors),
            DeviceType = Text(sent, "deviceType", errors),
            DeviceDescription = Text(sent, "deviceDescription", errors),
            Location = Location(sent["location"], errors),
            Data = Data(sent["data"], errors),
        };
        return errors.Any ? errors.Refusal : info;
    }

    /// <summary>A device that describes itself wrongly is not described; a login does not fail for it.</summary>
    private static Outcome<EventInfo> OfDevice(JsonObject device, EventInfo seen) => seen with
    {
        DeviceName = Short(device["name"]),
        DeviceType = Short(device["type"]),
        DeviceDescription = Short(device["description"]),
    };

    private static string? Short(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length is > 0 and <= LongestText ? text : null;

    /// <summary>The contract's <c>Location</c>, and nothing else that may stand there.</summary>
    private static JsonText? Location(JsonNode? node, Errors errors)
    {
        if (node is null) return null;
        if (node is not JsonObject sent)
        {
            errors.Add("location", "couldNotConvert", "The [eventInfo.location] must be a JSON object.");
            return null;
        }

        var location = new JsonObject();
        foreach (var name in (string[])["city", "country", "displayString", "region", "zipcode"])
            if (Text(sent, name, errors, "location.") is { } text) location[name] = text;
        foreach (var (name, limit) in ((string, double)[])[("latitude", 90), ("longitude", 180)])
        {
            if (sent[name] is not { } number) continue;
            if (number is JsonValue value && value.TryGetValue<double>(out var degrees) && Math.Abs(degrees) <= limit) location[name] = degrees;
            else errors.Add($"location.{name}", "invalid", $"The [eventInfo.location.{name}] must be a number from -{limit} to {limit}.");
        }

        return JsonText.From(location);
    }

    private static JsonText? Data(JsonNode? node, Errors errors)
    {
        if (node is null) return null;
        if (node is JsonObject && node.ToJsonString(ContractJson.Options).Length <= LongestData) return JsonText.From(node);
        errors.Add("data", node is JsonObject ? "tooLong" : "couldNotConvert", $"The [eventInfo.data] must be a JSON object of at most {LongestData} characters.");
        return null;
    }

    private static string? Text(JsonObject sent, string name, Errors errors, string prefix = "")
    {
        var text = Value(sent, name, errors, prefix);
        if (text is { Length: > LongestText }) errors.Add(prefix + name, "tooLong", $"The [eventInfo.{prefix}{name}] may have at most {LongestText} characters.");
        return text is "" ? null : text;
    }

    private static string? Value(JsonObject sent, string name, Errors errors, string prefix = "")
    {
        if (sent[name] is not { } node) return null;
        if (node is JsonValue value && value.TryGetValue<string>(out var text)) return text;
        errors.Add(prefix + name, "couldNotConvert", $"The [eventInfo.{prefix}{name}] must be a text.");
        return null;
    }
}
