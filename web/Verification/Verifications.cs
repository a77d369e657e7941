using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Identifiers;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Identifiers;
using OrleansAuth.Storage.Verification;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Verification;

/// <summary>
/// Ids that prove something, for the API and for pages: <see cref="Ask"/> with what was typed, which says nothing;
/// <see cref="Find"/> with the id of a link before a page shows what it would do; <see cref="Complete"/> with the form, which
/// asks everything again.
/// </summary>
internal sealed class Verifications(IGrainFactory grains, IStoreReader store, ConfigurationReader configuration, PublicAddress address, Clock clock)
{
    /// <summary>Longer ids and codes are nobody's. In characters.</summary>
    public const int LongestId = 255;

    /// <summary>Longer names are nobody's; they are cut, so that they cost no more than others.</summary>
    private const int LongestName = 320;

    /// <summary>
    /// Writes down that somebody wants a message. Whether one follows is known to the mailbox alone: the answer and its time are
    /// the same for every name.
    /// </summary>
    public Task Ask(Tenant tenant, string loginId, BeginProof wish) =>
        grains.ProofDesk(tenant.Id).Ask(new AskForProof(loginId.Length > LongestName ? loginId[..LongestName] : loginId, wish));

    /// <summary>What an id of a kind stands for, or null where it stands for nothing (any more).</summary>
    /// <param name="tenantId">The tenant that it must be of; null where the id alone says which.</param>
    public async Task<FoundProof?> Find(string? id, Guid? tenantId, params IReadOnlyList<ProofKind> kinds)
    {
        if (id is not { Length: > 0 and <= LongestId }) return null;
        var hash = IdentifierGrainKeys.IdOf(kinds.Contains(ProofKind.Passwordless) ? IdentifierKinds.Passwordless : IdentifierKinds.Verification, id);
        // Straight from the store: who made the id told no grain, and the user's own row decides about it anyway.
        if (await store.Read(StoredIdentifier.Key(hash)) is not { } row || StoredIdentifier.Read(row.Body) is not { SpentAt: null } stored || stored.ExpiresAt <= clock.Now) return null;
        if (tenantId is { } wanted && wanted != stored.TenantId) return null;
        var content = StoredProofId.Read(JsonText.From(stored.Content));
        return kinds.Contains(content.Kind) && configuration.Current.Find<Tenant>(stored.TenantId) is { State: ObjectState.Active } tenant
            ? new FoundProof(tenant, content, id, new PresentedProof(content.Kind, content.ApplicationId, hash))
            : null;
    }

    /// <summary>What the id is good for now, as its user sees it; null where it is good for nothing.</summary>
    public Task<ProofHolder?> Check(FoundProof found) => found.Stored.UserId is { } user
        ? grains.UserVerification(found.Tenant.Id, user).CheckProof(found.Presented)
        : Task.FromResult(found.Stored is { Completed: false, Open: { } open } ? new ProofHolder(open.Value, open.Sealed is not null, null, open.Value ?? "") : null);

    /// <summary>Verifies what the id is about. Of several who try at once, one succeeds; everybody else is not found.</summary>
    public async Task<Refusal?> Complete(FoundProof found, string? code, Actor actor)
    {
        if (code is { Length: > LongestId }) return Refusal.NotFound;
        return found.Stored.UserId is { } user
            ? (await grains.UserVerification(found.Tenant.Id, user).CompleteProof(new CompleteProof(found.Presented, code, actor))).Refusal
            : (await grains.ProofDesk(found.Tenant.Id).CompleteOpen(new CompleteOpenProof(found.Id, code))).Refusal;
    }

    /// <summary>Sends what was handed out before.</summary>
    public async Task<Refusal?> Send(FoundProof found)
    {
        var send = new SendProof(found.Stored.Kind, found.Stored.ApplicationId, found.Id, address.OriginOf(found.Tenant), found.Stored.State is { } state ? JsonText.From(state) : null);
        return found.Stored.UserId is { } user
            ? (await grains.UserVerification(found.Tenant.Id, user).SendProof(send)).Refusal
            : (await grains.ProofDesk(found.Tenant.Id).SendOpen(send)).Refusal;
    }

    /// <summary>A wish for the tenant's links.</summary>
    public BeginProof Begin(Tenant tenant, ProofKind kind, Actor actor, Guid? applicationId, string? loginId, params ImmutableArray<string> types) => new(kind, address.OriginOf(tenant), actor)
    {
        ApplicationId = applicationId,
        LoginId = loginId,
        LoginIdTypes = types,
    };
}

/// <summary>What an id stands for.</summary>
internal sealed record FoundProof(Tenant Tenant, StoredProofId Stored, string Id, PresentedProof Presented)
{
    public override string ToString() => $"proof ({Stored.Kind})";
}
