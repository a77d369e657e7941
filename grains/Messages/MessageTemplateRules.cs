using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Mail;

namespace OrleansAuth.Messages;

/// <summary>What makes a message template valid.</summary>
internal sealed class MessageTemplateRules() : FamilyRules<MessageTemplate>(Families.MessageTemplates)
{
    protected override IEnumerable<UniqueName> Names(MessageTemplate value) => [Name(value.Name, null)];

    protected override MessageTemplate Complete(MessageTemplate next, MessageTemplate? current, RuleContext context) => next with { Name = next.Name.Trim() };

    protected override Refusal? RefuseRemoval(MessageTemplate current, RuleContext context) => TemplateUse.Refuse(Family, current.Id, "emplateId", context.Snapshot);

    protected override void Check(MessageTemplate next, MessageTemplate? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        if (string.IsNullOrWhiteSpace(next.DefaultTemplate)) errors.Add("defaultTemplate", "blank", "The [messageTemplate.defaultTemplate] must not be blank.");
        if (current is not null && next.Type != current.Type) errors.Add("type", "invalid", "The type of a message template cannot be changed.");
        TemplateTextRules.CheckLocales(Family.Name, "localizedTemplates", next.LocalizedTemplates, errors);
        if (!errors.Any) TemplateTextRules.Check(Family.Name, [.. next.Texts()], current?.Texts() ?? [], _ => false, errors);
    }
}
