using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Entities;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Entities;
using OrleansAuth.Storage.Tokens;

namespace OrleansAuth.OAuth;

/// <summary>A request for a token by client credentials (RFC 6749, section 4.4.2).</summary>
/// <param name="ClientId">Of an entity; null where the request names none.</param>
/// <param name="ClientSecret">Null where the request brings none, which no entity is let in with.</param>
/// <param name="Scope">As sent: targets as <see cref="TargetScope"/> reads them. None asks for a token for the entity itself.</param>
internal sealed record ClientCredentialsRequest(string? ClientId, string? ClientSecret, string? Scope)
{
    /// <summary>The tenant that the request names, if it names one; entities of others are unknown to it.</summary>
    public Guid? TenantId { get; init; }

    /// <summary>The thumbprint of the key that a DPoP proof showed (RFC 9449, section 6.1); the token is bound to it.</summary>
    public string? DPoPThumbprint { get; init; }
}

/// <summary>An access token for an entity, as the members of the token response (RFC 6749, section 5.1). There is no refresh token.</summary>
/// <param name="ExpiresIn">In seconds.</param>
/// <param name="Scope">What was granted; null for a token without targets.</param>
internal sealed record EntityToken(string AccessToken, long ExpiresIn, string TokenType, string? Scope);

/// <summary>
/// The client credentials grant. The client is an entity, and the targets of its token are entities on which it was granted
/// something. Secrets and grants are read from the store each time: what was changed or revoked counts at once.
/// </summary>
internal sealed class ClientCredentialsGrant(EntityClients entities, PublicAddress address, Clock clock)
{
    private static readonly OAuthError WrongScope = OAuthError.InvalidScope(
        "The [scope] lists targets as target-entity:{id} or target-entity:{id}:permission,permission, separated by blanks.", "invalid_target_entity_scope");

    private static readonly OAuthError NoKey = new(
        "server_error", "The tenant or the type of the target entity has no key that can sign. Choose one in jwtConfiguration.accessTokenKeyId.")
    { Reason = "unknown" };

    /// <summary>Authenticates the entity and makes the token.</summary>
    public async Task<OAuthOutcome<EntityToken>> Answer(ClientCredentialsRequest request, ConfigurationSnapshot snapshot, CancellationToken stop = default)
    {
        if (string.IsNullOrEmpty(request.ClientId)) return OAuthError.InvalidClient("missing_client_id");
        if (string.IsNullOrEmpty(request.ClientSecret)) return OAuthError.InvalidClient("missing_client_secret");
        var asked = TargetScope.Parse(request.Scope);
        if (await Authenticate(request.ClientId, request.ClientSecret, asked ?? [], stop) is not var (client, granted)) return OAuthError.InvalidClient("invalid_client_authentication");
        if (request.TenantId is { } meant && meant != client.TenantId) return OAuthError.InvalidClient("invalid_client_authentication");
        return Issue(client, asked, granted, request, snapshot);
    }

    private async Task<(EntityClient Client, IReadOnlyList<GrantedTarget> Granted)?> Authenticate(string id, string secret, IReadOnlyList<TargetScope> asked, CancellationToken stop)
    {
        if (asked.Count > 0) return await entities.Authenticate(id, secret, [.. asked.Select(t => t.EntityId)], stop);
        return await entities.Authenticate(id, secret, stop) is { } client ? (client, []) : null;
    }

    /// <summary>Makes the token for an entity that has proved who it is.</summary>
    private OAuthOutcome<EntityToken> Issue(
        EntityClient client, IReadOnlyList<TargetScope>? asked, IReadOnlyList<GrantedTarget> granted, ClientCredentialsRequest request, ConfigurationSnapshot snapshot)
    {
        if (TokenSettings.Find(snapshot, client.TenantId, null) is not { } settings || snapshot.Find<EntityType>(client.TypeId) is not { } own) return OAuthError.InvalidClient("invalid_client_authentication");
        if (asked is null) return WrongScope;
        var (targets, error) = Check(asked, granted, client, snapshot);
        if (error is not null) return error;
        var types = targets.IsEmpty ? [own] : targets.Select(t => t.Type).Distinct().ToArray();
        if (KeyFor(types, settings, snapshot) is not { } key) return NoKey;
        var lifetime = types.Min(type => type.JwtConfiguration.Enabled ? type.JwtConfiguration.TimeToLiveInSeconds : settings.Jwt.TimeToLiveInSeconds);
        var claims = new EntityClaims(client.Id, settings.Tenant, address.Issuer(settings.Tenant), targets, targets.IsEmpty ? null : request.Scope!.Trim(), request.DPoPThumbprint);
        return new EntityToken(
            claims.Sign(key, clock.UtcNow.ToUnixTimeSeconds(), lifetime), lifetime, request.DPoPThumbprint is null ? "Bearer" : "DPoP", claims.Scope);
    }

    /// <summary>Every target with the permissions that the token is to have. Whoever asks for more than was granted gets nothing.</summary>
    private static (ImmutableArray<EntityTokenTarget> Targets, OAuthError? Error) Check(
        IReadOnlyList<TargetScope> asked, IReadOnlyList<GrantedTarget> granted, EntityClient client, ConfigurationSnapshot snapshot)
    {
        var targets = ImmutableArray.CreateBuilder<EntityTokenTarget>(asked.Count);
        foreach (var wanted in asked)
        {
            // A target that does not exist and one without a grant answer alike.
            var target = granted.FirstOrDefault(g => g.Id == wanted.EntityId);
            if (target?.PermissionIds is not { } held || target.TenantId != client.TenantId || snapshot.Find<EntityType>(target.TypeId) is not { } type)
                return ([], OAuthError.InvalidScope($"The client was not granted anything on the entity [{wanted.EntityId}].", "invalid_target_entity_scope"));
            var names = EntityDisplay.Names(type, held);
            if (wanted.Permissions is { } some)
            {
                if (!some.IsSubsetOf(names))
                    return ([], OAuthError.InvalidScope($"The client was not granted all of these permissions on the entity [{wanted.EntityId}].", "invalid_entity_permission_scope"));
                names = [.. some];
            }

            targets.Add(new EntityTokenTarget(wanted.EntityId, type, names));
        }

        return (targets.DrainToImmutable(), null);
    }

    /// <summary>The key that all the types agree on, each naming its own or the tenant's; where they do not agree, the tenant's.</summary>
    private SigningKey? KeyFor(IReadOnlyCollection<EntityType> types, TokenSettings settings, ConfigurationSnapshot snapshot)
    {
        var ids = types.Select(type => (type.JwtConfiguration.Enabled ? type.JwtConfiguration.AccessTokenKeyId : null) ?? settings.AccessTokenKeyId).Distinct().Take(2).ToList();
        return snapshot.Find<Key>(ids.Count == 1 ? ids[0] : settings.AccessTokenKeyId) is { } key
            && SigningKeys.Of(key) is { Material.CanSign: true } signing && !signing.IsExpired(clock.Now) ? signing : null;
    }
}
