using OrleansAuth.Common;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Mfa;

/// <summary>Addresses and numbers that codes are sent to.</summary>
internal static class FactorTargets
{
    /// <summary>The target in the form in which it is stored; an error where the tenant does not offer the method, or the target is none.</summary>
    public static string? Check(string? method, string? target, Tenant tenant, Errors errors)
    {
        switch (method)
        {
            case FactorMethods.Email:
                Enabled(tenant.MultiFactorConfiguration.Email.Enabled, method, errors);
                if (LoginName.Normalise(target) is not { } address) return Missing("email", target, errors);
                var found = new Errors("");
                EmailRules.Check(address, "email", found);
                if (found.Any) errors.AddField("email", "notEmail", "The [email] is not an e-mail address.");
                return address;
            case FactorMethods.Sms:
                Enabled(tenant.MultiFactorConfiguration.Sms.Enabled, method, errors);
                return LoginName.Phone(target) ?? Missing("mobilePhone", target, errors);
            default:
                errors.AddField("method", "invalid", "The [method] must be one that codes are sent by: email or sms.");
                return null;
        }
    }

    /// <summary>An error where the tenant does not offer the method.</summary>
    public static void Enabled(bool enabled, string method, Errors errors)
    {
        if (!enabled) errors.AddField("method", "notEnabled", $"The tenant does not offer the method [{method}].");
    }

    private static string? Missing(string field, string? target, Errors errors)
    {
        errors.AddField(field, string.IsNullOrWhiteSpace(target) ? "blank" : "invalid", $"The [{field}] is missing, or is none.");
        return null;
    }
}
