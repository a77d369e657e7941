using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Themes;

namespace OrleansAuth.Mail;

/// <summary>A mail as its template wrote it. A part that could not be written is null and has an error under the name of its member.</summary>
public sealed record EmailRendering
{
    private const int LongestSubject = 255;

    /// <summary>The name that it is from; null where the template has none.</summary>
    public string? FromName { get; private init; }

    public string? Subject { get; private init; }
    public string? Text { get; private init; }
    public string? Html { get; private init; }

    /// <summary>What the template itself has wrong.</summary>
    public ImmutableDictionary<string, string> ParseErrors { get; private init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What went wrong with these values.</summary>
    public ImmutableDictionary<string, string> RenderErrors { get; private init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether it can be sent.</summary>
    public bool IsComplete => ParseErrors.IsEmpty && RenderErrors.IsEmpty && Subject is not null && Text is not null;

    /// <summary>Names no text: mails hold what lets people in.</summary>
    public override string ToString() => "mail";

    /// <summary>The locales that a template has a subject or a body in.</summary>
    public static IReadOnlyCollection<string> Languages(EmailTemplate template) =>
        [.. template.LocalizedSubjects.Keys.Concat(template.LocalizedTextTemplates.Keys).Concat(template.LocalizedHtmlTemplates.Keys).Distinct()];

    /// <param name="locale">One of <see cref="Languages"/>; null for the default texts. A part without that locale takes the default.</param>
    /// <param name="data">What the template sees. Nobody changes it meanwhile.</param>
    public static EmailRendering Of(EmailTemplate template, string? locale, JsonObject data)
    {
        var (parse, render) = (ImmutableDictionary.CreateBuilder<string, string>(), ImmutableDictionary.CreateBuilder<string, string>());
        var fromName = Part("FromName", template.DefaultFromName, template.LocalizedFromNames, TemplateOutput.Text);
        var subject = Part("Subject", template.DefaultSubject, template.LocalizedSubjects, TemplateOutput.Text);
        return new EmailRendering
        {
            FromName = fromName is null ? null : TemplateTexts.OneLine(fromName, LongestSubject),
            Subject = subject is null ? null : TemplateTexts.OneLine(subject, LongestSubject),
            Html = Part("HtmlTemplate", template.DefaultHtmlTemplate, template.LocalizedHtmlTemplates, TemplateOutput.Html),
            Text = Part("TextTemplate", template.DefaultTextTemplate, template.LocalizedTextTemplates, TemplateOutput.Text),
            ParseErrors = parse.ToImmutable(),
            RenderErrors = render.ToImmutable(),
        };

        string? Part(string name, string? otherwise, ImmutableDictionary<string, string> localized, TemplateOutput output)
        {
            var isLocalized = locale is not null && localized.ContainsKey(locale);
            if ((isLocalized ? localized[locale!] : otherwise) is not { } text) return null;
            var written = TemplateTexts.Render(template, text, data, output);
            var field = isLocalized ? $"localized{name}s.{locale}" : $"default{name}";
            if (written.ParseError is { } fault) parse[field] = fault;
            if (written.RenderError is { } error) render[field] = error;
            return written.Text;
        }
    }
}
