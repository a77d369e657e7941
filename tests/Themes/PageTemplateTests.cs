using System.Diagnostics;
using System.Text.Json.Nodes;

namespace OrleansAuth.Themes;

public sealed class PageTemplateTests
{
    private const string Data = """
        {"title":"Sign in","empty":"","yes":true,"no":false,"count":2,"user":{"name":"<b>Ada</b> \"x\" onload=1"},
         "errors":[{"text":"One"},{"text":"Two"}],"none":[],"__proto__":"own","constructor":"own"}
        """;

    [Theory]
    [InlineData("<h1>{{title}}</h1>", "<h1>Sign in</h1>")]
    [InlineData("{{#if empty}}a{{else}}b{{/if}}{{#unless no}}c{{/unless}}{{#if none}}d{{/if}}{{#if yes}}e{{/if}}", "bce")]
    [InlineData("{{#each errors}}{{@index}}:{{text}}{{#unless @last}}, {{/unless}}{{/each}}{{#each none}}x{{else}}-{{/each}}", "0:One, 1:Two-")]
    [InlineData("{{#with user}}{{../title}}{{/with}} {{errors.[1].text}} {{errors.length}} {{count}}", "Sign in Two 2 2")]
    [InlineData("{{message \"greet\" title}}", "greet(Sign in)")]
    [InlineData("{{#if (eq title \"Sign in\")}}same{{/if}}{{#if (eq count 3)}}no{{else if (eq count 2)}}two{{/if}}", "sametwo")]
    [InlineData("{{> helpers part=\"head\"}}|{{#each errors}}{{> helpers part=\"item\"}}{{/each}}", "<head>Sign in</head>|OneTwo")]
    [InlineData("{{!-- {{#if}} not read --}}{{! nor this }}x", "x")]
    public void A_template_shows_its_data(string text, string expected) => Assert.Equal(expected, Render(text));

