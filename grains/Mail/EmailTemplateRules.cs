using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Users;

namespace OrleansAuth.Mail;

/// <summary>What makes a mail template valid: everything that a mail needs, in Handlebars that compiles.</summary>
internal sealed class EmailTemplateRules() : FamilyRules<EmailTemplate>(Families.EmailTemplates)
{
    protected override IEnumerable<UniqueName> Names(EmailTemplate value) => [Name(value.Name, null)];

    protected override EmailTemplate Complete(EmailTemplate next, EmailTemplate? current, RuleContext context) =>
        next with { Name = next.Name.Trim(), FromEmail = string.IsNullOrWhiteSpace(next.FromEmail) ? null : next.FromEmail.Trim() };

    protected override Refusal? RefuseRemoval(EmailTemplate current, RuleContext context) => TemplateUse.Refuse(Family, current.Id, "emplateId", context.Snapshot);

    protected override void Check(EmailTemplate next, EmailTemplate? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        Required(next.DefaultSubject, "defaultSubject", errors);
        Required(next.DefaultHtmlTemplate, "defaultHtmlTemplate", errors);
        Required(next.DefaultTextTemplate, "defaultTextTemplate", errors);
        if (next.FromEmail is { } from) EmailRules.Check(from, "fromEmail", errors);
        foreach (var (field, texts) in next.Localized()) TemplateTextRules.CheckLocales(Family.Name, field, texts, errors);
        if (errors.Any) return;
        CheckLines(next, errors);
        TemplateTextRules.Check(Family.Name, [.. next.Texts()], current?.Texts() ?? [], IsLine, errors);
    }

    /// <summary>Subjects and names stand in headers. What values bring into them is made harmless when a mail is written.</summary>
    private static void CheckLines(EmailTemplate next, Errors errors)
    {
        foreach (var (field, _) in next.Texts().Where(text => IsLine(text.Field) && !MailHeaderText.IsClean(text.Text)))
            errors.Add(field, "invalid", $"The [emailTemplate.{field}] must not have line ends or other control characters.");
    }

    private static bool IsLine(string field) => field.Contains("Subject", StringComparison.Ordinal) || field.Contains("FromName", StringComparison.Ordinal);

    private static void Required(string? text, string field, Errors errors)
    {
        if (string.IsNullOrWhiteSpace(text)) errors.Add(field, "blank", $"The [emailTemplate.{field}] must not be blank.");
    }
}
