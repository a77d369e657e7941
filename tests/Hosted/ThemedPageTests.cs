using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.Hosted;

/// <summary>Templates of themes on the pages themselves.</summary>
public sealed class ThemedPageTests
{
    private const string SignIn = """
        <!doctype html><html lang="{{language}}"><head><title>{{title}}</title>{{#each stylesheets}}<link rel="stylesheet" href="{{this}}">{{/each}}</head><body>
        <h1>{{title}} at {{tenant.name}}</h1>{{#if alert}}<p id="own-alert">{{{alert}}}</p>{{/if}}
        <form method="post" action="{{action}}" id="sign-in-form"><input type="hidden" name="{{token.name}}" value="{{token.value}}">
        {{#each fields}}<label for="{{id}}">{{label}}</label><input id="{{id}}" name="{{name}}" type="{{type}}" value="{{{value}}}">{{#if error}}<p class="own-error">{{error}}</p>{{/if}}{{/each}}
        <button>{{message "sign-in.button"}}</button></form><a href="{{links.forgot.href}}">{{links.forgot.text}}</a></body></html>
        """;

    [Fact]
    public async Task A_template_of_the_theme_is_a_page_that_signs_in()
    {
        var world = await World(SignIn);
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize(("locale", "de")))).Is(200);
        Assert.StartsWith("Anmelden at Tenant", page.Heading, StringComparison.Ordinal);
        Assert.Contains("form-action 'self' https://client.example.com", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var wrong = (await browser.Submit(page, ("loginId", world.Email), ("password", "wrong"))).Is(200);
        Assert.NotNull(wrong.Document.QuerySelector("#own-alert"));
        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(wrong, ("loginId", world.Email), ("password", OAuthWorld.Password))).Is(303))["code"]);
    }

    [Theory]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("'\"><img src=x onerror=alert(1)>")]
    [InlineData("{{title}}{{{title}}}")]
    public async Task What_comes_with_the_request_never_becomes_markup(string hint)
    {
        foreach (var world in (OAuthWorld[])[await World(SignIn), await OAuthWorld.Make(await TestServer.Shared)])
        {
            using var browser = world.Browser();
            var page = (await browser.Open(world.Authorize(("login_hint", hint), ("state", hint), ("locale", hint)))).Is(200);
            Assert.Equal(hint, page.Document.QuerySelector("#loginId")!.GetAttribute("value"));
            Assert.Empty(page.Document.QuerySelectorAll("script, img, [onerror]"));
            Assert.Equal("en", page.Document.DocumentElement.GetAttribute("lang"));
        }
    }

    [Fact]
    public async Task A_name_with_markup_in_it_is_a_name()
    {
        const string name = "<b>Acme</b> & \"Sons\" {{title}}";
        var world = await OAuthWorld.Make(await TestServer.Shared);
        (await world.Server.Patch($"/api/application/{world.Application}", new { application = new { name = name + world.Application } })).Is(200);
        using var browser = world.Browser();
        var page = (await browser.Open(world.Authorize())).Is(200);
        Assert.Empty(page.Document.QuerySelectorAll("b"));
        Assert.Contains(name, page.Document.QuerySelector("h1 + .quiet")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_fails_gives_way_to_our_own_page()
    {
        var world = await World("<h1>{{title}}</h1>{{nothing 1}}");
        using var browser = world.Browser();
        Assert.NotNull((await browser.Open(world.Authorize())).Is(200).Document.QuerySelector("#sign-in"));
        Assert.NotNull(await world.Code());
    }

    [Fact]
    public async Task Pages_work_without_scripts_and_styles_inside()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared, application: (JsonObject)JsonNode.Parse("""{"registrationConfiguration":{"enabled":true}}""")!);
        using var browser = world.Browser();
        string[] addresses =
        [
            world.Authorize(), world.Authorize().Replace("authorize", "register", StringComparison.Ordinal), world.Authorize(("redirect_uri", "https://evil.example/")), $"/oauth2/device?client_id={world.Application}",
            $"/password/forgot?client_id={world.Application}", $"/password/sent?client_id={world.Application}", $"/password/change/none?tenantId={world.Tenant}", "/password/complete", "/oauth2/device-complete",
        ];
        foreach (var address in addresses)
        {
            var page = await browser.Open(address);
            Assert.True(page.Document.QuerySelectorAll("script, style, [style], [onclick]").Length == 0, address);
            Assert.True(page.Document.QuerySelectorAll("h1").Length == 1, address);
            Assert.All(page.Document.QuerySelectorAll("input:not([type=hidden]), select, textarea"), input => Assert.True(page.Document.QuerySelector($"label[for='{input.Id}']") is not null || input.Closest("label") is not null, $"{address} {input.OuterHtml}"));
            Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
    }

    private static async Task<OAuthWorld> World(string template)
    {
        var server = await TestServer.Shared;
        var theme = Guid.NewGuid();
        (await server.Post($"/api/theme/{theme}", new { theme = new { name = $"Themed {theme}", stylesheet = "h1{color:navy}", templates = new { oauth2Authorize = template } } })).Is(200);
        return await OAuthWorld.Make(server, tenant: new JsonObject { ["themeId"] = theme });
    }
}
