using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Tenants;

/// <summary>
/// The member <c>webhookIds</c> of requests for a tenant: those webhooks are to serve it too. They are looked at before anything is
/// stored, and changed one by one afterwards; where that is interrupted, repeating the request as an update completes it.
/// </summary>
internal static class TenantWebhooks
{
    private const int Most = 1_000;

    /// <summary>Refuses a request that names webhooks which do not exist for the caller.</summary>
    public static Refusal? Check(JsonObject body, ApiRequest request)
    {
        if (body["webhookIds"] is not { } sent) return null;
        if (Read(sent) is not { Length: <= Most } ids)
            return Refusal.Invalid(ContractError.At("webhookIds", "couldNotConvert", $"The [webhookIds] must be a list of at most {Most} UUIDs."));
        foreach (var id in ids)
        {
            if (request.Snapshot.Find<Webhook>(id) is not { } webhook || !WebhookEndpoints.Sees(webhook, request))
                return Refusal.Invalid(ContractError.At("webhookIds", "invalid", $"There is no webhook with the Id [{id}]."));
        }

        request.Http.Items[typeof(TenantWebhooks)] = ids;
        return null;
    }

    /// <summary>Gives the tenant to the webhooks that the request named and that do not serve it.</summary>
    public static async Task<Refusal?> Give(Guid tenant, ApiRequest request)
    {
        if (request.Http.Items[typeof(TenantWebhooks)] is not Guid[] ids) return null;
        var grains = request.Http.RequestServices.GetRequiredService<IGrainFactory>();
        foreach (var id in ids.Where(id => request.Snapshot.Find<Webhook>(id)?.Serves(tenant) == false))
        {
            var outcome = await grains.GiveWebhookTo(id, tenant, request.Actor);
            if (outcome.Refusal is { } refusal) return refusal;
            await request.Saw(outcome.Value!);
        }

        return null;
    }

    private static Guid[]? Read(JsonNode sent)
    {
        try
        {
            return sent.Deserialize<Guid[]>(ContractJson.Options)?.Distinct().ToArray();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
