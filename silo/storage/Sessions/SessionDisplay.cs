using System.Text.Json.Nodes;

namespace OrleansAuth.Storage.Sessions;

/// <summary>A session as the API shows it: the contract's refresh token, without its value, which nobody has.</summary>
public static class SessionDisplay
{
    /// <summary>A single sign-on session: as the contract has it, a refresh token of no application.</summary>
    public static JsonObject Show(Guid sessionId, StoredSignOn session)
    {
        var device = new JsonObject { ["lastAccessedInstant"] = session.LastUsed, ["type"] = "BROWSER" };
        if (session.LastAddress is { } address) device["lastAccessedAddress"] = address;
        if (session.UserAgent is { } agent) device["description"] = agent;
        return new JsonObject
        {
            ["id"] = sessionId,
            ["insertInstant"] = session.SignedIn,
            ["metaData"] = new JsonObject { ["device"] = device },
            ["startInstant"] = session.SignedIn,
            ["tenantId"] = session.TenantId,
            ["userId"] = session.UserId,
        };
    }

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
