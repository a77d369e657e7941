using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Identifiers;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Verification;
using OrleansAuth.Users;

namespace OrleansAuth.Verification;

/// <summary>A proof that was completed before there was the user: it counts once, for the user that is created with it.</summary>
/// <param name="Version">Of the row: whoever spends it first has it.</param>
internal sealed record CompletedProof(string IdHash, long Version, ProofKind Kind, string Value)
{
    public static readonly Refusal Invalid = Refusal.Invalid(ContractError.At("verificationIds", "invalid", "The [verificationIds] must be completed, unused, and about names of the user."));

    /// <summary>Reads a completed proof of the tenant; null where the id stands for none.</summary>
    public static async Task<CompletedProof?> Find(IStore store, string id, Guid tenantId, long now)
    {
        var hash = IdentifierGrainKeys.IdOf(IdentifierKinds.Verification, id);
        if (await store.Read(StoredIdentifier.Key(hash)) is not { } row || StoredIdentifier.Read(row.Body) is not { SpentAt: null } stored || stored.TenantId != tenantId || stored.ExpiresAt <= now) return null;
        var content = StoredProofId.Read(JsonText.From(stored.Content));
        return content is { Completed: true, Open.Value: { } value } ? new CompletedProof(hash, row.Version, content.Kind, value) : null;
    }

    /// <summary>The user with what was proved; null where a proof is about a name that is not the user's, or there are fewer than were named.</summary>
    public static StoredUser? Apply(StoredUser user, IReadOnlyList<CompletedProof> proofs, int named, long now)
    {
        if (proofs.Count != named) return null;
        foreach (var proof in proofs)
        {
            var (type, mine) = proof.Kind == ProofKind.PhoneNumber ? (UserIdentities.PhoneNumber, LoginName.Phone(user.User.PhoneNumber)) : (UserIdentities.Email, LoginName.Normalise(user.User.Email));
            if (mine != proof.Value) return null;
            user = user with { User = UserIdentities.Verify(user.User, type, IdentityVerifiedReason.Completed, now) };
        }

        return user;
    }

    /// <summary>Uses the proof up as part of a commit.</summary>
    public void Spend(Commit commit) => commit.Remove(StoredIdentifier.Key(IdHash), Version).Delete(Tables.Identifier, ("id", IdHash));
}
