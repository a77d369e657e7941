using System.Buffers;
using System.Text.Json;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Outbox;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Outbox;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Webhooks;

namespace OrleansAuth.OAuth;

/// <summary>What an application is told about a session that is over. Stored as JSON: members are only added.</summary>
/// <param name="Issuer">As tokens of the session named it.</param>
internal sealed record EndedSession(Guid ApplicationId, Guid UserId, Guid SessionId, string Issuer);

/// <summary>
/// Tells applications on the back channel that a user's session is over (OpenID Connect Back-Channel Logout 1.0). The commit
/// that ends the session queues one entry for each application; the token is made when it is sent, so that a late one is as
/// fresh as the first.
/// </summary>
internal sealed class BackChannelLogoutQueue(OutgoingHttp http, ConfigurationReader configuration, Clock clock) : IOutboxQueue
{
    public const string QueueName = "backchannel-logout";

    private const string EventType = "http://schemas.openid.net/event/backchannel-logout";
    private const string TokenType = "logout+jwt";

    /// <summary>Of a token, in seconds (section 2.4 recommends at most two minutes).</summary>
    private const long Lifetime = 120;

    public string Name => QueueName;

    /// <summary>After some hours the application's own session is over, or nobody cares.</summary>
    public OutboxLimits Limits { get; } = new() { LongestDelivery = TimeSpan.FromSeconds(30), BackOff = new BackOff { MostAttempts = 14 } };

    /// <summary>Adds to the commit what the applications of the session are to be told.</summary>
    public static void Announce(Commit commit, SignOnView session, string issuer, ConfigurationSnapshot snapshot, DateTimeOffset now)
    {
        foreach (var (sessionId, applicationId) in session.Known())
        {
            if (snapshot.Find<Application>(applicationId) is not { OauthConfiguration.BackChannelLogoutURL.Length: > 0 }) continue;
            var body = ContractJson.Write(new EndedSession(applicationId, session.UserId, sessionId, issuer));
            commit.Queue(new OutboxEntry(Guid.CreateVersion7(now), QueueName, $"{applicationId:N}/{session.UserId:N}", session.TenantId, body), now.ToUnixTimeMilliseconds());
        }
    }

    public async Task<OutboxVerdict> Deliver(OutboxItem item, CancellationToken stop)
    {
        var (snapshot, ended) = (configuration.Current, ContractJson.Read<EndedSession>(item.Body));

        // An application that is gone, or does not want to be told any more, has nobody left to tell.
        if (item.TenantId is not { } tenantId || TokenSettings.Find(snapshot, tenantId, ended.ApplicationId) is not { } settings) return new OutboxVerdict.Done();
        var oauth = settings.Application!.OauthConfiguration;
        if (string.IsNullOrEmpty(oauth.BackChannelLogoutURL)) return new OutboxVerdict.Done();
        if (settings.IdTokenKey(snapshot, clock.Now) is not { } key)
            return new OutboxVerdict.Retry($"The ID token signing key of the application [{settings.Application.Name}] is missing, has expired or cannot sign.");
        using var request = new HttpRequestMessage(HttpMethod.Post, oauth.BackChannelLogoutURL)
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", Token(key, item.Id, ended, settings.Application.ClientId))]),
        };
        var answer = await http.Send(request, stop).ConfigureAwait(false);
        return answer.IsSuccess ? new OutboxVerdict.Done() : new OutboxVerdict.Retry(answer.Fault ?? $"The application [{settings.Application.Name}] answered with {answer.Status}.", answer.RetryAfter);
    }

    /// <summary>Section 2.4. A repeated delivery has the same <c>jti</c>; there is never a nonce, so none passes for an ID token.</summary>
    private string Token(SigningKey key, Guid id, EndedSession ended, string clientId)
    {
        var now = clock.UtcNow.ToUnixTimeSeconds();
        var payload = new ArrayBufferWriter<byte>(384);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("iss", ended.Issuer);
            json.WriteString("sub", ended.UserId);
            json.WriteString("aud", clientId);
            json.WriteNumber("iat", now);
            json.WriteNumber("exp", now + Lifetime);
            json.WriteString("jti", id);
            json.WriteString("sid", ended.SessionId);
            json.WriteStartObject("events");
            json.WriteStartObject(EventType);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Jws.Sign(key.HeaderOf(TokenType), payload.WrittenSpan, key.Material);
    }
}
