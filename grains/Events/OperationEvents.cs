using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Outbox;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Outbox;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Storage.Webhooks;
using OrleansAuth.Tenants;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Events;

/// <summary>
/// The events of one operation, in the order in which they were added. <see cref="Apply"/> is all that most operations need: it asks whoever
/// may prevent the operation, and commits the change with its events, or says why not.
/// <code>
/// var events = source.Begin(tenant, user, info).Add(EventTypes.UserCreate, …).Add(EventTypes.UserCreateComplete, …);
/// switch (await events.Apply(commit)) { case CommitResult.Vetoed vetoed: return vetoed.Why; … }
/// </code>
/// Whoever decides again after a lost race begins with new events: the old ones told of something that did not happen.
/// </summary>
internal sealed class OperationEvents(ConfigurationSnapshot snapshot, TransactionDesk desk, SecretBox secrets, Clock clock, EventScope scope)
{
    /// <summary>
    /// For all events of an operation together, whatever their receivers' timeouts: the caller's call must end before its own limit
    /// (30 seconds), and whoever waits for the same user behind it.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);

    /// <summary>Beyond the longest timeout of a receiver, for the way there and back.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly BackOff BackOff = new() { First = TimeSpan.FromSeconds(5) };

    private readonly List<Raised> _raised = [];
    private bool _asked;

    /// <summary>Adds an event if anybody receives it.</summary>
    /// <param name="members">What it says beside id, type, instant, tenant and info; asked only if somebody receives it.</param>
    /// <param name="linkedObject">The id of what it is about, where that is not the subject.</param>
    /// <param name="transaction">Where not the tenant decides how many receivers must agree. None: nobody is asked.</param>
    public OperationEvents Add(string type, Func<JsonObject> members, Guid? linkedObject = null, TransactionType? transaction = null)
    {
        var receivers = Receivers.In(snapshot).Of(scope.TenantId, type);
        if (receivers.IsEmpty) return this;
        var now = clock.Now;
        var id = OrderedId.New(now);
        var body = EventBody.Write(id, type, scope.TenantId, now, scope.Info, members());
        var told = new StoredEvent(id, scope.TenantId, type, scope.Subject.ToString("N"), linkedObject ?? scope.Subject, transaction ?? Configured(type), EventResult.Succeeded, body);
        _raised.Add(new Raised(told, receivers));
        return this;
    }

    /// <summary>
    /// Asks the receivers unless that was done, and commits the change with what they agreed to. Where nothing is committed after all, the
    /// events are declared failed.
    /// </summary>
    /// <returns><see cref="CommitResult.Vetoed"/> also where it took so long that the events had been declared failed meanwhile.</returns>
    /// <exception cref="StoreUnavailableException">The outcome is unknown. The store decides: either the change is there and its events succeeded, or they are declared failed later.</exception>
    public async Task<CommitResult> Apply(Commit commit)
    {
        if (!_asked && await Ask() is { } refusal) return new CommitResult.Vetoed(refusal);
        AddTo(commit);
        var result = await desk.Commit(commit, Vetoable);
        if (result is CommitResult.Committed) return result;
        await Abandon();
        return result is CommitResult.Conflict conflict && EventTransactions.IsOfEvent(conflict.Key) ? new CommitResult.Vetoed(Refusal.Vetoed) : result;
    }

    /// <summary>
    /// Asks the receivers of events that may be prevented, one event after the other: who is told of a user's registration has been told of
    /// the user before. After a refusal none of the events counts any more.
    /// </summary>
    /// <returns>Why the operation must not happen, or null.</returns>
    public async Task<Refusal?> Ask()
    {
        _asked = true;
        var begun = clock.Now;
        foreach (var raised in _raised.Where(raised => raised.IsVetoable))
        {
            raised.Asked = true;
            raised.Decision = await desk.Decide(Propose(raised, begun));
            if (raised.Decision.Agreed) continue;
            await Abandon();
            return Refusal.Vetoed;
        }

        return null;
    }

    /// <summary>Puts the events into the commit of what they tell, with what their receivers agreed to. Prefer <see cref="Apply"/>.</summary>
    /// <exception cref="InvalidOperationException">Nobody has asked the receivers.</exception>
    public void AddTo(Commit commit)
    {
        foreach (var raised in _raised)
        {
            if (raised.IsVetoable) AddDecided(commit, raised);
            else AddUnasked(commit, raised);
        }
    }

