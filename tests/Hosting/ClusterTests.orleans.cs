using System.Net;
using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Operations;
using OrleansAuth.Setup;

namespace OrleansAuth.Hosting;

/// <summary>Silos and a web tier as processes on one PostgreSQL.</summary>
public sealed partial class ClusterTests
{
    private const string Key = "the-key-of-the-cluster-tests-0123456789";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public Task A_cluster_without_PostgreSQL_is_refused() => Refuses(
        ServerProcess.Launch(_folder.Path, "--urls=http://127.0.0.1:0", "--Silo:ClusterId=one"),
        "The server did not start. Silo:ClusterId makes this process part of a cluster, and a cluster keeps everything in PostgreSQL");

    [Fact]
    public Task A_silo_that_nobody_can_find_is_refused() =>
        Refuses(ServerProcess.LaunchSilo(_folder.Path), "The silo did not start. A silo of its own belongs to a cluster: set Silo:ClusterId");

    [Fact]
    public async Task When_a_silo_is_killed_the_other_serves_on_and_what_was_acknowledged_is_there()
    {
        var settings = await Settings();
        // The web tier may be the first: it waits for a silo.
        var starting = ServerProcess.Start(_folder.Path, [.. settings, $"--Kickstart:File={await Kickstart()}"]);
        await using var one = await Silo(settings);
        await using var other = await Silo(settings);
        await using var web = await starting;
        web.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", Key);

        var users = new List<string>();
        for (var i = 0; i < 20; i++) users.Add(await Create(web, HttpStatusCode.OK));
        await one.Kill();

        // Whoever was active there is activated again on the other silo, at the latest when that has missed two probes.
        foreach (var user in users) await Until(() => web.Http.PostAsync("/api/login", Login(user)));
        foreach (var user in users)
            Assert.Equal(HttpStatusCode.BadRequest, (await web.Http.PostAsync("/api/user", Body(user))).StatusCode);
        await Create(web, HttpStatusCode.OK);
    }

    [Fact]
    public async Task When_all_silos_died_the_next_one_begins_alone()
    {
        var settings = await Settings();
        await using (var one = await Silo(settings))
        await using (var other = await Silo(settings))
        {
            await one.Kill();
            await other.Kill();
        }

        await using var next = await Silo(settings);
        await using var web = await Web(settings);
        await Create(web, HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_a_silo_had_in_its_hands_when_it_died_is_done_again_or_reported_as_unknown()
    {
        var settings = await Settings();
        await using var one = await Silo(settings);
        await using var other = await Silo(settings);
        await using var web = await Web(settings);
        var users = new List<string>();
        for (var i = 0; i < 20; i++) users.Add(await Create(web, HttpStatusCode.OK));

        one.Freeze();
        var logins = users.Take(10).Select(user => web.Http.PostAsync("/api/login", Login(user))).ToArray();
        var writes = users.Skip(10).Select(user => web.Http.PostAsync("/api/user/forgot-password", Recovery(user))).ToArray();
        await Task.WhenAny(logins);
        await one.Kill();

        // Orleans by itself would let them wait for thirty seconds.
        await Task.WhenAll([.. logins, .. writes]).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.All(logins, login => Assert.Equal(HttpStatusCode.OK, login.Result.StatusCode));
        Assert.All(writes, write => Assert.True(write.Result is { StatusCode: HttpStatusCode.OK } or { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: not null }, $"{write.Result}"));
    }

    [Fact]
    public async Task No_login_fails_when_a_silo_is_told_to_stop()
    {
        var settings = await Settings();
        await using var one = await Silo(settings);
        await using var other = await Silo(settings);
        await using var web = await Web(settings);
        var users = new List<string>();
        for (var i = 0; i < 8; i++) users.Add(await Create(web, HttpStatusCode.OK));

        var stopped = new TaskCompletionSource();
        var clients = users.Select(user => LogInUntil(web, user, stopped.Task)).ToArray();
        one.Terminate();
        Assert.Equal(0, await one.Exit());
        stopped.SetResult();
        Assert.All(await Task.WhenAll(clients), statuses => Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status)));
    }

