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
        commit.Upsert(
            Tables.AuditLog,
            ("id", Guid.CreateVersion7(clock.UtcNow)),
            ("insert_user", actor.Name),
            ("message", message),
            ("old_value", oldValue),
            ("new_value", newValue),
            ("data", actor.IpAddress is { } address ? new JsonObject { ["ipAddress"] = address }.ToJsonString() : null),
            ("tenant_id", tenantId),
            ("instant", clock.Now));

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
