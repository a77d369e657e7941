using System.Text.Json;

namespace OrleansAuth.Benchmarks;

/// <summary>The OAuth 2 clients of one of our tenants: an application that users sign in to, and a machine that may read another one.</summary>
/// <param name="Application">The header with the application's id and secret.</param>
/// <param name="Machine">The header with the machine's.</param>
/// <param name="Scope">What the machine asks for.</param>
internal sealed record OurClients(IReadOnlyDictionary<string, string> Application, IReadOnlyDictionary<string, string> Machine, string Scope)
{
    private const string TokenPath = "/oauth2/token";

    /// <summary>Makes them through the API.</summary>
    /// <param name="key">Headers with the API key and the tenant.</param>
    public static async Task<OurClients> Make(Wire http, string application, string secret, IReadOnlyDictionary<string, string> key)
    {
        var type = (await http.PostForJson("/api/entity/type", new { entityType = new { name = $"benchmark {Guid.NewGuid():N}", permissions = new[] { new { name = "read" } } } }, key)).GetProperty("entityType").GetProperty("id").GetString();
        var machine = (await http.PostForJson("/api/entity", new { entity = new { name = "machine", type = new { id = type } } }, key)).GetProperty("entity");
        var target = (await http.PostForJson("/api/entity", new { entity = new { name = "target", type = new { id = type } } }, key)).GetProperty("entity").GetProperty("id").GetString();
        await http.Post($"/api/entity/{target}/grant", Wire.Body(new { grant = new { recipientEntityId = machine.GetProperty("id").GetString(), permissions = new[] { "read" } } }), key);
        return new OurClients(
            OAuthCalls.Basic(application, secret),
            OAuthCalls.Basic(machine.GetProperty("clientId").GetString()!, machine.GetProperty("clientSecret").GetString()!),
            $"target-entity:{target}:read");
    }

    /// <summary>One worker's calls.</summary>
    public async Task<Func<Task>> Worker(Wire http, Action action, Account account)
    {
        if (action is Action.ClientCredentials) return OAuthCalls.ClientCredentials(http, TokenPath, Scope, Machine);
        var answer = await http.PostForm(
            TokenPath, $"grant_type=password&scope=openid%20offline_access&username={Uri.EscapeDataString(account.Email)}&password={Uri.EscapeDataString(account.Password)}", Application);
        var tokens = JsonSerializer.Deserialize<JsonElement>(answer);
        return action is Action.TokenRefresh
            ? OAuthCalls.Refresh(http, TokenPath, tokens.GetProperty("refresh_token").GetString()!, Application)
            : OAuthCalls.Introspect(http, "/oauth2/introspect", tokens.GetProperty("access_token").GetString()!, Application);
    }
}
