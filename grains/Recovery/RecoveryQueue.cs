using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Outbox;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Storage.Users;
using OrleansAuth.Users;

namespace OrleansAuth.Recovery;

/// <summary>Looks at what people typed: where somebody has that name and an address or a number, a link is sent; else nothing happens.</summary>
internal sealed class RecoveryQueue(SecretBox secrets, IStore store, IGrainFactory grains, Clock clock) : IOutboxQueue
{
    /// <summary>Nobody waits longer for a link; what could not be looked at by then is let go.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public string Name => RecoveryWish.QueueName;

    public OutboxLimits Limits { get; } = new();

    public async Task<OutboxVerdict> Deliver(OutboxItem item, CancellationToken stop)
    {
        if (item.TenantId is not { } tenantId || item.Queued + (long)Patience.TotalMilliseconds < clock.Now) return new OutboxVerdict.Done();
        var wish = RecoveryWish.Open(secrets, item.Id, item.Body);
        var name = LoginName.Of(wish.LoginId, wish.LoginIdTypes.Contains("phoneNumber"));
        if (name is null || await store.FindOwner(UserKeys.Login(tenantId, name), stop) is not { } owner) return new OutboxVerdict.Done();
        var begun = await grains.UserPassword(tenantId, Guid.ParseExact(owner, "N")).BeginRecovery(
            new BeginRecovery(wish.LinkOrigin, wish.ApplicationId, wish.State is { } state ? JsonText.From(state) : null, new Actor("anonymous", wish.Address) { Info = wish.Info })
            {
                Mails = true,
                Texts = true,
                LoginId = wish.LoginId,
                LoginIdTypes = wish.LoginIdTypes,
            });
        return begun.Refusal is { Kind: RefusalKind.Conflict or RefusalKind.Busy } ? new OutboxVerdict.Retry("The user is busy.") : new OutboxVerdict.Done();
    }
}
