using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Events;

/// <summary>Where an event says that it came from.</summary>
public sealed class OriginTests
{
    private const string Telephone = "Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36";

    [Fact]
    public async Task Without_being_told_the_server_says_what_it_sees()
    {
        var world = await EventWorld.Start(await TestServer.Shared);
        await world.Post($"/api/group/{Guid.NewGuid()}", new { group = new { name = "Staff" } }, Telephone);

        var info = (await world.Told(EventTypes.GroupCreate)).Single()["info"]!;
        Assert.Equal("127.0.0.1", (string?)info["ipAddress"]);
        Assert.Equal(Telephone, (string?)info["userAgent"]);
        Assert.Equal("Android", (string?)info["os"]);
        Assert.Equal("MOBILE", (string?)info["deviceType"]);
        Assert.Equal("Pixel 7", (string?)info["deviceName"]);
        Assert.Null(info["location"]);
    }

    [Fact]
    public async Task A_caller_with_a_key_speaks_for_somebody_else()
    {
        var world = await EventWorld.Start(await TestServer.Shared);
        var told = JsonNode.Parse("""
            {
              "ipAddress": "2001:db8::7", "userAgent": "Their browser", "os": "Plan 9", "deviceName": "Terminal", "deviceType": "DESKTOP", "deviceDescription": "In the hall",
              "location": { "city": "Berlin", "country": "DE", "latitude": 52.5, "longitude": 13.4, "invented": true }, "data": { "shift": 3 }
            }
            """)!;
        await world.Post($"/api/group/{Guid.NewGuid()}", new JsonObject { ["group"] = new JsonObject { ["name"] = "Staff" }, ["eventInfo"] = told }, Telephone);

        var info = (await world.Told(EventTypes.GroupCreate)).Single()["info"]!;
        told["location"]!.AsObject().Remove("invented");
        Assert.True(JsonNode.DeepEquals(told, info), info.ToJsonString());
        Assert.Equal("2001:db8::7", (string?)(await world.Told(EventTypes.AuditLogCreate))[^1]["auditLog"]!["data"]!["ipAddress"]);
    }

