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

    /// <summary>A role's name is what registrations and tokens carry, so it never changes.</summary>
    protected override ApplicationRole Complete(ApplicationRole next, ApplicationRole? current, Guid id, Application owner, RuleContext context) =>
        Completed(current is null ? next : next with { Name = current.Name }, current, id, context);

    protected override void Check(ApplicationRole next, ApplicationRole? current, Application owner, RuleContext context, Errors errors) => Checked(next, errors, null);

    internal static ApplicationRole Completed(ApplicationRole next, ApplicationRole? current, Guid? id, RuleContext context) => next with
    {
        Id = current?.Id ?? id ?? Guid.CreateVersion7(),
        Name = next.Name?.Trim(),
        InsertInstant = current?.InsertInstant ?? context.Now,
        LastUpdateInstant = context.Now,
    };

    internal static void Checked(ApplicationRole next, Errors errors, string? list)
    {
        var prefix = list is null ? "" : list + ".";
        errors.Required(next.Name, prefix + "name");
        errors.NotLonger(next.Description, prefix + "description", 255);
    }
}
