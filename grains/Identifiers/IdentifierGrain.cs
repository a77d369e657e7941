using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Identifiers;

namespace OrleansAuth.Identifiers;

/// <summary>Every step is a compare-and-set on the state row, so it counts once even if two activations exist for a moment.</summary>
[GrainType("identifier")]
internal sealed class IdentifierGrain(IStore store, Clock clock) : Grain, IIdentifierGrain
{
    private string _id = "";
    private StoredIdentifier? _stored;
    private long _version;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = this.GetPrimaryKeyString();
        return Load();
    }

    public async Task<Outcome<IdentifierView>> Issue(IssueIdentifier command)
    {
        if (command.IsMark) DeactivateOnIdle();

        // An expired one may be replaced: short codes come again.
        if (_stored is { } old && clock.Now < old.ExpiresAt) return Refusal.Conflict;
        var next = new StoredIdentifier
        {
            TenantId = command.TenantId,
            IssuedAt = clock.Now,
            ExpiresAt = command.ExpiresAt,
            Content = command.Content.Read<JsonElement>(),
        };
        return await Store(next, next.ExpiresAt) ? View(next) : Refusal.Conflict;
    }

    public Task<IdentifierView?> Read(Guid? tenantId) => Task.FromResult(Live(tenantId) is { } live ? View(live) : null);

    public async Task<Outcome<IdentifierView>> Change(ChangeIdentifier command)
    {
        if (Live(command.TenantId) is not { } live) return Refusal.NotFound;
        if (_version != command.ExpectedVersion) return Refusal.Conflict;
        var next = live with { Content = command.Content.Read<JsonElement>(), ExpiresAt = command.ExpiresAt ?? live.ExpiresAt };
        if (await Store(next, next.ExpiresAt)) return View(next);
        await Load();
        return Refusal.Conflict;
    }

    public async Task<Outcome<IdentifierView>> Spend(SpendIdentifier command)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (Live(command.TenantId) is not { } live) return Refusal.NotFound;
            var spent = command.RememberUntil is null ? null : live with { SpentAt = clock.Now, Note = command.Note?.Read<JsonElement>() };
            if (await Store(spent, command.RememberUntil ?? 0)) return View(live);
            await Load();
        }

        DeactivateOnIdle();
        return Refusal.Conflict;
    }

    public async Task<JsonText?> Replay(Guid tenantId)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (_stored is not { SpentAt: not null } spent || spent.TenantId != tenantId) return null;
            if (spent.Replayed || await Store(spent with { Replayed = true }, null)) return spent.Note is { } note ? JsonText.From(note) : null;
            await Load();
        }

        DeactivateOnIdle();
        return null;
    }

    public Task<bool> WasReplayed() => Task.FromResult(_stored is { Replayed: true });

    private StoredIdentifier? Live(Guid? tenantId) =>
        _stored is { SpentAt: null } stored && clock.Now < stored.ExpiresAt && (tenantId is null || tenantId == stored.TenantId) ? stored : null;

    private IdentifierView View(StoredIdentifier stored) => new(stored.TenantId, stored.IssuedAt, stored.ExpiresAt, _version, JsonText.From(stored.Content));

    /// <param name="next">Null forgets the identifier.</param>
    /// <param name="keepUntil">When the sweeper may take the row; null leaves that as it is.</param>
    private async Task<bool> Store(StoredIdentifier? next, long? keepUntil)
    {
        var commit = new Commit();
        if (next is null)
            commit.Remove(StoredIdentifier.Key(_id), _version).Delete(Tables.Identifier, ("id", _id));
        else
            commit.Put(StoredIdentifier.Key(_id), _version, next.Write(), next.TenantId);
        if (next is not null && keepUntil is { } until)
            commit.Upsert(Tables.Identifier, ("id", _id), ("tenant_id", next.TenantId), ("expires_at", until));
        try
        {
            if (await store.Apply(commit) is not CommitResult.Committed) return false;
            (_stored, _version) = (next, next is null ? 0 : _version + 1);
            return true;
        }
        catch
        {
            // The outcome is unknown: only a fresh activation, which reads the store, may answer from here on.
            DeactivateOnIdle();
            throw;
        }
    }

    private async Task Load()
    {
        var row = await store.Read(StoredIdentifier.Key(_id));
        (_stored, _version) = (row is null ? null : StoredIdentifier.Read(row.Body), row?.Version ?? 0);
    }
}
