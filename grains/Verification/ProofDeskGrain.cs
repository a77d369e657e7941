using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Identifiers;
using OrleansAuth.Storage.Outbox;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Verification;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Verification;

/// <summary>One commit for every wish, whatever was typed; <see cref="ProofQueue"/> does the rest. Proofs without a user live in their identifier alone.</summary>
[GrainType("proof-desk"), StatelessWorker]
internal sealed class ProofDeskGrain(IStore store, SecretBox secrets, Proofs proofs, ConfigurationReader configuration, Clock clock) : Grain, IProofDeskGrain
{
    private const int MostWrongCodes = 5;
    private const int MostMessages = 5;
    private const int Attempts = 8;

    /// <summary>What may be sent in an hour to an address that is nobody's yet.</summary>
    private const int MostStarts = 5;

    private const long Hour = 3_600_000;

    private Guid TenantId => VerificationGrainKeys.ReadKey(this.GetPrimaryKeyString());

    public async Task Ask(AskForProof command)
    {
        var (id, sent) = (Guid.CreateVersion7(clock.UtcNow), command.Wish);
        var wish = new ProofWish(sent.Kind, command.LoginId, sent.LoginIdTypes, sent.ApplicationId, sent.State?.Read<JsonElement>(), sent.LinkOrigin, sent.Actor.IpAddress)
        {
            Info = sent.Actor.Info,
            Strategy = sent.Strategy,
            ProofId = sent.ProofId,
            Browser = sent.Browser,
        };
        var subject = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{TenantId:N}/{command.LoginId}")));
        await store.Apply(new Commit().Queue(new OutboxEntry(id, ProofWish.QueueName, subject, TenantId, wish.Seal(secrets, id)), clock.Now));
    }

    public async Task<Outcome<ProofHandedOut>> StartOpen(StartOpenProof command)
    {
        if (configuration.Current.Find<Tenant>(TenantId) is not { State: ObjectState.Active } tenant) return Refusal.NotFound;
        var begin = command.Begin;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var commit = new Commit();
            if (begin.Sends && !await Count(commit, command.Value)) return ProofHandedOut.Nothing;
            var order = new ProofOrder(begin.Kind, proofs.ApplicationOf(tenant, begin.ApplicationId), begin.Sends ? begin.LinkOrigin : null)
            {
                ByPhone = begin.Kind == ProofKind.PhoneNumber,
                Strategy = begin.Strategy,
            };
            var draft = proofs.Draft(tenant, order, command.Value);
            if (begin.Sends) proofs.Send(commit, Nobody(command.Value, order.ByPhone), tenant, order, draft.Id, draft.Code, draft.Stored);
            var content = new StoredProofId { Kind = begin.Kind, ApplicationId = begin.ApplicationId, State = begin.State?.Read<JsonElement>(), Open = draft.Stored, Messages = begin.Sends ? 1 : 0 };
            var stored = new StoredIdentifier { TenantId = TenantId, IssuedAt = clock.Now, ExpiresAt = draft.Stored.ExpiresAt, Content = Write(content) };
            if (await store.Apply(commit.Issue(IdentifierKinds.Verification, draft.Id, stored)) is CommitResult.Committed) return new ProofHandedOut(draft.Id, draft.Code);
        }

