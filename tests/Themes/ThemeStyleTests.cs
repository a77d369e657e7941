using System.Text;
using OrleansAuth.Common;

namespace OrleansAuth.Themes;

public sealed class ThemeStyleTests
{
    [Fact]
    public void A_theme_without_looks_has_no_stylesheet() => Assert.Null(ThemeStyle.Of(new Theme { Name = "Plain" }));

    [Fact]
    public void Variables_become_properties()
    {
        var css = Css(new() { PrimaryButtonColor = "#e91e63", BorderRadius = "2px", FontFamily = "Inter, 'Open Sans', sans-serif", LogoImageSize = "3rem" });
        Assert.Contains("--accent: #e91e63;", css, StringComparison.Ordinal);
        Assert.Contains("--r: 2px;", css, StringComparison.Ordinal);
        Assert.Contains("--font: Inter, 'Open Sans', sans-serif;", css, StringComparison.Ordinal);
        Assert.DoesNotContain("color-scheme", css, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#101820", "color-scheme: dark")]
    [InlineData("#FFF", "color-scheme: light")]
    [InlineData("white", "color-scheme: light")]
    [InlineData("black", "color-scheme: dark")]
    public void A_theme_that_paints_the_page_fixes_the_scheme(string ground, string expected) =>
        Assert.Contains(expected, Css(new() { PageBackgroundColor = ground }), StringComparison.Ordinal);

    [Fact]
    public void What_slipped_into_the_store_does_not_get_into_the_stylesheet()
    {
        const string evil = "red}*{background:url(//evil.example)}";
        Assert.Null(ThemeStyle.Of(new Theme
        {
            Variables = new()
            {
                PrimaryButtonColor = evil,
                FontColor = evil,
                PageBackgroundColor = evil,
                BorderRadius = evil,
                FontFamily = evil,
                MonoFontFamily = evil,
                LogoImageSize = evil,
                BackgroundImageURL = "https://a.example/\") } * { color: red } /*",
                PrimaryButtonFocusColor = evil,
            },
        }));
        Assert.DoesNotContain("evil", Css(new() { BackgroundImageURL = "https://a.example/x.png", BackgroundSize = evil }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stylesheet_is_kept_for_ever_under_the_address_of_its_content()
    {
        var server = await TestServer.Shared;
        var id = Guid.NewGuid();
        (await server.Post($"/api/theme/{id}", new { theme = new { name = $"Style {id}", stylesheet = "h1 { color: red }" } })).Is(200);
        var hash = ThemeStyle.Of(new Theme { Stylesheet = "h1 { color: red }" })!.Hash;

        var answer = (await server.Get($"/assets/theme/{id}/{hash}.css", key: "")).Is(200);
        Assert.Equal("h1 { color: red }", answer.Text);
        Assert.Contains("immutable", answer.Headers["Cache-Control"], StringComparison.Ordinal);

        (await server.Patch($"/api/theme/{id}", new { theme = new { stylesheet = "h1 { color: blue }" } })).Is(200);
        answer = (await server.Get($"/assets/theme/{id}/{hash}.css", key: "")).Is(200);
        Assert.Equal(("h1 { color: blue }", "no-store"), (answer.Text, answer.Headers["Cache-Control"]));
        (await server.Get($"/assets/theme/{Guid.NewGuid()}/{hash}.css", key: "")).Is(404);
    }

    private static string Css(SimpleThemeVariables variables) => Encoding.UTF8.GetString(ThemeStyle.Of(new Theme { Type = ThemeType.Simple, Stylesheet = "ignored", Variables = variables })!.Css);
}
