using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Tenants;

namespace OrleansAuth.Audit;

/// <summary>
/// Writes the entry that every change of an administrator leaves, in the commit that makes the change, and tells the webhooks that want to
/// hear it.
/// </summary>
internal sealed class AuditLog(SystemEvents events, Clock clock)
{
    private const string Masked = "*****";

    /// <param name="verb">Such as <c>created</c>.</param>
    public void Append(Commit commit, Actor actor, ConfigurationFamily family, ConfigurationObject? before, ConfigurationObject? after, string verb)
    {
        var subject = (after ?? before)!;
        var message = $"{Capitalised(family.Name)} [{(subject as INamed)?.Name ?? subject.Id.ToString()}] with Id [{subject.Id}] was {verb}";
        Append(commit, actor, Note(actor, message, (subject as IInTenant)?.TenantId) with { OldValue = Text(family, before), NewValue = Text(family, after), HeardIn = (subject as Tenant)?.Id });
    }

    /// <param name="tenantId">Whose matter it is; null for the server's.</param>
    public void Append(Commit commit, Actor actor, string message, Guid? tenantId) => Append(commit, actor, Note(actor, message, tenantId));

    private void Append(Commit commit, Actor actor, Noted entry)
    {
        var id = entry.Id ?? OrderedId.New(clock.Now);
        commit.Upsert(
            Tables.AuditLog,
            ("id", id),
            ("insert_user", entry.InsertUser),
            ("message", entry.Message),
            ("reason", entry.Reason),
            ("old_value", entry.OldValue),
            ("new_value", entry.NewValue),
            ("data", entry.Data),
            ("tenant_id", entry.TenantId),
            ("instant", clock.Now));
        if (events.Tell(commit, EventTypes.AuditLogCreate, id, entry.HeardIn ?? entry.TenantId, actor.Info, () => Show(id, entry))) commit.Number(Tables.AuditLog, id);
    }

    /// <summary>An entry in somebody else's words; who wrote it stands in its data.</summary>
    public void Append(Commit commit, Guid id, WriteAuditLog entry)
    {
        var data = entry.Data is { } sent ? (JsonObject)JsonNode.Parse(sent.Utf8.Span)! : [];
        var origin = Origin(entry.Actor) ?? [];
        origin["name"] = entry.Actor.Name;
        data["writtenBy"] = origin;
        Append(commit, entry.Actor, new Noted(entry.InsertUser, entry.Message)
        {
            Id = id,
            Data = data.ToJsonString(ContractJson.Options),
            OldValue = entry.OldValue?.ToString(),
            NewValue = entry.NewValue?.ToString(),
            Reason = entry.Reason ?? entry.Actor.Reason,
            TenantId = entry.TenantId,
        });
    }

    private static Noted Note(Actor actor, string message, Guid? tenantId) =>
        new(actor.Name, message) { Data = Origin(actor)?.ToJsonString(ContractJson.Options), Reason = actor.Reason, TenantId = tenantId };

    /// <summary>Where a change came from; null for the server itself.</summary>
    private static JsonObject? Origin(Actor actor)
    {
        var origin = new JsonObject();
        if (actor.IpAddress is { } address) origin["ipAddress"] = address;
        if (actor.RequestId is { } request) origin["requestId"] = request;
        return origin.Count == 0 ? null : origin;
    }

    private JsonObject Show(Guid id, Noted entry)
    {
        var shown = new JsonObject { ["id"] = EventCommit.NumberOf(id), ["insertInstant"] = clock.Now, ["insertUser"] = entry.InsertUser, ["message"] = entry.Message };
        if (entry.Reason is { } reason) shown["reason"] = reason;
        if (entry.TenantId is { } tenant) shown["tenantId"] = tenant;
        foreach (var (name, json) in ((string, string?)[])[("data", entry.Data), ("newValue", entry.NewValue), ("oldValue", entry.OldValue)])
            if (json is not null) shown[name] = JsonNode.Parse(json);
        return new JsonObject { ["auditLog"] = shown };
    }

    private static string? Text(ConfigurationFamily family, ConfigurationObject? value)
    {
        if (value is null) return null;
        var document = ContractJson.ToNode<object>(value);
        foreach (var path in family.Secrets) Mask(document, path.Split('.'));
        return document.ToJsonString(ContractJson.Options);
    }

    private static void Mask(JsonObject document, ReadOnlySpan<string> path)
    {
        if (path.Length > 1)
        {
            if (document[path[0]] is JsonObject child) Mask(child, path[1..]);
        }
        else if (document.ContainsKey(path[0]))
        {
            document[path[0]] = Masked;
        }
    }

    private static string Capitalised(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    /// <param name="InsertUser">Who did it.</param>
    private sealed record Noted(string InsertUser, string Message)
    {
        /// <summary>The caller's own, so that a repeated commit writes one entry; null for a new one.</summary>
        public Guid? Id { get; init; }

        public string? Reason { get; init; }

        /// <summary>JSON without secrets, as are the others.</summary>
        public string? OldValue { get; init; }

        public string? NewValue { get; init; }

        public string? Data { get; init; }

        /// <summary>Whose matter it is; null for the server's.</summary>
        public Guid? TenantId { get; init; }

        /// <summary>The tenant whose webhooks alone hear of an entry of the server's, since it shows that tenant's settings; null otherwise.</summary>
        public Guid? HeardIn { get; init; }
    }
}