        return Refusal.Conflict;
    }

    public Task<Outcome<ProofHandedOut>> SendOpen(SendProof command) => Change(command.Id, (commit, content, tenant) =>
    {
        var open = content.Open!;
        if (content.Completed) return null;
        if (content.Messages >= MostMessages) return (content, ProofHandedOut.Nothing);
        var order = new ProofOrder(content.Kind, proofs.ApplicationOf(tenant, content.ApplicationId), command.LinkOrigin)
        {
            ByPhone = content.Kind == ProofKind.PhoneNumber,
            State = content.State,
            Strategy = open.Sealed is null ? VerificationStrategy.ClickableLink : VerificationStrategy.FormField,
        };
        proofs.Send(commit, Nobody(open.Value!, order.ByPhone), tenant, order, command.Id, proofs.Open(open)?.Code, open);
        return (content with { Open = open with { Sent = true }, Messages = content.Messages + 1 }, new ProofHandedOut(command.Id, null));
    });

    public Task<Outcome<ProofHandedOut>> CompleteOpen(CompleteOpenProof command) => Change(command.Id, (_, content, _) =>
    {
        var open = content.Open!;
        if (content.Completed || open.Wrong >= MostWrongCodes) return null;
        if (open.Sealed is null) return (content with { Completed = true }, new ProofHandedOut(command.Id, null));
        if (string.IsNullOrWhiteSpace(command.Code)) return null;
        return proofs.Matches(open, command.Code)
            ? (content with { Completed = true }, new ProofHandedOut(command.Id, null))
            : (content with { Open = open with { Wrong = open.Wrong + 1 } }, null);
    });

    /// <summary>Decides on what is stored and writes that, as often as somebody else is faster, within reason.</summary>
    /// <param name="decide">Null refuses; an answer of null refuses too, after the content was written.</param>
    private async Task<Outcome<ProofHandedOut>> Change(string id, Func<Commit, StoredProofId, Tenant, (StoredProofId Next, ProofHandedOut? Answer)?> decide)
    {
        if (configuration.Current.Find<Tenant>(TenantId) is not { State: ObjectState.Active } tenant) return Refusal.NotFound;
        var key = StoredIdentifier.Key(IdentifierGrainKeys.IdOf(IdentifierKinds.Verification, id));
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.Read(key) is not { } row || StoredIdentifier.Read(row.Body) is not { SpentAt: null } stored || stored.TenantId != TenantId || stored.ExpiresAt <= clock.Now) return Refusal.NotFound;
            var content = StoredProofId.Read(JsonText.From(stored.Content));
            var commit = new Commit();
            if (content.Open is null || decide(commit, content, tenant) is not { } decision) return Refusal.NotFound;
            commit.Put(key, row.Version, (stored with { Content = Write(decision.Next) }).Write(), TenantId);
            if (await store.Apply(commit) is CommitResult.Committed) return decision.Answer is { } answer ? answer : Refusal.NotFound;
        }

        return Refusal.Conflict;
    }

    /// <summary>Counts a message to an address, as part of a commit; the row knows the address by a mark that only this server can make.</summary>
    /// <returns>False after too many.</returns>
    private async Task<bool> Count(Commit commit, string value)
    {
        var id = IdentifierGrainKeys.IdOf(IdentifierKinds.OpenProofs, Convert.ToHexStringLower(secrets.Mark($"{TenantId:N}/{value}", IdentifierKinds.OpenProofs)));
        var row = await store.Read(StoredIdentifier.Key(id));
        var held = row is null ? null : StoredIdentifier.Read(row.Body);
        var count = held is not null && clock.Now < held.ExpiresAt ? held.Content.GetInt32() : 0;
        if (count >= MostStarts) return false;
        var (issued, expires) = count == 0 ? (clock.Now, clock.Now + Hour) : (held!.IssuedAt, held.ExpiresAt);
        var next = new StoredIdentifier { TenantId = TenantId, IssuedAt = issued, ExpiresAt = expires, Content = JsonSerializer.SerializeToElement(count + 1) };
        commit.Put(StoredIdentifier.Key(id), row?.Version ?? 0, next.Write(), TenantId)
            .Upsert(Tables.Identifier, ("id", id), ("tenant_id", TenantId), ("expires_at", expires));
        return true;
    }

    /// <summary>Who a message goes to that has no account yet.</summary>
    private StoredUser Nobody(string value, bool byPhone) => new()
    {
        User = new User { Id = Guid.CreateVersion7(clock.UtcNow), TenantId = TenantId, Email = byPhone ? null : value, PhoneNumber = byPhone ? value : null },
    };

    private static JsonElement Write(StoredProofId content) => JsonSerializer.SerializeToElement(content, ContractJson.Options);
}
