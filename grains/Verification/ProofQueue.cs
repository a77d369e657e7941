using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Identifiers;
using OrleansAuth.Outbox;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Verification;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Verification;

/// <summary>Looks at what people typed: where somebody has that name, a message is sent; else nothing happens that anybody sees.</summary>
internal sealed class ProofQueue(SecretBox secrets, IStore store, IGrainFactory grains, ConfigurationReader configuration, Clock clock) : IOutboxQueue
{
    /// <summary>Nobody waits longer for a message; what could not be looked at by then is let go.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private const int Tries = 5;

    public string Name => ProofWish.QueueName;

    public OutboxLimits Limits { get; } = new();

    public async Task<OutboxVerdict> Deliver(OutboxItem item, CancellationToken stop)
    {
        if (item.TenantId is not { } tenantId || item.Queued + (long)Patience.TotalMilliseconds < clock.Now) return new OutboxVerdict.Done();
        var wish = ProofWish.Open(secrets, item.Id, item.Body);
        var name = LoginName.Of(wish.LoginId, wish.LoginIdTypes.Contains("phoneNumber"));
        var owner = name is null ? null : await store.FindOwner(UserKeys.Login(tenantId, name), stop);
        if (owner is null) return await StandIn(tenantId, wish);
        var begun = await grains.UserVerification(tenantId, Guid.ParseExact(owner, "N")).BeginProof(Command(wish));
        if (begun.Refusal is { Kind: RefusalKind.Conflict or RefusalKind.Busy } && item.Attempt < Tries) return new OutboxVerdict.Retry("The user is busy.");
        return begun.Value?.Id is null ? await StandIn(tenantId, wish) : new OutboxVerdict.Done();
    }

    private static BeginProof Command(ProofWish wish) => new(wish.Kind, wish.LinkOrigin, new Actor("anonymous", wish.Address) { Info = wish.Info })
    {
        ApplicationId = wish.ApplicationId,
        Sends = true,
        LoginId = wish.LoginId,
        LoginIdTypes = wish.LoginIdTypes,
        State = wish.State is { } state ? JsonText.From(state) : null,
        Strategy = wish.Strategy,
        ProofId = wish.ProofId,
        Browser = wish.Browser,
    };

    /// <summary>A browser that holds an id may try codes with it; for a name that nobody has it meets somebody who is as slow to say no.</summary>
    private async Task<OutboxVerdict> StandIn(Guid tenantId, ProofWish wish)
    {
        if (wish.ProofId is not { } id || configuration.Current.Find<Tenant>(tenantId) is not { } tenant) return new OutboxVerdict.Done();
        var content = new StoredProofId { Kind = wish.Kind, UserId = UserGrainKeys.DecoyId(secrets.Mark(LoginName.Typed(wish.LoginId, wish.LoginIdTypes.Contains("phoneNumber")), DecoyMark.Purpose)), ApplicationId = wish.ApplicationId };
        var expires = clock.Now + (tenant.ExternalIdentifierConfiguration.PasswordlessLoginTimeToLiveInSeconds * 1000L);
        await grains.Identifier(Proofs.KindOf(wish.Kind), id).Issue(new IssueIdentifier(tenantId, expires, JsonText.From(content)));
        return new OutboxVerdict.Done();
    }
}
