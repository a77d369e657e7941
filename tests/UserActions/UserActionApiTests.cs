using OrleansAuth.Common;

namespace OrleansAuth.UserActions;

public sealed class UserActionApiTests
{
    [Fact]
    public async Task A_definition_is_created_read_listed_changed_deactivated_and_removed()
    {
        var server = await TestServer.Shared;
        var id = Guid.NewGuid();
        var name = $"Warning {id}";
        var created = (await server.Post($"/api/user-action/{id}", new { userAction = new { name, options = new[] { new { name = "mild", localizedNames = new { de = "mild" } } }, localizedNames = new { de = "Warnung" } } })).Is(200);
        Assert.True((bool)created.Body["userAction"]!["active"]!);
        Assert.True((bool)created.Body["userAction"]!["sendEndEvent"]!);
        Assert.Equal("None", (string?)created.Body["userAction"]!["transactionType"]);
        Assert.Equal("Warnung", (string?)(await server.Get($"/api/user-action/{id}")).Is(200).Body["userAction"]!["localizedNames"]!["de"]);

        Assert.Equal($"{name}!", (string?)(await server.Patch($"/api/user-action/{id}", new { userAction = new { name = name + "!" } })).Is(200).Body["userAction"]!["name"]);
        Assert.Empty((await server.Put($"/api/user-action/{id}", new { userAction = new { name } })).Is(200).Body["userAction"]!["options"]!.AsArray());

        (await server.Delete($"/api/user-action/{id}")).Is(200);
        Assert.DoesNotContain(await Ids(server, ""), i => i == id);
        Assert.Contains(await Ids(server, "?inactive=true"), i => i == id);
        (await server.Put($"/api/user-action/{id}?reactivate=true", null)).Is(200);
        Assert.Contains(await Ids(server, ""), i => i == id);
        (await server.Delete($"/api/user-action/{id}?hardDelete=true")).Is(200);
        Assert.Equal("", (await server.Get($"/api/user-action/{id}")).Is(404).Text);
    }

    [Theory]
    [InlineData("""{"name":""}""", "userAction.name", "[blank]userAction.name")]
    [InlineData("""{"name":"x1","preventLogin":true}""", "userAction.preventLogin", "[invalid]userAction.preventLogin")]
    [InlineData("""{"name":"x2","temporal":true,"options":[{"name":"a"}]}""", "userAction.options", "[invalid]userAction.options")]
    [InlineData("""{"name":"x3","options":[{"name":"a"},{"name":"A"}]}""", "userAction.options", "[duplicate]userAction.options")]
    [InlineData("""{"name":"x4","options":[{"name":" "}]}""", "userAction.options[0].name", "[blank]userAction.options[0].name")]
    [InlineData("""{"name":"x5","localizedNames":{"../x":"a"}}""", "userAction.localizedNames", "[invalid]userAction.localizedNames")]
    [InlineData("""{"name":"x6","localizedNames":"de"}""", "userAction.localizedNames", "[couldNotConvert]userAction.localizedNames")]
    [InlineData("""{"name":"x7","startEmailTemplateId":"5d1b7c0e-0000-4000-8000-000000000001"}""", "userAction.startEmailTemplateId", "[invalid]userAction.startEmailTemplateId")]
    public async Task What_makes_no_sense_is_refused(string userAction, string field, string code)
    {
        var server = await TestServer.Shared;
        Assert.Equal(code, (await server.Post("/api/user-action", $$"""{"userAction":{{userAction}}}""")).Is(400).FieldError(field));
    }

    [Fact]
    public async Task Names_codes_and_texts_are_unique()
    {
        var server = await TestServer.Shared;
        var name = $"N{Guid.NewGuid():N}";
        (await server.Post("/api/user-action", new { userAction = new { name } })).Is(200);
        Assert.Equal("[duplicate]userAction.name", (await server.Post("/api/user-action", new { userAction = new { name = name.ToLowerInvariant() } })).Is(400).FieldError("userAction.name"));

        (await server.Post("/api/user-action-reason", new { userActionReason = new { code = name, text = name + " text" } })).Is(200);
        Assert.Equal("[duplicate]userActionReason.code", (await server.Post("/api/user-action-reason", new { userActionReason = new { code = name, text = "other" + name } })).Is(400).FieldError("userActionReason.code"));
        Assert.Equal("[duplicate]userActionReason.text", (await server.Post("/api/user-action-reason", new { userActionReason = new { code = "other" + name, text = name + " text" } })).Is(400).FieldError("userActionReason.text"));
    }

    [Fact]
    public async Task A_reason_is_created_read_changed_and_removed()
    {
        var server = await TestServer.Shared;
        var code = $"R{Guid.NewGuid():N}";
        var id = (Guid)(await server.Post("/api/user-action-reason", new { userActionReason = new { code, text = $"Because {code}", localizedTexts = new { de = "Darum" } } })).Is(200).Body["userActionReason"]!["id"]!;
        Assert.Equal("Darum", (string?)(await server.Get($"/api/user-action-reason/{id}")).Is(200).Body["userActionReason"]!["localizedTexts"]!["de"]);
        Assert.Contains((await server.Get("/api/user-action-reason")).Is(200).Body["userActionReasons"]!.AsArray(), r => (Guid)r!["id"]! == id);
        Assert.Equal($"Why {code}", (string?)(await server.Patch($"/api/user-action-reason/{id}", new { userActionReason = new { text = $"Why {code}" } })).Is(200).Body["userActionReason"]!["text"]);
        (await server.Delete($"/api/user-action-reason/{id}")).Is(200);
        (await server.Get($"/api/user-action-reason/{id}")).Is(404);
        Assert.Equal("[blank]userActionReason.code", (await server.Post("/api/user-action-reason", new { userActionReason = new { text = "x" } })).Is(400).FieldError("userActionReason.code"));
    }

    [Fact]
    public async Task A_lockout_needs_an_action_that_prevents_logins_and_keeps_it()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var harmless = await ActionWorld.Define(server, new { name = $"H{Guid.NewGuid():N}", temporal = true });
        foreach (var id in (Guid[])[Guid.NewGuid(), harmless])
        {
            var refused = (await server.Patch($"/api/tenant/{tenant}", new { tenant = new { failedAuthenticationConfiguration = new { userActionId = id } } })).Is(400);
            Assert.Equal("[invalid]tenant.failedAuthenticationConfiguration.userActionId", refused.FieldError("tenant.failedAuthenticationConfiguration.userActionId"));
        }

        var ban = await ActionWorld.Define(server, new { name = $"B{Guid.NewGuid():N}", temporal = true, preventLogin = true });
        (await server.Patch($"/api/tenant/{tenant}", new { tenant = new { failedAuthenticationConfiguration = new { userActionId = ban } } })).Is(200);
        Assert.Equal("[inUse]userAction", (await server.Delete($"/api/user-action/{ban}")).Is(400).GeneralError);
        Assert.Equal("[inUse]userAction", (await server.Delete($"/api/user-action/{ban}?hardDelete=true")).Is(400).GeneralError);
        Assert.Equal("[inUse]userAction.preventLogin", (await server.Patch($"/api/user-action/{ban}", new { userAction = new { preventLogin = false } })).Is(400).FieldError("userAction.preventLogin"));
    }

    private static async Task<IEnumerable<Guid>> Ids(TestServer server, string query) =>
        (await server.Get("/api/user-action" + query)).Is(200).Body["userActions"]!.AsArray().Select(a => (Guid)a!["id"]!).ToList();
}
