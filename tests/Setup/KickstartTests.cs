using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Setup;

public sealed class KickstartTests : IDisposable
{
    private static readonly string Keys = $$"""[{ "key": "{{TestServer.SuperKey}}", "keyManager": true }, { "key": "a-second-key-of-the-kickstart-0123456789" }]""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Variables_environment_uuids_and_files_are_put_in()
    {
        var (tenant, application) = (Guid.NewGuid(), Guid.NewGuid());
        var variable = $"KICKSTART_TEST_{tenant:N}";
        Environment.SetEnvironmentVariable(variable, "From outside");
        _folder.Write("data.json", """{ "nested": { "owner": "#{name}", "list": [1, 2] } }""");
        _folder.Write("text.txt", "two\nlines with #{name} left as they are");
        await using var server = await Start($$"""
            {
              // Comments are welcome.
              "variables": { "tenant": "{{tenant}}", "name": "Shop", "again": "#{name}-2", "random": "#{UUID()}" },
              "apiKeys": {{Keys}},
              "requests": [
                { "method": "POST", "url": "/api/tenant/#{tenant}", "body": { "tenant": { "name": "#{ENV.{{variable}}}" } } },
                { "method": "post", "url": "/api/application/{{application}}", "tenantId": "#{tenant}",
                  "body": { "application": { "name": "#{again}", "data": { "a": "#{random}", "b": "#{random}", "c": "#{UUID()}", "d": "#{UUID()}", "json": "&{data.json}", "text": "@{text.txt}", "number": 3 } } } }
              ]
            }
            """);

        Assert.Equal("From outside", (string)(await server.Get($"/api/tenant/{tenant}")).Is(200).Body["tenant"]!["name"]!);
        var created = (await server.Get($"/api/application/{application}", tenant: tenant)).Is(200).Body["application"]!;
        var data = created["data"]!;
        Assert.Equal("Shop-2", (string)created["name"]!);
        Assert.Equal(tenant, (Guid)created["tenantId"]!);
        Assert.Equal((Guid)data["a"]!, (Guid)data["b"]!);
        Assert.NotEqual((Guid)data["c"]!, (Guid)data["d"]!);
        Assert.Equal("""{"nested":{"owner":"Shop","list":[1,2]}}""", data["json"]!.ToJsonString());
        Assert.Equal("two\nlines with #{name} left as they are", (string)data["text"]!);
        Assert.Equal(3, (int)data["number"]!);
        (await server.Get("/api/tenant", "a-second-key-of-the-kickstart-0123456789")).Is(200);
    }

    [Fact]
    public async Task The_built_in_names_lead_to_the_first_tenant_and_the_administration()
    {
        var chosen = Guid.NewGuid();
        await using var server = await Start($$"""
            {
              "variables": { "defaultTenantId": "{{chosen}}" },
              "apiKeys": {{Keys}},
              "requests": [
                { "method": "PATCH", "url": "/api/tenant/#{FUSIONAUTH_TENANT_ID}", "body": { "tenant": { "issuer": "shop.example.com" } } },
                { "method": "PATCH", "url": "/api/application/#{FUSIONAUTH_APPLICATION_ID}", "tenantId": "#{defaultTenantId}", "body": { "application": { "data": { "seen": true } } } },
                { "method": "PATCH", "url": "/api/application/#{FUSIONAUTH_TENANT_MANAGER_APPLICATION_ID}", "body": { "application": { "data": { "seen": true } } } }
              ]
            }
            """);

        Assert.True((bool)(await server.Get($"/api/application/{WellKnown.TenantManagerApplication}")).Is(200).Body["application"]!["data"]!["seen"]!);
        Assert.Equal(chosen, server.DefaultTenant);
        Assert.Equal("shop.example.com", (string)(await server.Get($"/api/tenant/{chosen}")).Is(200).Body["tenant"]!["issuer"]!);
        Assert.True((bool)(await server.Get($"/api/application/{WellKnown.AdministrationApplication}")).Body["application"]!["data"]!["seen"]!);
    }

    [Fact]
    public async Task The_content_type_of_a_request_says_how_a_patch_works()
    {
        var group = Guid.NewGuid();
        string Change(string type, string body) => $$"""{ "method": "PATCH", "url": "/api/group/{{group}}", "contentType": "{{type}}", "body": {{body}} }""";
        await using var server = await Start($$"""
            {
              "apiKeys": {{Keys}},
              "requests": [
                { "method": "POST", "url": "/api/group/{{group}}", "body": { "group": { "name": "Staff", "data": { "tags": ["a"], "old": 1 } } } },
                {{Change("application/json", """{ "group": { "data": { "tags": ["b"] } } }""")}},
                {{Change("application/merge-patch+json", """{ "group": { "data": { "old": null, "new": ["x"] } } }""")}},
                {{Change("application/merge-patch+json", """{ "group": { "data": { "new": ["y"] } } }""")}},
                {{Change("application/json-patch+json", """[{ "op": "replace", "path": "/group/name", "value": "Crew" }]""")}}
              ]
            }
            """);

        var shown = (await server.Get($"/api/group/{group}")).Is(200).Body["group"]!;
        Assert.Equal("Crew", (string)shown["name"]!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"tags":["a","b"],"new":["y"]}"""), shown["data"]), shown["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_second_start_does_nothing_and_says_so()
    {
        var kickstart = $$"""{ "apiKeys": {{Keys}}, "requests": [{ "method": "POST", "url": "/api/tenant", "body": { "tenant": { "name": "Once" } } }] }""";
        await (await Start(kickstart)).DisposeAsync();
        await using var again = await ServerProcess.Start(_folder.Path, $"--Kickstart:File={Path.Combine(_folder.Path, "kickstart.json")}");

        Assert.Contains("Kickstart: nothing to do, this system has been set up before.", again.Written, StringComparison.Ordinal);
        again.Terminate();
        Assert.Equal(0, await again.Exit());
        await using var server = await TestServer.Start(_folder.Path);
        Assert.Single((await server.Get("/api/tenant")).Body["tenants"]!.AsArray(), t => (string)t!["name"]! == "Once");
    }

    [Fact]
    public async Task A_system_that_was_used_before_is_left_alone()
    {
        var server = AuthServer.Create(["--urls=http://127.0.0.1:0", $"--Storage:Path={_folder.Path}"]);
        await server.Start();
        var created = await server.Services.GetRequiredService<IGrainFactory>().Configuration(Families.Tenants, Guid.NewGuid())
            .Create(new CreateConfiguration(JsonText.From(new { name = "Mine" }), null, null, Actor.System));
        Assert.Null(created.Refusal);
        await server.Stop();

        var again = Create($$"""{ "apiKeys": {{Keys}} }""");
        await again.Start();
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(again.Urls.First()) };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", TestServer.SuperKey);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/tenant")).StatusCode);
        await again.Stop();
    }

    [Fact]
    public async Task A_request_that_fails_stops_the_start_and_the_next_start_says_that_half_was_done()
    {
        _folder.Write("kickstart.json", $$"""
            {
              "apiKeys": {{Keys}},
              "requests": [
                { "method": "POST", "url": "/api/tenant", "body": { "tenant": { "name": "Half" } } },
                { "method": "POST", "url": "/api/tenant", "body": { "tenant": { "name": "Half" } } },
                { "method": "POST", "url": "/api/tenant", "body": { "tenant": { "name": "Never" } } }
              ]
            }
            """);
        var file = Path.Combine(_folder.Path, "kickstart.json");
        string[] settings = ["--urls=http://127.0.0.1:0", $"--Kickstart:File={file}"];
        await using (var server = ServerProcess.Launch(_folder.Path, settings))
        {
            Assert.Equal(1, await server.Exit());
            Assert.Contains($"The server did not start. Request 2: POST /api/tenant of the kickstart file {file} failed with status 400: ", server.Written, StringComparison.Ordinal);
            Assert.Contains("[duplicate]tenant.name", server.Written, StringComparison.Ordinal);
            Assert.DoesNotContain("is ready", server.Written, StringComparison.Ordinal);
            Assert.DoesNotContain(TestServer.SuperKey, server.Written, StringComparison.Ordinal);
        }

        await using var again = ServerProcess.Launch(_folder.Path, settings);
        Assert.Equal(1, await again.Exit());
        Assert.Contains("An earlier kickstart did not reach its end, so this system is half set up.", again.Written, StringComparison.Ordinal);
        Assert.Contains("start without Kickstart:File to go on with what there is", again.Written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "apiKeys": [{ "key": "k-0123456789-0123456789", "permissions": { "endpoints": { "/api/user": ["GET"] } } }] }""", "it must have no tenantId and no permissions")]
    [InlineData("""{ "apiKeys": [{ "key": "k-0123456789-0123456789", "tenantId": "30663132-6464-6665-3032-326466613934" }] }""", "it must have no tenantId and no permissions")]
    [InlineData("""{ "requests": [{ "method": "POST", "url": "/api/tenant" }] }""", "put one without restrictions first in apiKeys")]
    [InlineData("""{ "apiKeys": [{ "key": "#{nobody}" }] }""", "There is no variable nobody.")]
    [InlineData("""{ "apiKeys": [{ "key": "#{ENV.NOT_SET_ANYWHERE_0815}" }] }""", "The environment variable NOT_SET_ANYWHERE_0815 is not set.")]
    [InlineData("""{ "apiKeys": [{ "key": "k" }], "requests": [{ "method": "DELETE", "url": "/api/tenant" }] }""", "Request 1 must have the method POST, PUT or PATCH.")]
    [InlineData("""{ "apiKeys": [{ "key": "k" }], "requests": [{ "method": "POST", "url": "http://elsewhere/" }] }""", "The url of request 1 must begin with a slash.")]
    [InlineData("""{ "apiKeys": [{ "key": "@{../secret}" }] }""", "../secret is not beside the kickstart file.")]
    [InlineData("""{ "apiKeys": [{ "key": "&{gone.json}" }] }""", "gone.json")]
    [InlineData("""{ "apiKeys": """, "cannot be")]
    [InlineData("[]", "It must be a JSON object.")]
    public async Task A_file_that_cannot_be_used_stops_the_start_with_a_sentence(string kickstart, string sentence)
    {
        var message = await RefusalOf(kickstart);

        Assert.Contains(sentence, message, StringComparison.Ordinal);
        Assert.Contains("kickstart", message, StringComparison.Ordinal);

        // Nothing has been done, so the mended file works on the same data.
        await using var server = await Start($$"""{ "apiKeys": {{Keys}} }""");
        (await server.Get("/api/tenant")).Is(200);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        await using var server = ServerProcess.Launch(_folder.Path, "--Kickstart:File=/no/such/kickstart.json");

        Assert.Equal(1, await server.Exit());
        Assert.Contains("The server did not start. The kickstart file /no/such/kickstart.json cannot be read", server.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_outside_sees_a_half_done_kickstart()
    {
        using var pause = new PauseAt("Kickstart: request 1");
        var time = new ManualTime();
        var server = Create(
            $$"""{ "apiKeys": {{Keys}}, "requests": [{ "method": "POST", "url": "/api/tenant", "body": { "tenant": { "name": "Half" } } }] }""",
            services => services.AddSingleton<ILoggerProvider>(pause).AddSingleton(new Clock(time)));
        var starting = Task.Run(server.Start);
        await pause.Reached;
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(server.Urls.First()) };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", TestServer.SuperKey);

        var refused = Task.WhenAll(((string[])["/api/tenant", "/api/status", "/setup", "/"]).Select(path => client.GetAsync(path)));
        while (!refused.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.All(await refused, answer =>
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        });

        // Whoever comes shortly before the end waits for it.
        var waiting = client.GetStringAsync("/api/tenant");
        pause.GoOn();
        await starting;
        Assert.Equal(2, JsonNode.Parse(await waiting)!["tenants"]!.AsArray().Count);
        await server.Stop();
    }

    private Task<TestServer> Start(string kickstart)
    {
        _folder.Write("kickstart.json", kickstart);
        return TestServer.Start(_folder.Path);
    }

    private AuthServer Create(string kickstart, Action<IServiceCollection>? customise = null) => AuthServer.Create(
        ["--urls=http://127.0.0.1:0", $"--Storage:Path={_folder.Path}", $"--Kickstart:File={_folder.Write("kickstart.json", kickstart)}"], customise);

    /// <summary>What an operator reads; the process is left as a real one would leave it.</summary>
    private async Task<string> RefusalOf(string kickstart)
    {
        _folder.Write("kickstart.json", kickstart);
        await using var server = ServerProcess.Launch(_folder.Path, "--urls=http://127.0.0.1:0", $"--Kickstart:File={Path.Combine(_folder.Path, "kickstart.json")}");
        Assert.Equal(1, await server.Exit());
        return server.Written.Split('\n').Single(line => line.StartsWith("The server did not start.", StringComparison.Ordinal));
    }

    /// <summary>Holds whoever writes a line that begins like this, until the test lets go.</summary>
    private sealed class PauseAt(string beginning) : ILoggerProvider, ILogger
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _goOn = new();

        public Task Reached => _reached.Task;

        public void GoOn() => _goOn.Set();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!formatter(state, exception).StartsWith(beginning, StringComparison.Ordinal)) return;
            _reached.TrySetResult();
            _goOn.Wait();
        }

        public void Dispose() => _goOn.Set();
    }
}
