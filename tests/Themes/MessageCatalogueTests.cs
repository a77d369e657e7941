using System.Text.RegularExpressions;
using OrleansAuth.Common;

namespace OrleansAuth.Themes;

/// <summary>The words of the hosted pages, against the pages that use them.</summary>
public sealed partial class MessageCatalogueTests
{
    /// <summary>Families of keys that are put together when they are used: rules of errors, names of fields and scopes.</summary>
    private static readonly string[] Composed = ["[", "field.", "scope.", "hint.", "error."];

    [Fact]
    public void German_has_every_key_that_English_has_and_no_other()
    {
        Assert.Equal(["en", "de"], BuiltInMessages.Locales);
        Assert.Equal(BuiltInMessages.Of("en")!.Keys.Order(StringComparer.Ordinal), BuiltInMessages.Of("de")!.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public void Every_line_is_readable_and_no_message_is_empty(string locale)
    {
        var text = File.ReadAllText(Path.Combine(Tools.RepositoryRoot, "web", "Themes", $"messages.{locale}.properties"));
        var messages = MessageProperties.Read(text, out var faulty);
        Assert.Equal(0, faulty);
        Assert.DoesNotContain(messages, m => string.IsNullOrWhiteSpace(m.Value));
        var keys = text.Split('\n').Where(l => l.Length > 0 && l[0] is not ('#' or '!')).Select(l => l.Split('=')[0]).ToList();
        Assert.Equal(keys.Distinct(), keys);
    }

    [Fact]
    public void Both_languages_put_the_same_arguments_in()
    {
        foreach (var (key, text) in BuiltInMessages.Of("en")!)
            Assert.True(Arguments(text).SequenceEqual(Arguments(BuiltInMessages.Of("de")![key])), key);

        static IEnumerable<string> Arguments(string text) => Placeholder().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Every_key_that_pages_use_exists_and_no_key_is_unused()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Tools.RepositoryRoot, "web"), "*.cs*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".cshtml", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        var known = BuiltInMessages.Of("en")!;
        var used = sources.SelectMany(s => Use().Matches(s)).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.NotEmpty(used);
        Assert.Empty(used.Except(known.Keys));

        var literals = sources.SelectMany(s => Literal().Matches(s)).Select(m => m.Groups[1].Value).Concat(used).ToHashSet();
        Assert.Empty(known.Keys.Except(literals).Except(known.Keys.Where(key => Composed.Any(c => key.StartsWith(c, StringComparison.Ordinal)))));
    }

    [Theory]
    [InlineData("Hello {0}, {1}", "Hello a, b")]
    [InlineData("{1}{1}{0}", "bba")]
    [InlineData("{2} {x} {} {", "{2} {x} {} {")]
    public void Arguments_take_their_places(string text, string expected) => Assert.Equal(expected, BuiltInMessages.Fill(text, ["a", "b"]));

    [Fact]
    public void An_argument_is_never_read_as_a_place() => Assert.Equal("{1}b", BuiltInMessages.Fill("{0}{1}", ["{1}", "b"]));

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\b(?:[Pp]age|[Hh]osted)\.Text\(\s*""([^""]+)""")]
    private static partial Regex Use();

    [GeneratedRegex(@"""([^""\n]*)""")]
    private static partial Regex Literal();
}
