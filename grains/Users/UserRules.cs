using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>Reads a user from a request and says what is wrong with it.</summary>
internal static class UserRules
{
    /// <summary>Members that a request cannot set: the server keeps or computes them.</summary>
    private static readonly string[] ServerOwned =
    [
        "active", "breachedPasswordLastCheckedInstant", "breachedPasswordStatus", "connectorId", "encryptionScheme", "factor", "id", "identities",
        "insertInstant", "lastLoginInstant", "lastUpdateInstant", "memberships", "passwordChangeReason", "passwordLastUpdateInstant", "registrations",
        "salt", "tenantId", "twoFactor", "uniqueUsername", "usernameStatus", "verified", "verifiedInstant",
    ];

    /// <summary>The user that a request describes, names in the form in which they are stored; null after an error.</summary>
    /// <param name="current">What the server keeps; null for a new user.</param>
    public static User? Read(JsonObject document, User? current, Errors errors)
    {
        foreach (var name in ServerOwned) document.Remove(name);
        if (ContractReading.Read<User>(ContractJson.WithoutNulls(document), "user", errors) is not { } read) return null;
        return WithNames(read, errors) with
        {
            Active = current?.Active ?? true,
            BreachedPasswordLastCheckedInstant = current?.BreachedPasswordLastCheckedInstant,
            BreachedPasswordStatus = current?.BreachedPasswordStatus ?? BreachedPasswordStatus.None,
            ConnectorId = current?.ConnectorId,
            Identities = current?.Identities ?? [],
            InsertInstant = current?.InsertInstant,
            Memberships = current?.Memberships ?? [],
            // Whoever demands a change now does it for a reason of his own, not for an earlier one.
            PasswordChangeReason = current?.PasswordChangeRequired == true ? current.PasswordChangeReason : ChangePasswordReason.Administrative,
            PasswordLastUpdateInstant = current?.PasswordLastUpdateInstant,
            Registrations = current?.Registrations ?? [],
            TwoFactor = current?.TwoFactor ?? new(),
            UsernameStatus = current?.UsernameStatus ?? ContentStatus.ACTIVE,
            Verified = current?.Verified ?? false,
            VerifiedInstant = current?.VerifiedInstant,
        };
    }

    /// <summary>Names to sign in with, in the form in which they are stored; empty ones are none.</summary>
    public static User WithNames(User user, Errors errors)
    {
        var phone = string.IsNullOrWhiteSpace(user.PhoneNumber) ? null : LoginName.Phone(user.PhoneNumber) ?? user.PhoneNumber;
        if (phone is not null && LoginName.Phone(phone) is null)
            errors.Add("phoneNumber", "invalid", "The [phoneNumber] must be in international form, a plus followed by 7 to 15 digits.");
        return user with
        {
            Email = string.IsNullOrEmpty(user.Email) ? null : LoginName.Normalise(user.Email) ?? user.Email,
            Username = string.IsNullOrEmpty(user.Username) ? null : user.Username.Trim(),
            PhoneNumber = phone,
        };
    }

    /// <summary>Adds an error for everything that is wrong with the user, its password apart.</summary>
    /// <param name="current">The user before; null for a new one. What did not change is not refused.</param>
    /// <param name="mayBeNameless">A new user who signs in by an identity provider needs no name of its own.</param>
    public static void Check(User user, User? current, Tenant tenant, bool disableDomainBlock, long now, Errors errors, bool mayBeNameless = false)
    {
        if (IsNameless(user) && !mayBeNameless && (current is null || !IsNameless(current)))
        {
            errors.Add("email", "blank", "The user needs an e-mail address, a username or a phone number.");
            errors.Add("username", "blank", "The user needs an e-mail address, a username or a phone number.");
        }

        if (user.Email is { } email)
        {
            EmailRules.Check(email, "email", errors);
            if (!disableDomainBlock && email != current?.Email) EmailRules.CheckDomain(email, tenant.RegistrationConfiguration.BlockedDomains, errors);
        }

        if (user.Username is { } username)
        {
            errors.Required(username, "username", LoginName.MaximumLength);
            ProfileRules.Text(username, "username", errors, int.MaxValue);
        }

        Names(user, errors);
        ProfileRules.Languages(user.PreferredLanguages, errors);
        ProfileRules.BirthDate(user.BirthDate, now, errors);
        ProfileRules.Timezone(user.Timezone, errors);
        ProfileRules.Data(user.Data, errors);
        if (user.ImageUrl is { } image) ProfileRules.Text(image, "imageUrl", errors, 2048);
        if (user.ParentEmail is { } parent) EmailRules.Check(parent, "parentEmail", errors);
    }

    private static bool IsNameless(User user) => user.Email is null && user.Username is null && user.PhoneNumber is null;

    private static void Names(User user, Errors errors)
    {
        ProfileRules.Text(user.FirstName, "firstName", errors);
        ProfileRules.Text(user.MiddleName, "middleName", errors);
        ProfileRules.Text(user.LastName, "lastName", errors);
        ProfileRules.Text(user.FullName, "fullName", errors);
        ProfileRules.Text(user.MobilePhone, "mobilePhone", errors, 64);
        ProfileRules.Text(user.LegacyIdentifier, "legacyIdentifier", errors);
    }
}
