namespace OrleansAuth.Storage.WebAuthn;

/// <summary>Reads passkeys without waking their user.</summary>
public sealed class PasskeyQueries(IStoreReader store)
{
    /// <summary>Those of a user; null where the user has none or does not exist.</summary>
    public async Task<StoredPasskeys?> Of(Guid userId, CancellationToken stop = default) =>
        await store.Read(PasskeyKeys.State(userId), stop).ConfigureAwait(false) is { } state ? StoredPasskeys.Read(state.Body) : null;

    /// <summary>One passkey with its user and its tenant, by our own id of it; null where there is none.</summary>
    public async Task<(Guid TenantId, Guid UserId, StoredPasskey Passkey)?> Find(Guid passkeyId, CancellationToken stop = default)
    {
        if (await Owner(PasskeyKeys.Passkey(passkeyId), stop).ConfigureAwait(false) is not { } userId || await Of(userId, stop).ConfigureAwait(false) is not { } held) return null;
        return held.Passkeys.FirstOrDefault(p => p.Id == passkeyId) is { } found ? (held.TenantId, userId, found) : null;
    }

    /// <summary>Whose credential it is in the tenant, or null.</summary>
    public Task<Guid?> FindUser(Guid tenantId, ReadOnlyMemory<byte> credentialId, CancellationToken stop = default) =>
        Owner(PasskeyKeys.Credential(tenantId, credentialId.Span), stop);

    private async Task<Guid?> Owner(ClaimKey claim, CancellationToken stop) =>
        await store.FindOwner(claim, stop).ConfigureAwait(false) is { } owner ? Guid.ParseExact(owner, "N") : null;
}
