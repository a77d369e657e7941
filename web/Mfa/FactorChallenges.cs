using OrleansAuth.Identifiers;
using OrleansAuth.Storage.Mfa;
using OrleansAuth.Users;

namespace OrleansAuth.Mfa;

/// <summary>From the id that a caller holds to the user whose second factor is asked for. Finding it proves nothing yet.</summary>
internal sealed class FactorChallenges(IGrainFactory grains)
{
    /// <summary>Longer ids are nobody's. In characters.</summary>
    public const int LongestId = 255;

    /// <summary>What waits for a second factor, or null where it is over or never was.</summary>
    /// <param name="tenantId">The tenant that it must be of; null where the id alone says which.</param>
    public async Task<OpenChallenge?> Find(string? twoFactorId, Guid? tenantId)
    {
        if (twoFactorId is not { Length: > 0 and <= LongestId } || await grains.Identifier(IdentifierKinds.TwoFactor, twoFactorId).Read(tenantId) is not { } found) return null;
        var challenge = StoredChallenge.Read(found.Content);
        return new OpenChallenge(twoFactorId, found.TenantId, challenge, grains.UserFactors(found.TenantId, challenge.UserId));
    }
}

/// <param name="Owner">The user, who decides.</param>
internal sealed record OpenChallenge(string Id, Guid TenantId, StoredChallenge Stored, IUserFactorGrain Owner);
