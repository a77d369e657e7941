using System.Collections.Immutable;
using System.Text;
using OrleansAuth.Configuration;
using OrleansAuth.Messages;

namespace OrleansAuth.Mail;

/// <summary>
/// The mails and messages that come with the server, one for each occasion, in English and German. Short and plain: no picture that
/// tells who has opened it, and nothing that a stranger could have typed. In plain text, link and code stand alone on their lines.
/// </summary>
public static class BuiltInMessages
{
    private static readonly (string Link, string Code) EnglishOnce = ("The link works once, for {{lifetime}}.", "The code works once, for {{lifetime}}.");
    private static readonly (string Link, string Code) GermanOnce = ("Der Link gilt einmal und {{lifetime}} lang.", "Der Code gilt einmal und {{lifetime}} lang.");

    /// <summary>Mails; they are named after their occasions.</summary>
    public static readonly ImmutableArray<EmailTemplate> Mails = [.. EnglishNotices.All.Keys.Where(IsMailed).Select(Mail)];

    /// <summary>Messages to phones.</summary>
    public static readonly ImmutableArray<MessageTemplate> Texts = [.. EnglishNotices.All.Keys.Where(occasion => occasion != "UserAction").Select(Text)];

    /// <summary>The built-in mail of an occasion.</summary>
    public static Guid MailOf(string occasion) => WellKnown.Named("email-template/" + occasion);

    /// <summary>The built-in message of an occasion.</summary>
    public static Guid TextOf(string occasion) => WellKnown.Named("message-template/" + occasion);

    private static bool IsMailed(string occasion) => occasion is not ("PhoneVerification" or "PhoneVerified");

    private static EmailTemplate Mail(string occasion)
    {
        var (english, german) = (EnglishNotices.All[occasion], GermanNotices.All[occasion]);
        return new EmailTemplate
        {
            Id = MailOf(occasion),
            Name = $"Built-in: {Spaced(occasion)}",
            DefaultSubject = english.Subject,
            DefaultHtmlTemplate = Html("en", english, EnglishOnce),
            DefaultTextTemplate = Plain(english, EnglishOnce),
            LocalizedSubjects = Both(english.Subject, german.Subject),
            LocalizedHtmlTemplates = Both(Html("en", english, EnglishOnce), Html("de", german, GermanOnce)),
            LocalizedTextTemplates = Both(Plain(english, EnglishOnce), Plain(german, GermanOnce)),
        };
    }

    private static MessageTemplate Text(string occasion)
    {
        var (english, german) = (Phone(EnglishNotices.All[occasion]), Phone(GermanNotices.All[occasion]));
        return new MessageTemplate { Id = TextOf(occasion), Name = $"Built-in: {Spaced(occasion)}", DefaultTemplate = english, LocalizedTemplates = Both(english, german) };
    }

    /// <summary>English too, or who reads English first and German second would get German.</summary>
    private static ImmutableDictionary<string, string> Both(string english, string german) =>
        ImmutableDictionary<string, string>.Empty.Add("en", english).Add("de", german);

    private static string Plain(NoticeWords words, (string Link, string Code) once)
    {
        var text = new StringBuilder(words.Lead).Append("\n\n");
        Part("link", words.Link, once.Link);
        Part("code", words.Code, once.Code);
        return text.Append(words.Close).Append('\n').ToString();

        void Part(string variable, string lead, string limits)
        {
            if (lead.Length == 0) return;
            text.Append("{{#if ").Append(variable).Append("}}\n").Append(lead).Append("\n\n{{").Append(variable).Append("}}\n\n{{#if lifetime}}\n")
                .Append(limits).Append("\n\n{{/if}}\n{{/if}}\n");
        }
    }

    private static string Html(string language, NoticeWords words, (string Link, string Code) once)
    {
        var html = new StringBuilder("<!doctype html>\n<html lang=\"").Append(language).Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<meta name=\"color-scheme\" content=\"light dark\"><title>").Append(words.Subject).Append("</title></head>\n")
            .Append("<body style=\"font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em;margin:0 auto;padding:16px\">\n");
        Paragraph(words.Lead);
        Part("link", words.Link, "<p><a href=\"{{link}}\" style=\"word-break:break-all\">{{link}}</a></p>", once.Link);
        Part("code", words.Code, "<p style=\"font-family:monospace;font-size:28px;font-weight:bold;letter-spacing:2px\">{{code}}</p>", once.Code);
        if (words.Close.Length > 0) Paragraph(words.Close);
        return html.Append("</body></html>\n").ToString();

        void Paragraph(string text) => html.Append("<p>").Append(text).Append("</p>\n");

        void Part(string variable, string lead, string content, string limits)
        {
            if (lead.Length == 0) return;
            html.Append("{{#if ").Append(variable).Append("}}\n");
            Paragraph(lead);
            html.Append(content).Append("\n{{#if lifetime}}\n");
            Paragraph(limits);
            html.Append("{{/if}}\n{{/if}}\n");
        }
    }

    private static string Phone(NoticeWords words) => words.Short + "{{#if link}}\n{{link}}{{/if}}{{#if code}}\n{{code}}{{/if}}";

    /// <summary>From <c>ForgotPassword</c> to <c>forgot password</c>.</summary>
    private static string Spaced(string occasion) =>
        string.Concat(occasion.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));
}
