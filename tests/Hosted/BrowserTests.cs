using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.Hosted;

/// <summary>The pages of a login in a real browser, with a checker of accessibility that is not ours.</summary>
public sealed class BrowserTests
{
    private const int HeaviestPage = 60_000;

    private static readonly string[] Grave = ["moderate", "serious", "critical"];

    [Fact]
    public async Task A_person_goes_through_every_page_by_keyboard()
    {
        var server = await TestServer.Shared;
        var world = await OAuthWorld.Make(server, user: new JsonObject { ["email"] = $"ada.lovelace-{Guid.NewGuid():N}@example.com" });
        (await server.Patch($"/api/tenant/{world.Tenant}", new { tenant = new { name = $"Northwind Books {Guid.NewGuid().ToString()[..4]}" } })).Is(200);
        var device = new DeviceWorld(world, await Application(world, """{"name":"Living room TV","oauthConfiguration":{"enabledGrants":["urn:ietf:params:oauth:grant-type:device_code"]}}"""));
        var own = await Application(world, """
            {"registrationConfiguration":{"enabled":true,"confirmPassword":true,"firstName":{"enabled":true,"required":true},"lastName":{"enabled":true}}}
            """);
        var result = await NodeClient.Run("hosted-pages", new
        {
            Tools.Chromium,
            Screenshots = Environment.GetEnvironmentVariable("SCREENSHOTS"),
            world.Email,
            OAuthWorld.Password,
            SignIn = Address(world, own),
            Consent = Address(world, await Application(world, """{"oauthConfiguration":{"relationship":"ThirdParty","consentMode":"AlwaysPrompt"}}""")) + "%20profile%20email",
            Steps = Address(world, await Application(world, $$"""{"registrationConfiguration":{"enabled":true,"type":"advanced","formId":"{{await Form(server)}}"} }""")).Replace("authorize", "register", StringComparison.Ordinal),
            NotRegistered = Address(world, await Application(world, """{"oauthConfiguration":{"requireRegistration":true}}""")),
            MayRegister = Address(world, await Application(world, """{"oauthConfiguration":{"requireRegistration":true},"registrationConfiguration":{"enabled":true}}""")),
            Logout = new Uri(server.Url, $"/oauth2/logout?client_id={own}"),
            Broken = Address(world, own).Replace("callback", "elsewhere", StringComparison.Ordinal),
            UnknownClient = Address(world, Guid.NewGuid()),
            Themed = Address(world, await Themed(world, """{"primaryButtonColor":"#0f766e","borderRadius":"4px","logoImageURL":"data:image/svg+xml,%3Csvg xmlns='x'/%3E"}""".Replace("%3Csvg xmlns='x'/%3E", Logo, StringComparison.Ordinal))),
            Painted = Address(world, await Themed(world, """{"pageBackgroundColor":"#1b1035","panelBackgroundColor":"#27184a","fontColor":"#f4efff","inputBackgroundColor":"#1b1035","inputTextColor":"#ffffff","primaryButtonColor":"#f5c451","linkTextColor":"#f5c451","fontFamily":"Georgia, serif"}""")),
            Arabic = Address(world, await Themed(world, "{}", "language-name=العربية\\nsign-in.title=تسجيل الدخول\\nsign-in.button=تسجيل الدخول\\nsign-in.password=كلمة المرور")) + "&locale=ar",
            Unverified = Address(world, await Application(world, """{"verifyRegistration":false}""")),
            UnverifiedEmail = await Expired(world),
            Device = new Uri(server.Url, $"/oauth2/device?client_id={device.Application}"),
            UserCode = await device.UserCode(),
            Change = new Uri(server.Url, $"/password/change/{await ChangeId(world)}?tenantId={world.Tenant}"),
            Changed = "another horse battery",
        }, limit: TimeSpan.FromMinutes(5));

        var seen = result.Json;
        Assert.Empty(seen.GetProperty("violations").EnumerateArray().Where(v => Grave.Contains(v.GetProperty("impact").GetString())).Select(v => v.GetRawText()));
        Assert.Empty(seen.GetProperty("complaints").EnumerateArray().Select(c => c.GetString()));
        Assert.All(seen.GetProperty("weights").EnumerateObject(), page => Assert.True(page.Value.GetInt32() < HeaviestPage, page.ToString()));
        Assert.All(seen.GetProperty("answers").EnumerateArray(), answer => Assert.True(answer.TryGetProperty("code", out _), answer.GetRawText()));
    }

    private const string Logo = "%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20viewBox=%220%200%20120%2036%22%3E%3Crect%20width=%22120%22%20height=%2236%22%20rx=%2218%22%20fill=%22%230f766e%22/%3E%3C/svg%3E";

