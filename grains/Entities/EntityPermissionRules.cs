using System.Buffers;
using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Entities;

/// <summary>The permissions of a type of entities.</summary>
internal sealed class EntityPermissionRules() : ItemRules<EntityType, EntityTypePermission>("permission")
{
    /// <summary>What a scope token may have (RFC 6749, section 3.3), without the comma that separates permissions there.</summary>
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\' or ','))]);

    protected override ImmutableArray<EntityTypePermission> List(EntityType owner) => owner.Permissions;

    protected override EntityType With(EntityType owner, ImmutableArray<EntityTypePermission> items) => owner with { Permissions = items };

    protected override Guid Id(EntityTypePermission item) => item.Id!.Value;

    protected override string? Name(EntityTypePermission item) => item.Name;

    protected override EntityTypePermission Complete(EntityTypePermission next, EntityTypePermission? current, Guid id, EntityType owner, RuleContext context) =>
        Completed(next, current, id, context);

    protected override void Check(EntityTypePermission next, EntityTypePermission? current, EntityType owner, RuleContext context, Errors errors) =>
        Checked(next, OfOthers(owner.Id, context), errors);

    /// <summary>Ids of the permissions of all other types: grants hold permissions by id, so no two types may share one.</summary>
    internal static HashSet<Guid?> OfOthers(Guid typeId, RuleContext context) =>
        [.. context.Snapshot.All<EntityType>().Where(t => t.Id != typeId).SelectMany(t => t.Permissions).Select(p => p.Id)];

    /// <summary>A permission's name is what tokens carry, so it never changes.</summary>
    internal static EntityTypePermission Completed(EntityTypePermission next, EntityTypePermission? current, Guid? id, RuleContext context) => next with
    {
        Id = current?.Id ?? id ?? Guid.CreateVersion7(),
        Name = current?.Name ?? next.Name?.Trim(),
        InsertInstant = current?.InsertInstant ?? context.Now,
        LastUpdateInstant = context.Now,
    };

    /// <param name="taken">Ids that belong to other types' permissions.</param>
    /// <param name="prefix">Where the permission stands in the request, such as <c>permissions.</c>.</param>
    internal static void Checked(EntityTypePermission next, HashSet<Guid?> taken, Errors errors, string prefix = "")
    {
        if (taken.Contains(next.Id)) errors.Add(prefix + "id", "duplicate", $"A permission with the Id [{next.Id}] already exists.");
        errors.Required(next.Name, prefix + "name");
        errors.NotLonger(next.Description, prefix + "description", 255);
        errors.DataIsObject(next.Data, prefix + "data");
        if (next.Name is { Length: > 0 } name && name.AsSpan().ContainsAnyExcept(Allowed))
            errors.Add(prefix + "name", "invalid", "The name of a permission has printable ASCII characters without blanks, commas, quotes and backslashes.");
    }
}