    [Theory]
    [InlineData("{{user.name}}")]
    [InlineData("{{{user.name}}}")]
    [InlineData("{{#with user}}{{{name}}}{{/with}}")]
    [InlineData("{{message user.name}}")]
    [InlineData("{{{message \"greet\" user.name}}}")]
    [InlineData("{{{lookup user \"name\"}}}")]
    [InlineData("{{{user.[name]}}}")]
    public void A_value_never_becomes_markup(string text)
    {
        var shown = Render($"<p title={text}>");
        Assert.DoesNotContain("<b", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\"x", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("onload=", shown, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("title.Length")]
    [InlineData("title.Chars")]
    [InlineData("errors.Count")]
    [InlineData("errors.Items")]
    [InlineData("errors.SyncRoot")]
    [InlineData("user.Members")]
    [InlineData("user.Keys")]
    [InlineData("user.GetType")]
    [InlineData("count.MaxValue")]
    [InlineData("this.Members")]
    [InlineData("user.__proto__")]
    [InlineData("user.constructor")]
    [InlineData("@root.Members")]
    [InlineData("toString")]
    public void Members_of_types_are_not_data(string path) => Assert.Equal("[]", Render($"[{{{{{path}}}}}]{{{{#each {path}}}}}x{{{{/each}}}}"));

    [Fact]
    public void Names_with_a_meaning_elsewhere_are_only_names() => Assert.Equal("own own", Render("{{__proto__}} {{constructor}}"));

    [Theory]
    [InlineData("{{> /etc/passwd}}")]
    [InlineData("{{> ../helpers}}")]
    [InlineData("{{> (lookup . \"title\")}}")]
    [InlineData("{{#> helpers}}x{{/helpers}}")]
    [InlineData("{{#*inline \"x\"}}{{> x}}{{/inline}}{{> x}}")]
    [InlineData("{{* decorator}}")]
    [InlineData("{{{{raw}}}}x{{{{/raw}}}}")]
    [InlineData("{{&title}}")]
    [InlineData("{{#if a}}x")]
    [InlineData("{{#if a}}x{{/each}}")]
    [InlineData("x{{/if}}")]
    [InlineData("{{title")]
    [InlineData("{{}}")]
    [InlineData("{{#}}x{{/}}")]
    [InlineData("{{# if a}}x{{/if}}")]
    [InlineData("\\{{title}}")]
    [InlineData("{{~#if a}}x")]
    [InlineData("{{!-- open")]
    public void What_reaches_beyond_the_data_is_refused_before_it_runs(string text)
    {
        Assert.NotNull(PageTemplate.Check(text, isHelpers: false));
        Assert.Throws<TemplateException>(() => PageTemplate.Compile(text, helpers: ""));
    }

    [Fact]
    public void Deep_and_many_blocks_are_refused_however_they_are_disguised()
    {
        Assert.NotNull(PageTemplate.Check(Nested(5_000, "{{#if yes}}", "{{/if}}"), false));
        Assert.NotNull(PageTemplate.Check(Nested(30, "{{#if yes}}", "{{/if}}"), false));
        Assert.NotNull(PageTemplate.Check(string.Concat(Enumerable.Repeat("{{#if a}}{{!-- {{/if}} --}}", 500)), false));
        Assert.NotNull(PageTemplate.Check("{{#if yes}}" + string.Concat(Enumerable.Repeat("{{else if no}}", 500)) + "{{/if}}", false));
        Assert.NotNull(PageTemplate.Check("{{#if " + new string('(', 5_000) + "}}x{{/if}}", false));
        Assert.NotNull(PageTemplate.Check(string.Concat(Enumerable.Repeat("{{a}}", 5_000)), false));
        Assert.Null(PageTemplate.Check(Nested(20, "{{#if yes}}", "{{/if}}"), false));
    }

    [Fact]
    public void Loops_within_loops_end()
    {
        var data = new JsonObject { ["list"] = new JsonArray([.. Enumerable.Range(0, 100).Select(i => (JsonNode)i)]) };
        var template = PageTemplate.Compile(Nested(10, "{{#each @root.list}}", "{{/each}}"), null);
        var watch = Stopwatch.StartNew();
        Assert.Contains("steps", Assert.Throws<TemplateException>(() => template.Render(data, Message)).Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void Output_ends()
    {
        var data = new JsonObject { ["list"] = new JsonArray([.. Enumerable.Range(0, 1_000).Select(i => (JsonNode)i)]) };
        var template = PageTemplate.Compile("{{#each list}}" + new string('x', 10_000) + "{{/each}}", null);
        Assert.Contains("characters", Assert.Throws<TemplateException>(() => template.Render(data, Message)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_helper_that_is_not_there_fails_as_a_template_and_not_as_a_bug()
    {
        Assert.Throws<TemplateException>(() => Render("{{nothing 1 2}}"));
        Assert.Throws<TemplateException>(() => Render("{{#nothing 1}}x{{/nothing}}"));
        Assert.Throws<TemplateException>(() => Render("{{message}}"));
        Assert.Throws<TemplateException>(() => Render("{{log title}}"));
        Assert.Equal("", Render("{{nothing}}"));
    }

    [Fact]
    public void One_template_renders_on_many_threads_at_once()
    {
        var template = PageTemplate.Compile("{{#each list}}{{this}}{{/each}}", null);
        Parallel.For(0, 200, i => Assert.Equal(string.Concat(Enumerable.Repeat($"{i}", 20)), template.Render(new JsonObject { ["list"] = new JsonArray([.. Enumerable.Repeat(i, 20).Select(n => (JsonNode)n)]) }, Message)));
    }

    private static string Nested(int depth, string open, string close) =>
        string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth));

    private static string Render(string text) =>
        PageTemplate.Compile(text, "{{#if (eq part \"head\")}}<head>{{title}}</head>{{else}}{{text}}{{/if}}").Render((JsonObject)JsonNode.Parse(Data)!, Message);

    private static string Message(string key, IReadOnlyList<string> arguments) => arguments.Count == 0 ? key : $"{key}({string.Join(',', arguments)})";
}
