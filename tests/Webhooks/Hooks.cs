using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Webhooks;

/// <summary>Webhooks as tests make them.</summary>
internal static class Hooks
{
    /// <summary>A valid one, with other members over it; a member of null is left out.</summary>
    public static JsonObject Body(JsonObject? over = null)
    {
        var webhook = new JsonObject { ["url"] = "https://receiver.example/events", ["connectTimeout"] = 1000, ["readTimeout"] = 2000, ["global"] = true };
        foreach (var (name, value) in over ?? [])
        {
            if (value is null) webhook.Remove(name);
            else webhook[name] = value.DeepClone();
        }

        return new JsonObject { ["webhook"] = webhook };
    }

    public static JsonObject Body(string over) => Body((JsonObject)JsonNode.Parse(over)!);

    /// <summary>One for a tenant alone.</summary>
    public static JsonObject Of(params Guid[] tenants) => Body(new JsonObject { ["global"] = null, ["tenantIds"] = new JsonArray([.. tenants.Select(id => (JsonNode)id)]) });

    public static async Task<Guid> Create(TestServer server, JsonObject body) => (Guid)(await server.Post("/api/webhook", body)).Is(200).Body["webhook"]!["id"]!;

    /// <summary>As this process has it, with its secrets.</summary>
    public static Webhook Find(TestServer server, Guid id) => server.Services.GetRequiredService<ConfigurationReader>().Current.Find<Webhook>(id)!;

    /// <summary>An API key of one tenant.</summary>
    public static async Task<string> KeyOf(TestServer server, Guid tenant) => (string)(await server.Post("/api/api-key", new { apiKey = new { tenantId = tenant } })).Is(200).Body["apiKey"]!["key"]!;
}
