using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Mfa;
using OrleansAuth.Storage.Mfa;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>
/// Second factors that come with an imported user: secrets are sealed, recovery codes hashed, before anything is stored. A
/// secret is Base64, as the API shows new ones.
/// </summary>
internal sealed class ImportedFactors(SecondFactors factors, Tenant tenant, long now)
{
    private const int MostMethods = 10;
    private const int MostCodes = 50;
    private const int ShortestCode = 8;
    private const int LongestCode = 64;
    private const int LongestId = 64;

    /// <summary>80 bits, what many systems began with. In bytes.</summary>
    private const int ShortestSecret = 10;

    private const int LongestSecret = 128;
    private static readonly SecureGeneratorConfiguration NewId = new() { Length = 8, Type = SecureGeneratorType.RandomAlphaNumeric };

    /// <returns>Null where the user brings none.</returns>
    public StoredFactors? Read(Guid userId, UserTwoFactorConfiguration sent, Errors errors)
    {
        if (sent.Methods.IsEmpty && sent.RecoveryCodes.IsEmpty) return null;
        if (sent.Methods.Length > MostMethods) errors.Add("twoFactor.methods", "tooMany", $"A user has at most {MostMethods} second factors.");
        if (sent.Methods.IsEmpty || sent.RecoveryCodes.Length > MostCodes || sent.RecoveryCodes.Any(c => c is not { Length: >= ShortestCode and <= LongestCode } || c.Count(char.IsAsciiLetterOrDigit) < ShortestCode))
        {
            if (!sent.RecoveryCodes.IsEmpty)
                errors.Add("twoFactor.recoveryCodes", "invalid", $"At most {MostCodes} recovery codes of {ShortestCode} to {LongestCode} characters come with methods, and with nothing else.");
        }

        var methods = sent.Methods.Select(m => Read(userId, m, errors)).OfType<StoredFactor>().ToImmutableArray();
        if (methods.DistinctBy(m => m.Id).Count() != methods.Length) errors.Add("twoFactor.methods.id", "duplicate", "Each method has an Id of its own.");
        return new StoredFactors
        {
            Methods = methods,
            RecoveryCodes = [.. sent.RecoveryCodes.Select(c => RecoveryCodes.Hash(userId, c ?? "")).Distinct()],
            LastUsed = sent.Methods.FirstOrDefault(m => m.LastUsed)?.Id,
            Generation = 1,
        };
    }

    private StoredFactor? Read(Guid userId, TwoFactorMethod sent, Errors errors)
    {
        var id = string.IsNullOrEmpty(sent.Id) ? IdentifierText.New(NewId) : sent.Id;
        if (id.Length > LongestId || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) errors.Add("twoFactor.methods.id", "invalid", $"The Id of a method has at most {LongestId} letters and digits.");
        var factor = new StoredFactor { Id = id, Method = sent.Method ?? "", Name = sent.Name, InsertInstant = now };
        switch (sent.Method)
        {
            case FactorMethods.Email:
                if (LoginName.Normalise(sent.Email) is { } email && EmailRules.IsAddress(email)) return factor with { Email = email };
                errors.Add("twoFactor.methods.email", "notEmail", "The address of the method is no e-mail address.");
                return null;
            case FactorMethods.Sms:
                if (LoginName.Phone(sent.MobilePhone) is { } phone) return factor with { MobilePhone = phone };
                errors.Add("twoFactor.methods.mobilePhone", "invalid", "The number of the method must be in international form.");
                return null;
            case FactorMethods.Authenticator:
                return Authenticator(userId, sent, factor, errors);
            default:
                errors.Add("twoFactor.methods.method", "invalid", "The method must be authenticator, email or sms.");
                return null;
        }
    }

    private StoredFactor? Authenticator(Guid userId, TwoFactorMethod sent, StoredFactor factor, Errors errors)
    {
        var settings = tenant.MultiFactorConfiguration.Authenticator;
        var (own, secret) = (sent.Authenticator ?? new(), new byte[LongestSecret + 1]);
        var digits = own.CodeLength == 0 ? settings.CodeLength : own.CodeLength;
        var step = own.TimeStep == 0 ? settings.TimeStep : own.TimeStep;
        if (digits is < 6 or > 8 || step is < 15 or > 300) errors.Add("twoFactor.methods.authenticator", "invalid", "An authenticator has 6 to 8 digits, and steps of 15 to 300 seconds.");
        if (!Convert.TryFromBase64String(sent.Secret ?? "", secret, out var length) || length is < ShortestSecret or > LongestSecret)
        {
            errors.Add("twoFactor.methods.secret", "invalid", $"The secret must be {ShortestSecret} to {LongestSecret} bytes in Base64.");
            return null;
        }

        return factor with
        {
            Secret = factors.Seal(userId, factor.Id, secret.AsSpan(0, length)),
            Algorithm = sent.Authenticator is null ? settings.Algorithm : own.Algorithm,
            CodeLength = digits,
            TimeStep = step,
        };
    }
}
