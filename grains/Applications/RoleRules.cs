using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Applications;

/// <summary>The roles of an application.</summary>
internal sealed class RoleRules() : ItemRules<Application, ApplicationRole>("role")
{
    protected override ImmutableArray<ApplicationRole> List(Application owner) => owner.Roles;

    protected override Application With(Application owner, ImmutableArray<ApplicationRole> items) => owner with { Roles = items };

    protected override Guid Id(ApplicationRole item) => item.Id!.Value;

    protected override string? Name(ApplicationRole item) => item.Name;

    protected override ApplicationRole Complete(ApplicationRole next, ApplicationRole? current, Guid id, Application owner, RuleContext context) =>
        Completed(next, current, id, context);

    protected override void Check(ApplicationRole next, ApplicationRole? current, Application owner, RuleContext context, Errors errors) =>
        Checked(next, OfOthers(owner.Id, context), errors);

    /// <summary>Ids of the roles of all other applications: groups hold roles by id, so no two applications may share one.</summary>
    internal static HashSet<Guid?> OfOthers(Guid applicationId, RuleContext context) =>
        [.. context.Snapshot.All<Application>().Where(a => a.Id != applicationId).SelectMany(a => a.Roles).Select(r => r.Id)];

    /// <summary>A role's name is what registrations and tokens carry, so it never changes.</summary>
    internal static ApplicationRole Completed(ApplicationRole next, ApplicationRole? current, Guid? id, RuleContext context) => next with
    {
        Id = current?.Id ?? id ?? Guid.CreateVersion7(),
        Name = current?.Name ?? next.Name?.Trim(),
        InsertInstant = current?.InsertInstant ?? context.Now,
        LastUpdateInstant = context.Now,
    };

    /// <param name="taken">Ids that belong to other applications' roles.</param>
    /// <param name="prefix">Where the role stands in the request, such as <c>roles.</c>.</param>
    internal static void Checked(ApplicationRole next, HashSet<Guid?> taken, Errors errors, string prefix = "")
    {
        if (taken.Contains(next.Id)) errors.Add(prefix + "id", "duplicate", $"A role with the Id [{next.Id}] already exists.");
        errors.Required(next.Name, prefix + "name");
        errors.NotLonger(next.Description, prefix + "description", 255);
    }
}
