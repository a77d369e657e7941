using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Audit;

public sealed class AuditLogApiTests
{
    private const string Path = "/api/system/audit-log";

    [Fact]
    public async Task What_was_written_is_read_as_it_was_and_says_who_wrote_it()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var entry = new { insertUser = "ada@example.com", message = "Opened the safe", reason = "It was locked", oldValue = new { open = false }, newValue = new { open = true }, data = new { room = 7 }, tenantId = tenant };
        var written = (await server.Post(Path, new { auditLog = entry })).Is(200).Body["auditLog"]!;
        var read = (await server.Get($"{Path}/{(long)written["id"]!}")).Is(200).Body["auditLog"]!;
        Assert.Equal(written.ToJsonString(), read.ToJsonString());
        Assert.Equal(("ada@example.com", "Opened the safe", "It was locked", 7, tenant), ((string?)read["insertUser"], (string?)read["message"], (string?)read["reason"], (int)read["data"]!["room"]!, (Guid)read["tenantId"]!));
        Assert.Equal((false, true), ((bool)read["oldValue"]!["open"]!, (bool)read["newValue"]!["open"]!));
        Assert.Equal(("API key Tests", "127.0.0.1"), ((string?)read["data"]!["writtenBy"]!["name"], (string?)read["data"]!["writtenBy"]!["ipAddress"]));
    }

    [Fact]
    public async Task A_change_leaves_who_what_why_from_where_and_with_which_request()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var application = await server.NewApplication(tenant);
        (await server.Send(HttpMethod.Patch, $"/api/application/{application}", new { application = new { active = true, data = new { colour = "red" } } }, headers: [("X-Audit-Reason", "Ticket 4711")])).Is(200);
        var entry = (await server.Get($"{Path}/search?tenantId={tenant}&reason=ticket 47*")).Is(200).Body["auditLogs"]!.AsArray();
        var found = Assert.Single(entry)!;
        Assert.Equal(("API key Tests", "Ticket 4711"), ((string?)found["insertUser"], (string?)found["reason"]));
        Assert.Contains("was updated", (string?)found["message"], StringComparison.Ordinal);
        Assert.Equal((null, "red"), ((string?)found["oldValue"]!["data"]?["colour"], (string?)found["newValue"]!["data"]!["colour"]));
        Assert.Equal("127.0.0.1", (string?)found["data"]!["ipAddress"]);
        Assert.NotNull((string?)found["data"]!["requestId"]);
    }

    [Fact]
    public async Task A_key_of_a_tenant_sees_its_tenant_and_writes_nowhere_else()
    {
        var server = await TestServer.Shared;
        var (tenant, other) = (await server.NewTenant(), await server.NewTenant());
        var key = (string)(await server.Post("/api/api-key", new { apiKey = new { tenantId = tenant } })).Is(200).Body["apiKey"]!["key"]!;
        long Written(Answer answer) => (long)answer.Is(200).Body["auditLog"]!["id"]!;
        var own = Written(await server.Post(Path, new { auditLog = new { insertUser = "a", message = "own", tenantId = other } }, key));
        var foreign = Written(await server.Post(Path, new { auditLog = new { insertUser = "a", message = "foreign", tenantId = other } }));
        var ofSystem = Written(await server.Post(Path, new { auditLog = new { insertUser = "a", message = "of the system" } }));

        Assert.Equal(tenant, (Guid)(await server.Get($"{Path}/{own}", key)).Is(200).Body["auditLog"]!["tenantId"]!);
        (await server.Get($"{Path}/{foreign}", key)).Is(404);
        (await server.Get($"{Path}/{ofSystem}", key)).Is(404);
        foreach (var query in (string[])["", $"&tenantId={tenant}"])
            Assert.Equal(["own"], Messages(await server.Get($"{Path}/search?user=a{query}", key)));
        Assert.Empty(Messages(await server.Get($"{Path}/search?tenantId={other}", key)));
        Assert.Equal(["own"], Messages(await server.Post($"{Path}/search", new { search = new { user = "a" } }, tenant: tenant)));
        Assert.Equal(["foreign"], Messages(await server.Post($"{Path}/search", new { search = new { user = "a", tenantId = other } })));
    }

    [Theory]
    [InlineData("""{"message":"m"}""", "auditLog.insertUser")]
    [InlineData("""{"insertUser":"u"}""", "auditLog.message")]
    [InlineData("""{"insertUser":"u","message":" "}""", "auditLog.message")]
    [InlineData("""{"insertUser":7,"message":"m"}""", "auditLog.insertUser")]
    [InlineData("""{"insertUser":"u","message":"m","data":[]}""", "auditLog.data")]
    [InlineData("""{"insertUser":"u","message":"m","tenantId":"b4c3a3a0-0000-4000-8000-000000000000"}""", "auditLog.tenantId")]
    public async Task What_cannot_be_written_is_named(string entry, string field) =>
        Assert.NotNull((await (await TestServer.Shared).Post(Path, $$"""{"auditLog":{{entry}}}""")).Is(400).FieldError(field));

    [Theory]
    [InlineData("orderBy=password", "search.orderBy")]
    [InlineData("orderBy=message;drop table audit_log", "search.orderBy")]
    [InlineData("orderBy=message UP", "search.orderBy")]
    [InlineData("numberOfResults=1001", "search.numberOfResults")]
    [InlineData("startRow=-1", "search.startRow")]
    [InlineData("start=yesterday", "search.start")]
    [InlineData("tenantId=mine", "search.tenantId")]
    [InlineData("message=*********", "search.message")]
    public async Task A_search_that_makes_no_sense_is_refused(string query, string field) =>
        Assert.NotNull((await (await TestServer.Shared).Get($"{Path}/search?{query}")).Is(400).FieldError(field));

    [Theory]
    [InlineData("%27%20or%201=1%20--")]
    [InlineData("%25")]
    [InlineData("_")]
    [InlineData("%5C")]
    [InlineData("%5C%25")]
    public async Task What_was_typed_is_looked_for_and_never_understood(string typed)
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        (await server.Post(Path, new { auditLog = new { insertUser = "harmless", message = "harmless" } }, tenant: tenant)).Is(200);
        Assert.Empty(Messages(await server.Get($"{Path}/search?message={typed}", tenant: tenant)));
    }

    [Fact]
    public async Task An_export_is_an_archive_that_others_open_and_no_cell_of_it_computes()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        foreach (var (user, message) in ((string, string)[])[("=cmd|' /C calc'!A0", "plain"), ("ada", "with, comma and \"quotes\"\nand lines"), ("@SUM(1)", "ünïcode")])
            (await server.Post(Path, new { auditLog = new { insertUser = user, message, tenantId = tenant } })).Is(200);
        var (names, text) = await Unzipped(server, $"{Path}/export", new { criteria = new { tenantId = tenant }, dateTimeSecondsFormat = "d.M.yyyy 'um' HH:mm:ss xxx", zoneId = "Europe/Vienna" });
        Assert.Equal("audit-log.csv", names);
        var lines = text.Split("\r\n");
        Assert.Equal("id,insertInstant,tenantId,insertUser,message,reason,oldValue,newValue,data", lines[0]);
        Assert.Equal(4, lines.Length - 1);
        // All are of one instant, so their order is anybody's.
        Assert.Contains(" um ", lines[1], StringComparison.Ordinal);
        Assert.Contains($" +01:00,{tenant},'=cmd|' /C calc'!A0,plain,", text, StringComparison.Ordinal);
        Assert.Contains(",ada,\"with, comma and \"\"quotes\"\"\nand lines\",", text, StringComparison.Ordinal);
        Assert.Contains(",'@SUM(1),ünïcode,", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"zoneId":"Mars/Olympus"}""", "zoneId")]
    [InlineData("""{"zoneId":"../../../../dev/zero"}""", "zoneId")]
    [InlineData("""{"zoneId":"/dev/zero"}""", "zoneId")]
    [InlineData("""{"dateTimeSecondsFormat":"QQQ"}""", "dateTimeSecondsFormat")]
    [InlineData("""{"dateTimeSecondsFormat":"'open"}""", "dateTimeSecondsFormat")]
    [InlineData("""{"criteria":{"start":"x"}}""", "criteria.start")]
    public async Task An_export_that_cannot_be_made_is_refused_before_it_begins(string body, string field) =>
        Assert.NotNull((await (await TestServer.Shared).Post($"{Path}/export", body)).Is(400).FieldError(field));

    [Fact]
    public async Task Login_records_are_exported_for_their_tenant_alone()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var application = await server.NewApplication(tenant);
        (await server.Post("/api/user/registration", new { user = new { email = "=1+1@example.com", password = "correct horse battery" }, registration = new { applicationId = application } }, tenant: tenant)).Is(200);
        (await server.Post("/api/login", new { loginId = "=1+1@example.com", password = "correct horse battery", applicationId = application })).Is(200);
        var (names, text) = await Unzipped(server, "/api/system/login-record/export", new { zoneId = "UTC" }, tenant);
        Assert.Equal("login-record.csv", names);
        var rows = text.TrimEnd().Split("\r\n");
        Assert.All(rows.Skip(1), row => Assert.Contains($",{tenant},", row, StringComparison.Ordinal));
        Assert.Contains(rows, row => row.Contains(",'=1+1@example.com,", StringComparison.Ordinal));
    }

    /// <summary>What Debian's unzip makes of an export: the name of the one file, and its text.</summary>
    internal static async Task<(string Names, string Text)> Unzipped(TestServer server, string path, object body, Guid? tenant = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(System.Text.Json.JsonSerializer.Serialize(body), null, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", TestServer.SuperKey);
        if (tenant is { } id) request.Headers.Add("X-FusionAuth-TenantId", id.ToString());
        using var answer = await http.SendAsync(request);
        Assert.Equal(("application/zip", 200), (answer.Content.Headers.ContentType!.MediaType, (int)answer.StatusCode));
        var file = System.IO.Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, await answer.Content.ReadAsByteArrayAsync());
            await Run("-tqq");
            return ((await Run("-Z1")).Trim(), await Run("-p"));
        }
        finally
        {
            File.Delete(file);
        }

        async Task<string> Run(string option)
        {
            using var process = Process.Start(new ProcessStartInfo("unzip", [option, file]) { RedirectStandardOutput = true })!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
            return output;
        }
    }

    private static IEnumerable<string?> Messages(Answer answer) => answer.Is(200).Body["auditLogs"]!.AsArray().Select(entry => (string?)((JsonObject)entry!)["message"]);
}
