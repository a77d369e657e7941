using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Applications;

/// <summary>The OAuth scopes that an application defines beside those of OpenID Connect.</summary>
internal sealed class ScopeRules() : ItemRules<Application, ApplicationOAuthScope>("scope")
{
    protected override ImmutableArray<ApplicationOAuthScope> List(Application owner) => owner.Scopes;

    protected override Application With(Application owner, ImmutableArray<ApplicationOAuthScope> items) => owner with { Scopes = items };

    protected override Guid Id(ApplicationOAuthScope item) => item.Id!.Value;

    protected override string? Name(ApplicationOAuthScope item) => item.Name;

    protected override ApplicationOAuthScope Complete(ApplicationOAuthScope next, ApplicationOAuthScope? current, Guid id, Application owner, RuleContext context) =>
        Completed(next, current, id, owner.Id, context);

    protected override void Check(ApplicationOAuthScope next, ApplicationOAuthScope? current, Application owner, RuleContext context, Errors errors) => Checked(next, errors);

    /// <param name="prefix">Where the scope stands in the request, such as <c>scopes.</c>.</param>
    internal static void Checked(ApplicationOAuthScope next, Errors errors, string prefix = "")
    {
        errors.Required(next.Name, prefix + "name");
        errors.DataIsObject(next.Data, prefix + "data");
        // RFC 6749, section 3.3: a scope token has no spaces, quotes or backslashes.
        if (next.Name?.Any(c => c is <= ' ' or '"' or '\\' or > '~') == true)
            errors.Add(prefix + "name", "invalid", "The name of a scope has printable ASCII characters without spaces, quotes and backslashes.");
    }

    internal static ApplicationOAuthScope Completed(ApplicationOAuthScope next, ApplicationOAuthScope? current, Guid? id, Guid applicationId, RuleContext context) => next with
    {
        Id = current?.Id ?? id ?? Guid.CreateVersion7(),
        Name = current?.Name ?? next.Name,
        ApplicationId = applicationId,
        InsertInstant = current?.InsertInstant ?? context.Now,
        LastUpdateInstant = context.Now,
    };
}
