using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Setup;

namespace OrleansAuth.Operations;

/// <summary>What a process of its own tells Prometheus; figures of a process are shared by all that runs in it.</summary>
public sealed class MetricsTests : IDisposable
{
    private const string Key = "the-key-of-the-metrics-tests-0123456789";
    private const string TenantKey = "the-key-of-one-tenant-0123456789012345";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_happens_is_counted_and_promtool_finds_nothing_to_say()
    {
        await using var server = await Started();
        var (tenant, application) = await Prepare(server);
        await LogIn(server, tenant, application, "correct horse");
        var refresh = (string)(await LogIn(server, tenant, application, "correct horse"))["refreshToken"]!;
        await LogIn(server, tenant, application, "wrong");
        await Post(server, "/api/jwt/refresh", new { refreshToken = refresh });
        await Post(server, "/api/jwt/refresh", new { refreshToken = "nonsense" });

        using var asking = Asking("/api/prometheus/metrics", Basic("apikey", Key));
        using var answer = await server.Http.SendAsync(asking);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(2, Value(text, "orleansauth_logins_total", "outcome=\"ok\""));
        Assert.Equal(1, Value(text, "orleansauth_logins_total", "outcome=\"rejected\""));
        Assert.Equal(3, Value(text, "orleansauth_login_duration_seconds_count"));
        Assert.Equal(1, Value(text, "orleansauth_token_refreshes_total", "outcome=\"refreshed\""));
        Assert.Equal(1, Value(text, "orleansauth_token_refreshes_total", "outcome=\"refused\""));
        Assert.True(Value(text, "orleansauth_tokens_issued_total", "kind=\"access\"") >= 3);
        Assert.True(Value(text, "orleansauth_store_commits_total", "outcome=\"committed\"") > 3);
        Assert.True(Value(text, "orleansauth_store_group_size_count") > 3);
        Assert.True(Value(text, "orleansauth_password_hash_duration_seconds_count") >= 3);
        Assert.Equal(0, Value(text, "orleansauth_password_queue_length"));
        // By type of grain on Orleans.
        Assert.True(Values(text, "orleans_catalog_activations").Sum() > 0);
        Assert.Equal(1, Value(text, "http_server_request_duration_seconds_count", "http_route=\"/api/login\"", "http_response_status_code=\"404\""));
        Assert.Contains("dotnet_process_memory_working_set_bytes", text, StringComparison.Ordinal);
        Assert.DoesNotContain(tenant, text, StringComparison.Ordinal);
        Assert.DoesNotContain("ada@example.com", text, StringComparison.Ordinal);
        await CheckWithPromtool(text);
    }

    [Fact]
    public async Task Only_a_key_of_the_whole_system_opens_the_figures()
    {
        await using var server = await Started();
        var tenant = (string)(await Post(server, "/api/tenant", new { tenant = new { name = "Other" } }))["tenant"]!["id"]!;
        Assert.NotNull((await Post(server, "/api/api-key", new { apiKey = new { key = TenantKey, tenantId = tenant } }))["apiKey"]);
        foreach (var path in (string[])["/metrics", "/api/prometheus/metrics"])
        {
            Assert.Equal(HttpStatusCode.OK, await Status(server, path, Basic("apikey", Key)));
            Assert.Equal(HttpStatusCode.OK, await Status(server, path, Key));
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(server, path, null));
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(server, path, Basic("apikey", "wrong")));
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(server, path, Basic("admin", Key)));
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(server, path, "Basic !!!"));
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(server, path, Basic("apikey", TenantKey)));
        }

        // Elsewhere basic authentication is no way in.
        Assert.Equal(HttpStatusCode.OK, await Status(server, "/api/tenant", Key));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(server, "/api/tenant", Basic("apikey", Key)));
    }

    [Fact]
    public async Task Open_to_this_machine_means_programs_of_this_machine_and_not_what_a_proxy_forwards()
    {
        await using var server = await Started("--Metrics:Access=Loopback");
        Assert.Equal(HttpStatusCode.OK, await Status(server, "/metrics", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(server, "/api/prometheus/metrics", null));
        foreach (var header in (string[])["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
        {
            using var request = Asking("/metrics", null);
            request.Headers.TryAddWithoutValidation(header, "for=203.0.113.7");
            using var answer = await server.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Another_word_than_key_or_loopback_stops_the_start()
    {
        await using var server = ServerProcess.Launch(_folder.Path, "--Metrics:Access=Anyone");
        Assert.Equal(1, await server.Exit());
        Assert.Contains("Metrics:Access must be Key", server.Written, StringComparison.Ordinal);
    }

    private Task<ServerProcess> Started(params string[] settings) => ServerProcess.Start(_folder.Path, [$"--Kickstart:File={_folder.Write("kickstart.json", $$"""
        { "apiKeys": [{ "key": "{{Key}}", "keyManager": true }] }
        """)}", .. settings]);

    private static async Task<(string Tenant, string Application)> Prepare(ServerProcess server)
    {
        var tenant = (string)(await Post(server, "/api/tenant", new { tenant = new { name = "Measured" } }))["tenant"]!["id"]!;
        var application = (string)(await Post(server, "/api/application", new
        {
            application = new { name = "Measured", loginConfiguration = new { allowTokenRefresh = true, generateRefreshTokens = true, requireAuthentication = false } },
        }, tenant))["application"]!["id"]!;
        var registered = await Post(server, "/api/user/registration", new
        {
            user = new { email = "ada@example.com", password = "correct horse" },
            registration = new { applicationId = application },
        }, tenant);
        Assert.NotNull(registered["user"]);
        return (tenant, application);
    }

    private static Task<JsonObject> LogIn(ServerProcess server, string tenant, string application, string password) =>
        Post(server, "/api/login", new { loginId = "ada@example.com", password, applicationId = application }, tenant);

    private static async Task<JsonObject> Post(ServerProcess server, string path, object body, string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", Key);
        if (tenant is not null) request.Headers.Add("X-FusionAuth-TenantId", tenant);
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return text.Length == 0 ? [] : (JsonObject)JsonNode.Parse(text)!;
    }

    private static async Task<HttpStatusCode> Status(ServerProcess server, string path, string? authorization)
    {
        using var request = Asking(path, authorization);
        using var answer = await server.Http.SendAsync(request);
        if (answer.StatusCode == HttpStatusCode.Unauthorized) Assert.Equal("", await answer.Content.ReadAsStringAsync());
        return answer.StatusCode;
    }

    private static HttpRequestMessage Asking(string path, string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return request;
    }

    private static string Basic(string user, string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";

    /// <summary>The value of the series with that name and those labels; fails where there is none.</summary>
    private static double Value(string text, string name, params string[] labels) => Assert.Single(Values(text, name, labels));

    private static List<double> Values(string text, string name, params string[] labels)
    {
        var lines = text.Split('\n').Where(l => (l.StartsWith(name + "{", StringComparison.Ordinal) || l.StartsWith(name + " ", StringComparison.Ordinal))
            && labels.All(label => l.Contains(label, StringComparison.Ordinal)));
        // name{labels} value timestamp
        return [.. lines.Select(line => double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) is >= 0 and var end ? end + 1 : name.Length)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture))];
    }

    private static async Task CheckWithPromtool(string text)
    {
        var start = new ProcessStartInfo(Tools.Promtool, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        using var promtool = Process.Start(start)!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        var said = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        // Names of the cluster build's engine are Orleans' own, and not as Prometheus has them.
        var ours = said.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("orleans_", StringComparison.Ordinal));
        Assert.True(!ours.Any(), said);
    }
}
