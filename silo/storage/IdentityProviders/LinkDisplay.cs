using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.IdentityProviders;

namespace OrleansAuth.Storage.IdentityProviders;

/// <summary>A link as the API shows it.</summary>
public static class LinkDisplay
{
    public static JsonObject Show(Guid tenantId, Guid userId, StoredLink link, IdentityProvider provider)
    {
        var shown = new JsonObject
        {
            ["identityProviderId"] = link.ProviderId,
            ["identityProviderName"] = provider.Name,
            ["identityProviderType"] = provider.Type?.ToString(),
            ["identityProviderUserId"] = link.Subject,
            ["insertInstant"] = link.InsertInstant,
            ["tenantId"] = tenantId,
            ["userId"] = userId,
        };
        if (link.DisplayName is { } name) shown["displayName"] = name;
        if (link.LastLoginInstant is { } used) shown["lastLoginInstant"] = used;
        if (link.Data is { } data) shown["data"] = JsonNode.Parse(data.GetRawText(), documentOptions: ContractJson.DocumentOptions);
        return shown;
    }
}
