using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>
/// A user in the claims of OpenID Connect Core, section 5.1, as far as scopes give them (section 5.4). An application that
/// is compatible gets e-mail and name without asking, as older clients expect.
/// </summary>
internal static class StandardClaims
{
    public static JsonObject Of(StoredUser stored, Application application, ImmutableArray<string> scopes, ConfigurationSnapshot snapshot)
    {
        var (user, offered) = (stored.User, application.OauthConfiguration.ProvidedScopePolicy);
        var compatible = application.OauthConfiguration.ScopeHandlingPolicy == OAuthScopeHandlingPolicy.Compatibility;
        var claims = new JsonObject();
        if (compatible || (offered.Email.Enabled && scopes.Contains("email"))) AddEmail(claims, user);
        if (compatible || (offered.Profile.Enabled && scopes.Contains("profile"))) AddProfile(claims, user);
        if (compatible || (offered.Phone.Enabled && scopes.Contains("phone"))) AddPhone(claims, user);
        if (offered.Address.Enabled && scopes.Contains("address")) AddAddress(claims, user);
        if (LoginGates.Registration(stored, application) is not null)
        {
            claims["applicationId"] = application.Id;
            claims["roles"] = new JsonArray([.. TokenSubjects.Of(stored, application, snapshot).Roles.Select(role => (JsonNode)role)]);
        }

        return claims;
    }

    private static void AddEmail(JsonObject claims, User user)
    {
        if (user.Email is null) return;
        claims["email"] = user.Email;
        claims["email_verified"] = user.Verified;
    }

    private static void AddProfile(JsonObject claims, User user)
    {
        Add("name", user.FullName ?? Joined(user));
        Add("given_name", user.FirstName);
        Add("middle_name", user.MiddleName);
        Add("family_name", user.LastName);
        Add("preferred_username", user.UniqueUsername ?? user.Username);
        Add("picture", user.ImageUrl);
        Add("birthdate", user.BirthDate);
        Add("zoneinfo", user.Timezone);
        // Locales here are written with an underscore, in tokens as BCP 47 has them.
        Add("locale", user.PreferredLanguages.FirstOrDefault()?.Replace('_', '-'));
        if ((user.LastUpdateInstant ?? user.InsertInstant) is { } instant) claims["updated_at"] = instant / 1000;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) claims[name] = value;
        }
    }

    private static string? Joined(User user) =>
        user.FirstName is null && user.LastName is null ? null : string.Join(' ', new[] { user.FirstName, user.MiddleName, user.LastName }.Where(part => !string.IsNullOrEmpty(part)));

    private static void AddPhone(JsonObject claims, User user)
    {
        if ((user.PhoneNumber ?? user.MobilePhone) is not { } number) return;
        claims["phone_number"] = number;
        claims["phone_number_verified"] = user.PhoneNumber is not null && user.Identities.Any(i => i.Type.Name == "phoneNumber" && i.Value == number && i.Verified);
    }

    /// <summary>The platform's users have no address of their own; applications keep one in <c>data.address</c>, in the shape of the claim.</summary>
    private static void AddAddress(JsonObject claims, User user)
    {
        if (user.Data is { ValueKind: System.Text.Json.JsonValueKind.Object } data && data.TryGetProperty("address", out var address) && address.ValueKind == System.Text.Json.JsonValueKind.Object)
            claims["address"] = JsonNode.Parse(address.GetRawText());
    }
}
