using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tokens;

namespace OrleansAuth.Tenants;

/// <summary>The token settings that tenants and applications share.</summary>
internal static class TokenRules
{
    /// <summary>The longest grace period of a one-time refresh token: a day, in seconds.</summary>
    private const int LongestGrace = 86_400;

    public static void Check(JwtConfiguration next, string field, ConfigurationSnapshot snapshot, Errors errors)
    {
        errors.InRange(next.TimeToLiveInSeconds, $"{field}.timeToLiveInSeconds", 1);
        errors.InRange(next.RefreshTokenTimeToLiveInMinutes, $"{field}.refreshTokenTimeToLiveInMinutes", 1);
        errors.InRange(next.RefreshTokenSlidingWindowConfiguration.MaximumTimeToLiveInMinutes, $"{field}.refreshTokenSlidingWindowConfiguration.maximumTimeToLiveInMinutes", 1);
        errors.InRange(next.RefreshTokenOneTimeUseConfiguration.GracePeriodInSeconds, $"{field}.refreshTokenOneTimeUseConfiguration.gracePeriodInSeconds", 0, LongestGrace);
        CheckKey(next.AccessTokenKeyId, $"{field}.accessTokenKeyId", snapshot, errors);
        CheckKey(next.IdTokenKeyId, $"{field}.idTokenKeyId", snapshot, errors);
    }

    private static void CheckKey(Guid? id, string field, ConfigurationSnapshot snapshot, Errors errors)
    {
        if (id is { } shadow && ShadowKeys.Contains(shadow)) return;
        CheckSigningKey(id, field, snapshot, errors);
    }

    /// <summary>The key exists and can sign, if one is named.</summary>
    public static void CheckSigningKey(Guid? id, string field, ConfigurationSnapshot snapshot, Errors errors)
    {
        if (id is null) return;
        if (snapshot.Find<Key>(id) is not { } key)
            errors.Add(field, "invalid", $"There is no key with the Id [{id}].");
        else if (key.Type == KeyType.Secret || (!key.HasPrivateKey && key.Type != KeyType.HMAC))
            errors.Add(field, "invalid", $"The key [{key.Name}] cannot sign: it has no private part.");
    }

    /// <summary>Ids that stand for the client secret of the application (OpenID Connect Core, section 10.1: HMAC ID tokens).</summary>
    private static readonly Guid[] ShadowKeys =
    [
        new("092dbedc-30af-4149-9c61-b578f2c72f59"), new("4b8f1c06-518e-45bd-9ac5-d549686ae02a"), new("c753a44d-7f2e-48d3-bc4e-c2c16488a23b"),
    ];
}
