using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using OrleansAuth.Setup;

namespace OrleansAuth.Operations;

/// <summary>A planned stop under load, seen from clients that look at readiness as a load balancer does.</summary>
public sealed class DrainTests : IDisposable
{
    private const string Key = "the-key-of-the-drain-tests-0123456789";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_login_fails_when_the_server_is_told_to_stop()
    {
        await using var server = await Started("--Web:DrainSeconds=3");
        var load = new Load(server.Http);
        var clients = Enumerable.Range(0, 8).Select(_ => load.Run()).ToArray();
        await Task.WhenAny(load.Reached(50), Task.WhenAll(clients));
        server.Terminate();
        await NotReady(server);
        // A while passes until a load balancer looks again; who comes meanwhile is served.
        await Task.WhenAny(load.Reached(load.Answers.Count + 50), Task.WhenAll(clients));
        load.GoElsewhere();
        await Task.WhenAll(clients);

        Assert.Equal(0, await server.Exit());
        Assert.All(load.Answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Contains(load.Answers, answer => answer.Closes);
        Assert.Contains("Draining:", server.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_drain_the_server_stops_at_once()
    {
        await using var server = await Started();
        var watch = Stopwatch.StartNew();
        server.Terminate();
        Assert.Equal(0, await server.Exit());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"It took {watch.Elapsed}.");
        Assert.DoesNotContain("Draining:", server.Written, StringComparison.Ordinal);
    }

    private async Task<ServerProcess> Started(params string[] settings)
    {
        var kickstart = _folder.Write("kickstart.json", $$"""
            {
              "apiKeys": [{ "key": "{{Key}}" }],
              "requests": [
                { "method": "PATCH", "url": "/api/tenant/#{FUSIONAUTH_TENANT_ID}",
                  "body": { "tenant": { "passwordEncryptionConfiguration": { "encryptionScheme": "salted-sha256", "encryptionSchemeFactor": 1 } } } },
                { "method": "POST", "url": "/api/user", "body": { "user": { "username": "ada", "password": "correct horse" } } }
              ]
            }
            """);
        var server = await ServerProcess.Start(_folder.Path, [$"--Kickstart:File={kickstart}", .. settings]);
        server.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", Key);
        return server;
    }

    private static async Task NotReady(ServerProcess server)
    {
        while (true)
        {
            using var answer = await server.Http.GetAsync("/health/ready");
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) continue;
            Assert.Contains("draining", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using var live = await server.Http.GetAsync("/health/live");
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
            return;
        }
    }

    /// <summary>Logins, one after the other for each client, until the load balancer sends them elsewhere. A request that fails ends the test.</summary>
    private sealed class Load(HttpClient http)
    {
        private readonly List<(int Answers, TaskCompletionSource Reached)> _goals = [];
        private volatile bool _elsewhere;

        public ConcurrentBag<(HttpStatusCode Status, bool Closes)> Answers { get; } = [];

        public void GoElsewhere() => _elsewhere = true;

        public async Task Run()
        {
            while (!_elsewhere)
            {
                using var answer = await http.PostAsJsonAsync("/api/login", new { loginId = "ada", password = "correct horse" });
                Answers.Add((answer.StatusCode, answer.Headers.ConnectionClose is true));
                lock (_goals) _goals.FindAll(goal => Answers.Count >= goal.Answers).ForEach(goal => goal.Reached.TrySetResult());
            }
        }

        /// <summary>Ends when there are that many answers in all.</summary>
        public Task Reached(int answers)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_goals) _goals.Add((answers, reached));
            return reached.Task;
        }
    }
}
