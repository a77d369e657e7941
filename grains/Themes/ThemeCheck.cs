using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Forms;

namespace OrleansAuth.Themes;

/// <summary>What tenants and applications ask of the themes and forms that they name.</summary>
internal static class ThemeCheck
{
    /// <summary>A theme that is newly named exists. One that stayed is not looked at: what was valid when it was stored never blocks another change.</summary>
    public static void Theme(this Errors errors, Guid? next, Guid? current, RuleContext context)
    {
        if (next is { } id && next != current && context.Snapshot.Find<Theme>(id) is null)
            errors.Add("themeId", "invalid", $"There is no theme with the Id [{id}].");
    }

    /// <summary>A form that is newly named exists and is of the kind that is used there.</summary>
    public static void Form(this Errors errors, Guid? next, Guid? current, FormType type, string field, RuleContext context)
    {
        if (next is { } id && next != current && context.Snapshot.Find<Form>(id)?.Type != type)
            errors.Add(field, "invalid", $"There is no form of this kind with the Id [{id}].");
    }
}
