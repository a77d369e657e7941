using System.Text.Json.Nodes;

namespace OrleansAuth.Storage.Sessions;

/// <summary>A session as the API shows it: the contract's refresh token, without its value, which nobody has.</summary>
public static class SessionDisplay
{
    public static JsonObject Show(Guid sessionId, StoredSession session)
    {
        var metaData = session.MetaData is { } sent ? JsonNode.Parse(sent.GetRawText()) as JsonObject ?? [] : [];
        var device = metaData["device"] as JsonObject ?? [];
        if (device.Parent is null) metaData["device"] = device;
        device["lastAccessedInstant"] = session.LastUsed ?? session.InsertInstant;
        if (session.LastAddress is { } address) device["lastAccessedAddress"] = address;
        var shown = new JsonObject
        {
            ["id"] = sessionId,
            ["insertInstant"] = session.InsertInstant,
            ["metaData"] = metaData,
            ["startInstant"] = session.StartInstant,
            ["tenantId"] = session.TenantId,
            ["userId"] = session.UserId,
        };
        if (session.ApplicationId is { } application) shown["applicationId"] = application;
        if (session.Data is { } data) shown["data"] = JsonNode.Parse(data.GetRawText());
        return shown;
    }
}
