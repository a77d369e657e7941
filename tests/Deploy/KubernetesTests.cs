using OrleansAuth.Common;

namespace OrleansAuth.Deploy;

/// <summary>The chart as Helm renders it, and the plain manifests made of it.</summary>
public sealed class KubernetesTests
{
    private const string Chart = "deploy/helm/orleansauth";

    private static readonly string[] Everything =
    [
        "--set", "ingress.enabled=true,ingress.className=nginx,ingress.tlsSecret=tls,silo.autoscaling.passwordQueue=20",
        "--set", "settings.Webhooks__AllowPrivateAddresses=true",
    ];

    [Fact]
    public async Task Helm_finds_nothing_to_say_about_the_chart() => await Command.Must(Tools.Helm, ["lint", "--strict", Chart]);

    [Theory]
    [InlineData("silo", "/health/live", "1Gi")]
    [InlineData("web", "/health/live", "512Mi")]
    public async Task Every_workload_is_probed_limited_and_without_rights(string name, string live, string memory)
    {
        var workload = Assert.Single(await Render(Everything), d => d.Text("kind") == "Deployment" && d.Text("metadata.name") == $"orleansauth-{name}");
        var pod = workload.At("spec.template.spec");
        var container = Assert.Single(pod.List("containers"));
        Assert.Equal(live, container.Text("livenessProbe.httpGet.path"));
        Assert.Equal("/health/ready", container.Text("readinessProbe.httpGet.path"));
        Assert.Equal(live, container.Text("startupProbe.httpGet.path"));
        Assert.Equal(memory, container.Text("resources.limits.memory"));
        Assert.NotNull(container.Text("resources.requests.cpu"));
        Assert.Equal("true", pod.Text("securityContext.runAsNonRoot"));
        Assert.NotEqual("0", pod.Text("securityContext.runAsUser"));
        Assert.Equal("RuntimeDefault", pod.Text("securityContext.seccompProfile.type"));
        Assert.Equal("false", pod.Text("automountServiceAccountToken"));
        Assert.Equal("true", container.Text("securityContext.readOnlyRootFilesystem"));
        Assert.Equal("false", container.Text("securityContext.allowPrivilegeEscalation"));
        Assert.Equal(["ALL"], container.List("securityContext.capabilities.drop"));
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("web")]
    public async Task Every_workload_has_a_disruption_budget_and_grows_with_its_load(string name)
    {
        var documents = await Render(Everything);
        var workload = documents.Single(d => d.Text("kind") == "Deployment" && d.Text("metadata.name") == $"orleansauth-{name}");
        var labels = workload.Map("spec.template.metadata.labels");
        var budget = Assert.Single(documents, d => d.Text("kind") == "PodDisruptionBudget" && d.Text("metadata.name") == $"orleansauth-{name}");
        Assert.All(budget.Map("spec.selector.matchLabels"), label => Assert.Equal(label.Value, labels[label.Key]));
        Assert.Equal("1", budget.Text("spec.maxUnavailable"));
        var scaler = Assert.Single(documents, d => d.Text("kind") == "HorizontalPodAutoscaler" && d.Text("spec.scaleTargetRef.name") == $"orleansauth-{name}");
        Assert.Contains(scaler.List("spec.metrics"), m => m.Text("resource.name") == "cpu");
        if (name == "silo") Assert.Contains(scaler.List("spec.metrics"), m => m.Text("pods.metric.name") == "orleansauth_password_queue_length");
        // Who scales decides the number; a number in the workload would undo it with every upgrade.
        Assert.Null(workload.At("spec.replicas"));
    }

    [Fact]
    public async Task A_stop_has_time_for_the_drain_and_for_what_runs()
    {
        var web = (await Render("--set", "web.drainSeconds=20")).Single(d => d.Text("kind") == "Deployment" && d.Text("metadata.name") == "orleansauth-web");
        var container = web.List("spec.template.spec.containers").Single();
        Assert.Equal("20", Assert.Single(container.List("env"), e => e.Text("name") == "Web__DrainSeconds").Text("value"));
        Assert.Equal("55", web.Text("spec.template.spec.terminationGracePeriodSeconds"));
    }

    [Theory]
    [InlineData("image.tag=2.0.0", "2.0.0", "2.0.0")]
    [InlineData("image.tag=2.0.0,image.webTag=1.0.0", "2.0.0", "1.0.0")]
    public async Task Web_tiers_stay_at_the_version_before_while_silos_are_exchanged(string values, string silo, string web)
    {
        var documents = await Render("--set", values);
        foreach (var (name, tag) in new[] { ("silo", silo), ("web", web) })
        {
            var workload = documents.Single(d => d.Text("kind") == "Deployment" && d.Text("metadata.name") == $"orleansauth-{name}");
            Assert.Equal($"orleansauth-{name}:{tag}", workload.List("spec.template.spec.containers").Single().Text("image"));
        }
    }

    [Fact]
    public async Task Secrets_come_from_a_secret_and_stand_in_no_manifest()
    {
        var documents = await Render(Everything);
        Assert.DoesNotContain(documents, d => d.Text("kind") == "Secret");
        foreach (var entry in Containers(documents).SelectMany(c => c.List("env")).Where(e => e.Text("name") is "Storage__ConnectionString" or "Secrets__MasterKey"))
        {
            Assert.Null(entry.Text("value"));
            Assert.Equal("orleansauth", entry.Text("valueFrom.secretKeyRef.name"));
        }
    }

    [Fact]
    public async Task Every_setting_in_the_chart_is_one_that_the_server_reads()
    {
        var names = Containers(await Render(Everything)).SelectMany(c => c.List("env")).Select(e => e.Text("name")!).Distinct().ToList();
        Assert.Contains("Webhooks__AllowPrivateAddresses", names);
        Assert.All(names, KnownSettings.Require);
    }

    [Fact]
    public async Task Silos_are_reached_by_the_web_tier_and_by_Prometheus_only()
    {
        var policy = Assert.Single(await Render(), d => d.Text("kind") == "NetworkPolicy");
        Assert.Equal("silo", policy.Map("spec.podSelector.matchLabels")["app.kubernetes.io/component"]);
        Assert.Equal(2, policy.List("spec.ingress").Count());
        Assert.DoesNotContain(await Render("--set", "networkPolicy.enabled=false"), d => d.Text("kind") == "NetworkPolicy");
    }

    [Fact]
    public async Task The_plain_manifests_are_those_of_the_chart()
    {
        var path = $"{Path.GetDirectoryName(Tools.Helm)}:{Environment.GetEnvironmentVariable("PATH")}";
        var rendered = await Command.Must("bash", ["deploy/kubernetes/render"], ("PATH", path));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Tools.RepositoryRoot, "deploy/kubernetes/orleansauth.yaml")), rendered);
    }

    private static async Task<List<Dictionary<object, object>>> Render(params string[] arguments) =>
        Yaml.Read(await Command.Must(Tools.Helm, ["template", "orleansauth", Chart, "--namespace", "orleansauth", .. arguments]));

    private static IEnumerable<object> Containers(IEnumerable<object> documents) => documents.SelectMany(d => d.List("spec.template.spec.containers"));
}
