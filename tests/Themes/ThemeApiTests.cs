using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Themes;

public sealed class ThemeApiTests
{
    [Fact]
    public async Task Every_system_has_the_default_theme_and_nobody_changes_it()
    {
        var server = await TestServer.Shared;
        var path = $"/api/theme/{WellKnown.DefaultTheme}";
        var theme = (await server.Get(path)).Is(200).Body["theme"]!;
        Assert.Equal("OrleansAuth", (string)theme["name"]!);

        Assert.Equal("[readOnly]theme", (await server.Put(path, new { theme = new { name = "Mine" } })).Is(400).GeneralError);
        Assert.Equal("[readOnly]theme", (await server.Patch(path, new { theme = new { name = "Mine" } })).Is(400).GeneralError);
        Assert.Equal("[readOnly]theme", (await server.Delete(path)).Is(400).GeneralError);
        Assert.Equal("[duplicate]theme.id", (await server.Post(path, new { theme = new { name = "Mine" } })).Is(400).FieldError("theme.id"));
        Assert.Equal("[duplicate]theme.name", (await server.Post("/api/theme", new { theme = new { name = "orleansauth" } })).Is(400).FieldError("theme.name"));
        Assert.Equal(theme.ToJsonString(), (await server.Get(path)).Is(200).Body["theme"]!.ToJsonString());
        Assert.Contains(WellKnown.DefaultTheme, (await server.Get("/api/theme")).Body["themes"]!.AsArray().Select(t => (Guid)t!["id"]!));
    }

    [Fact]
    public async Task A_theme_is_created_copied_changed_found_and_deleted()
    {
        var server = await TestServer.Shared;
        var (id, name) = (Guid.NewGuid(), Name());
        var sent = new { theme = new { name, stylesheet = "h1 { color: red }", defaultMessages = "a=1\nb=2", localizedMessages = new { de = "a=eins" }, templates = new { oauth2Authorize = "<h1>{{title}}</h1>" }, type = "advanced" } };
        (await server.Post($"/api/theme/{id}", sent)).Is(200);

        var copyName = Name();
        var copy = (await server.Post("/api/theme", new { theme = new { name = copyName }, sourceThemeId = id })).Is(200).Body["theme"]!;
        Assert.Equal("<h1>{{title}}</h1>", (string)copy["templates"]!["oauth2Authorize"]!);
        Assert.Equal("a=eins", (string)copy["localizedMessages"]!["de"]!);
        Assert.NotEqual(id, (Guid)copy["id"]!);

        var patched = (await server.Patch($"/api/theme/{id}", """{"theme":{"localizedMessages":{"fr":"a=un"}}}""", "application/merge-patch+json")).Is(200).Body["theme"]!;
        Assert.Equal(["de", "fr"], patched["localizedMessages"]!.AsObject().Select(m => m.Key).Order());
        Assert.Null((await server.Put($"/api/theme/{id}", new { theme = new { name, type = "simple" } })).Is(200).Body["theme"]!["stylesheet"]);
        Assert.Equal(1, (int)(await server.Post("/api/theme/search", new { search = new { name = copyName, type = "advanced" } })).Is(200).Body["total"]!);
        Assert.Equal("", (await server.Delete($"/api/theme/{id}")).Is(200).Text);
        (await server.Get($"/api/theme/{id}")).Is(404);
        (await server.Post("/api/theme", new { theme = new { name = Name() }, sourceThemeId = id })).Is(404);
    }

