using System.Text.RegularExpressions;
using OrleansAuth.Common;
using OrleansAuth.Hosting;

namespace OrleansAuth.Operations;

/// <summary>The operator's page keeps up with the code.</summary>
public sealed partial class OperatorPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Tools.RepositoryRoot, "docs/operating.md"));

    private static readonly Dictionary<string, string[]> Settings = Page.Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()).ToArray())
        .Where(cells => cells.Length == 4)
        .SelectMany(cells => Name().Matches(cells[0]).Select(name => (Name: name.Groups[1].Value, Cells: cells)))
        .ToDictionary(row => row.Name, row => row.Cells);

    [Fact]
    public void Every_setting_stands_in_the_table_with_default_unit_and_danger()
    {
        Assert.Contains("| setting | default | unit | meaning, danger |", Page, StringComparison.Ordinal);
        Assert.All(SettingsCheck.Names, name => Assert.True(Settings.ContainsKey(name), $"docs/operating.md does not tell of {name}."));
        Assert.All(Settings.Values, cells => Assert.DoesNotContain("", cells));
    }

    [Fact]
    public void Nothing_in_the_table_is_unknown_to_the_server()
    {
        string[] elsewhere = ["--urls", "--environment", "Logging:Format", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_SERVICE_NAME", "OTEL_TRACES_SAMPLER", "FUSIONAUTH_APP_KICKSTART_FILE"];
        Assert.Empty(Settings.Keys.Except(SettingsCheck.Names).Except(elsewhere));
    }

    [Fact]
    public void Every_setting_that_the_code_reads_is_known_to_the_check_of_a_start()
    {
        var read = Directory.EnumerateFiles(Tools.RepositoryRoot, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Tools.RepositoryRoot, file))
            .Where(file => file.StartsWith("silo/", StringComparison.Ordinal) || (file.StartsWith("web/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal)))
            .SelectMany(file => Literal().Matches(File.ReadAllText(Path.Combine(Tools.RepositoryRoot, file))).Select(match => match.Groups[1].Value))
            .Distinct().ToList();
        Assert.Contains("Web:DrainSeconds", read);
        Assert.Empty(read.Except(SettingsCheck.Names).Except(["Logging:Format", "Mfa:Yubico"]));
    }

    [Fact]
    public async Task Figures_that_operators_are_told_to_watch_exist()
    {
        var rules = Path.Combine(Tools.RepositoryRoot, "deploy/prometheus/orleansauth.rules.yaml");
        await Deploy.Command.Must(Tools.Promtool, ["check", "rules", rules]);
        var measured = Directory.EnumerateFiles(Tools.RepositoryRoot, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/tests/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => Instrument().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value.Replace('.', '_')))
            .ToHashSet();
        var told = Figure().Matches(Page + await File.ReadAllTextAsync(rules)).Select(match => match.Value).Distinct().ToList();
        Assert.True(told.Count > 8, "The page tells of hardly anything.");
        Assert.All(told, name => Assert.True(measured.Contains(Suffix().Replace(name, "")), $"Nobody measures {name}."));
    }

    [Theory]
    [InlineData("## Sizing", false)]
    [InlineData("## Settings", true)]
    [InlineData("## Backup and restore", true)]
    [InlineData("## Upgrade", true)]
    [InlineData("## Keys", true)]
    [InlineData("## What to watch", true)]
    [InlineData("## Deployments", true)]
    public void The_page_has_what_operators_look_for(string heading, bool there) =>
        Assert.Equal(there, Page.Contains($"\n{heading}\n", StringComparison.Ordinal));

    [GeneratedRegex(@"""(orleansauth\.[a-z.]+)""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"orleansauth_[a-z_]+")]
    private static partial Regex Figure();

    /// <summary>What Prometheus' names have behind the instrument's: the unit, and what kind of series it is.</summary>
    [GeneratedRegex(@"(_seconds)?(_total|_bucket|_count|_sum)?$")]
    private static partial Regex Suffix();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"""((?:Storage|Secrets|Kickstart|Web|Metrics|Logging|Mail|Silo|Breaches|Webhooks|Mfa)(?::[A-Z][A-Za-z]+)+)""")]
    private static partial Regex Literal();
}