    private static string Address(OAuthWorld world, Guid application) =>
        new Uri(world.Server.Url, world.Authorize(("client_id", application.ToString()), ("redirect_uri", Client(world)), ("scope", null))) + "&scope=openid";

    private static string Client(OAuthWorld world) => new Uri(world.Server.Url, "/client/callback").ToString();

    private static async Task<Guid> Application(OAuthWorld world, string settings)
    {
        var application = (JsonObject)JsonNode.Parse(settings)!;
        var oauth = application["oauthConfiguration"] as JsonObject ?? [];
        oauth["authorizedRedirectURLs"] = new JsonArray(Client(world));
        oauth["enabledGrants"] ??= new JsonArray("authorization_code");
        application["oauthConfiguration"] = oauth;
        var id = await world.Server.NewApplication(world.Tenant, application);
        (await world.Server.Patch($"/api/application/{id}", new { application = new { name = $"{(string?)application["name"] ?? "Reading room"} {id.ToString()[..4]}" } })).Is(200);
        return id;
    }

    private static async Task<Guid> Themed(OAuthWorld world, string variables, string? arabic = null)
    {
        var id = Guid.NewGuid();
        var theme = (JsonObject)JsonNode.Parse($$"""{"name":"Theme {{id}}","type":"simple","variables":{{variables}}}""")!;
        if (arabic is not null) theme["localizedMessages"] = new JsonObject { ["ar"] = arabic.Replace("\\n", "\n", StringComparison.Ordinal) };
        (await world.Server.Post($"/api/theme/{id}", new JsonObject { ["theme"] = theme })).Is(200);
        return await Application(world, $$"""{"themeId":"{{id}}"}""");
    }

    private static async Task<Guid> Form(TestServer server)
    {
        var id = Guid.NewGuid();
        var fields = new[]
        {
            await Field(server, """{"key":"user.email","type":"email","control":"text","required":true}"""),
            await Field(server, """{"key":"user.password","type":"string","control":"password","required":true,"confirm":true}"""),
            await Field(server, """{"key":"user.data.size","type":"string","control":"select","options":["Small","Medium","Large"],"required":true}""", "T-shirt size"),
            await Field(server, """{"key":"user.data.how","type":"string","control":"radio","options":["A friend","A search"],"required":true}""", "How did you hear of us?"),
            await Field(server, """{"key":"user.data.about","type":"string","control":"textarea"}""", "About you"),
            await Field(server, """{"key":"user.data.terms","type":"bool","control":"checkbox","required":true}""", "I accept the terms of service"),
        };
        var form = new { name = $"Form {id}", type = "registration", steps = new[] { new { fields = fields[..2] }, new { fields = fields[2..] } } };
        (await server.Post($"/api/form/{id}", new { form })).Is(200);
        return id;
    }

    private static async Task<Guid> Field(TestServer server, string members, string? name = null)
    {
        var field = (JsonObject)JsonNode.Parse(members)!;
        field["name"] = name is null ? $"{field["key"]} {Guid.NewGuid()}" : name;
        var answer = await server.Post("/api/form/field", new JsonObject { ["field"] = field });
        return (Guid)answer.Is(200).Body["field"]!["id"]!;
    }

    /// <summary>An id as the mail of a forgotten password brings it, for somebody else than the one who signs in.</summary>
    private static async Task<string> ChangeId(OAuthWorld world)
    {
        var email = $"forgetful-{Guid.NewGuid():N}@example.com";
        (await world.Server.Post("/api/user", new { user = new { email, password = OAuthWorld.Password }, skipVerification = true }, tenant: world.Tenant)).Is(200);
        return (string)(await world.Server.Post("/api/user/forgot-password", new { loginId = email, sendForgotPasswordEmail = false }, tenant: world.Tenant)).Is(200).Body["changePasswordId"]!;
    }

    private sealed record DeviceWorld(OAuthWorld World, Guid Application)
    {
        public async Task<string> UserCode()
        {
            var secret = (string)(await World.Server.Get($"/api/application/{Application}")).Body["application"]!["oauthConfiguration"]!["clientSecret"]!;
            return (string)(await World.Post("/oauth2/device_authorize", ("client_id", Application.ToString()), ("client_secret", secret), ("scope", "openid profile"))).Is(200).Body["user_code"]!;
        }
    }

    private static async Task<string> Expired(OAuthWorld world)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        (await world.Server.Post("/api/user", new { user = new { email, password = OAuthWorld.Password, expiry = 1 }, skipVerification = true }, tenant: world.Tenant)).Is(200);
        return email;
    }
}
