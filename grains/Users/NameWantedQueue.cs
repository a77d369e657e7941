using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Outbox;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>Somebody wanted a name that is taken. Stored as JSON: members are only added.</summary>
internal sealed record NameWanted(Guid Holder, bool ForNewUser);

/// <summary>Brings it to the user who has the name.</summary>
internal sealed class NameWantedQueue(IGrainFactory grains) : IOutboxQueue
{
    public const string QueueName = "name-wanted";

    public string Name => QueueName;

    public OutboxLimits Limits { get; } = new() { BackOff = new BackOff { MostAttempts = 6 } };

    /// <summary>Whether the tenant tells its users of that.</summary>
    public static bool IsTold(Tenant tenant, bool forNewUser) => forNewUser
        ? (tenant.EmailConfiguration.LoginIdInUseOnCreateEmailTemplateId ?? tenant.PhoneConfiguration.LoginIdInUseOnCreateTemplateId) is not null
        : (tenant.EmailConfiguration.LoginIdInUseOnUpdateEmailTemplateId ?? tenant.PhoneConfiguration.LoginIdInUseOnUpdateTemplateId) is not null;

    /// <summary>One entry for each holder waits at most, however often a name is wanted.</summary>
    public static Commit Queue(Commit commit, Guid tenantId, Guid holder, bool forNewUser, DateTimeOffset now)
    {
        var id = WellKnown.Named($"{QueueName}/{tenantId:N}/{holder:N}/{forNewUser}");
        return commit.Queue(new OutboxEntry(id, QueueName, $"{tenantId:N}/{holder:N}", tenantId, ContractJson.Write(new NameWanted(holder, forNewUser))), now.ToUnixTimeMilliseconds());
    }

    public async Task<OutboxVerdict> Deliver(OutboxItem item, CancellationToken stop)
    {
        var wanted = ContractJson.Read<NameWanted>(item.Body);
        if (item.TenantId is { } tenantId) await grains.UserNotices(tenantId, wanted.Holder).NameWanted(new TellNameWanted(wanted.ForNewUser));
        return new OutboxVerdict.Done();
    }
}
