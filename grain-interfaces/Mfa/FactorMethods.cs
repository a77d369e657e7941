using System.Collections.Immutable;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mfa;

/// <summary>The kinds of second factors, by their names in the API.</summary>
public static class FactorMethods
{
    /// <summary>An application that makes codes of the time (RFC 6238).</summary>
    public const string Authenticator = "authenticator";

    /// <summary>Codes by e-mail.</summary>
    public const string Email = "email";

    /// <summary>Codes by text message.</summary>
    public const string Sms = "sms";

    /// <summary>A key that types one-time passwords of Yubico's algorithm. Not in the contract.</summary>
    public const string YubiKey = "yubikey";

    /// <summary>What stands for a second factor where none of the methods was used: a recovery code.</summary>
    public const string RecoveryCode = "recoveryCode";

    /// <summary>The same: a device that is trusted.</summary>
    public const string Trust = "trust";

    /// <summary>The same: a code that a caller with an API key brought to the user.</summary>
    public const string Brought = "code";

    /// <summary>The same: a passkey that verified its user, which is two factors in one.</summary>
    public const string Passkey = "webauthn";

    public static readonly ImmutableArray<string> All = [Authenticator, Email, Sms, YubiKey];

    /// <summary>The methods that users of a tenant may set up.</summary>
    public static ImmutableArray<string> Offered(TenantMultiFactorConfiguration tenant)
    {
        (string Method, bool Enabled)[] methods = [(Authenticator, tenant.Authenticator.Enabled), (Email, tenant.Email.Enabled), (Sms, tenant.Sms.Enabled)];
        return [.. methods.Where(m => m.Enabled).Select(m => m.Method)];
    }
}
