using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;
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
        if (id is { } shadow && IdTokenKeys.IsShadow(shadow)) return;
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
}
