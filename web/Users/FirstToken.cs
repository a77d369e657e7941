using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Tokens;

namespace OrleansAuth.Users;

/// <summary>The tokens that an answer about a new user holds.</summary>
internal sealed class FirstToken(TokenIssuer tokens)
{
    /// <summary>Whether a token can be made for who is registered now. Ask before opening a session, which nobody could be told of.</summary>
    public bool CanSign(Guid tenantId, Guid? applicationId, ApiRequest request) => tokens.KeyFor(request.Snapshot, tenantId, applicationId).Refusal is null;

    /// <summary>
    /// Adds <c>token</c> and <c>tokenExpirationInstant</c>, and <c>refreshToken</c> and <c>refreshTokenId</c> where a session
    /// was opened; nothing if the user has to pass a gate first or no key can sign: the user exists in any case, and signs in
    /// later.
    /// </summary>
    public void Add(JsonObject answer, UserCreated created, Guid? applicationId, ApiRequest request)
    {
        if (created.Gated || tokens.IssueForCreated(request.Snapshot, created, applicationId).Value is not { } issued) return;
        if (created.Session is { } session)
        {
            answer["refreshToken"] = session.Token;
            answer["refreshTokenId"] = session.SessionId;
        }

        answer["token"] = issued.Token;
        answer["tokenExpirationInstant"] = issued.ExpiresAt;
    }
}
