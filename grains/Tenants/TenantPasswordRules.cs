using OrleansAuth.Common;
using OrleansAuth.Users;

namespace OrleansAuth.Tenants;

/// <summary>The settings of a tenant's passwords.</summary>
internal static class TenantPasswordRules
{
    public static void Check(Tenant next, Errors errors)
    {
        CheckScheme(next, errors);
        var rules = next.PasswordValidationRules;
        errors.InRange(rules.MinLength, "passwordValidationRules.minLength", 1, 256);
        errors.InRange(rules.MaxLength, "passwordValidationRules.maxLength", 1, 256);
        if (rules.MinLength > rules.MaxLength)
            errors.Add("passwordValidationRules.minLength", "invalid", "The minimum length of passwords must not be above the maximum length.");
        errors.InRange(rules.RememberPreviousPasswords.Count, "passwordValidationRules.rememberPreviousPasswords.count", 1, 24);
        errors.InRange(next.MaximumPasswordAge.Days, "maximumPasswordAge.days", 1, 36_500);
        errors.InRange(next.MinimumPasswordAge.Seconds, "minimumPasswordAge.seconds", 1);
        if (next.MaximumPasswordAge.Enabled && next.MinimumPasswordAge.Enabled && next.MinimumPasswordAge.Seconds >= next.MaximumPasswordAge.Days * 86_400L)
            errors.Add("minimumPasswordAge.seconds", "invalid", "The minimum age of passwords must be below the maximum age.");
    }

    private static void CheckScheme(Tenant next, Errors errors)
    {
        var encryption = next.PasswordEncryptionConfiguration;
        if (PasswordSchemes.BuiltIn.Find(encryption.EncryptionScheme) is not { } scheme)
        {
            errors.Add("passwordEncryptionConfiguration.encryptionScheme", "invalid", $"There is no password scheme [{encryption.EncryptionScheme}].");
            return;
        }

        errors.InRange(encryption.EncryptionSchemeFactor, "passwordEncryptionConfiguration.encryptionSchemeFactor", scheme.Factors.Lowest, scheme.Factors.Highest);
        if (scheme.Name == "bcrypt" && next.PasswordValidationRules.MaxLength > 50)
            errors.Add("passwordValidationRules.maxLength", "invalid", "With bcrypt a password may have at most 50 characters, because bcrypt looks at the first 72 bytes only.");
    }
}
