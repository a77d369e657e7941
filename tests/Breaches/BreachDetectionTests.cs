using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.UserActions;

namespace OrleansAuth.Breaches;

public sealed class BreachDetectionTests : IAsyncLifetime
{
    private const string Seen = "a phrase that was seen";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("breaches-");
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        var (prefix, rest) = BreachCorpusTests.Hash(Seen);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, prefix + ".txt"), $"{rest}:50\r\n");
        _server = await TestServer.Start(settings: $"--Breaches:Folder={_folder.FullName}");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(Seen, "[breachedPasswordOnly]user.password")]
    [InlineData("Password123!", "[breachedCommonPassword]user.password")]
    public async Task A_known_password_is_refused_wherever_one_is_chosen(string password, string code)
    {
        var world = await World("Off");
        Assert.Equal(code, (await world.Post("/api/user", new { user = new { email = $"{Guid.NewGuid():N}@example.com", password } })).Is(400).FieldError("user.password"));
        Assert.Equal(code, (await _server.Patch($"/api/user/{world.User}", new { user = new { password } }, tenant: world.Tenant)).Is(400).FieldError("user.password"));
        Assert.Equal(code.Replace("user.", "", StringComparison.Ordinal), (await world.Post("/api/user/change-password", new { loginId = world.Email, password })).Is(400).FieldError("password"));
        (await world.LogIn()).Is(200);
        (await world.Post("/api/user/change-password", new { loginId = world.Email, password = "nobody has seen this one" })).Is(200);
        Assert.Equal(world.Now, (long)(await User(world))["breachedPasswordLastCheckedInstant"]!);
    }

    [Theory]
    [InlineData("High", 400)]
    [InlineData("Medium", 400)]
    [InlineData("Low", 200)]
    public async Task The_mode_says_how_often_it_must_have_been_seen(string mode, int status)
    {
        var world = await World("Off", mode);
        (await world.Post("/api/user/change-password", new { loginId = world.Email, password = Seen })).Is(status);
        (await world.Post("/api/user/change-password", new { loginId = world.Email, password = "password1" })).Is(400);
    }

    [Fact]
    public async Task A_tenant_that_does_not_ask_takes_it()
    {
        var world = await ActionWorld.New(_server);
        (await world.Post("/api/user/change-password", new { loginId = world.Email, password = Seen })).Is(200);
        (await world.LogIn(Seen)).Is(200);
        Assert.Equal("None", (string?)(await User(world))["breachedPasswordStatus"]);
    }

    [Theory]
    [InlineData("Off", 200, "None")]
    [InlineData("RecordOnly", 200, "PasswordOnly")]
    [InlineData("NotifyUser", 200, "PasswordOnly")]
    [InlineData("RequireChange", 203, "PasswordOnly")]
    public async Task A_login_does_what_the_tenant_wants(string onLogin, int status, string recorded)
    {
        var world = await Breached(onLogin);
        var answer = (await world.LogIn(Seen)).Is(status);
        Assert.Equal(recorded, (string?)(await User(world))["breachedPasswordStatus"]);
        Assert.Equal(onLogin == "Off" ? null : world.Now, (long?)(await User(world))["breachedPasswordLastCheckedInstant"]);
        if (status != 203) return;

        Assert.Equal("Breached", (string?)answer.Body["changePasswordReason"]);
        Assert.Equal(["changePasswordId", "changePasswordReason"], answer.Body.Select(m => m.Key).Order());
        (await world.LogIn("wrong")).Is(404);
        (await _server.Post($"/api/user/change-password/{answer.Body["changePasswordId"]}", new { password = "nobody has seen this one" }, key: "", tenant: world.Tenant)).Is(200);
        (await world.LogIn("nobody has seen this one")).Is(200);
        Assert.Equal("None", (string?)(await User(world))["breachedPasswordStatus"]);
    }

    [Fact]
    public async Task What_was_recorded_counts_as_soon_as_the_tenant_demands_a_change()
    {
        var world = await Breached("RecordOnly");
        (await world.LogIn(Seen)).Is(200);
        await world.Change(new { passwordValidationRules = new { breachDetection = new { onLogin = "RequireChange" } } });
        (await world.LogIn(Seen)).Is(203);
    }

    [Fact]
    public async Task A_breach_that_becomes_known_later_is_found_the_day_after()
    {
        var world = await World("RequireChange");
        (await world.LogIn()).Is(200);
        var (prefix, rest) = BreachCorpusTests.Hash(ActionWorld.Password);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, prefix + ".txt"), $"{rest}:1");
        (await world.LogIn()).Is(200);
        _server.Time.UtcNow += TimeSpan.FromDays(1);
        (await world.LogIn()).Is(203);
    }

    [Fact]
    public async Task A_password_that_breaks_todays_rules_has_to_be_changed_where_logins_are_held_to_them()
    {
        var world = await ActionWorld.New(_server);
        await world.Change(new { passwordValidationRules = new { minLength = 40 } });
        (await world.LogIn()).Is(200);
        await world.Change(new { passwordValidationRules = new { validateOnLogin = true } });
        var answer = (await world.LogIn()).Is(203);
        Assert.Equal("Validation", (string?)answer.Body["changePasswordReason"]);
        (await world.LogIn("wrong")).Is(404);
        (await _server.Post($"/api/user/change-password/{answer.Body["changePasswordId"]}", new { password = new string('a', 40) }, key: "", tenant: world.Tenant)).Is(200);
        (await world.LogIn(new string('a', 40))).Is(200);
    }

    private async Task<ActionWorld> World(string onLogin, string mode = "High") => await ActionWorld.New(_server, (tenant, _) =>
        tenant["passwordValidationRules"] = JsonNode.Parse($$"""{"breachDetection":{"enabled":true,"onLogin":"{{onLogin}}","matchMode":"{{mode}}"} }"""));

    /// <summary>A user whose password was taken before the tenant looked.</summary>
    private async Task<ActionWorld> Breached(string onLogin)
    {
        var world = await ActionWorld.New(_server);
        (await world.Post("/api/user/change-password", new { loginId = world.Email, password = Seen })).Is(200);
        await world.Change(new { passwordValidationRules = new { breachDetection = new { enabled = true, onLogin } } });
        return world;
    }

    private async Task<JsonObject> User(ActionWorld world) => (JsonObject)(await _server.Get($"/api/user/{world.User}", tenant: world.Tenant)).Is(200).Body["user"]!;
}
