using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;

namespace OrleansAuth.Audit;

/// <summary>Writes the entry that every change of configuration leaves, in the commit that makes the change.</summary>
internal static class AuditLog
{
    private const string Masked = "*****";

    /// <param name="verb">Such as <c>created</c>.</param>
    public static void Append(Commit commit, Clock clock, Actor actor, ConfigurationFamily family, ConfigurationObject? before, ConfigurationObject? after, string verb)
    {
        var subject = (after ?? before)!;
        var message = $"{Capitalised(family.Name)} [{(subject as INamed)?.Name ?? subject.Id.ToString()}] with Id [{subject.Id}] was {verb}";
        Append(commit, clock, actor, message, Text(family, before), Text(family, after), (subject as IInTenant)?.TenantId);
    }

    public static void Append(Commit commit, Clock clock, Actor actor, string message, string? oldValue, string? newValue, Guid? tenantId) =>
        Put(commit, clock, Guid.CreateVersion7(clock.UtcNow), tenantId, actor.Name, message, actor.Reason, oldValue, newValue, Origin(actor));

    /// <summary>An entry in somebody else's words; who wrote it stands in its data.</summary>
    public static void Append(Commit commit, Clock clock, Guid id, WriteAuditLog entry)
    {
        var data = entry.Data is { } sent ? (JsonObject)JsonNode.Parse(sent.Utf8.Span)! : [];
        var origin = Origin(entry.Actor) ?? [];
        origin["name"] = entry.Actor.Name;
        data["writtenBy"] = origin;
        Put(commit, clock, id, entry.TenantId, entry.InsertUser, entry.Message, entry.Reason ?? entry.Actor.Reason, entry.OldValue?.ToString(), entry.NewValue?.ToString(), data);
    }

    private static void Put(Commit commit, Clock clock, Guid id, Guid? tenantId, string user, string message, string? reason, string? oldValue, string? newValue, JsonObject? data) =>
        commit.Upsert(
            Tables.AuditLog,
            ("id", id), ("insert_user", user), ("message", message), ("reason", reason), ("old_value", oldValue), ("new_value", newValue),
            ("data", data?.ToJsonString(ContractJson.Options)), ("tenant_id", tenantId), ("instant", clock.Now));

    /// <summary>Where a change came from; null for the server itself.</summary>
    private static JsonObject? Origin(Actor actor)
    {
        var origin = new JsonObject();
        if (actor.IpAddress is { } address) origin["ipAddress"] = address;
        if (actor.RequestId is { } request) origin["requestId"] = request;
        return origin.Count == 0 ? null : origin;
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
