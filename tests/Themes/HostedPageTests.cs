using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Themes;

public sealed class HostedPageTests
{
    [Theory]
    [InlineData("de", "en", "en", "en", "en", "de")]
    [InlineData("xx", "de", "en", "en", "en", "de")]
    [InlineData("", "", "xx de", "en", "en", "de")]
    [InlineData("", "", "", "de_AT", "en", "de")]
    [InlineData("", "", "", "", "fr;q=0.9, de-CH;q=0.8, en;q=0.5", "de")]
    [InlineData("", "", "", "", "en;q=0.5, de;q=0.6", "de")]
    [InlineData("", "", "", "", "de;q=0", "en")]
    [InlineData("", "", "", "", "", "en")]
    [InlineData("../x", "<b>", "a a a", "*", "*", "en")]
    public void The_language_is_the_first_of_those_wanted_that_there_is(string parameter, string cookie, string uiLocales, string ofUser, string accept, string expected)
    {
        var http = Request($"?locale={Uri.EscapeDataString(parameter)}&ui_locales={Uri.EscapeDataString(uiLocales)}");
        if (cookie.Length > 0) http.Request.Headers.Cookie = $"locale={cookie}";
        http.Request.Headers.AcceptLanguage = accept;
        var page = HostedPage.Open(http, ConfigurationSnapshot.Empty, null, null, ofUser.Length == 0 ? null : [ofUser]);
        Assert.Equal(expected, page.Language);
    }

    [Fact]
    public void A_language_that_was_chosen_is_remembered_and_each_leads_to_the_same_page()
    {
        var http = Request("?client_id=1&locale=de&state=a%20b");
        var page = HostedPage.Open(http, ConfigurationSnapshot.Empty, null, null);
        Assert.Contains("locale=de", http.Response.Headers.SetCookie.ToString(), StringComparison.Ordinal);
        Assert.Equal([("English", "/oauth2/authorize?client_id=1&state=a%20b&locale=en", false), ("Deutsch", "/oauth2/authorize?client_id=1&state=a%20b&locale=de", true)],
            page.Languages.Select(l => (l.Name, l.Href, l.Current)));
        Assert.Empty(Opened("", new Theme { Variables = new() { FooterDisplay = false } }).Languages);
        Assert.Empty(Request("?locale=xx").Response.Headers.SetCookie.ToString());
    }

    [Fact]
    public void A_theme_brings_languages_and_words_of_its_own()
    {
        var theme = new Theme
        {
            DefaultMessages = "languages=Tongues\nown=Own\n[blank]=Fill this in",
            LocalizedMessages = ImmutableDictionary<string, string>.Empty.Add("de", "languages=Zungen").Add("ar", "language-name=العربية\nown=خاص"),
        };
        var english = Opened("?locale=en", theme);
        Assert.Equal(("Tongues", "Own", "en", "ltr"), (english.Text("languages"), english.Text("own"), english.Language, english.Direction));
        Assert.Equal("Fill this in", english.Text(ContractError.At("user.email", "blank", "Server's words")));
        Assert.Equal("Server's words", english.Text(ContractError.At("user.email", "unheardOf", "Server's words")));
        var german = Opened("?locale=de", theme);
        Assert.Equal(("Zungen", "Own"), (german.Text("languages"), german.Text("own")));
        var arabic = Opened("?locale=ar_EG", theme);
        Assert.Equal(("خاص", "Tongues", "ar", "rtl"), (arabic.Text("own"), arabic.Text("languages"), arabic.Language, arabic.Direction));
        Assert.Equal(["English", "Deutsch", "العربية"], arabic.Languages.Select(l => l.Name));
    }

