using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.OAuth;

/// <summary>What a client is granted for a user: the part of a token answer that all grants share.</summary>
internal sealed record UserGrant(OAuthClient Client, TokenSubject Subject, ScopeList Scope, string GrantType)
{
    public required string AuthenticationType { get; init; }

    /// <summary>When the user proved who it is, milliseconds since 1970.</summary>
    public required long SignedIn { get; init; }

    public OpenedSession? Session { get; init; }
    public Guid? SignOnId { get; init; }
    public string? Nonce { get; init; }

    /// <summary>How the second factor was proved, one of <see cref="Mfa.FactorMethods"/>; null for not at all.</summary>
    public string? Factor { get; init; }

    public string? Thumbprint { get; init; }
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>A shorter life of the access token than the settings give, in seconds.</summary>
    public long? Lifetime { get; init; }
}

/// <summary>Makes the answer of the token endpoint (RFC 6749, section 5.1; OpenID Connect Core, section 3.1.3.3).</summary>
internal sealed class TokenAnswers(TokenIssuer access, IdTokenIssuer identity, IGrainFactory grains, Clock clock)
{
    public async Task<OAuthOutcome<JsonObject>> Make(ConfigurationSnapshot snapshot, UserGrant grant)
    {
        var token = IssueAccess(snapshot, grant);
        if (token.Value is not { } issued) return OAuthError.From(token.Refusal!);
        var answer = new JsonObject
        {
            ["access_token"] = issued.Token,
            ["expires_in"] = (issued.ExpiresAt - clock.Now + 999) / 1000,
            ["token_type"] = grant.Thumbprint is null ? "Bearer" : "DPoP",
            ["userId"] = grant.Subject.UserId,
            ["scope"] = grant.Scope.ToString(),
        };
        if (grant.Session is { } session)
        {
            answer["refresh_token"] = session.Token;
            answer["refresh_token_id"] = session.SessionId;
        }

        if (!grant.Scope.Contains(Scopes.OpenId)) return answer;
        var id = await IssueId(snapshot, grant, issued.Token);
        if (id.Value is not { } idToken) return OAuthError.From(id.Refusal!);
        answer["id_token"] = idToken;
        return answer;
    }

    public Outcome<IssuedToken> IssueAccess(ConfigurationSnapshot snapshot, UserGrant grant) => access.Issue(
        snapshot,
        new AccessTokenRequest(grant.Subject, grant.Client.Application.Id, grant.AuthenticationType)
        {
            SessionId = grant.Session?.SessionId ?? grant.SignOnId,
            SignedIn = grant.SignedIn,
            Lifetime = grant.Lifetime,
            Scope = grant.Scope.ToString(),
            GrantType = grant.GrantType,
            Thumbprint = grant.Thumbprint,
            Resources = [.. grant.Resources],
        });

    /// <param name="accessToken">The one given out beside it; null where there is none.</param>
    public async Task<Outcome<string>> IssueId(ConfigurationSnapshot snapshot, UserGrant grant, string? accessToken)
    {
        var claims = await grains.User(grant.Subject.TenantId, grant.Subject.UserId).Claims(new ReadClaims(grant.Client.Application.Id, grant.Scope.Names, null));
        if (claims.Value is not { } known) return claims.Refusal!;
        return identity.Issue(snapshot, grant.Client, new IdTokenRequest(grant.Subject.UserId, known.Read<JsonObject>(), grant.SignedIn, grant.AuthenticationType)
        {
            Nonce = grant.Nonce,
            SignOnId = grant.SignOnId,
            AccessToken = accessToken,
            Factor = grant.Factor,
        });
    }
}
