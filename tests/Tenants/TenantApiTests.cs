using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Tenants;

public sealed class TenantApiTests
{
    [Fact]
    public async Task A_name_is_enough_and_every_setting_comes_back_with_its_default()
    {
        var server = await TestServer.Shared;
        var name = $"Tenant {Guid.NewGuid()}";
        var created = (await server.Post("/api/tenant", new { tenant = new { name } })).Is(200).Body["tenant"]!;

        Assert.Equal(name, (string)created["name"]!);
        Assert.Equal("acme.com", (string)created["issuer"]!);
        Assert.Equal("Active", (string)created["state"]!);
        Assert.Equal(3600, (int)created["jwtConfiguration"]!["timeToLiveInSeconds"]!);
        Assert.Equal(24_000, (int)created["passwordEncryptionConfiguration"]!["encryptionSchemeFactor"]!);
        Assert.Equal("randomBytes", (string)created["externalIdentifierConfiguration"]!["changePasswordIdGenerator"]!["type"]!);
        Assert.Equal("None", (string)created["eventConfiguration"]!["events"]!["user.create"]!["transactionType"]!);
        Assert.Equal(63, ((JsonObject)created["eventConfiguration"]!["events"]!).Count);
    }

    [Theory]
    [InlineData("jwtConfiguration.refreshTokenExpirationPolicy", "Fixed")]
    [InlineData("jwtConfiguration.refreshTokenUsagePolicy", "Reusable")]
    [InlineData("emailConfiguration.security", "NONE")]
    [InlineData("emailConfiguration.unverified.behavior", "Allow")]
    [InlineData("emailConfiguration.verificationStrategy", "ClickableLink")]
    [InlineData("phoneConfiguration.unverified.behavior", "Allow")]
    [InlineData("phoneConfiguration.verificationStrategy", "ClickableLink")]
    [InlineData("failedAuthenticationConfiguration.actionDurationUnit", "MINUTES")]
    [InlineData("captchaConfiguration.captchaMethod", "GoogleRecaptchaV3")]
    [InlineData("multiFactorConfiguration.loginPolicy", "Enabled")]
    [InlineData("multiFactorConfiguration.authenticator.algorithm", "HmacSHA1")]
    [InlineData("passwordValidationRules.breachDetection.matchMode", "High")]
    [InlineData("passwordValidationRules.breachDetection.onLogin", "Off")]
    [InlineData("passwordEncryptionConfiguration.encryptionScheme", "salted-pbkdf2-hmac-sha256")]
    [InlineData("externalIdentifierConfiguration.deviceUserCodeIdGenerator.type", "randomAlphaNumeric")]
    [InlineData("externalIdentifierConfiguration.twoFactorOneTimeCodeIdGenerator.type", "randomDigits")]
    [InlineData("usernameConfiguration.unique.strategy", "OnCollision")]
    [InlineData("state", "Active")]
    public async Task Clients_that_read_strictly_find_every_enumeration(string path, string value)
    {
        var server = await TestServer.Shared;
        JsonNode? node = (await server.Get($"/api/tenant/{server.DefaultTenant}")).Is(200).Body["tenant"];
        foreach (var name in path.Split('.')) node = node?[name];
        Assert.Equal(value, (string?)node);
    }

    [Fact]
    public async Task The_caller_may_choose_the_id_once()
    {
        var server = await TestServer.Shared;
        var id = Guid.NewGuid();
        var created = (await server.Post($"/api/tenant/{id}", new { tenant = new { name = $"Chosen {id}" } })).Is(200).Body["tenant"]!;
        Assert.Equal(id, (Guid)created["id"]!);
        Assert.Equal((long)created["insertInstant"]!, (long)created["lastUpdateInstant"]!);

        var again = await server.Post($"/api/tenant/{id}", new { tenant = new { name = $"Other {id}" } });
        Assert.Equal("[duplicate]tenant.id", again.Is(400).FieldError("tenant.id"));
    }

    [Fact]
    public async Task A_name_belongs_to_one_tenant_whatever_its_case_and_is_free_again_after_a_change()
    {
        var server = await TestServer.Shared;
        var name = $"Name {Guid.NewGuid()}";
        var id = (Guid)(await server.Post("/api/tenant", new { tenant = new { name } })).Is(200).Body["tenant"]!["id"]!;

        var taken = await server.Post("/api/tenant", new { tenant = new { name = $"  {name.ToUpperInvariant()} " } });
        Assert.Equal("[duplicate]tenant.name", taken.Is(400).FieldError("tenant.name"));

        (await server.Patch($"/api/tenant/{id}", new { tenant = new { name = name + " renamed" } })).Is(200);
        (await server.Post("/api/tenant", new { tenant = new { name } })).Is(200);
    }