    /// <summary>The operation did not happen after all: what receivers agreed to is noted as failed, unless it was committed.</summary>
    public async Task Abandon()
    {
        var open = _raised.Where(raised => raised.Asked && raised.Decision is not { Agreed: false }).Select(raised => raised.Told).ToList();
        _raised.Clear();
        foreach (var told in open)
        {
            try
            {
                await desk.Fail(told.Id, told.TenantId);
            }
            catch (StoreUnavailableException)
            {
                // It is declared failed later, as what a dead process leaves.
            }
        }
    }

    private IReadOnlyList<Guid> Vetoable => _raised.Count == 0 ? [] : [.. _raised.Where(raised => raised.IsVetoable).Select(raised => raised.Told.Id)];

    private TransactionType Configured(string type) => EventTypes.Transactional.Contains(type) && !EventTypes.Unasked.Contains(type)
        ? snapshot.Find<Tenant>(scope.TenantId)?.EventConfiguration.Events.GetValueOrDefault(type)?.TransactionType ?? TransactionType.None
        : TransactionType.None;

    private EventProposal Propose(Raised raised, long begun)
    {
        var (told, now) = (raised.Told, clock.Now);
        var wanted = TimeSpan.FromMilliseconds(raised.Receivers.Max(webhook => (webhook.ConnectTimeout ?? 0) + (webhook.ReadTimeout ?? 0))) + Grace;
        var left = LongestWait - TimeSpan.FromMilliseconds(now - begun);
        return new EventProposal(told.Id, told.TenantId!.Value, told.Type, told.Transaction, new JsonText(Encoding.UTF8.GetBytes(told.Body)), [.. raised.Receivers.Select(webhook => webhook.Id)])
        {
            Subject = told.Subject,
            LinkedObjectId = told.LinkedObjectId,
            Instant = told.Instant,
            Asked = now,
            Patience = wanted < left ? wanted : left > TimeSpan.Zero ? left : TimeSpan.Zero,
        };
    }

    private void AddUnasked(Commit commit, Raised raised)
    {
        var told = raised.Told;
        commit.PutEvent(told with { Body = EventBody.AtRest(told.Type, told.Id, told.Body, secrets) });
        foreach (var webhook in raised.Receivers) commit.Tell(OrderedId.New(clock.Now), told, webhook.Id, told.Instant);
    }

    /// <summary>The event is stored already. Who has not taken it gets it from the outbox; who has just failed, after a pause.</summary>
    private void AddDecided(Commit commit, Raised raised)
    {
        var (told, now) = (raised.Told, clock.Now);
        var decision = raised.Decision ?? throw new InvalidOperationException($"The receivers of {told.Type} may veto it: call Ask before the commit, or add it with the transaction type None.");
        commit.DecideTransaction(told.Id, told.TenantId, EventResult.Succeeded, now);
        foreach (var report in decision.Reports)
            if (report.Attempt is { } attempt) commit.PutAttempt(told.TenantId, attempt);
        foreach (var webhook in raised.Receivers)
        {
            var report = decision.Reports.FirstOrDefault(report => report.WebhookId == webhook.Id);
            if (report is { Outcome: DeliveryOutcome.Delivered }) continue;
            var entry = OrderedId.New(now);
            commit.Tell(entry, told, webhook.Id, now);
            if (report is { Outcome: DeliveryOutcome.Failed } && BackOff.Pause(1, report.RetryAfter, Random.Shared.NextDouble()) is { } pause)
                commit.HoldBack(entry, 1, now + (long)pause.TotalMilliseconds, report.Reason ?? "The receiver failed while it was asked.");
        }
    }

    /// <param name="Told">With the body as it is sent.</param>
    private sealed record Raised(StoredEvent Told, ImmutableArray<Webhook> Receivers)
    {
        public bool Asked { get; set; }

        /// <summary>Null where nobody was asked, or nobody knows what came of it.</summary>
        public EventDecision? Decision { get; set; }

        public bool IsVetoable => Told.Transaction != TransactionType.None;
    }
}
