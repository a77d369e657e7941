using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Users;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// From the claims of a provider to a person. Claims are other people's texts: each is taken where it is a text that fits, and
/// is nothing otherwise; but whoever has no proper name at the provider is nobody. Pure.
/// </summary>
internal static class UpstreamClaims
{
    private const int LongestText = 191;
    private const int LongestAddress = 2_048;

    /// <summary>Members of a new user, by the standard claims that they come from (OpenID Connect Core, section 5.1).</summary>
    private static readonly (string Claim, string Member, int Longest)[] Members =
    [
        ("given_name", "firstName", LongestText), ("middle_name", "middleName", LongestText), ("family_name", "lastName", LongestText),
        ("name", "fullName", LongestText), ("picture", "imageUrl", LongestAddress),
    ];

    /// <summary>Whether userinfo has to be asked: something is configured that the ID token does not say.</summary>
    public static bool NeedsUserInfo(JsonElement idToken, ProviderOAuth2Configuration oauth) =>
        new[] { oauth.UniqueIdClaim, oauth.EmailClaim, oauth.EmailVerifiedClaim, oauth.UsernameClaim }.Any(claim => !idToken.TryGetProperty(claim, out _));

    /// <summary>The provider's name for the person in a claim: 1 to 255 characters, a text and nothing else; null where it is none.</summary>
    public static string? Subject(JsonElement claims, string claim = "sub") =>
        claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= FederatedIdentity.LongestSubject } subject
        && !string.IsNullOrWhiteSpace(subject) && !subject.Any(char.IsControl) ? subject : null;

    /// <param name="idToken">Its claims, validated.</param>
    /// <param name="userInfo">Of the same person, which was checked; null where it was not asked.</param>
    /// <returns>Null where the claim that tells people apart is missing or is no name.</returns>
    public static FederatedIdentity? Read(Guid providerId, JsonElement idToken, JsonElement? userInfo, ProviderOAuth2Configuration oauth)
    {
        var holder = idToken.TryGetProperty(oauth.UniqueIdClaim, out _) ? idToken : userInfo ?? idToken;
        if (Subject(holder, oauth.UniqueIdClaim) is not { } subject) return null;
        var (email, verified) = Email(idToken, userInfo, oauth);
        var username = Text(idToken, userInfo, oauth.UsernameClaim, LongestText);
        var profile = new JsonObject();
        foreach (var (claim, member, longest) in Members)
            if (Text(idToken, userInfo, claim, longest) is { } text) profile[member] = text;
        return new FederatedIdentity(providerId, oauth.Issuer!, subject)
        {
            Email = email,
            EmailVerified = verified,
            Username = username,
            DisplayName = email ?? username ?? (string?)profile["fullName"],
            Profile = profile.Count == 0 ? null : JsonText.From(profile),
        };
    }

    /// <summary>An address counts as the person's only where the word about it is about this very address.</summary>
    private static (string? Email, bool Verified) Email(JsonElement idToken, JsonElement? userInfo, ProviderOAuth2Configuration oauth)
    {
        if (Address(idToken, oauth.EmailClaim) is { } signed)
        {
            if (idToken.TryGetProperty(oauth.EmailVerifiedClaim, out var said)) return (signed, IsTrue(said));
            return (signed, userInfo is { } told && Address(told, oauth.EmailClaim) == signed && Says(told, oauth));
        }

        return userInfo is { } info && Address(info, oauth.EmailClaim) is { } email ? (email, Says(info, oauth)) : (null, false);
    }

    private static bool Says(JsonElement claims, ProviderOAuth2Configuration oauth) => claims.TryGetProperty(oauth.EmailVerifiedClaim, out var said) && IsTrue(said);

    /// <summary>Some providers write the truth as a text.</summary>
    private static bool IsTrue(JsonElement said) => said.ValueKind == JsonValueKind.True || (said.ValueKind == JsonValueKind.String && said.ValueEquals("true"u8));

    private static string? Address(JsonElement claims, string claim) =>
        Text(claims, claim, LongestText) is { } text && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 && !text.Any(char.IsWhiteSpace)
            ? LoginName.Normalise(text)
            : null;

    private static string? Text(JsonElement idToken, JsonElement? userInfo, string claim, int longest) =>
        Text(idToken, claim, longest) ?? (userInfo is { } info ? Text(info, claim, longest) : null);

    private static string? Text(JsonElement claims, string claim, int longest) =>
        claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()?.Trim() is { Length: > 0 } text
        && text.Length <= longest && !text.Any(char.IsControl) ? text : null;
}