    [Fact]
    public async Task A_store_that_is_away_is_an_outage_also_where_a_silo_finds_out()
    {
        await using var postgres = await PostgresFixture.Start();
        var settings = await Settings(postgres);
        await using var silo = await Silo(settings);
        await using var web = await Web(settings);
        var user = await Create(web, HttpStatusCode.OK);

        await postgres.Crash();
        using var refused = await web.Http.PostAsync("/api/user", Body("ada@example.com"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("[storeUnavailable]", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await postgres.Resume();
        await Until(() => web.Http.PostAsync("/api/login", Login(user)));
    }

    [Fact]
    public async Task A_login_is_one_trace_from_the_web_tier_to_what_the_silo_commits()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        await using var collector = await OtlpCollector.Start();
        string[] settings = [.. await Settings(), $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"];
        await using var silo = await Silo(settings);
        await using var web = await Web(settings);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/login") { Content = Login(await Create(web, HttpStatusCode.OK)) };
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        using var answer = await web.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        // What waits is sent before a process ends.
        web.Terminate();
        Assert.Equal(0, await web.Exit());
        silo.Terminate();
        Assert.Equal(0, await silo.Exit());
        var spans = collector.Spans.Where(span => span.TraceId == Trace).ToDictionary(span => span.Id);
        var names = new List<string>();
        for (var span = Assert.Single(spans.Values, span => span.Name == "store commit"); span is not null; span = spans.GetValueOrDefault(span.ParentId)) names.Add(span.Name);
        Assert.Equal(["store commit", "IUserGrain/Login", "POST /api/login"], names);
    }

    [Fact]
    public async Task A_silo_whose_address_is_taken_says_so_in_a_sentence()
    {
        var settings = await Settings();
        await using var one = await Silo(settings);
        var taken = (await one.Wrote("Now listening on: ")).Split("Now listening on: ")[1].Trim();
        await using var second = ServerProcess.LaunchSilo(_folder.Path, [$"--urls={taken}", .. settings]);
        Assert.Equal(1, await second.Exit());
        Assert.Contains("Another program uses this address", second.Written, StringComparison.Ordinal);
    }

    private async Task<ServerProcess> Web(string[] settings)
    {
        var web = await ServerProcess.Start(_folder.Path, [.. settings, $"--Kickstart:File={await Kickstart()}"]);
        web.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", Key);
        return web;
    }

    /// <summary>One login after the other until the end, and one more.</summary>
    private static async Task<List<HttpStatusCode>> LogInUntil(ServerProcess web, string user, Task end)
    {
        var statuses = new List<HttpStatusCode>();
        for (var last = false; !last;)
        {
            last = end.IsCompleted;
            using var answer = await web.Http.PostAsync("/api/login", Login(user));
            statuses.Add(answer.StatusCode);
        }

        return statuses;
    }

    private static async Task<string[]> Settings() => await Settings(await PostgresFixture.Shared);

    private static async Task<string[]> Settings(PostgresFixture postgres) =>
    [
        $"--Storage:ConnectionString={await postgres.NewDatabase()}",
        $"--Secrets:MasterKey={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
        "--Silo:ClusterId=test",
    ];

    private async Task<string> Kickstart()
    {
        var file = Path.Combine(_folder.Path, "kickstart.json");
        await File.WriteAllTextAsync(file, $$"""{"apiKeys":[{"key":"{{Key}}","name":"Tests"}]}""");
        return file;
    }

    private async Task<ServerProcess> Silo(string[] settings)
    {
        var silo = ServerProcess.LaunchSilo(_folder.Path, ["--urls=http://127.0.0.1:0", .. settings]);
        await silo.Wrote("Application started");
        return silo;
    }

    private static async Task<string> Create(ServerProcess web, HttpStatusCode expected)
    {
        var name = $"u{Guid.NewGuid():N}@example.com";
        Assert.Equal(expected, (await web.Http.PostAsync("/api/user", Body(name))).StatusCode);
        return name;
    }

    private static StringContent Body(string name) =>
        new($$$"""{"user":{"email":"{{{name}}}","password":"correct horse battery"}}""", Encoding.UTF8, "application/json");

    private static StringContent Recovery(string name) => new($$"""{"loginId":"{{name}}","sendForgotPasswordEmail":false}""", Encoding.UTF8, "application/json");

    private static StringContent Login(string name) => new($$"""{"loginId":"{{name}}","password":"correct horse battery"}""", Encoding.UTF8, "application/json");

    /// <summary>Asks until it is done, and not for ever.</summary>
    private static async Task Until(Func<Task<HttpResponseMessage>> ask)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!(await ask().WaitAsync(limit.Token)).IsSuccessStatusCode) limit.Token.ThrowIfCancellationRequested();
    }
}
