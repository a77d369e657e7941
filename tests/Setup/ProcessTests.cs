using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Storage;

namespace OrleansAuth.Setup;

/// <summary>What operators meet: the program as a process, its refusals, its end.</summary>
public sealed class ProcessTests : IDisposable
{
    private const string Key = "the-key-of-the-process-tests-0123456789";
    private const string Password = "a password that no log may hold";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_process_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        await using var first = await ServerProcess.Start(_folder.Path);
        await using var second = ServerProcess.Launch(_folder.Path, "--urls=http://127.0.0.1:0");

        Assert.Equal(1, await second.Exit());
        Assert.Contains($"The server did not start. The data folder '{_folder.Path}' is in use by another process.", second.Written, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Written, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await first.Http.GetAsync("/api/status")).StatusCode);
    }

    [Fact]
    public async Task A_setting_that_nobody_reads_stops_the_start()
    {
        await using var server = ServerProcess.Launch(_folder.Path, "--Storage:Pth=x");

        Assert.Equal(1, await server.Exit());
        Assert.Equal("The server did not start. There is no setting Storage:Pth. Known in Storage: Path, ConnectionString.", server.Written.Trim());
    }

    [Fact]
    public async Task An_address_in_use_is_named_with_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        await using var server = ServerProcess.Launch(_folder.Path, $"--urls={address}");

        Assert.Equal(1, await server.Exit());
        var refusal = server.Written.Split('\n').Single(line => line.StartsWith("The server did not start.", StringComparison.Ordinal));
        Assert.Contains(address, refusal, StringComparison.Ordinal);
        Assert.Contains("choose another with --urls", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_a_newer_program_are_left_alone()
    {
        await using (var server = await ServerProcess.Start(_folder.Path))
        {
            server.Terminate();
            Assert.Equal(0, await server.Exit());
        }

        using (var link = SqliteLink.Writer(Path.Combine(_folder.Path, "store.db")))
            link.Execute("insert into schema_version (number, name) values (9999, 'later.sql')");

        await using var older = ServerProcess.Launch(_folder.Path, "--urls=http://127.0.0.1:0");
        Assert.Equal(1, await older.Exit());
        Assert.Contains("has schema 9999", older.Written, StringComparison.Ordinal);
        Assert.Contains("a newer version wrote it", older.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_that_were_acknowledged_before_the_process_was_killed_are_there_and_no_half_ones()
    {
        var acknowledged = new ConcurrentBag<string>();
        var tried = new ConcurrentBag<string>();
        await using (var server = await Started())
        {
            var enough = new TaskCompletionSource();
            var storm = Enumerable.Range(0, 8).Select(_ => Storm(server, tried, acknowledged, () =>
            {
                if (acknowledged.Count >= 200) enough.TrySetResult();
            })).ToArray();
            await await Task.WhenAny(enough.Task, Task.WhenAll(storm));
            await server.Kill();
            await Task.WhenAll(storm);
        }

        Assert.True(acknowledged.Count >= 200, $"Only {acknowledged.Count} users were created before the kill.");
        await using var again = await Started();
        foreach (var name in acknowledged) Assert.Equal(HttpStatusCode.OK, (await Send(again, HttpMethod.Get, $"/api/user?username={name}")).Status);
        foreach (var name in acknowledged.Take(20)) Assert.Equal(HttpStatusCode.OK, (await LogIn(again, name)).Status);

        // Whoever was on the way is there whole, or not at all: then the name is free.
        foreach (var name in tried.Except(acknowledged))
        {
            var found = await Send(again, HttpMethod.Get, $"/api/user?username={name}");
            if (found.Status == HttpStatusCode.OK) Assert.Equal(HttpStatusCode.OK, (await LogIn(again, name)).Status);
            else Assert.Equal(HttpStatusCode.OK, (await Create(again, name)).Status);
        }

        var listed = await Send(again, HttpMethod.Get, "/api/user/search?queryString=*&numberOfResults=1&accurateTotal=true");
        Assert.Equal(tried.Count, (int)listed.Body["total"]!);
    }

    [Fact]
    public async Task A_request_that_runs_is_finished_before_the_process_ends()
    {
        await using var server = await Started();
        var body = Encoding.UTF8.GetBytes($$$"""{"user":{"username":"late","password":"{{{Password}}}"}}""");
        using var client = new TcpClient();
        await client.ConnectAsync(server.Url.Host, server.Url.Port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);

        // The server asks for the body when the handler reads it: from then on the request runs.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/user HTTP/1.1\r\nHost: localhost\r\nAuthorization: {Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 100", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal("", await reader.ReadLineAsync());
        server.Terminate();
        await server.Wrote("Application is shutting down");
        await stream.WriteAsync(body);

        Assert.StartsWith("HTTP/1.1 200", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await server.Exit());
        await using var again = await Started();
        Assert.Equal(HttpStatusCode.OK, (await Send(again, HttpMethod.Get, "/api/user?username=late")).Status);
    }

    [Theory]
    [InlineData("simple")]
    [InlineData("json")]
    public async Task The_log_of_a_whole_session_holds_no_secret(string format)
    {
        var secrets = new List<string> { Key, Password, "the wrong password" };
        await using var server = await Started($"--Logging:Format={format}");
        await Create(server, "ada");
        var login = await LogIn(server, "ada");
        secrets.Add((string)login.Body["token"]!);
        if ((string?)login.Body["refreshToken"] is { } refresh) secrets.Add(refresh);
        Assert.Equal(HttpStatusCode.NotFound, (await LogIn(server, "ada", "the wrong password")).Status);
        var key = await Send(server, HttpMethod.Post, "/api/api-key", new { apiKey = new { name = "another" } });
        secrets.Add((string)key.Body["apiKey"]!["key"]!);
        await Send(server, HttpMethod.Get, $"/api/tenant?token={secrets[3]}");
        await Send(server, HttpMethod.Post, "/api/user", $$"""{"user":{"password":"{{Password}}" broken""");
        using (var validate = new HttpRequestMessage(HttpMethod.Get, "/api/jwt/validate"))
        {
            validate.Headers.TryAddWithoutValidation("Authorization", $"Bearer {secrets[3]}");
            await server.Http.SendAsync(validate);
        }

        server.Terminate();
        Assert.Equal(0, await server.Exit());
        Assert.Contains("Kickstart: 1 API keys", server.Written, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, server.Written, StringComparison.Ordinal));
    }

    private Task<ServerProcess> Started(params string[] settings) => ServerProcess.Start(_folder.Path, [$"--Kickstart:File={_folder.Write("kickstart.json", $$"""
        {
          "apiKeys": [{ "key": "{{Key}}", "keyManager": true }],
          "requests": [{
            "method": "PATCH", "url": "/api/tenant/#{FUSIONAUTH_TENANT_ID}",
            "body": { "tenant": { "passwordEncryptionConfiguration": { "encryptionScheme": "salted-sha256", "encryptionSchemeFactor": 1 } } }
          }]
        }
        """)}", .. settings]);

    private static async Task Storm(ServerProcess server, ConcurrentBag<string> tried, ConcurrentBag<string> acknowledged, Action counted)
    {
        try
        {
            while (true)
            {
                var name = Guid.NewGuid().ToString("N");
                tried.Add(name);
                if ((await Create(server, name)).Status == HttpStatusCode.OK) acknowledged.Add(name);
                counted();
            }
        }
        catch (HttpRequestException)
        {
            // The server is gone.
        }
        catch (IOException)
        {
            // It went in the middle of an answer.
        }
    }

    private static Task<(HttpStatusCode Status, JsonObject Body)> Create(ServerProcess server, string name) =>
        Send(server, HttpMethod.Post, "/api/user", new { user = new { username = name, password = Password } });

    private static Task<(HttpStatusCode Status, JsonObject Body)> LogIn(ServerProcess server, string name, string password = Password) =>
        Send(server, HttpMethod.Post, "/api/login", new { loginId = name, password });

    private static async Task<(HttpStatusCode Status, JsonObject Body)> Send(ServerProcess server, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", Key);
        if (body is not null) request.Content = body is string text ? new StringContent(text, Encoding.UTF8, "application/json") : JsonContent.Create(body);
        using var response = await server.Http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, answer.Length == 0 ? [] : (JsonObject)JsonNode.Parse(answer)!);
    }
}
