using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace OrleansAuth.Themes;

/// <summary>What pages need of a theme, worked out once for each stored version of it: messages, stylesheet, compiled templates.</summary>
internal sealed class ThemeParts
{
    // Themes in a snapshot are immutable; what was worked out leaves with the version that it was made of.
    private static readonly ConditionalWeakTable<Theme, ThemeParts> Known = [];

    private readonly Theme _theme;
    private readonly Lazy<FrozenDictionary<string, string>?> _default;
    private readonly Lazy<ThemeStyle?> _style;
    private readonly ConcurrentDictionary<string, FrozenDictionary<string, string>?> _localized = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Lazy<PageTemplate>> _templates = new();

    private ThemeParts(Theme theme)
    {
        _theme = theme;
        _default = new(() => theme.DefaultMessages is { Length: > 0 } text ? MessageProperties.Read(text, out _) : null);
        _style = new(() => ThemeStyle.Of(theme));
    }

    public ThemeStyle? Style => _style.Value;

    /// <summary>The locales that pages of this theme can be shown in.</summary>
    public IReadOnlyList<string> Locales => [.. BuiltInMessages.Locales.Union(_theme.LocalizedMessages.Keys.Order(StringComparer.Ordinal), StringComparer.OrdinalIgnoreCase)];

    public static ThemeParts Of(Theme theme) => Known.GetValue(theme, static t => new ThemeParts(t));

    /// <summary>
    /// A message of the theme for the locale, then for its language, then this server's own for it; where neither speaks the
    /// language, the theme's default and this server's English.
    /// </summary>
    public string? Message(string locale, string key) =>
        (Themes.Locales.Language(locale) == BuiltInMessages.English ? OfTheme(locale, key) : OwnMessage(locale, key))
        ?? _default.Value?.GetValueOrDefault(key) ?? BuiltInMessages.Of(BuiltInMessages.English)!.GetValueOrDefault(key);

    /// <summary>A message in the language itself, or null.</summary>
    public string? OwnMessage(string locale, string key) => OfTheme(locale, key) ?? BuiltInMessages.Of(locale)?.GetValueOrDefault(key);

    /// <summary>The theme's template of a page; null where the page is this server's own.</summary>
    /// <exception cref="TemplateException">The template cannot be compiled.</exception>
    public PageTemplate? Template(string name)
    {
        if (_theme.Type != ThemeType.Advanced || Text(name) is not { } text) return null;
        return _templates.GetOrAdd(name, _ => new Lazy<PageTemplate>(() => PageTemplate.Compile(text, Text(ThemeTemplates.Helpers)))).Value;
    }

    private string? Text(string name) =>
        _theme.Templates.GetValueOrDefault(name) is { } text && !string.IsNullOrWhiteSpace(text) && !ThemeTemplates.IsForeign(text) ? text : null;

    private string? OfTheme(string locale, string key) =>
        Localized(locale)?.GetValueOrDefault(key) ?? Localized(Themes.Locales.Language(locale))?.GetValueOrDefault(key);

    private FrozenDictionary<string, string>? Localized(string locale) =>
        // Only locales that the theme has are kept, or whoever asks would fill the memory.
        _theme.LocalizedMessages.FirstOrDefault(m => m.Key.Equals(locale, StringComparison.OrdinalIgnoreCase)) is { Value: { } text } found
            ? _localized.GetOrAdd(found.Key, _ => MessageProperties.Read(text, out var _))
            : null;
}
