using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Storage.Tokens;

/// <summary>Which key signs ID tokens and logout tokens of an application: its own or its tenant's, else the one of access tokens.</summary>
public static class IdTokenKeys
{
    /// <summary>Ids that stand for the client secret of the application, by the size of the hash (OpenID Connect Core, section 10.1).</summary>
    private static readonly Dictionary<Guid, KeyAlgorithm> ShadowKeys = new()
    {
        [new Guid("092dbedc-30af-4149-9c61-b578f2c72f59")] = KeyAlgorithm.HS256,
        [new Guid("4b8f1c06-518e-45bd-9ac5-d549686ae02a")] = KeyAlgorithm.HS384,
        [new Guid("c753a44d-7f2e-48d3-bc4e-c2c16488a23b")] = KeyAlgorithm.HS512,
    };

    /// <summary>Whether the id is no key's own but stands for the client secret.</summary>
    public static bool IsShadow(Guid keyId) => ShadowKeys.ContainsKey(keyId);

    /// <summary>Null where the key is missing, has expired or cannot sign.</summary>
    /// <param name="settings">Of an application.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public static SigningKey? IdTokenKey(this TokenSettings settings, ConfigurationSnapshot snapshot, long now)
    {
        var id = settings.Jwt.IdTokenKeyId ?? settings.Tenant.JwtConfiguration.IdTokenKeyId ?? settings.AccessTokenKeyId;
        var signing = id is { } shadow && ShadowKeys.TryGetValue(shadow, out var algorithm)
            ? Shadow(settings, algorithm)
            : snapshot.Find<Key>(id) is { } key ? SigningKeys.Of(key) : null;
        return signing is { Material.CanSign: true } && !signing.IsExpired(now) ? signing : null;
    }

    /// <summary>An HMAC key is the client secret itself; too short a one is refused by the key's own rules.</summary>
    private static SigningKey? Shadow(TokenSettings settings, KeyAlgorithm algorithm) =>
        settings.Application!.OauthConfiguration.ClientSecret is { Length: > 0 } secret
            ? SigningKeys.Of(new Key { Id = settings.Application.Id, Algorithm = algorithm, Secret = secret, Type = KeyType.HMAC })
            : null;
}