    [Fact]
    public async Task What_is_told_takes_the_place_of_what_is_seen_but_for_the_address()
    {
        var world = await EventWorld.Start(await TestServer.Shared);
        await world.Post($"/api/group/{Guid.NewGuid()}", new { group = new { name = "Staff" }, eventInfo = new { deviceName = "Terminal" } }, Telephone);

        var info = (await world.Told(EventTypes.GroupCreate)).Single()["info"]!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"deviceName":"Terminal","ipAddress":"127.0.0.1"}"""), info), info.ToJsonString());
    }

    [Theory]
    [InlineData("[]", "eventInfo", "[couldNotConvert]eventInfo")]
    [InlineData("""{"ipAddress":"next door"}""", "eventInfo.ipAddress", "[invalid]eventInfo.ipAddress")]
    [InlineData("""{"ipAddress":7}""", "eventInfo.ipAddress", "[couldNotConvert]eventInfo.ipAddress")]
    [InlineData("""{"os":{}}""", "eventInfo.os", "[couldNotConvert]eventInfo.os")]
    [InlineData("""{"deviceName":"LONG"}""", "eventInfo.deviceName", "[tooLong]eventInfo.deviceName")]
    [InlineData("""{"location":"here"}""", "eventInfo.location", "[couldNotConvert]eventInfo.location")]
    [InlineData("""{"location":{"latitude":91}}""", "eventInfo.location.latitude", "[invalid]eventInfo.location.latitude")]
    [InlineData("""{"location":{"longitude":"far"}}""", "eventInfo.location.longitude", "[invalid]eventInfo.location.longitude")]
    [InlineData("""{"location":{"city":"LONG"}}""", "eventInfo.location.city", "[tooLong]eventInfo.location.city")]
    [InlineData("""{"data":[]}""", "eventInfo.data", "[couldNotConvert]eventInfo.data")]
    [InlineData("""{"data":{"much":"HUGE"}}""", "eventInfo.data", "[tooLong]eventInfo.data")]
    public async Task What_is_told_wrongly_is_refused_and_nothing_happens(string told, string field, string code)
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var info = told.Replace("LONG", new string('x', 256), StringComparison.Ordinal).Replace("HUGE", new string('x', 4096), StringComparison.Ordinal);
        var group = Guid.NewGuid();
        var refused = await server.Post($"/api/group/{group}", $$"""{"group":{"name":"Staff"},"eventInfo":{{info}}}""", tenant: tenant);

        Assert.Equal(code, refused.Is(400).FieldError(field));
        (await server.Get($"/api/group/{group}", tenant: tenant)).Is(404);
    }

    [Theory]
    [InlineData("POST", "/api/application")]
    [InlineData("POST", "/api/identity/verify/start")]
    [InlineData("POST", "/api/jwt/refresh")]
    [InlineData("DELETE", "/api/jwt/refresh")]
    [InlineData("POST", "/api/login")]
    [InlineData("POST", "/api/logout")]
    [InlineData("POST", "/api/passwordless/login")]
    [InlineData("POST", "/api/tenant")]
    [InlineData("POST", "/api/two-factor/login")]
    [InlineData("POST", "/api/two-factor/status")]
    [InlineData("POST", "/api/user")]
    [InlineData("POST", "/api/user/action")]
    [InlineData("DELETE", "/api/user/bulk")]
    [InlineData("POST", "/api/user/change-password")]
    [InlineData("POST", "/api/user/forgot-password")]
    [InlineData("POST", "/api/user/import")]
    [InlineData("POST", "/api/user/registration")]
    [InlineData("POST", "/api/user/verify-email")]
    [InlineData("POST", "/api/user/verify-registration")]
    public async Task Every_operation_reads_it_in_the_same_way(string method, string path)
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var refused = await server.Send(new HttpMethod(method), path, new { eventInfo = new { ipAddress = "next door" } }, tenant: tenant);
        Assert.Equal("[invalid]eventInfo.ipAddress", refused.Is(400).FieldError("eventInfo.ipAddress"));
    }

    [Fact]
    public async Task A_name_of_a_browser_that_has_no_end_is_cut()
    {
        var world = await EventWorld.Start(await TestServer.Shared);
        await world.Post($"/api/group/{Guid.NewGuid()}", new { group = new { name = "Staff" }, eventInfo = new { userAgent = new string('u', 5_000) } });

        Assert.Equal(512, ((string)(await world.Told(EventTypes.GroupCreate)).Single()["info"]!["userAgent"]!).Length);
    }

    [Fact]
    public async Task Who_has_no_key_says_nothing_about_others_but_what_the_device_calls_itself()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        var application = await server.NewApplication(world.Tenant);
        var email = $"{Guid.NewGuid():N}@example.com";
        (await server.Post("/api/user/registration", new { user = new { email, password = "correct horse" }, registration = new { applicationId = application } }, tenant: world.Tenant)).Is(200);
        var login = new
        {
            loginId = email,
            password = "correct horse",
            applicationId = application,
            ipAddress = "192.0.2.9",
            eventInfo = new { ipAddress = "192.0.2.9", os = "Plan 9" },
            metaData = new { device = new { name = "Ada's phone", type = "MOBILE", description = new string('x', 256), lastAccessedAddress = "192.0.2.9" } },
        };
        (await server.Send(HttpMethod.Post, "/api/login", login, key: "", headers: [("User-Agent", "An app/1.0")])).Is(200);

        var info = (await world.Told(EventTypes.UserLoginSuccess)).Single()["info"]!;
        var expected = JsonNode.Parse("""{"deviceName":"Ada's phone","deviceType":"MOBILE","ipAddress":"127.0.0.1","userAgent":"An app/1.0"}""");
        Assert.True(JsonNode.DeepEquals(expected, info), info.ToJsonString());
    }

    [Fact]
    public async Task A_removal_says_it_in_a_body_too()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        var application = await server.NewApplication(world.Tenant);
        var user = (Guid)(await server.Post("/api/user/registration", new { user = new { username = "ada", password = "correct horse" }, registration = new { applicationId = application } }, tenant: world.Tenant)).Is(200).Body["user"]!["id"]!;
        var path = $"/api/user/registration/{user}/{application}";
        Assert.Equal("[invalid]eventInfo.ipAddress", (await server.Send(HttpMethod.Delete, path, new { eventInfo = new { ipAddress = "?" } }, tenant: world.Tenant)).Is(400).FieldError("eventInfo.ipAddress"));
        (await server.Send(HttpMethod.Delete, path, new { eventInfo = new { ipAddress = "192.0.2.9" } }, tenant: world.Tenant)).Is(200);

        Assert.Equal("192.0.2.9", (string?)(await world.Told(EventTypes.UserRegistrationDelete)).Single()["info"]!["ipAddress"]);
    }
}
