using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Themes;

/// <summary>
/// How the hosted pages of a tenant or an application look and speak: colours and a logo, or a stylesheet and templates of
/// one's own, and messages. Everything left out is this server's own, so a theme stays as small as its differences.
/// </summary>
public sealed record Theme : ConfigurationObject, INamed
{
    /// <summary>Lines of <c>key=value</c> that stand before this server's English messages, and serve every language that has no words of its own for a key.</summary>
    public string? DefaultMessages { get; init; }

    /// <summary>The same by locale, such as <c>de</c> or <c>fr_CA</c>. A locale that is named here is offered to people.</summary>
    public ImmutableDictionary<string, string> LocalizedMessages { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Unique; 1 to 191 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>CSS that comes after this server's own; of an advanced theme only.</summary>
    public string? Stylesheet { get; init; }

    /// <summary>Handlebars templates by the names of <see cref="ThemeTemplates"/>; of an advanced theme only. One that is blank or absent leaves the page to this server.</summary>
    public ImmutableDictionary<string, string> Templates { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ThemeType Type { get; init; } = ThemeType.Advanced;

    public SimpleThemeVariables Variables { get; init; } = new();
}

/// <summary>How far a theme reaches.</summary>
public enum ThemeType
{
    /// <summary>Variables, messages, a stylesheet and templates.</summary>
    [JsonStringEnumMemberName("advanced")] Advanced,

    /// <summary>Variables and messages.</summary>
    [JsonStringEnumMemberName("simple")] Simple,
}

/// <summary>
/// Colours, sizes, fonts and pictures. Each is checked to be one plain CSS value of its kind, so that none can bring more
/// CSS with it; null takes this server's own.
/// </summary>
public sealed record SimpleThemeVariables : ContractObject
{
    public string? AlertBackgroundColor { get; init; }
    public string? AlertFontColor { get; init; }

    /// <summary>An https or data address.</summary>
    public string? BackgroundImageURL { get; init; }

    public string? BackgroundSize { get; init; }
    public string? BorderRadius { get; init; }
    public string? DeleteButtonColor { get; init; }
    public string? DeleteButtonFocusColor { get; init; }
    public string? DeleteButtonTextColor { get; init; }
    public string? DeleteButtonTextFocusColor { get; init; }
    public string? ErrorFontColor { get; init; }
    public string? ErrorIconColor { get; init; }
    public ImmutableArray<Favicon> Favicons { get; init; } = [];
    public string? FontColor { get; init; }
    public string? FontFamily { get; init; }

    /// <summary>Whether pages end with the languages to choose from.</summary>
    public bool FooterDisplay { get; init; } = true;

    public string? IconBackgroundColor { get; init; }
    public string? IconColor { get; init; }
    public string? InfoIconColor { get; init; }
    public string? InputBackgroundColor { get; init; }
    public string? InputIconColor { get; init; }
    public string? InputTextColor { get; init; }
    public string? LinkTextColor { get; init; }
    public string? LinkTextFocusColor { get; init; }

    /// <summary>The logo's height.</summary>
    public string? LogoImageSize { get; init; }

    /// <summary>An https or data address.</summary>
    public string? LogoImageURL { get; init; }

    public string? MonoFontColor { get; init; }
    public string? MonoFontFamily { get; init; }
    public string? PageBackgroundColor { get; init; }
    public string? PanelBackgroundColor { get; init; }
    public string? PrimaryButtonColor { get; init; }
    public string? PrimaryButtonFocusColor { get; init; }
    public string? PrimaryButtonTextColor { get; init; }
    public string? PrimaryButtonTextFocusColor { get; init; }
}

/// <summary>A picture for the browser's tab.</summary>
/// <param name="Href">An https or data address.</param>
/// <param name="Rel">Such as <c>icon</c>.</param>
/// <param name="Sizes">Such as <c>32x32</c>.</param>
/// <param name="Type">Such as <c>image/png</c>.</param>
public sealed record Favicon(string? Href = null, string? Rel = null, string? Sizes = null, string? Type = null) : ContractObject;
