using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansAuth.Common;
using OrleansAuth.Storage.Mfa;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mfa;

/// <summary>A code that was right, and the factors with it used up.</summary>
/// <param name="Method">One of <see cref="FactorMethods"/>, for what is told about the login.</param>
internal sealed record AcceptedCode(StoredFactors Next, string Method)
{
    public bool IsRecovery => Method == FactorMethods.RecoveryCode;
}

/// <summary>Checks codes against what the user has. Whether a code may be tried at all is for the caller to know.</summary>
internal sealed class SecondFactors(SecretBox secrets, YubicoServer yubico, Clock clock)
{
    /// <summary>Longer texts are no codes of anything. In characters.</summary>
    private const int Longest = 64;

    /// <summary>Whether keys can be checked whose secrets this server does not know.</summary>
    public bool HasValidationServer => yubico.IsConfigured;

    /// <summary>What comes of a code; null where it is wrong.</summary>
    /// <param name="purpose">What a sent code must have been sent for; from <see cref="SentCodes"/>.</param>
    /// <param name="methodId">The method that it must be of, or a recovery code; null for any.</param>
    public async Task<AcceptedCode?> Accept(Guid userId, StoredFactors factors, string code, string purpose, string? methodId = null)
    {
        if (code.Length > Longest) return null;
        var typed = string.Concat(code.Where(c => !char.IsWhiteSpace(c)));
        if (typed.Length == 0) return null;
        if (SentCodes.Spend(factors, purpose, typed, clock.Now) is { } sent) return Brought(sent.Next, sent.MethodId);
        foreach (var factor in factors.Methods.Where(m => methodId is null || m.Id == methodId))
        {
            if (await Next(userId, factor, typed) is not { } used) continue;
            return new AcceptedCode(factors.With(used) with { LastUsed = used.Id }, used.Method);
        }

        return RecoveryCodes.Spend(factors, userId, typed) is { } left ? new AcceptedCode(left, FactorMethods.RecoveryCode) : null;
    }

    /// <summary>The authenticator that shares this secret, where the code is one of its codes now.</summary>
    public StoredFactor? NewAuthenticator(Guid userId, string id, ImmutableArray<byte> secret, MultiFactorAuthenticatorMethod settings, string code)
    {
        var typed = string.Concat(code.Where(c => !char.IsWhiteSpace(c)));
        if (Totp.Match(typed, secret.AsSpan(), settings.Algorithm, settings.CodeLength, settings.TimeStep, clock.Now, null) is not { } step) return null;
        return new StoredFactor
        {
            Id = id,
            Method = FactorMethods.Authenticator,
            Secret = secrets.Seal(Convert.ToBase64String(secret.AsSpan()), StoredFactor.Place(userId, id)),
            Algorithm = settings.Algorithm,
            CodeLength = settings.CodeLength,
            TimeStep = settings.TimeStep,
            LastCounter = step,
            InsertInstant = clock.Now,
        };
    }

    /// <summary>The YubiKey that typed the code.</summary>
    /// <param name="known">What is in it; null where a validation server has to know.</param>
    public async Task<StoredFactor?> NewYubiKey(Guid userId, string id, YubiKeySecret? known, string code)
    {
        if (YubiKeyCode.Read(code) is not { } typed || (known is not null && known.PublicId != typed.PublicId)) return null;
        var factor = new StoredFactor
        {
            Id = id,
            Method = FactorMethods.YubiKey,
            PublicId = typed.PublicId,
            Secret = known is null ? null : secrets.Seal(Convert.ToHexStringLower([.. known.PrivateId, .. known.AesKey]), StoredFactor.Place(userId, id)),
            InsertInstant = clock.Now,
        };
        return await Next(userId, factor, code);
    }

    /// <summary>The secret of an authenticator that was imported, sealed.</summary>
    public string Seal(Guid userId, string id, ReadOnlySpan<byte> secret) => secrets.Seal(Convert.ToBase64String(secret), StoredFactor.Place(userId, id));

    /// <summary>The method with the code used up; null where the code is not one of it.</summary>
    private async Task<StoredFactor?> Next(Guid userId, StoredFactor factor, string code) => factor.Method switch
    {
        FactorMethods.Authenticator => NextStep(userId, factor, code),
        FactorMethods.YubiKey => await NextTouch(userId, factor, code),
        _ => null,
    };

    private StoredFactor? NextStep(Guid userId, StoredFactor factor, string code)
    {
        var secret = Convert.FromBase64String(secrets.Open(factor.Secret!, StoredFactor.Place(userId, factor.Id)));
        return Totp.Match(code, secret, factor.Algorithm, factor.CodeLength, factor.TimeStep, clock.Now, factor.LastCounter) is { } step ? factor with { LastCounter = step } : null;
    }

    private async Task<StoredFactor?> NextTouch(Guid userId, StoredFactor factor, string code)
    {
        if (YubiKeyCode.Read(code) is not { } typed || typed.PublicId != factor.PublicId) return null;
        if (factor.Secret is not { } stored)
        {
            // The validation server knows which uses are spent; where it also says which this one is, it is remembered here.
            if (await yubico.Validate(typed) is not { } told || (told > 0 && told <= factor.LastCounter)) return null;
            return told > 0 ? factor with { LastCounter = told } : factor;
        }

        var secret = Convert.FromHexString(secrets.Open(stored, StoredFactor.Place(userId, factor.Id)));
        var counter = typed.Counter(secret.AsSpan(6), secret.AsSpan(0, 6));
        CryptographicOperations.ZeroMemory(secret);
        return counter > (factor.LastCounter ?? -1) ? factor with { LastCounter = counter } : null;
    }

    private static AcceptedCode Brought(StoredFactors next, string? methodId) => next.Find(methodId) is { } method
        ? new AcceptedCode(next with { LastUsed = method.Id }, method.Method)
        : new AcceptedCode(next, FactorMethods.Brought);
}
