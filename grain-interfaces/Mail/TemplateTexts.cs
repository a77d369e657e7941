using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using OrleansAuth.Themes;

namespace OrleansAuth.Mail;

/// <summary>
/// The texts of mails and messages on their way from a template to what is sent. Compiled texts are kept as long as the template object
/// is, which is as long as it stays as it is.
/// </summary>
public static class TemplateTexts
{
    /// <summary>What is said of a template in FreeMarker.</summary>
    public const string Foreign = "This is a FreeMarker template. It is kept, but this server speaks Handlebars: write it anew, as {{name}} in place of ${name}.";

    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<string, (PageTemplate? Template, string? Fault)>> Compiled = [];

    /// <summary>
    /// Whether a text is FreeMarker, as other servers of this contract have it. It would go out with its <c>${…}</c>, so it is kept and
    /// returned, but never sent.
    /// </summary>
    public static bool IsForeign(string text) => text.Contains("${", StringComparison.Ordinal) || ThemeTemplates.IsForeign(text);

    /// <summary>
    /// Of the languages that somebody reads, most wanted first, the first one that there are texts in, as the template spells it; null
    /// for the default texts.
    /// </summary>
    public static string? Choose(IEnumerable<string> wanted, IReadOnlyCollection<string> offered) =>
        offered.Count == 0 ? null : wanted.Select(locale => Locales.Best(locale, offered)).FirstOrDefault(found => found is not null);

    /// <summary>Writes one text with its values.</summary>
    /// <param name="owner">What the text belongs to; immutable.</param>
    public static TextRendering Render(object owner, string text, JsonObject data, TemplateOutput output)
    {
        if (IsForeign(text)) return new TextRendering(null) { ParseError = Foreign };
        if (!text.Contains("{{", StringComparison.Ordinal)) return new TextRendering(text);
        var (template, fault) = Compiled.GetOrCreateValue(owner).GetOrAdd(text, Compile);
        if (template is null) return new TextRendering(null) { ParseError = fault };
        try
        {
            return new TextRendering(template.Render(data, output));
        }
        catch (TemplateException error)
        {
            return new TextRendering(null) { RenderError = $"It could not be written: {error.Message}." };
        }
    }

    /// <summary>Without control characters, blanks at the ends and anything beyond the length: fit for a header, whatever the values were.</summary>
    public static string OneLine(string text, int longest)
    {
        var line = new string([.. text.Select(c => MailHeaderText.IsClean(c) ? c : ' ')]).Trim();
        if (line.Length <= longest) return line;
        return line[..(char.IsHighSurrogate(line[longest - 1]) ? longest - 1 : longest)];
    }

    private static (PageTemplate?, string?) Compile(string text)
    {
        try
        {
            return (PageTemplate.CompileAlone(text), null);
        }
        catch (TemplateException error)
        {
            return (null, error.Message);
        }
    }
}

/// <param name="Text">Null where there is none, for the reason given.</param>
public sealed record TextRendering(string? Text)
{
    public string? ParseError { get; init; }
    public string? RenderError { get; init; }

    /// <summary>Names no text: it may hold what lets somebody in.</summary>
    public override string ToString() => "text";
}
