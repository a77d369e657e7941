using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.IdentityProviders;
using OrleansAuth.Storage.Identifiers;

namespace OrleansAuth.Storage.IdentityProviders;

/// <summary>Reads links, and what is pending, without waking anybody.</summary>
public sealed class LinkQueries(IStoreReader store)
{
    /// <summary>Those of a user; null where the user has none or does not exist.</summary>
    public async Task<StoredLinks?> Of(Guid userId, CancellationToken stop = default) =>
        await store.Read(LinkKeys.State(userId), stop).ConfigureAwait(false) is { } state ? StoredLinks.Read(state.Body) : null;

    /// <summary>The user of the tenant who is linked with a person of the provider as it is now, or null.</summary>
    public async Task<Guid?> FindUser(Guid tenantId, IdentityProvider provider, string issuer, string subject, CancellationToken stop = default) =>
        await store.FindOwner(LinkKeys.Identity(tenantId, provider.Id, provider.InsertInstant, issuer, subject), stop).ConfigureAwait(false) is { } owner ? Guid.ParseExact(owner, "N") : null;

    /// <summary>What is pending under this id; null where it is unknown, over, used up, or of another tenant than the one named.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    public async Task<PendingLink?> FindPending(string? id, Guid? tenantId, long now, CancellationToken stop = default)
    {
        if (id is not { Length: > 0 and <= PendingLink.LongestId }) return null;
        var hash = IdentifierGrainKeys.IdOf(IdentifierKinds.PendingLink, id);
        if (await store.Read(StoredIdentifier.Key(hash), stop).ConfigureAwait(false) is not { } row || StoredIdentifier.Read(row.Body) is not { SpentAt: null } stored) return null;
        if (stored.ExpiresAt <= now || (tenantId is { } wanted && stored.TenantId != wanted)) return null;
        return new PendingLink(hash, row.Version, stored.TenantId, stored.IssuedAt, StoredPendingLink.Read(JsonText.From(stored.Content)));
    }
}

/// <summary>A person of a provider who waits for a user.</summary>
/// <param name="Version">Of the row: whoever spends it first has it.</param>
/// <param name="Since">Milliseconds since 1970.</param>
public sealed record PendingLink(string IdHash, long Version, Guid TenantId, long Since, StoredPendingLink Content)
{
    /// <summary>In characters.</summary>
    public const int LongestId = 255;

    /// <summary>Uses it up as part of a commit.</summary>
    public void Spend(Commit commit) => commit.Remove(StoredIdentifier.Key(IdHash), Version).Delete(Tables.Identifier, ("id", IdHash));

    /// <summary>Says nothing of the person.</summary>
    public override string ToString() => $"pending link of provider {Content.ProviderId}";
}
