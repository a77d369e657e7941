using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Entities;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;

namespace OrleansAuth.OAuth;

/// <summary>An entity that a token is for.</summary>
/// <param name="Permissions">What the token allows there, sorted.</param>
internal sealed record EntityTokenTarget(Guid Id, EntityType Type, ImmutableArray<string> Permissions);

/// <summary>
/// What an entity's token says. It has no <c>authenticationType</c>, which every token of a user has, so it never passes for
/// one; and its audience is an entity, whose id no application and no tenant has.
/// </summary>
/// <param name="Issuer">The tenant's.</param>
/// <param name="Targets">None: the token is for the entity itself.</param>
/// <param name="DPoPThumbprint">Of the key that the token is bound to (RFC 9449, section 6.1), or null.</param>
internal sealed record EntityClaims(Guid EntityId, Tenant Tenant, string Issuer, ImmutableArray<EntityTokenTarget> Targets, string? Scope, string? DPoPThumbprint)
{
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="lifetime">In seconds.</param>
    public string Sign(SigningKey key, long now, long lifetime)
    {
        var payload = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            WriteAudience(json);
            json.WriteNumber("exp", now + lifetime);
            json.WriteNumber("iat", now);
            json.WriteString("iss", Issuer);
            json.WriteString("sub", EntityId);
            json.WriteString("jti", Guid.NewGuid());
            if (Scope is not null) json.WriteString("scope", Scope);
            if (!Targets.IsEmpty) WritePermissions(json);
            json.WriteString("tid", Tenant.Id);
            if (DPoPThumbprint is not null)
            {
                json.WriteStartObject("cnf");
                json.WriteString("jkt", DPoPThumbprint);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        TokenMetrics.CountIssued("entity");
        return Jws.Sign(key.Header(GrantTypes.ClientCredentials), payload.WrittenSpan, key.Material);
    }

    /// <summary>One audience is a text, several are a list (RFC 7519, section 4.1.3).</summary>
    private void WriteAudience(Utf8JsonWriter json)
    {
        if (Targets.Length <= 1)
        {
            json.WriteString("aud", Targets.IsEmpty ? EntityId : Targets[0].Id);
            return;
        }

        json.WriteStartArray("aud");
        foreach (var target in Targets) json.WriteStringValue(target.Id);
        json.WriteEndArray();
    }

    private void WritePermissions(Utf8JsonWriter json)
    {
        json.WriteStartObject("permissions");
        foreach (var target in Targets)
        {
            json.WriteStartArray(target.Id.ToString());
            foreach (var name in target.Permissions) json.WriteStringValue(name);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