    [Fact]
    public async Task Of_many_who_want_a_name_at_once_one_gets_it()
    {
        var server = await TestServer.Shared;
        var name = $"Wanted {Guid.NewGuid()}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.Post("/api/tenant", new { tenant = new { name } })));
        Assert.Equal([200, 400, 400, 400, 400, 400, 400, 400], answers.Select(a => (int)a.Status).Order());
        Assert.All(answers.Where(a => (int)a.Status == 400), a => Assert.Equal("[duplicate]tenant.name", a.FieldError("tenant.name")));
    }

    [Fact]
    public async Task One_and_all_are_read()
    {
        var server = await TestServer.Shared;
        var id = await server.NewTenant();
        Assert.Equal(id, (Guid)(await server.Get($"/api/tenant/{id}")).Is(200).Body["tenant"]!["id"]!);
        var all = (JsonArray)(await server.Get("/api/tenant")).Is(200).Body["tenants"]!;
        Assert.Contains(id, all.Select(t => (Guid)t!["id"]!));
        Assert.Contains(server.DefaultTenant, all.Select(t => (Guid)t!["id"]!));
        Assert.Equal("", (await server.Get($"/api/tenant/{Guid.NewGuid()}")).Is(404).Text);
    }

    [Theory]
    [InlineData("""{"name":"  "}""", "tenant.name", "[blank]tenant.name")]
    [InlineData("""{}""", "tenant.name", "[blank]tenant.name")]
    [InlineData("""{"name":null}""", "tenant.name", "[blank]tenant.name")]
    [InlineData("""{"name":"a\u0000b"}""", "tenant.name", "[invalid]tenant.name")]
    [InlineData("""{"name":"a\r\nb"}""", "tenant.name", "[invalid]tenant.name")]
    [InlineData("""{"name":5}""", "tenant.name", "[couldNotConvert]tenant.name")]
    [InlineData("""{"name":"N","issuer":" "}""", "tenant.issuer", "[blank]tenant.issuer")]
    [InlineData("""{"name":"N","jwtConfiguration":{"timeToLiveInSeconds":-1}}""", "tenant.jwtConfiguration.timeToLiveInSeconds", "[invalid]tenant.jwtConfiguration.timeToLiveInSeconds")]
    [InlineData("""{"name":"N","jwtConfiguration":{"timeToLiveInSeconds":"long"}}""", "tenant.jwtConfiguration.timeToLiveInSeconds", "[couldNotConvert]tenant.jwtConfiguration.timeToLiveInSeconds")]
    [InlineData("""{"name":"N","jwtConfiguration":{"timeToLiveInSeconds":1.5}}""", "tenant.jwtConfiguration.timeToLiveInSeconds", "[couldNotConvert]tenant.jwtConfiguration.timeToLiveInSeconds")]
    [InlineData("""{"name":"N","jwtConfiguration":{"refreshTokenUsagePolicy":"Sometimes"}}""", "tenant.jwtConfiguration.refreshTokenUsagePolicy", "[couldNotConvert]tenant.jwtConfiguration.refreshTokenUsagePolicy")]
    [InlineData("""{"name":"N","emailConfiguration":{"security":3}}""", "tenant.emailConfiguration.security", "[couldNotConvert]tenant.emailConfiguration.security")]
    [InlineData("""{"name":"N","emailConfiguration":{"port":70000}}""", "tenant.emailConfiguration.port", "[invalid]tenant.emailConfiguration.port")]
    [InlineData("""{"name":"N","emailConfiguration":[]}""", "tenant.emailConfiguration", "[couldNotConvert]tenant.emailConfiguration")]
    [InlineData("""{"name":"N","data":[1]}""", "tenant.data", "[couldNotConvert]tenant.data")]
    [InlineData("""{"name":"N","themeId":"not-a-uuid"}""", "tenant.themeId", "[couldNotConvert]tenant.themeId")]
    [InlineData("""{"name":"N","connectorPolicies":[null]}""", "tenant.connectorPolicies", "[invalid]tenant.connectorPolicies")]
    [InlineData("""{"name":"N","externalIdentifierConfiguration":{"passwordlessLoginGenerator":{"length":6,"type":"randomDigits"}}}""", "tenant.externalIdentifierConfiguration.passwordlessLoginGenerator.length", "[invalid]tenant.externalIdentifierConfiguration.passwordlessLoginGenerator.length")]
    [InlineData("""{"name":"N","externalIdentifierConfiguration":{"changePasswordIdGenerator":{"length":7,"type":"randomAlphaNumeric"}}}""", "tenant.externalIdentifierConfiguration.changePasswordIdGenerator.length", "[invalid]tenant.externalIdentifierConfiguration.changePasswordIdGenerator.length")]
    [InlineData("""{"name":"N","passwordValidationRules":{"minLength":20,"maxLength":10}}""", "tenant.passwordValidationRules.minLength", "[invalid]tenant.passwordValidationRules.minLength")]
    [InlineData("""{"name":"N","eventConfiguration":{"events":{"no.such.event":{"enabled":true}}}}""", "tenant.eventConfiguration.events.no.such.event", "[invalid]tenant.eventConfiguration.events.no.such.event")]
    [InlineData("""{"name":"N","captchaConfiguration":{"threshold":1e400}}""", "tenant.captchaConfiguration.threshold", null)]
    public async Task What_is_wrong_is_refused_with_the_path_of_the_field(string tenant, string field, string? code)
    {
        var server = await TestServer.Shared;
        var id = Guid.NewGuid();
        var answer = (await server.Post($"/api/tenant/{id}", $$"""{"tenant":{{tenant}}}""")).Is(400);
        Assert.True(answer.FieldError(field) is { } given && (code is null || given == code), answer.Text);
        (await server.Get($"/api/tenant/{id}")).Is(404);
    }

