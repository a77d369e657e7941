using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;

namespace OrleansAuth.OAuth;

/// <summary>An authorization request that its client pushed (RFC 9126).</summary>
/// <param name="RequestUri">As the client got it.</param>
/// <param name="PushedAt">Milliseconds since 1970.</param>
internal sealed record PushedRequest(string RequestUri, long PushedAt, JsonObject Sent)
{
    /// <summary>What was pushed; of what the browser brings, only the tenant counts and the language, which are no business of the client.</summary>
    public OAuthParameters Parameters(OAuthParameters browser)
    {
        var pairs = Sent.Select(member => KeyValuePair.Create(member.Key, member.Value is JsonArray list ? new StringValues([.. list.Select(v => (string?)v)]) : new StringValues((string?)member.Value)));
        string[] own = ["locale", "ui_locales", "tenantId"];
        return OAuthParameters.Of([.. pairs.Where(p => !own.Contains(p.Key)), .. browser.Pairs.Where(p => own.Contains(p.Key))], out _);
    }
}

/// <summary>
/// Keeps pushed requests. One is good for one answer; until then it may be opened again, as people reload pages, for as long
/// as a login may take.
/// </summary>
internal sealed class PushedRequests(IGrainFactory grains, Clock clock)
{
    private const string Prefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>How long the client has to send the browser, in seconds.</summary>
    public const int Lifetime = 90;

    /// <summary>Stores a request that was found to be valid; answers its <c>request_uri</c>.</summary>
    public async Task<Outcome<string>> Keep(OAuthClient client, OAuthParameters sent)
    {
        var members = new JsonObject { ["client_id"] = client.Id };
        foreach (var (name, values) in sent.Pairs.Where(p => p.Key is not ("client_id" or "client_secret")))
            members[name] = values.Count == 1 ? (JsonNode)values[0]! : new JsonArray([.. values.Select(v => (JsonNode)v!)]);
        var text = IdentifierText.New();
        var issued = await grains.Identifier(IdentifierKinds.PushedRequest, text).Issue(new IssueIdentifier(client.Tenant.Id, clock.Now + (Lifetime * 1000), JsonText.From(members)));
        return issued.Then(_ => Prefix + text);
    }

    /// <summary>The request, if it is this client's. The first time it is opened it gets the time that a login may take.</summary>
    public async Task<PushedRequest?> Find(OAuthClient client, string requestUri)
    {
        if (!requestUri.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var grain = grains.Identifier(IdentifierKinds.PushedRequest, requestUri[Prefix.Length..]);
        if (await grain.Read(client.Tenant.Id) is not { } kept) return null;
        var sent = kept.Content.Read<JsonObject>();
        if ((string?)sent["client_id"] != client.Id) return null;
        var until = kept.IssuedAt + (client.Tenant.ExternalIdentifierConfiguration.LoginIntentTimeToLiveInSeconds * 1000L);
        if (kept.ExpiresAt < until) await grain.Change(new ChangeIdentifier(client.Tenant.Id, kept.Version, kept.Content, until));
        return new PushedRequest(requestUri, kept.IssuedAt, sent);
    }

    /// <summary>Uses the request up; false where somebody did before.</summary>
    public async Task<bool> Spend(OAuthClient client, string requestUri) =>
        (await grains.Identifier(IdentifierKinds.PushedRequest, requestUri[Prefix.Length..]).Spend(new SpendIdentifier(client.Tenant.Id))).Refusal is null;
}
