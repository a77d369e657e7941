using System.Text.RegularExpressions;
using OrleansAuth.Common;

namespace OrleansAuth.Deploy;

/// <summary>Containers, services of a machine and the pipeline, as far as they can be checked without running them.</summary>
public sealed partial class ComposeTests
{
    private readonly Dictionary<object, object> _compose = Assert.Single(Yaml.Read(Read("deploy/compose.yaml")));

    [Fact]
    public void There_are_three_silos_two_web_nodes_a_database_and_a_proxy() =>
        Assert.Equal(["postgres", "proxy", "silo1", "silo2", "silo3", "web1", "web2"], _compose.Map("services").Keys.Cast<string>().Order());

    [Theory]
    [InlineData("silo1")]
    [InlineData("silo2")]
    [InlineData("silo3")]
    [InlineData("web1")]
    [InlineData("web2")]
    public void Our_processes_have_no_rights_a_limit_and_time_to_stop(string name)
    {
        var service = _compose.At($"services.{name}");
        Assert.Equal("true", service.Text("read_only"));
        Assert.Equal(["ALL"], service.List("cap_drop"));
        Assert.Equal(["no-new-privileges:true"], service.List("security_opt"));
        Assert.NotNull(service.Text("mem_limit"));
        Assert.Equal("45s", service.Text("stop_grace_period"));
        Assert.Null(service.At("ports"));
        var environment = service.Map("environment");
        Assert.All(environment.Keys, key => KnownSettings.Require((string)key));
        Assert.Contains("${MASTER_KEY:?", (string)environment["Secrets__MasterKey"], StringComparison.Ordinal);
        if (name.StartsWith("silo", StringComparison.Ordinal)) Assert.Equal(service.Text("networks.inner.ipv4_address"), environment["Silo__Address"]);
    }

    [Fact]
    public void Images_run_as_nobody_in_particular_and_ask_themselves_how_they_are()
    {
        var lines = Read("deploy/docker/Dockerfile").Split('\n');
        var users = lines.Where(l => l.StartsWith("USER ", StringComparison.Ordinal)).ToList();
        Assert.Equal(["USER 1654"], users);
        Assert.Equal(2, lines.Count(l => l.StartsWith("HEALTHCHECK ", StringComparison.Ordinal) && l.EndsWith("\"--health\"]", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, l => l.Contains("curl", StringComparison.Ordinal) || l.Contains("wget", StringComparison.Ordinal));
        Assert.All(lines.SelectMany(l => Setting().Matches(l)).Select(m => m.Groups[1].Value), KnownSettings.Require);
        Assert.All(["server", "silo", "web"], target => Assert.Contains(lines, l => l.EndsWith($" AS {target}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("orleansauth")]
    [InlineData("orleansauth-silo")]
    [InlineData("orleansauth-web")]
    public async Task Units_are_understood_by_systemd_and_leave_little_to_attack(string name)
    {
        using var folder = new Setup.TemporaryFolder();
        // The unit names where packages put the program; this machine may have it elsewhere.
        var text = Read($"deploy/systemd/{name}.service");
        Assert.All(Setting().Matches(text).Select(m => m.Groups[1].Value), KnownSettings.Require);
        var unit = folder.Write($"{name}.service", text.Replace("/usr/bin/dotnet", Tools.OnPath("dotnet"), StringComparison.Ordinal));
        var systemd = Tools.OnPath("systemd-analyze") ?? throw Tools.Missing("systemd-analyze");
        var (code, output, errors) = await Command.Run(systemd, ["verify", unit]);
        Assert.True(code == 0 && errors.Trim().Length == 0, output + errors);
        await Command.Must(systemd, ["security", "--offline=yes", "--no-pager", "--threshold=20", unit]);
    }

    [Fact]
    public async Task Everything_in_YAML_is_in_good_form() => await Command.Must(Tools.YamlLint,
    [
        "--strict", "-c", ".config/yamllint.yaml", "deploy/compose.yaml", "deploy/kubernetes", "deploy/prometheus", "deploy/helm/orleansauth/Chart.yaml", "deploy/helm/orleansauth/values.yaml", ".github",
    ]);

    [Fact]
    public void The_pipeline_runs_the_scripts_of_this_repository_on_both_engines()
    {
        var pipeline = Assert.Single(Yaml.Read(Read(".github/workflows/ci.yml")));
        var commands = pipeline.Map("jobs").Values.SelectMany(job => job.List("steps")).Select(step => step.Text("run")).OfType<string>().ToList();
        Assert.Contains(".ci/run", commands);
        Assert.Contains(commands, command => command.Contains("tests/run --engine orleans", StringComparison.Ordinal));
        Assert.Equal("read", pipeline.Text("permissions.contents"));
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Tools.RepositoryRoot, path));

    [GeneratedRegex(@"(?:^|\s|=)((?:[A-Z][A-Za-z]+__[A-Za-z_]+)|ASPNETCORE_[A-Z_]+|DOTNET_\w+)=", RegexOptions.Multiline)]
    private static partial Regex Setting();
}
