using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;

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
        Append(commit, actor, message, (subject as IInTenant)?.TenantId, Text(family, before), Text(family, after));
    }

    /// <param name="tenantId">Whose matter it is; null for the server's.</param>
    /// <param name="oldValue">JSON without secrets, as is <paramref name="newValue"/>.</param>
    public void Append(Commit commit, Actor actor, string message, Guid? tenantId, string? oldValue = null, string? newValue = null) =>
        Append(commit, actor, new AuditEntry(actor.Name, message)
        {
            Data = Origin(actor)?.ToJsonString(ContractJson.Options),
            Reason = actor.Reason,
            OldValue = oldValue,
            NewValue = newValue,
            TenantId = tenantId,
        });

    /// <summary>An entry as somebody worded it.</summary>
    public void Append(Commit commit, Actor actor, AuditEntry entry)
    {
        var id = entry.Id ?? Guid.CreateVersion7(clock.UtcNow);
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
        if (events.Tell(commit, EventTypes.AuditLogCreate, id, entry.TenantId, actor.Info, () => Show(id, entry))) commit.Number(Tables.AuditLog, id);
    }

    /// <summary>An entry in somebody else's words; who wrote it stands in its data.</summary>
    /// <returns>The id of its row.</returns>
    public Guid Append(Commit commit, WriteAuditLog command)
    {
        var (id, data, origin) = (Guid.CreateVersion7(clock.UtcNow), command.Data?.Read<JsonObject>() ?? [], Origin(command.Actor) ?? []);
        origin["name"] = command.Actor.Name;
        data["writtenBy"] = origin;
        Append(commit, command.Actor, new AuditEntry(command.InsertUser, command.Message)
        {
            Id = id,
            Reason = command.Reason ?? command.Actor.Reason,
            OldValue = command.OldValue?.ToString(),
            NewValue = command.NewValue?.ToString(),
            Data = data.ToJsonString(ContractJson.Options),
            TenantId = command.TenantId,
        });
        return id;
    }

    /// <summary>Where a change came from; null for the server itself.</summary>
    private static JsonObject? Origin(Actor actor)
    {
        var origin = new JsonObject();
        if (actor.IpAddress is { } address) origin["ipAddress"] = address;
        if (actor.RequestId is { } request) origin["requestId"] = request;
        return origin.Count == 0 ? null : origin;
    }

    private JsonObject Show(Guid id, AuditEntry entry)
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
}

/// <summary>An entry of the audit log.</summary>
/// <param name="InsertUser">Who did it.</param>
internal sealed record AuditEntry(string InsertUser, string Message)
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
}
