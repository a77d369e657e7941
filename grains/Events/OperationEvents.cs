using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Storage.Webhooks;
using OrleansAuth.Tenants;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Events;

/// <summary>
/// The events of one operation, in the order in which they were added. <see cref="Ask"/> comes before the commit and may refuse the
/// operation; <see cref="AddTo"/> puts what is to be told into the commit; where nothing was committed after that, <see cref="Abandon"/> says so.
/// </summary>
internal sealed class OperationEvents(ConfigurationSnapshot snapshot, SecretBox secrets, Clock clock, Guid? tenantId, Guid subject, EventInfo? info)
{
    private readonly List<(StoredEvent Event, ImmutableArray<Webhook> Receivers)> _raised = [];

    /// <summary>Adds an event if anybody receives it.</summary>
    /// <param name="members">What it says beside id, type, instant, tenant and info; asked only if somebody receives it.</param>
    /// <param name="linkedObject">The id of what it is about, where that is not the subject.</param>
    /// <param name="transaction">Where not the tenant decides how many receivers must agree.</param>
    public OperationEvents Add(string type, Func<JsonObject> members, Guid? linkedObject = null, TransactionType? transaction = null)
    {
        var receivers = Receivers.In(snapshot).Of(tenantId, type);
        if (receivers.IsEmpty) return this;
        var (id, now) = (Guid.CreateVersion7(clock.UtcNow), clock.Now);
        var body = EventBody.Write(id, type, tenantId, now, info, members());
        if (EventTypes.WithSecrets.Contains(type)) body = secrets.Seal(body, EventBody.Place(id));
        var decides = EventTypes.Transactional.Contains(type) ? transaction ?? snapshot.Find<Tenant>(tenantId)?.EventConfiguration.Events.GetValueOrDefault(type)?.TransactionType : null;
        _raised.Add((new StoredEvent(id, tenantId, type, subject.ToString("N"), linkedObject ?? subject, decides ?? TransactionType.None, EventResult.Succeeded, body, now), receivers));
        return this;
    }

    /// <summary>Asks the receivers of events that may be prevented.</summary>
    /// <returns>Why the operation must not happen, or null.</returns>
    public Task<Refusal?> Ask() => Task.FromResult(_raised.Count == 0 ? null : (Refusal?)null);

    /// <summary>Puts the events into the commit of what they tell.</summary>
    public void AddTo(Commit commit)
    {
        foreach (var (told, receivers) in _raised)
        {
            commit.PutEvent(told);
            foreach (var webhook in receivers) commit.Tell(Guid.CreateVersion7(clock.UtcNow), told, webhook.Id, told.Instant);
        }
    }

    /// <summary>The operation did not happen after all: what receivers agreed to is noted as failed.</summary>
    public Task Abandon()
    {
        _raised.Clear();
        return Task.CompletedTask;
    }
}
