using System.Collections.Frozen;
using System.Globalization;

namespace OrleansAuth.Themes;

/// <summary>This server's own words, from <c>messages.&lt;locale&gt;.properties</c> inside the program. English has every key.</summary>
internal static class BuiltInMessages
{
    /// <summary>The language of last resort.</summary>
    public const string English = "en";

    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> ByLocale =
        new[] { English, "de" }.ToFrozenDictionary(locale => locale, Load);

    /// <summary>The locales that this server speaks by itself.</summary>
    public static IReadOnlyList<string> Locales { get; } = [.. ByLocale.Keys.OrderBy(l => l == English ? "" : l, StringComparer.Ordinal)];

    /// <summary>All messages of a language; null where this server does not speak it.</summary>
    public static FrozenDictionary<string, string>? Of(string locale) => ByLocale.GetValueOrDefault(locale) ?? ByLocale.GetValueOrDefault(Themes.Locales.Language(locale));

    /// <summary>Puts arguments in place of <c>{0}</c>, <c>{1}</c> and so on, once: what an argument says is never read again.</summary>
    public static string Fill(string text, IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || !text.Contains('{', StringComparison.Ordinal)) return text;
        var result = new System.Text.StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var end = text[at] == '{' ? text.IndexOf('}', at) : -1;
            if (end > at + 1 && int.TryParse(text.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < arguments.Count)
            {
                result.Append(arguments[index]);
                at = end;
            }
            else
            {
                result.Append(text[at]);
            }
        }

        return result.ToString();
    }

    private static FrozenDictionary<string, string> Load(string locale)
    {
        using var stream = typeof(BuiltInMessages).Assembly.GetManifestResourceStream($"messages.{locale}.properties")!;
        using var reader = new StreamReader(stream);
        return MessageProperties.Read(reader.ReadToEnd(), out _);
    }
}
