using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Entities;
using OrleansAuth.Tenants;

namespace OrleansAuth.Entities;

/// <summary>What makes a type of entities valid.</summary>
internal sealed class EntityTypeRules() : FamilyRules<EntityType>(Families.EntityTypes)
{
    public override ItemRules? Items(string list) => list == "permissions" ? new EntityPermissionRules() : null;

    protected override IEnumerable<UniqueName> Names(EntityType value) => [Name(value.Name, null)];

    /// <summary>Permissions have operations of their own, so an update that sends none keeps those there are; one that names them again keeps their ids.</summary>
    protected override EntityType Complete(EntityType next, EntityType? current, RuleContext context) => next with
    {
        Name = next.Name.Trim(),
        Permissions = CompletePermissions(next.Permissions, current, context),
    };

    private static ImmutableArray<EntityTypePermission> CompletePermissions(ImmutableArray<EntityTypePermission> permissions, EntityType? current, RuleContext context)
    {
        if (permissions.IsEmpty) return current?.Permissions ?? [];
        if (permissions.Length > ItemRules.MostItems) return permissions; // refused by the check; not worth completing
        var byId = current?.Permissions.ToLookup(p => p.Id);
        var byName = current?.Permissions.ToLookup(p => p.Name, StringComparer.OrdinalIgnoreCase);
        return [.. permissions.Select(p => EntityPermissionRules.Completed(p, (p.Id is { } id ? byId?[id] : byName?[p.Name?.Trim()])?.FirstOrDefault(), p.Id, context))];
    }

    protected override void Check(EntityType next, EntityType? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        if (next.JwtConfiguration.Enabled)
        {
            errors.InRange(next.JwtConfiguration.TimeToLiveInSeconds, "jwtConfiguration.timeToLiveInSeconds", 1);
            TokenRules.CheckSigningKey(next.JwtConfiguration.AccessTokenKeyId, "jwtConfiguration.accessTokenKeyId", context.Snapshot, errors);
        }

        if (next.Permissions.Length > ItemRules.MostItems) errors.Add("permissions", "tooMany", $"A type may have at most {ItemRules.MostItems} permissions.");
        if (errors.Any) return;
        var taken = EntityPermissionRules.OfOthers(next.Id, context);
        foreach (var permission in next.Permissions) EntityPermissionRules.Checked(permission, taken, errors, "permissions.");
        Different(next.Permissions.Select(p => p.Name?.ToUpperInvariant()), "names", errors);
        Different(next.Permissions.Select(p => p.Id), "ids", errors);
    }

    private static void Different<T>(IEnumerable<T> values, string what, Errors errors)
    {
        if (values.GroupBy(v => v).Any(same => same.Skip(1).Any())) errors.Add("permissions", "duplicate", $"The permissions of a type have different {what}.");
    }

    /// <summary>
    /// A type is global, so removing its entities with it would reach into every tenant and end the credentials of whatever
    /// runs there: whoever wants that removes the entities first.
    /// </summary>
    protected override async Task<Refusal?> RefuseRemoval(EntityType current, IStoreReader store) => await EntityQueries.AnyOfType(store, current.Id)
        ? Refusal.Invalid(ContractError.General("[inUse]entityType", "There are entities of this type. Delete them first."))
        : null;

    /// <summary>A permission that leaves the type leaves every grant with it.</summary>
    protected override void Storing(EntityType next, EntityType? current, Commit commit)
    {
        foreach (var gone in (current?.Permissions ?? []).Where(p => next.Permissions.All(kept => kept.Id != p.Id)))
            commit.Delete(Tables.EntityGrantPermission, ("permission_id", gone.Id));
    }
}
