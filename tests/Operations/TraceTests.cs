using System.Net.Http.Json;
using OrleansAuth.Setup;

namespace OrleansAuth.Operations;

public sealed class TraceTests : IDisposable
{
    private const string Key = "the-key-of-the-trace-tests-0123456789";
    private const string Password = "a password that no trace may hold";
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Caller = "b7ad6b7169203331";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_login_is_one_trace_from_the_caller_to_the_store_and_tells_of_nobody()
    {
        await using var collector = await OtlpCollector.Start();
        await using (var server = await Started($"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"))
        {
            await Send(server, "/api/login?secret=in-the-query", new { loginId = "ada@example.com", password = Password });
            // What waits is sent before the process ends.
            server.Terminate();
            Assert.Equal(0, await server.Exit());
        }

        var trace = collector.Spans.Where(span => span.TraceId == TraceId).ToList();
        var request = Assert.Single(trace, span => span.Name == "POST /api/login");
        Assert.Equal(Caller, request.ParentId);
        Assert.Equal("/api/login", request.Attributes["http.route"]);
        var login = Assert.Single(trace, span => span.Name == "IUserGrain/Login");
        Assert.Equal(request.Id, login.ParentId);
        Assert.Equal("orleans", login.Attributes["rpc.system"]);
        var commit = Assert.Single(trace, span => span.Name == "store commit");
        Assert.Equal(login.Id, commit.ParentId);
        Assert.Equal("committed", commit.Attributes["outcome"]);

        string[] secret = ["ada@example.com", Password, Key, "in-the-query", "in-the-baggage"];
        Assert.All(secret, text => Assert.False(collector.Holds(text), text));
        string[] harmless = ["http.request.method", "http.route", "http.response.status_code", "rpc.system", "rpc.service", "rpc.method", "outcome"];
        Assert.Empty(collector.Spans.SelectMany(span => span.Attributes.Keys).Except(harmless));
    }

    [Fact]
    public async Task Without_a_collector_nobody_is_asked_to_listen()
    {
        await using var collector = await OtlpCollector.Start();
        await using var server = await Started($"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", "--OTEL_TRACES_EXPORTER=none", "--OTEL_METRICS_EXPORTER=none");
        await Send(server, "/api/login", new { loginId = "ada@example.com", password = Password });
        server.Terminate();
        Assert.Equal(0, await server.Exit());
        Assert.Empty(collector.Bodies);
    }

    private Task<ServerProcess> Started(params string[] settings) => ServerProcess.Start(_folder.Path, [$"--Kickstart:File={_folder.Write("kickstart.json", $$"""
        {
          "apiKeys": [{ "key": "{{Key}}" }],
          "requests": [{ "method": "POST", "url": "/api/user", "body": { "user": { "email": "ada@example.com", "password": "{{Password}}" } } }]
        }
        """)}", .. settings]);

    private static async Task Send(ServerProcess server, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", Key);
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{TraceId}-{Caller}-01");
        request.Headers.TryAddWithoutValidation("baggage", "note=in-the-baggage");
        using var answer = await server.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