    [Theory]
    [InlineData("templates.oauth2Error", "Line 2", """{"templates":{"oauth2Error":"<h1>\n{{#if error}}</h1>"}}""")]
    [InlineData("templates.oauth2Error", "Line 3", """{"templates":{"oauth2Error":"\n\n{{> other}}"}}""")]
    [InlineData("templates.helpers", "Line 1", """{"templates":{"helpers":"{{> helpers}}"}}""")]
    [InlineData("defaultMessages", "Line 2", """{"defaultMessages":"a=1\njust words\nb=2"}""")]
    [InlineData("localizedMessages.de", "Line 1", """{"localizedMessages":{"de":"words"}}""")]
    [InlineData("localizedMessages", "locale", """{"localizedMessages":{"German":"a=1"}}""")]
    [InlineData("variables.fontColor", "colour", """{"variables":{"fontColor":"red;}body{display:none"}}""")]
    [InlineData("variables.primaryButtonColor", "colour", """{"variables":{"primaryButtonColor":"url(https://example.com/x)"}}""")]
    [InlineData("variables.borderRadius", "length", """{"variables":{"borderRadius":"calc(1px)/**/"}}""")]
    [InlineData("variables.fontFamily", "fonts", """{"variables":{"fontFamily":"x}*{color:red"}}""")]
    [InlineData("variables.logoImageURL", "https", """{"variables":{"logoImageURL":"javascript:alert(1)"}}""")]
    [InlineData("variables.logoImageURL", "https", """{"variables":{"logoImageURL":"https://a.example/x.png; script-src *"}}""")]
    [InlineData("variables.logoImageURL", "https", """{"variables":{"logoImageURL":"http://a.example/x.png"}}""")]
    [InlineData("variables.logoImageURL", "https", """{"variables":{"logoImageURL":"data:text/html,<script>"}}""")]
    [InlineData("name", "blank", """{"name":" "}""")]
    public async Task What_cannot_be_shown_is_refused_and_says_where(string field, string part, string members)
    {
        var server = await TestServer.Shared;
        var theme = (JsonObject)JsonNode.Parse(members)!;
        theme["name"] ??= Name();
        var answer = (await server.Post("/api/theme", new JsonObject { ["theme"] = theme })).Is(400);
        Assert.Equal(field == "name" ? "[blank]theme.name" : $"[invalid]theme.{field}", answer.FieldError($"theme.{field}"));
        Assert.Contains(part, (string)answer.Body["fieldErrors"]![$"theme.{field}"]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_long_is_refused()
    {
        var server = await TestServer.Shared;
        Assert.Equal("[tooLong]theme.stylesheet", (await server.Post("/api/theme", new { theme = new { name = Name(), stylesheet = new string('x', 256 * 1024 + 1) } })).Is(400).FieldError("theme.stylesheet"));
        Assert.Equal("[tooLong]theme.defaultMessages", (await server.Post("/api/theme", new { theme = new { name = Name(), defaultMessages = "a=" + new string('x', 256 * 1024) } })).Is(400).FieldError("theme.defaultMessages"));
        Assert.Equal("[invalid]theme.templates.index", (await server.Post("/api/theme", new { theme = new { name = Name(), templates = new { index = new string('x', 256 * 1024 + 1) } } })).Is(400).FieldError("theme.templates.index"));
        var many = Enumerable.Range(0, 4).ToDictionary(i => $"t{i}", _ => new string('x', 250_000));
        Assert.Equal("[tooLong]theme.templates", (await server.Post("/api/theme", new { theme = new { name = Name(), templates = many } })).Is(400).FieldError("theme.templates"));
    }

    [Fact]
    public async Task Templates_of_another_language_are_kept_as_they_are()
    {
        var server = await TestServer.Shared;
        const string freeMarker = "[#ftl/]\n[@helpers.html][#if title??]${title}[/#if][/@helpers.html]";
        var theme = (await server.Post("/api/theme", new { theme = new { name = Name(), templates = new { oauth2Authorize = freeMarker } } })).Is(200).Body["theme"]!;
        Assert.Equal(freeMarker, (string)theme["templates"]!["oauth2Authorize"]!);
    }

    [Fact]
    public async Task A_theme_in_use_stays_and_one_that_is_not_there_is_not_used()
    {
        var server = await TestServer.Shared;
        var (first, second) = (await NewTheme(server), await NewTheme(server));
        var tenant = await server.NewTenant(new { themeId = first });
        var application = await server.NewApplication(tenant, new { themeId = second });

        Assert.Equal("[inUse]theme", (await server.Delete($"/api/theme/{first}")).Is(400).GeneralError);
        Assert.Equal("[inUse]theme", (await server.Delete($"/api/theme/{second}")).Is(400).GeneralError);
        Assert.Equal("[invalid]tenant.themeId", (await server.Patch($"/api/tenant/{tenant}", new { tenant = new { themeId = Guid.NewGuid() } })).Is(400).FieldError("tenant.themeId"));
        Assert.Equal("[invalid]application.themeId", (await server.Patch($"/api/application/{application}", new { application = new { themeId = Guid.NewGuid() } })).Is(400).FieldError("application.themeId"));

        (await server.Patch($"/api/tenant/{tenant}", new { tenant = new { themeId = WellKnown.DefaultTheme } })).Is(200);
        (await server.Delete($"/api/theme/{first}")).Is(200);
    }

    private static string Name() => $"Theme {Guid.NewGuid()}";

    private static async Task<Guid> NewTheme(TestServer server) =>
        (Guid)(await server.Post("/api/theme", new { theme = new { name = Name() } })).Is(200).Body["theme"]!["id"]!;
}
