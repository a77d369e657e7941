using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Mail;
using OrleansAuth.Storage;
using OrleansAuth.Tenants;

namespace OrleansAuth.UserActions;

/// <summary>What makes the definition of an action valid.</summary>
internal sealed class UserActionRules() : FamilyRules<UserAction>(Families.UserActions)
{
    private const int MostOptions = 100;

    public override bool RemovesAtOnce => false;

    protected override UserAction Complete(UserAction next, UserAction? current, RuleContext context) => next with
    {
        Active = current?.Active ?? true,
        Name = next.Name.Trim(),
        Options = [.. next.Options.Select(o => o with { Name = o.Name.Trim() })],
    };

    protected override IEnumerable<UniqueName> Names(UserAction value) => [Name(value.Name, null)];

    protected override UserAction Activate(UserAction value, bool active) => value with { Active = active };

    /// <summary>Without it, the lockout of the tenant would end silently.</summary>
    protected override Refusal? RefuseRemoval(UserAction current, RuleContext context) => LockedBy(current, context) is { } tenant
        ? Refusal.Invalid(ContractError.General("[inUse]userAction", $"The tenant {tenant.Name} locks users out by this action. Give it another one first."))
        : null;

    protected override void Check(UserAction next, UserAction? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        if (next is { PreventLogin: true, Temporal: false })
            errors.Add("preventLogin", "invalid", "An action that prevents logins must be [temporal].");
        if (next.Temporal && !next.Options.IsEmpty)
            errors.Add("options", "invalid", "An action that is [temporal] has no options.");
        if (next.Options.Length > MostOptions)
            errors.Add("options", "tooLong", $"An action has at most {MostOptions} options.");
        if (next.Options.Select(o => o.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() < next.Options.Length)
            errors.Add("options", "duplicate", "The names of the options must differ.");
        for (var i = 0; i < next.Options.Length; i++)
        {
            errors.Required(next.Options[i].Name, $"options[{i}].name");
            LocalizedTexts.Check(next.Options[i].LocalizedNames, $"options[{i}].localizedNames", errors);
        }

        LocalizedTexts.Check(next.LocalizedNames, "localizedNames", errors);
        errors.Templates(next, current, context.Snapshot);
        if (current is not null && !(next is { PreventLogin: true, Temporal: true }) && LockedBy(current, context) is { } tenant)
            errors.Add("preventLogin", "inUse", $"The tenant {tenant.Name} locks users out by this action: it must stay temporal and prevent logins.");
    }

    private static Tenant? LockedBy(UserAction action, RuleContext context) =>
        context.Snapshot.All<Tenant>().FirstOrDefault(t => t.FailedAuthenticationConfiguration.UserActionId == action.Id);
}

/// <summary>What makes a reason valid.</summary>
internal sealed class UserActionReasonRules() : FamilyRules<UserActionReason>(Families.UserActionReasons)
{
    private const int LongestText = 1_000;

    protected override UserActionReason Complete(UserActionReason next, UserActionReason? current, RuleContext context) =>
        next with { Code = next.Code.Trim(), Text = next.Text.Trim() };

    protected override IEnumerable<UniqueName> Names(UserActionReason value) => [Unique("code", value.Code), Unique("text", value.Text)];

    protected override void Check(UserActionReason next, UserActionReason? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Code, "code");
        // Longer ones could not be told apart by the store.
        errors.Required(next.Text, "text", LongestName);
        LocalizedTexts.Check(next.LocalizedTexts, "localizedTexts", errors, LongestText);
    }

    private const int LongestName = 400;

    private static UniqueName Unique(string field, string value) => new(new ClaimKey($"userActionReason-{field}", value.ToUpperInvariant()), field);
}

/// <summary>Texts by locale.</summary>
internal static class LocalizedTexts
{
    private const int Most = 200;

    /// <summary>The text in the first of the languages that there is one for, or else <paramref name="otherwise"/>.</summary>
    public static string Choose(ImmutableDictionary<string, string> texts, string otherwise, IEnumerable<string> languages)
    {
        foreach (var language in languages)
        {
            var locale = language.Replace('-', '_');
            if (Find(texts, locale) is { } exact) return exact;
            if (locale.IndexOf('_', StringComparison.Ordinal) is > 0 and var end && Find(texts, locale[..end]) is { } wider) return wider;
        }

        return otherwise;
    }

    public static void Check(ImmutableDictionary<string, string> texts, string field, Errors errors, int longest = 191)
    {
        if (texts.Count > Most) errors.Add(field, "tooLong", $"At most {Most} locales.");
        foreach (var (locale, text) in texts)
        {
            if (locale.Length is < 2 or > 35 || !locale.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
                errors.Add(field, "invalid", "The names of [" + field + "] are locales such as de or fr_CA.");
            errors.NotLonger(text, field, longest);
        }
    }

    private static string? Find(ImmutableDictionary<string, string> texts, string locale) =>
        texts.FirstOrDefault(t => t.Key.Replace('-', '_').Equals(locale, StringComparison.OrdinalIgnoreCase)) is { Value: { Length: > 0 } text } ? text : null;
}
