using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Mfa;
using OrleansAuth.Recovery;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Identifiers;
using OrleansAuth.Storage.Mfa;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>What the proof of a second factor leaves behind: trusted devices, and the right to one change.</summary>
internal sealed partial class UserGrain
{
    /// <summary>Longer texts are nobody's ids. In characters.</summary>
    private const int LongestTrust = 255;

    /// <summary>What a trusted device stands for; null where there is none, or it is over.</summary>
    private async Task<FactorProof?> TrustedDevice(StoredUser user, TokenSettings settings, string? trustId)
    {
        if (trustId is null || FactorPolicy.Ask(user, settings) != FactorNeed.Proof) return null;
        var trusted = await Trusts(user, trustId);
        return trusted.Count == 0 ? null : new FactorProof(clock.Now, FactorMethods.Trust) { TrustedFor = [.. trusted.Select(t => t.ApplicationId ?? Guid.Empty)] };
    }

    /// <summary>Where a device is trusted now.</summary>
    private async Task<IReadOnlyList<StoredTrusted>> Trusts(StoredUser user, string? trustId)
    {
        if (trustId is not { Length: > 0 and <= LongestTrust } || await GrainFactory.Identifier(IdentifierKinds.TwoFactorTrust, trustId).Read(_tenantId) is not { } found) return [];
        var trust = StoredTrust.Read(found.Content);
        if (trust.UserId != _userId || trust.Generation != user.PasswordGeneration || trust.FactorGeneration != (user.Factors ?? StoredFactors.None).Generation) return [];
        return [.. trust.Applications.Where(t => clock.Now < t.Until && t.Since > (user.SessionsRevokedBefore ?? 0))];
    }

    /// <summary>Trusts a device from now on, in this application and wherever it was trusted before.</summary>
    private async Task<RightCode> Trust(Commit commit, StoredUser user, TokenSettings settings, ProveFactor command, RightCode right)
    {
        var (lifetime, text) = (FactorPolicy.TrustLifetime(settings), IdentifierText.New());
        // Trust that begins in the millisecond of a revocation comes after it.
        var since = Math.Max(clock.Now, (user.SessionsRevokedBefore ?? 0) + 1);
        var before = (await Trusts(user, command.TrustId)).Where(t => t.ApplicationId != right.ApplicationId);
        var trusted = before.Append(new StoredTrusted(right.ApplicationId, since, clock.Now + (lifetime * 1000L))).ToArray();
        commit.Issue(IdentifierKinds.TwoFactorTrust, text, new StoredIdentifier
        {
            TenantId = _tenantId,
            IssuedAt = clock.Now,
            ExpiresAt = trusted.Max(t => t.Until),
            Content = JsonSerializer.SerializeToElement(
                new StoredTrust { UserId = _userId, Generation = user.PasswordGeneration, FactorGeneration = right.Accepted!.Next.Generation, Applications = trusted }, ContractJson.Options),
        });
        return right with { TrustId = text, TrustLifetime = lifetime };
    }

    private string IssueTrustToken(Commit commit, StoredUser user, TokenSettings settings, StoredChallenge challenge)
    {
        var text = IdentifierText.New();
        commit.Issue(IdentifierKinds.TrustToken, text, new StoredIdentifier
        {
            TenantId = _tenantId,
            IssuedAt = clock.Now,
            ExpiresAt = clock.Now + (settings.Tenant.ExternalIdentifierConfiguration.TrustTokenTimeToLiveInSeconds * 1000L),
            Content = JsonSerializer.SerializeToElement(new StoredTrustToken(_userId, user.PasswordGeneration, challenge.TrustChallenge), ContractJson.Options),
        });
        return text;
    }

    /// <summary>
    /// Why the user itself may not change the password now: it has a second factor and did not prove it just now. What proved
    /// it is good for the present password only, so it cannot change another one.
    /// </summary>
    private async Task<Refusal?> RefuseWithoutTrust(ChangePassword command, StoredUser user, Tenant tenant)
    {
        if (!command.NeedsTrust || !FactorPolicy.GuardsPassword(user, tenant)) return null;
        var required = Refusal.Invalid(ContractError.General("[TrustTokenRequired]", "The user has a second factor: prove it first, and send the trust token that comes of it."));
        if (command.TrustToken is not { Length: > 0 and <= LongestTrust } text) return required;
        if (await GrainFactory.Identifier(IdentifierKinds.TrustToken, text).Read(_tenantId) is not { } found) return required;
        var token = StoredTrustToken.Read(found.Content);
        var bound = token.TrustChallenge is not { } hash || (command.TrustChallenge is { } given && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(HashOf(given))));
        return token.UserId == _userId && token.Generation == user.PasswordGeneration && bound ? null : required;
    }

    /// <summary>Of a trust challenge.</summary>
    private static string HashOf(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