    [Fact]
    public async Task A_copy_has_the_settings_of_its_source_and_a_name_of_its_own()
    {
        var server = await TestServer.Shared;
        var source = await server.NewTenant(new { issuer = "https://copied.example", data = new { kept = true } });
        var name = $"Copy {Guid.NewGuid()}";
        var copy = (await server.Post("/api/tenant", new { sourceTenantId = source, tenant = new { name } })).Is(200).Body["tenant"]!;
        Assert.Equal(("https://copied.example", name), ((string)copy["issuer"]!, (string)copy["name"]!));
        Assert.True((bool)copy["data"]!["kept"]!);
        Assert.NotEqual(source, (Guid)copy["id"]!);

        Assert.Equal("[blank]tenant.name", (await server.Post("/api/tenant", new { sourceTenantId = source })).Is(400).FieldError("tenant.name"));
        Assert.Equal("", (await server.Post("/api/tenant", new { sourceTenantId = Guid.NewGuid(), tenant = new { name = "X" } })).Is(404).Text);
        Assert.Equal("[couldNotConvert]sourceTenantId", (await server.Post("/api/tenant", new { sourceTenantId = "x", tenant = new { name = "X" } })).Is(400).FieldError("sourceTenantId"));
    }

    [Fact]
    public async Task Whoever_chooses_a_password_can_ask_for_the_rules_without_a_key()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant(new { passwordValidationRules = new { minLength = 15 } });
        var rules = (await server.Get($"/api/tenant/password-validation-rules/{tenant}", key: "")).Is(200).Body["passwordValidationRules"]!;
        Assert.Equal(15, (int)rules["minLength"]!);
        Assert.Equal(15, (int)(await server.Get("/api/tenant/password-validation-rules", key: "", tenant: tenant)).Is(200).Body["passwordValidationRules"]!["minLength"]!);
        Assert.Equal("", (await server.Get($"/api/tenant/password-validation-rules/{Guid.NewGuid()}", key: "")).Is(404).Text);
        Assert.Equal("[TenantIdRequired]", (await server.Get("/api/tenant/password-validation-rules", key: "")).Is(400).GeneralError);
    }

    [Fact]
    public async Task Members_of_later_versions_are_kept()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant(new { settingOfTomorrow = new { deep = new[] { 1, 2 } }, emailConfiguration = new { modeOfTomorrow = "x" } });
        (await server.Patch($"/api/tenant/{tenant}", new { tenant = new { issuer = "later.example" } })).Is(200);
        var read = (await server.Get($"/api/tenant/{tenant}")).Is(200).Body["tenant"]!;
        Assert.Equal("[1,2]", read["settingOfTomorrow"]!["deep"]!.ToJsonString());
        Assert.Equal("x", (string)read["emailConfiguration"]!["modeOfTomorrow"]!);
        Assert.Equal(WellKnown.DefaultTheme, (Guid)read["themeId"]!);
    }
}
