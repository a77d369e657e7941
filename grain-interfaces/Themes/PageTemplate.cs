using System.Globalization;
using System.Text.Json.Nodes;
using HandlebarsDotNet;
using HandlebarsDotNet.Helpers;

namespace OrleansAuth.Themes;

/// <summary>What becomes of the values that a template writes.</summary>
public enum TemplateOutput
{
    /// <summary>They are escaped, however many braces stand around them.</summary>
    Html,

    /// <summary>They are written as they are: for plain text, where nothing is markup.</summary>
    Text,
}

/// <summary>
/// A page or a message in Handlebars, written by whoever may write themes or mails and therefore not trusted: it sees JSON and
/// nothing else, every value is escaped where the output is HTML, and output, steps and time are bounded. Beside the built-in blocks
/// there are the helpers <c>{{message "key" argument…}}</c>, of pages, and <c>{{#if (eq a b)}}</c>.
/// </summary>
public sealed class PageTemplate
{
    private readonly HandlebarsTemplate<TextWriter, object, object> _template;

    private PageTemplate(HandlebarsTemplate<TextWriter, object, object> template) => _template = template;

    /// <returns>What is wrong with a text, or null.</returns>
    public static TemplateFault? Check(string text, bool isHelpers)
    {
        if (TemplateScan.Find(text, isHelpers) is { } fault) return fault;
        try
        {
            Make(text, isHelpers ? null : "");
            return null;
        }
        catch (HandlebarsException error)
        {
            return new(Line(error.Message), error.Message.Split('\n')[0]);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The compiler has exceptions of many kinds for what it cannot read.
            return new(1, "This is not a Handlebars template.");
        }
    }

    /// <param name="text">A text that <see cref="Check"/> has nothing against.</param>
    /// <param name="helpers">The partial that it may include; null for none.</param>
    /// <exception cref="TemplateException">The text cannot be compiled.</exception>
    public static PageTemplate Compile(string text, string? helpers)
    {
        if ((TemplateScan.Find(text, isHelpers: false) ?? (helpers is null ? null : TemplateScan.Find(helpers, isHelpers: true))) is { } fault)
            throw new TemplateException($"line {fault.Line}: {fault.Message}");
        try
        {
            return new PageTemplate(Make(text, helpers ?? ""));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new TemplateException(error.Message, error);
        }
    }

    /// <summary>What is wrong with a template that stands alone, without partials, such as that of a mail; null for nothing.</summary>
    public static TemplateFault? CheckAlone(string text) => Check(text, isHelpers: true);

    /// <summary>A template without partials.</summary>
    /// <exception cref="TemplateException">The text cannot be compiled; the message says why, and the line where it is known.</exception>
    public static PageTemplate CompileAlone(string text)
    {
        if (TemplateScan.Find(text, isHelpers: true) is { } fault) throw new TemplateException($"line {fault.Line}: {fault.Message}");
        try
        {
            return new PageTemplate(Make(text, null));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new TemplateException(error is HandlebarsException ? $"line {Line(error.Message)}: {error.Message.Split('\n')[0]}" : "This is not a Handlebars template.", error);
        }
    }

    /// <param name="data">What the template sees. Nobody changes it meanwhile.</param>
    /// <param name="message">Finds a message by its key and puts the arguments in.</param>
    /// <exception cref="TemplateException">The template failed or took too much.</exception>
    public string Render(JsonObject data, Func<string, IReadOnlyList<string>, string> message) => Render(data, message, TemplateOutput.Html);

    /// <summary>A template that stands alone; there are no messages for it to look up.</summary>
    /// <exception cref="TemplateException">The template failed or took too much.</exception>
    public string Render(JsonObject data, TemplateOutput output) => Render(data, (_, _) => "", output);

    private string Render(JsonObject data, Func<string, IReadOnlyList<string>, string> message, TemplateOutput kind)
    {
        try
        {
            return new TemplateRun(data, message, kind == TemplateOutput.Html).Render((output, context) => _template(output, context, null!));
        }
        catch (Exception error) when (error is not (TemplateException or OutOfMemoryException))
        {
            throw error.GetBaseException() as TemplateException ?? new TemplateException(error.Message, error);
        }
    }

    private static HandlebarsTemplate<TextWriter, object, object> Make(string text, string? helpers)
    {
        var engine = Handlebars.Create(Configuration());
        if (helpers is not null) engine.RegisterTemplate(ThemeTemplates.Helpers, Compile(engine, helpers));
        return Compile(engine, text);
    }

    private static HandlebarsTemplate<TextWriter, object, object> Compile(IHandlebars engine, string text)
    {
        using var reader = new StringReader(text);
        return engine.Compile(reader);
    }

    private static HandlebarsConfiguration Configuration()
    {
        var configuration = new HandlebarsConfiguration
        {
            FormatProvider = CultureInfo.InvariantCulture,
            // The engine's own would look for files.
            PartialTemplateResolver = new NoPartials(),
            PartialRecursionDepthLimit = 2,
        };
        configuration.ObjectDescriptorProviders.Add(new TemplateDescriptors());
        configuration.FormatterProviders.Add(new TemplateFormatter());
        configuration.Helpers["message"] = new MessageHelper();
        configuration.Helpers["eq"] = new EqualHelper();
        return configuration;
    }

    /// <summary>From <c>Occured at: 3:14</c>, where the first line is 0.</summary>
    private static int Line(string message)
    {
        const string mark = "Occured at: ";
        var at = message.IndexOf(mark, StringComparison.Ordinal);
        return at >= 0 && int.TryParse(message[(at + mark.Length)..].Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? line + 1 : 1;
    }

    private sealed class NoPartials : IPartialTemplateResolver
    {
        public bool TryRegisterPartial(IHandlebars env, string? partialName, string? templatePath) => false;
    }

    private sealed class MessageHelper : IHelperDescriptor<HelperOptions>
    {
        public HandlebarsDotNet.PathStructure.PathInfo Name { get; } = "message";

        public object? Invoke(in HelperOptions options, in Context context, in Arguments arguments)
        {
            TemplateRun.Step();
            if (arguments.Length == 0) throw new TemplateException("the helper [message] needs a key");
            var texts = new string[arguments.Length - 1];
            for (var i = 0; i < texts.Length; i++) texts[i] = TemplateValue.TextOf(arguments[i + 1]);
            return TemplateValue.FromText(TemplateRun.Current.Message(TemplateValue.TextOf(arguments[0]), texts));
        }

        public void Invoke(in EncodedTextWriter output, in HelperOptions options, in Context context, in Arguments arguments) => output.Write(Invoke(options, context, arguments));
    }

    private sealed class EqualHelper : IHelperDescriptor<HelperOptions>
    {
        public HandlebarsDotNet.PathStructure.PathInfo Name { get; } = "eq";

        public object? Invoke(in HelperOptions options, in Context context, in Arguments arguments)
        {
            TemplateRun.Step();
            return arguments.Length == 2 && TemplateValue.TextOf(arguments[0]) == TemplateValue.TextOf(arguments[1]);
        }

        public void Invoke(in EncodedTextWriter output, in HelperOptions options, in Context context, in Arguments arguments) => output.Write(Invoke(options, context, arguments));
    }
}
