using System.Text.Json.Nodes;

namespace OrleansAuth.Events;

/// <summary>
/// Objects as events show them, all of people and companies that there are not. Ids are the same in every sample, so that a receiver's
/// author can follow one user through all of them.
/// </summary>
internal static class SampleObjects
{
    public const string ApplicationId = "7f1c3a52-3b0e-4c58-9d3a-5a9d2f6c1e01";
    public const string TenantId = "2d9f0c64-5b1e-4c7a-8f3b-9e6a7d5c4b02";
    public const string UserId = "9b7e6d5c-4a3b-4c2d-8e1f-0a9b8c7d6e03";
    public const string OtherUserId = "1c2d3e4f-5a6b-4c7d-8e9f-a0b1c2d3e404";
    public const string ActionId = "3e4f5a6b-7c8d-4e9f-a0b1-c2d3e4f5a605";
    public const string GroupId = "5a6b7c8d-9e0f-4a1b-8c2d-3e4f5a6b7c06";
    public const string EntityId = "6b7c8d9e-0f1a-4b2c-9d3e-4f5a6b7c8d07";
    public const string IdentityProviderId = "8d9e0f1a-2b3c-4d4e-af5a-6b7c8d9e0f08";
    public const string IpAddress = "203.0.113.7";

    /// <summary>A moment in November 2026, milliseconds since 1970.</summary>
    public const long Instant = 1_793_534_400_000;

    public static JsonNode User(string email = "robin@example.com", bool active = true, bool verified = true) => Read($$"""
        {
          "active": {{Text(active)}}, "birthDate": "1990-05-17", "breachedPasswordStatus": "None", "connectorId": "e3306678-a53a-4964-9040-1c96f36dda72",
          "data": { "newsletter": true }, "email": "{{email}}", "firstName": "Robin", "fullName": "Robin Sample", "id": "{{UserId}}",
          "identities": [ { "displayValue": "{{email}}", "insertInstant": {{Instant}}, "lastUpdateInstant": {{Instant}}, "moderationStatus": "ACTIVE", "primary": true,
            "type": "email", "value": "{{email}}", "verified": {{Text(verified)}}, "verifiedReason": "Completed" } ],
          "insertInstant": {{Instant}}, "lastLoginInstant": {{Instant}}, "lastName": "Sample", "lastUpdateInstant": {{Instant}},
          "memberships": [], "passwordChangeRequired": false, "passwordLastUpdateInstant": {{Instant}}, "preferredLanguages": [ "en" ], "registrations": [],
          "tenantId": "{{TenantId}}", "timezone": "Europe/Berlin", "twoFactor": { "methods": [] }, "usernameStatus": "ACTIVE", "verified": {{Text(verified)}}
        }
        """);

    /// <summary>Somebody who has the name already that a user wants.</summary>
    public static JsonNode OtherUser()
    {
        var other = User("kim@example.com");
        (other["id"], other["firstName"], other["fullName"], other["username"]) = (OtherUserId, "Kim", "Kim Sample", "robin");
        return other;
    }

    public static JsonNode Registration(string role = "reader") => Read($$"""
        {
          "applicationId": "{{ApplicationId}}", "id": "0f1a2b3c-4d5e-4f6a-8b7c-8d9e0f1a2b09", "insertInstant": {{Instant}}, "lastLoginInstant": {{Instant}},
          "lastUpdateInstant": {{Instant}}, "preferredLanguages": [ "en" ], "roles": [ "{{role}}" ], "usernameStatus": "ACTIVE", "verified": true
        }
        """);

    public static JsonNode Group(string name = "Editors") => Read($$"""
        {
          "data": { "floor": 2 }, "id": "{{GroupId}}", "insertInstant": {{Instant}}, "lastUpdateInstant": {{Instant}}, "name": "{{name}}",
          "roles": { "{{ApplicationId}}": [ { "id": "2b3c4d5e-6f7a-4b8c-9d0e-1f2a3b4c5d10", "isDefault": true, "isSuperRole": false, "name": "reader" } ] },
          "tenantId": "{{TenantId}}"
        }
        """);

    public static JsonNode Members() => Read($$"""
        [ { "data": { "since": "2026" }, "groupId": "{{GroupId}}", "id": "4d5e6f7a-8b9c-4d0e-af1a-2b3c4d5e6f11", "insertInstant": {{Instant}}, "userId": "{{UserId}}" } ]
        """);

    public static JsonNode Entity(string name = "Sample Ltd.") => Read($$"""
        {
          "clientId": "{{EntityId}}", "data": { "customerNumber": 4711 }, "id": "{{EntityId}}", "insertInstant": {{Instant}}, "lastUpdateInstant": {{Instant}},
          "name": "{{name}}", "tenantId": "{{TenantId}}",
          "type": { "id": "6f7a8b9c-0d1e-4f2a-8b3c-4d5e6f7a8b12", "insertInstant": {{Instant}}, "lastUpdateInstant": {{Instant}}, "name": "Company",
            "permissions": [ { "id": "8b9c0d1e-2f3a-4b4c-9d5e-6f7a8b9c0d13", "isDefault": true, "name": "read" } ] }
        }
        """);

    public static JsonNode RefreshToken() => Read($$"""
        {
          "applicationId": "{{ApplicationId}}", "id": "0d1e2f3a-4b5c-4d6e-8f7a-8b9c0d1e2f14", "insertInstant": {{Instant}},
          "metaData": { "device": { "lastAccessedAddress": "{{IpAddress}}", "lastAccessedInstant": {{Instant}}, "name": "Robin's phone", "type": "MOBILE" } },
          "startInstant": {{Instant}}, "tenantId": "{{TenantId}}", "userId": "{{UserId}}"
        }
        """);

    public static JsonNode IdentityProviderLink() => Read($$"""
        {
          "displayName": "robin@example.com", "identityProviderId": "{{IdentityProviderId}}", "identityProviderName": "Example Login",
          "identityProviderType": "OpenIDConnect", "identityProviderUserId": "248289761001", "insertInstant": {{Instant}}, "lastLoginInstant": {{Instant}},
          "tenantId": "{{TenantId}}", "userId": "{{UserId}}"
        }
        """);

    public static JsonNode FactorMethod() => Read("""{ "email": "robin@example.com", "id": "X4D2", "lastUsed": true, "method": "email" }""");

    public static JsonNode AuditLog() => Read($$"""
        {
          "data": { "ipAddress": "{{IpAddress}}" }, "id": 17, "insertInstant": {{Instant}}, "insertUser": "API key Deployment",
          "message": "Group [Editors] with Id [{{GroupId}}] was updated", "newValue": { "name": "Editors" }, "oldValue": { "name": "Writers" }
        }
        """);

    public static JsonNode EventLog() => Read($$"""{ "id": 23, "insertInstant": {{Instant}}, "message": "A mail was given up after 32 attempts.", "type": "Error" }""");

    /// <summary>Of an action: the mail that its user gets.</summary>
    public static JsonNode Email() => Read("""
        {
          "from": { "address": "support@example.com", "display": "Support" }, "html": "<p>Your account is locked for a day.</p>", "subject": "Your account",
          "text": "Your account is locked for a day.", "to": [ { "address": "robin@example.com", "display": "Robin Sample" } ]
        }
        """);

    public static JsonNode Read(string json) => JsonNode.Parse(json)!;

    private static string Text(bool value) => value ? "true" : "false";
}
