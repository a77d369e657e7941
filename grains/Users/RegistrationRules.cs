using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>What a request decides about a registration beside its members.</summary>
internal readonly record struct RegistrationOptions(bool GenerateAuthenticationToken, bool SkipVerification);

/// <summary>Reads a registration from a request and says what is wrong with it.</summary>
internal static class RegistrationRules
{
    private static readonly string[] ServerOwned =
        ["applicationId", "cleanSpeakId", "insertInstant", "lastLoginInstant", "lastUpdateInstant", "tokens", "usernameStatus", "verified", "verifiedInstant"];

    /// <summary>Which application a registration names; null after an error.</summary>
    public static Guid? ReadApplicationId(JsonObject document, Errors errors)
    {
        if (document["applicationId"] is JsonValue value && value.TryGetValue<string>(out var text) && Guid.TryParse(text, out var id)) return id;
        errors.Add("applicationId", document["applicationId"] is null ? "missing" : "couldNotConvert", "The [registration.applicationId] must be the Id of an application.");
        return null;
    }

    /// <summary>The application of that id, if users of the tenant may register for it now; otherwise an error.</summary>
    public static Application? FindApplication(ConfigurationSnapshot snapshot, Guid tenantId, Guid? applicationId, Errors errors)
    {
        var application = snapshot.Find<Application>(applicationId);
        if (application is not null && application.TenantId == tenantId && application is { Active: true, State: ObjectState.Active }) return application;
        errors.Add("applicationId", "invalid", "The [applicationId] must name an active application of the user's tenant.");
        return null;
    }

    /// <summary>The registration that a request describes, completed by the server; null after an error.</summary>
    /// <param name="current">The registration before; null for a new one, which gets the default roles where it names none.</param>
    public static UserRegistration? Read(
        JsonObject document, UserRegistration? current, Application application, RegistrationOptions options, long now, Errors errors)
    {
        foreach (var name in ServerOwned) document.Remove(name);
        if (ContractReading.Read<UserRegistration>(ContractJson.WithoutNulls(document), "registration", errors) is not { } read) return null;
        Check(read, application, errors);
        var verified = current?.Verified ?? (options.SkipVerification || !application.VerifyRegistration);
        return read with
        {
            ApplicationId = application.Id,
            AuthenticationToken = Token(read, current, application, options),
            CleanSpeakId = current?.CleanSpeakId,
            Id = current?.Id ?? read.Id ?? Guid.CreateVersion7(),
            InsertInstant = current?.InsertInstant ?? now,
            LastUpdateInstant = now,
            Roles = current is null && read.Roles.IsEmpty
                ? [.. application.Roles.Where(r => r.IsDefault).Select(r => r.Name!)]
                : [.. read.Roles.Distinct()],
            Tokens = current?.Tokens ?? read.Tokens,
            Username = string.IsNullOrEmpty(read.Username) ? null : read.Username,
            UsernameStatus = current?.UsernameStatus ?? ContentStatus.ACTIVE,
            Verified = verified,
            VerifiedInstant = current is null ? (verified ? now : null) : current.VerifiedInstant,
        };
    }

    /// <summary>Adds an error for everything that is wrong with the registration.</summary>
    public static void Check(UserRegistration registration, Application application, Errors errors)
    {
        var known = application.Roles.Select(r => r.Name).ToHashSet();
        if (registration.Roles.FirstOrDefault(role => role is null || !known.Contains(role)) is { } unknown || registration.Roles.Contains(null!))
            errors.Add("roles", "invalid", "The [roles] must be names of roles of the application.");
        ProfileRules.Text(registration.Username, "username", errors, LoginName.MaximumLength);
        ProfileRules.Text(registration.AuthenticationToken, "authenticationToken", errors);
        ProfileRules.Languages(registration.PreferredLanguages, errors);
        ProfileRules.Timezone(registration.Timezone, errors);
        ProfileRules.Data(registration.Data, errors);
    }

    /// <summary>A token signs in like a password, so there is one only where the application says so.</summary>
    private static string? Token(UserRegistration read, UserRegistration? current, Application application, RegistrationOptions options)
    {
        if (!application.AuthenticationTokenConfiguration.Enabled) return current?.AuthenticationToken;
        if (!string.IsNullOrEmpty(read.AuthenticationToken)) return read.AuthenticationToken;
        return options.GenerateAuthenticationToken ? Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) : current?.AuthenticationToken;
    }
}