    [Fact]
    public void Pictures_are_let_in_from_where_the_theme_has_them_and_nowhere_else()
    {
        var http = Request("");
        Opened(http, new Theme { Variables = new() { LogoImageURL = "https://cdn.example.com:8443/logo.png?x=1", Favicons = [new("https://icons.example.com/i.png"), new("javascript:alert(1)")] } });
        Assert.Contains("img-src 'self' data: https://cdn.example.com:8443 https://icons.example.com;", ContentPolicy.Of(http).ToString(), StringComparison.Ordinal);

        http = Request("");
        var page = Opened(http, new Theme { Variables = new() { LogoImageURL = "http://a.example/x.png; script-src *", BackgroundImageURL = "data:image/png;base64,AAAA" } });
        Assert.Equal(new ContentPolicy().ToString(), ContentPolicy.Of(http).ToString());
        Assert.Null(page.Logo);
    }

    [Fact]
    public void The_application_has_the_say_before_the_tenant_and_what_is_gone_falls_back()
    {
        var (ofTenant, ofApplication) = (new Theme { Id = Guid.NewGuid(), Name = "T" }, new Theme { Id = Guid.NewGuid(), Name = "A" });
        var snapshot = Snapshot(ofTenant, ofApplication);
        var tenant = new Tenant { Name = "Acme", ThemeId = ofTenant.Id };
        Assert.Equal("A", HostedPage.Open(Request(""), snapshot, tenant, new Application { ThemeId = ofApplication.Id }).Theme.Name);
        Assert.Equal("T", HostedPage.Open(Request(""), snapshot, tenant, new Application { ThemeId = Guid.NewGuid() }).Theme.Name);
        Assert.Equal(WellKnown.DefaultTheme, HostedPage.Open(Request(""), snapshot, tenant with { ThemeId = Guid.NewGuid() }, null).Theme.Id);
        Assert.Equal("Acme", HostedPage.Open(Request(""), snapshot, tenant, null).Owner);
    }

    [Fact]
    public void A_template_takes_the_place_of_a_page_and_a_broken_one_gives_it_back()
    {
        var theme = new Theme
        {
            Name = "Own",
            DefaultMessages = "greeting=Hello <{0}>",
            Templates = ImmutableDictionary<string, string>.Empty.Add("oauth2Authorize", "<html lang={{language}}><h1>{{message \"greeting\" user}}</h1>{{> helpers part=\"end\"}}").Add("helpers", "{{#if (eq part \"end\")}}end of {{page}}{{/if}}")
                .Add("oauth2Error", "{{broken 1}}").Add("oauth2Logout", "[#ftl/]").Add("index", "  "),
        };
        var log = new Entries();
        var pages = new TemplatePages(log);
        var page = Opened("?locale=de", theme);

        Assert.Equal("<html lang=de><h1>Hello &lt;&lt;b&gt;Ada&gt;</h1>end of oauth2Authorize", pages.Render(page, "oauth2Authorize", () => new JsonObject { ["user"] = "<b>Ada" }));
        Assert.Empty(log.Lines);
        Assert.Null(pages.Render(page, "oauth2Error", () => []));
        Assert.Contains("oauth2Error", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.All(["oauth2Logout", "index", "oauth2Consent"], name => Assert.Null(pages.Render(page, name, () => [])));
        Assert.Null(pages.Render(Opened("", theme with { Type = ThemeType.Simple }), "oauth2Authorize", () => []));
        Assert.Single(log.Lines);
    }

    private static HostedPage Opened(string query, Theme theme) => Opened(Request(query), theme);

    private static HostedPage Opened(HttpContext http, Theme theme)
    {
        var stored = theme with { Id = Guid.NewGuid() };
        return HostedPage.Open(http, Snapshot(stored), new Tenant { Name = "Acme", ThemeId = stored.Id }, null);
    }

    private static ConfigurationSnapshot Snapshot(params Theme[] themes) =>
        ConfigurationSnapshot.Empty.With(1, themes.Select(t => (Families.Themes, t.Id, (ConfigurationObject?)t)));

    private static DefaultHttpContext Request(string query)
    {
        var http = new DefaultHttpContext();
        http.Request.Path = "/oauth2/authorize";
        http.Request.QueryString = new QueryString(query);
        return http;
    }

    private sealed class Entries : ILogger<TemplatePages>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
