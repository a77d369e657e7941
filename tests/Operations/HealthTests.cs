using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Hosting;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Operations;

public sealed class HealthTests
{
    [Fact]
    public async Task A_server_that_serves_is_live_and_ready_to_everybody()
    {
        var server = await TestServer.Shared;
        Assert.Equal("live", (string?)(await server.Get("/health/live", key: "")).Is(200).Body["status"]);
        Assert.Equal("""{"status":"ready"}""", (await server.Get("/health/ready", key: "")).Is(200).Text);
    }

    [Fact]
    public async Task A_start_that_is_not_complete_is_not_ready()
    {
        var (readiness, _) = await Create(_ => Task.FromResult(1L));
        Assert.Equal(["starting"], (await readiness.Obstacles()).Select(o => o.Code));
        readiness.Started();
        Assert.Empty(await readiness.Obstacles());
    }

    [Fact]
    public async Task A_process_that_drains_is_not_ready_though_everything_else_is_well()
    {
        var (readiness, _) = await Create(_ => Task.FromResult(1L));
        readiness.Started();
        readiness.Drain();
        Assert.Equal(["draining"], (await readiness.Obstacles()).Select(o => o.Code));
    }

    [Fact]
    public async Task A_store_that_is_away_is_told_without_saying_where_it_is()
    {
        var (readiness, _) = await Create(_ => throw new StoreUnavailableException("PostgreSQL at db.internal:5432 refused the password of orleansauth."));
        readiness.Started();
        var obstacle = Assert.Single(await readiness.Obstacles());
        Assert.Equal("store", obstacle.Code);
        Assert.DoesNotContain("internal", obstacle.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_hangs_is_asked_once_for_all_who_probe_and_given_up_after_two_seconds()
    {
        var asked = 0;
        var never = new TaskCompletionSource<long>();
        var (readiness, time) = await Create(_ =>
        {
            Interlocked.Increment(ref asked);
            return never.Task;
        });
        readiness.Started();
        var probes = Enumerable.Range(0, 100).Select(_ => readiness.Obstacles()).ToArray();
        while (!probes.All(p => p.IsCompleted))
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        foreach (var probe in probes) Assert.Equal("store", Assert.Single(await probe).Code);
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("0", 0)]
    [InlineData("15", 15)]
    public void The_time_of_a_drain_is_a_setting(string text, int seconds)
    {
        var options = DrainOptions.From(Settings("Web:DrainSeconds", text));
        Assert.Equal(TimeSpan.FromSeconds(seconds), options.Time);
        Assert.True(options.Limit > options.Time);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("301")]
    [InlineData("soon")]
    [InlineData("1.5")]
    public void A_drain_that_is_no_number_of_seconds_is_refused(string text) =>
        Assert.Contains("Web:DrainSeconds", Assert.Throws<SettingsException>(() => DrainOptions.From(Settings("Web:DrainSeconds", text))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("urls", "http://+:9011", "http://localhost:9011")]
    [InlineData("urls", "http://0.0.0.0:80/;https://*:443", "http://localhost:80")]
    [InlineData("http_ports", "8080;8081", "http://localhost:8080")]
    [InlineData("other", "x", "http://localhost:1")]
    public void The_health_probe_finds_the_server_by_its_settings(string name, string value, string address) =>
        Assert.Equal(address, ListenAddress.First(Settings(name, value), "http://localhost:1"));

    [Fact]
    public async Task The_health_probe_tells_a_server_that_is_there_from_one_that_is_not()
    {
        var server = await TestServer.Shared;
        Assert.Equal(0, await HealthProbe.Run([$"--urls={server.Url}"], "http://localhost:1"));
        Assert.Equal(1, await HealthProbe.Run(["--urls=http://127.0.0.1:1"], "http://localhost:1"));
    }

    [Fact]
    public async Task A_silo_answers_its_supervisor_and_its_metrics()
    {
        using var folder = new Setup.TemporaryFolder();
        await using var silo = SiloServer.Create(["--urls=http://127.0.0.1:0", $"--Storage:Path={folder.Path}"], (services, settings) => services.AddGrains(settings));
        await silo.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(silo.Urls.First()) };
        Assert.Equal(200, (int)(await http.GetAsync("/health/live")).StatusCode);
        Assert.Equal(503, (int)(await http.GetAsync("/health/ready")).StatusCode);
        silo.Services.GetRequiredService<Readiness>().Started();
        Assert.Equal(200, (int)(await http.GetAsync("/health/ready")).StatusCode);
        Assert.Contains("orleans_catalog_activations", await http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        await silo.StopAsync();
    }

    private static async Task<(Readiness Readiness, ManualTime Time)> Create(Func<CancellationToken, Task<long>> version)
    {
        var configuration = (await TestServer.Shared).Services.GetRequiredService<ConfigurationReader>();
        var time = new ManualTime();
        var store = DispatchProxy.Create<IStoreReader, OneAnswer>();
        ((OneAnswer)store).Version = version;
        return (new Readiness(store, configuration, new Clock(time)), time);
    }

    private static IConfiguration Settings(string name, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build();

    /// <summary>A store of which only the version of the configuration is asked for.</summary>
    public class OneAnswer : DispatchProxy
    {
        public Func<CancellationToken, Task<long>> Version { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(IStoreReader.ConfigurationVersion)
            ? Version((CancellationToken)args![0]!)
            : throw new NotSupportedException(targetMethod.Name);
    }
}
