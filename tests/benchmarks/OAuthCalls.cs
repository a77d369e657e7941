using System.Text;
using System.Text.Json;

namespace OrleansAuth.Benchmarks;

/// <summary>OAuth 2 as any client speaks it, the same for both sides: <c>client_secret_basic</c>, forms, tokens out of the answers.</summary>
internal static class OAuthCalls
{
    /// <summary>The header of a client that authenticates (RFC 6749, section 2.3.1).</summary>
    public static Dictionary<string, string> Basic(string client, string secret) =>
        new() { ["Authorization"] = $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Uri.EscapeDataString(client)}:{Uri.EscapeDataString(secret)}"))}" };

    /// <summary>Exchanges a refresh token again and again, each time the one of the answer before.</summary>
    public static Func<Task> Refresh(Wire http, string path, string token, IReadOnlyDictionary<string, string> client) => async () =>
    {
        var answer = Json(await http.PostForm(path, $"grant_type=refresh_token&refresh_token={Uri.EscapeDataString(token)}", client));
        var next = answer.GetProperty("refresh_token").GetString()!;
        if (next == token || !answer.TryGetProperty("id_token", out _)) throw new HttpRequestException("The refresh token did not rotate, or no ID token came with it.");
        token = next;
    };

    /// <summary>Gets a token for the client itself.</summary>
    public static Func<Task> ClientCredentials(Wire http, string path, string scope, IReadOnlyDictionary<string, string> client)
    {
        var form = $"grant_type=client_credentials&scope={Uri.EscapeDataString(scope)}";
        return async () =>
        {
            if (Json(await http.PostForm(path, form, client)).GetProperty("access_token").GetString()!.Split('.').Length != 3)
                throw new HttpRequestException("The access token is not a signed one.");
        };
    }

    /// <summary>Asks about one token, which is good.</summary>
    public static Func<Task> Introspect(Wire http, string path, string token, IReadOnlyDictionary<string, string> client)
    {
        var form = $"token={Uri.EscapeDataString(token)}";
        return async () =>
        {
            if (!Json(await http.PostForm(path, form, client)).GetProperty("active").GetBoolean()) throw new HttpRequestException("The token is not active.");
        };
    }

    private static JsonElement Json(byte[] answer) => JsonSerializer.Deserialize<JsonElement>(answer);
}
