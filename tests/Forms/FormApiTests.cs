using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Forms;

public sealed class FormApiTests
{
    [Fact]
    public async Task Every_system_has_fields_and_forms_that_nobody_changes()
    {
        var server = await TestServer.Shared;
        var email = BuiltInForms.FieldId("user.email");
        Assert.Equal("email", (string)(await server.Get($"/api/form/field/{email}")).Is(200).Body["field"]!["type"]!);
        Assert.Superset(FormFieldKeys.Members.Keys.ToHashSet(), (await server.Get("/api/form/field")).Is(200).Body["fields"]!.AsArray().Select(f => (string)f!["key"]!).ToHashSet());
        Assert.Equal("[readOnly]field", (await server.Delete($"/api/form/field/{email}")).Is(400).GeneralError);
        var form = BuiltInForms.Forms[0].Id;
        Assert.Equal("registration", (string)(await server.Get($"/api/form/{form}")).Is(200).Body["form"]!["type"]!);
        Assert.Equal("[readOnly]form", (await server.Put($"/api/form/{form}", new { form = new { name = "Mine" } })).Is(400).GeneralError);
    }

    [Fact]
    public void What_comes_with_the_server_would_be_accepted_from_outside()
    {
        Assert.All(BuiltInForms.Fields, f => Assert.True(FormFieldKeys.Members[f.Key] == f.Type, f.Key));
        Assert.All(BuiltInForms.Forms, f => Assert.All(f.Steps.SelectMany(s => s.Fields), id => Assert.Contains(BuiltInForms.Fields, field => field.Id == id)));
        Assert.Equal(BuiltInForms.Fields.Length, BuiltInForms.Fields.Select(f => f.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public async Task A_form_of_two_steps_is_made_changed_and_deleted()
    {
        var server = await TestServer.Shared;
        var size = await NewField(server, new { key = "user.data.size", type = "string", control = "select", options = new[] { "S", "M", "L" } });
        var steps = new object[] { new { fields = new[] { BuiltInForms.FieldId("user.email") } }, new { type = "verifyEmail" }, new { fields = new[] { size }, type = "collectData" } };
        var id = Guid.NewGuid();
        var form = (await server.Post($"/api/form/{id}", new { form = new { name = Name(), type = "registration", steps } })).Is(200).Body["form"]!;
        Assert.Equal(["collectData", "verifyEmail", "collectData"], form["steps"]!.AsArray().Select(s => (string)s!["type"]!));

        Assert.Equal("[inUse]field", (await server.Delete($"/api/form/field/{size}")).Is(400).GeneralError);
        (await server.Patch($"/api/form/{id}", """{"form":{"name":"Patched """ + id + "\"}}")).Is(200);
        Assert.Equal("[notEqual]form.type", (await server.Patch($"/api/form/{id}", """{"form":{"type":"adminUser"}}""")).Is(400).FieldError("form.type"));
        (await server.Delete($"/api/form/{id}")).Is(200);
        (await server.Delete($"/api/form/field/{size}")).Is(200);
        (await server.Get($"/api/form/{id}")).Is(404);
        (await server.Get($"/api/form/field/{size}")).Is(404);
    }

    [Fact]
    public async Task A_form_in_use_stays_and_only_the_right_kind_is_used()
    {
        var server = await TestServer.Shared;
        var form = (Guid)(await server.Post("/api/form", Registration(BuiltInForms.FieldId("user.email")))).Is(200).Body["form"]!["id"]!;
        var tenant = await server.NewTenant();
        await server.NewApplication(tenant, new { registrationConfiguration = new { enabled = true, type = "advanced", formId = form } });
        Assert.Equal("[inUse]form", (await server.Delete($"/api/form/{form}")).Is(400).GeneralError);
        Assert.Equal("[invalid]tenant.formConfiguration.adminUserFormId",
            (await server.Patch($"/api/tenant/{tenant}", new { tenant = new { formConfiguration = new { adminUserFormId = form } } })).Is(400).FieldError("tenant.formConfiguration.adminUserFormId"));
        (await server.Patch($"/api/tenant/{tenant}", new { tenant = new { formConfiguration = new { adminUserFormId = BuiltInForms.Forms[1].Id } } })).Is(200);
    }

    [Theory]
    [InlineData("[empty]form.steps", """{"type":"registration"}""")]
    [InlineData("[blank]form.type", """{"steps":[{"fields":["EMAIL"]}]}""")]
    [InlineData("[empty]form.steps[0].fields", """{"type":"registration","steps":[{}]}""")]
    [InlineData("[missing]form.steps", """{"type":"registration","steps":[{"fields":["NAME"]}]}""")]
    [InlineData("[duplicate]form.steps", """{"type":"registration","steps":[{"fields":["EMAIL"]},{"fields":["EMAIL"]}]}""")]
    [InlineData("[missing]form.steps[0].type", """{"type":"registration","steps":[{"type":"verifyEmail"},{"fields":["EMAIL"]}]}""")]
    [InlineData("[invalid]form.steps[0].fields", """{"type":"adminRegistration","steps":[{"fields":["EMAIL"]}]}""")]
    [InlineData("[invalid]form.steps[0].fields", """{"type":"selfServiceUser","steps":[{"fields":["ROLES"]}]}""")]
    [InlineData("[invalid]form.steps[0].fields", """{"type":"adminUser","steps":[{"fields":["1d1b7c0e-0000-4000-8000-000000000001"]}]}""")]
    public async Task A_form_that_makes_no_sense_is_refused(string code, string members)
    {
        var server = await TestServer.Shared;
        var text = members.Replace("EMAIL", $"{BuiltInForms.FieldId("user.email")}", StringComparison.Ordinal).Replace("NAME", $"{BuiltInForms.FieldId("user.firstName")}", StringComparison.Ordinal)
            .Replace("ROLES", $"{BuiltInForms.FieldId("registration.roles")}", StringComparison.Ordinal);
        var form = (JsonObject)JsonNode.Parse(text)!;
        form["name"] = Name();
        Assert.Equal(code, (await server.Post("/api/form", new JsonObject { ["form"] = form })).Is(400).FieldError(code[(code.IndexOf(']', StringComparison.Ordinal) + 1)..]));
    }

    [Theory]
    [InlineData("[blank]field.key", """{"type":"string"}""")]
    [InlineData("[invalid]field.key", """{"key":"user.id"}""")]
    [InlineData("[invalid]field.key", """{"key":"user.data.a..b"}""")]
    [InlineData("[invalid]field.type", """{"key":"user.email","type":"string"}""")]
    [InlineData("[invalid]field.control", """{"key":"user.data.a","control":"password"}""")]
    [InlineData("[invalid]field.control", """{"key":"user.data.a","type":"date","control":"checkbox"}""")]
    [InlineData("[invalid]field.control", """{"key":"user.password","control":"text"}""")]
    [InlineData("[empty]field.options", """{"key":"user.data.a","control":"radio"}""")]
    [InlineData("[blank]field.consentId", """{"type":"consent","control":"checkbox"}""")]
    [InlineData("[invalid]field.validator.expression", """{"key":"user.data.a","validator":{"enabled":true,"expression":"("}}""")]
    [InlineData("[invalid]field.validator.expression", """{"key":"user.data.a","validator":{"enabled":true}}""")]
    [InlineData("[invalid]field.validator.expression", """{"key":"user.data.a","validator":{"enabled":true,"expression":"a)|(?:b"}}""")]
    public async Task A_field_that_makes_no_sense_is_refused(string code, string members)
    {
        var server = await TestServer.Shared;
        var field = (JsonObject)JsonNode.Parse(members)!;
        field["name"] = Name();
        Assert.Equal(code, (await server.Post("/api/form/field", new JsonObject { ["field"] = field })).Is(400).FieldError(code[(code.IndexOf(']', StringComparison.Ordinal) + 1)..]));
    }

    [Theory]
    [InlineData("[a-z]+", "abc", true)]
    [InlineData("[a-z]+", "abc1", false)]
    [InlineData("a|b", "ab", false)]
    [InlineData("(?=.*[0-9]).{4,}", "abc1", true)]
    [InlineData("(?=a)(a+)+b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("(a+)+b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void A_pattern_matches_the_whole_value_in_bounded_time(string expression, string value, bool matches)
    {
        Assert.True(FieldPattern.TryParse(expression, out var pattern));
        Assert.Equal(matches, pattern.Matches(value));
    }

    private static object Registration(params Guid[] fields) => new { form = new { name = Name(), type = "registration", steps = new[] { new { fields } } } };

    private static string Name() => $"Form {Guid.NewGuid()}";

    private static async Task<Guid> NewField(TestServer server, object members)
    {
        var field = (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(members, ContractJson.Options)!;
        field["name"] = Name();
        return (Guid)(await server.Post("/api/form/field", new JsonObject { ["field"] = field })).Is(200).Body["field"]!["id"]!;
    }
}
