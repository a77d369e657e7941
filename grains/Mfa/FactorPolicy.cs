using System.Collections.Immutable;
using OrleansAuth.Applications;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mfa;

/// <summary>What a login asks for beside its first factor.</summary>
internal enum FactorNeed
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A code of one of the user's methods.</summary>
    Proof,

    /// <summary>The user has no method and must set one up.</summary>
    SetUp,
}

/// <summary>
/// When a second factor is asked for, by the policy of the application or else of the tenant. Risk is not measured, so
/// policies that ask where it is medium or high ask always: a login that nobody looked at is not known to be harmless. A
/// method that the user has counts also where the tenant does not offer it to others any more.
/// </summary>
internal static class FactorPolicy
{
    public static FactorNeed Ask(StoredUser user, TokenSettings settings)
    {
        var policy = Of(settings);
        if (policy == MultiFactorLoginPolicy.Disabled) return FactorNeed.None;
        if (user.Factors is { Any: true }) return FactorNeed.Proof;
        return policy == MultiFactorLoginPolicy.Required ? FactorNeed.SetUp : FactorNeed.None;
    }

    /// <summary>Whether a session with this proof needs none (any more).</summary>
    public static bool Satisfied(StoredUser user, TokenSettings settings, FactorProof? proof)
    {
        var need = Ask(user, settings);
        if (need == FactorNeed.None || proof?.Method == FactorMethods.Passkey) return true;

        // Whoever must set a method up has none, whatever was proved before.
        if (need == FactorNeed.SetUp || proof is null) return false;
        return proof.Method != FactorMethods.Trust || Accepts(settings, proof.TrustedFor);
    }

    /// <summary>Whether a change of the password by the user itself needs a second factor.</summary>
    public static bool GuardsPassword(StoredUser user, Tenant tenant) =>
        user.Factors is { Any: true } && tenant.MultiFactorConfiguration.LoginPolicy != MultiFactorLoginPolicy.Disabled;

    /// <summary>Whether a device that is trusted for these applications is trusted here.</summary>
    public static bool Accepts(TokenSettings settings, ImmutableArray<Guid> trusted) => TrustOf(settings) switch
    {
        ApplicationMultiFactorTrustPolicy.Any => !trusted.IsEmpty,
        ApplicationMultiFactorTrustPolicy.This => trusted.Contains(settings.Application?.Id ?? Guid.Empty),
        _ => false,
    };

    public static ApplicationMultiFactorTrustPolicy TrustOf(TokenSettings settings) =>
        settings.Application?.MultiFactorConfiguration.TrustPolicy ?? ApplicationMultiFactorTrustPolicy.Any;

    /// <summary>For how long a device is trusted, in seconds.</summary>
    public static int TrustLifetime(TokenSettings settings) =>
        settings.Application is { ExternalIdentifierConfiguration.TwoFactorTrustIdTimeToLiveInSeconds: > 0 and var own }
            ? own
            : settings.Tenant.ExternalIdentifierConfiguration.TwoFactorTrustIdTimeToLiveInSeconds;

    private static MultiFactorLoginPolicy Of(TokenSettings settings) =>
        settings.Application?.MultiFactorConfiguration.LoginPolicy ?? settings.Tenant.MultiFactorConfiguration.LoginPolicy;
}
