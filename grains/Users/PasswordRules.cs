using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>What a tenant asks of a new password.</summary>
internal static class PasswordRules
{
    /// <summary>bcrypt looks at no more than 72 bytes; 50 characters are sure to be looked at in most scripts.</summary>
    private const int LongestForBcrypt = 50;

    /// <param name="field">Which member the errors blame, such as <c>password</c>.</param>
    /// <param name="user">Whose password it is to be; its names may be forbidden in it.</param>
    public static void Check(string password, Tenant tenant, User user, Errors errors, string field = "password")
    {
        var rules = tenant.PasswordValidationRules;
        // People count characters, not UTF-16 units.
        var length = password.EnumerateRunes().Count();
        var longest = tenant.PasswordEncryptionConfiguration.EncryptionScheme == "bcrypt" ? Math.Min(rules.MaxLength, LongestForBcrypt) : rules.MaxLength;
        if (length < rules.MinLength) errors.Add(field, "tooShort", $"The password must have at least {rules.MinLength} characters.");
        if (length > longest) errors.Add(field, "tooLong", $"The password may have at most {longest} characters.");
        if (rules.RequireMixedCase && !(Has(password, Rune.IsUpper) && Has(password, Rune.IsLower)))
            errors.Add(field, "singleCase", "The password must have upper case and lower case letters.");
        if (rules.RequireNumber && !Has(password, Rune.IsDigit)) errors.Add(field, "requireNumber", "The password must have a digit.");
        if (rules.RequireNonAlpha && !Has(password, rune => !Rune.IsLetterOrDigit(rune)))
            errors.Add(field, "onlyAlpha", "The password must have a character that is neither a letter nor a digit.");
        if (rules.DisallowUserLoginId && ContainsLogin(password, user))
            errors.Add(field, "invalid", "The password must not contain the name to sign in with.");
        if (password.Contains('\0', StringComparison.Ordinal) || password.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar))
            errors.Add(field, "invalid", "The password has characters that cannot be entered again.");
    }

    /// <summary>Refuses to replace a password that is younger than the tenant wants, unless it has to be changed.</summary>
    public static void CheckAge(StoredUser user, Tenant tenant, long now, Errors errors)
    {
        var rule = tenant.MinimumPasswordAge;
        if (!rule.Enabled || user.Password is null || user.User.PasswordChangeRequired) return;
        if (user.User.PasswordLastUpdateInstant + (rule.Seconds * 1000L) > now)
            errors.Add("password", "tooYoung", "The password was changed too short a time ago.");
    }

    private static bool Has(string password, Predicate<Rune> wanted) => password.EnumerateRunes().Any(rune => wanted(rune));

    private static bool ContainsLogin(string password, User user)
    {
        string?[] names = [user.Email, user.Email?.Split('@')[0], user.Username, user.PhoneNumber];
        return names.Any(name => name?.Length >= 3 && password.Contains(name, StringComparison.OrdinalIgnoreCase));
    }
}
