using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Applications;

public sealed class RoleAndScopeTests
{
    [Fact]
    public async Task Roles_are_made_with_and_without_an_id_and_keep_their_flags()
    {
        var (server, application) = await Fresh();
        var made = (await server.Post($"{application}/role", new { role = new { name = "admin", description = "All of it", isDefault = true, isSuperRole = true } })).Is(200).Body["role"]!;
        Assert.Equal(("admin", "All of it", true, true), ((string)made["name"]!, (string)made["description"]!, (bool)made["isDefault"]!, (bool)made["isSuperRole"]!));
        var id = Guid.NewGuid();
        var chosen = (await server.Post($"{application}/role/{id}", new { role = new { name = "guest" } })).Is(200).Body["role"]!;
        Assert.Equal((id, false, false), ((Guid)chosen["id"]!, (bool)chosen["isDefault"]!, (bool)chosen["isSuperRole"]!));
        Assert.Equal(["reader", "writer", "admin", "guest"], await Names(server, application, "roles"));

        Assert.Equal("[duplicate]role.id", (await server.Post($"{application}/role/{id}", new { role = new { name = "other" } })).Is(400).FieldError("role.id"));
        Assert.Equal("[duplicate]role.name", (await server.Post($"{application}/role", new { role = new { name = "GUEST" } })).Is(400).FieldError("role.name"));
        Assert.Equal("[blank]role.name", (await server.Post($"{application}/role", new { role = new { } })).Is(400).FieldError("role.name"));
        Assert.Equal("[missing]role", (await server.Post($"{application}/role", "{}")).Is(400).FieldError("role"));
        Assert.Equal("[couldNotConvert]role.isDefault", (await server.Post($"{application}/role", """{"role":{"name":"x","isDefault":"yes"}}""")).Is(400).FieldError("role.isDefault"));
        (await server.Post($"/api/application/{Guid.NewGuid()}/role", new { role = new { name = "x" } })).Is(404);
    }

    [Fact]
    public async Task The_id_of_a_role_is_not_given_twice_in_two_applications()
    {
        var (server, application) = await Fresh();
        var (_, other) = await Fresh();
        var id = Guid.NewGuid();
        (await server.Post($"{application}/role/{id}", new { role = new { name = "mine" } })).Is(200);
        Assert.Equal("[duplicate]role.id", (await server.Post($"{other}/role/{id}", new { role = new { name = "mine" } })).Is(400).FieldError("role.id"));
    }

    [Fact]
    public async Task The_name_of_a_role_never_changes()
    {
        var (server, application) = await Fresh();
        var id = (Guid)(await server.Post($"{application}/role", new { role = new { name = "fixed" } })).Is(200).Body["role"]!["id"]!;
        Assert.Equal("fixed", (string)(await server.Put($"{application}/role/{id}", new { role = new { name = "moved", isDefault = true } })).Is(200).Body["role"]!["name"]!);
        Assert.Equal("fixed", (string)(await server.Patch($"{application}/role/{id}", """{"role":{"name":"moved"}}""")).Is(200).Body["role"]!["name"]!);
        var name = (string)(await server.Get(application)).Body["application"]!["name"]!;
        (await server.Put(application, new { application = new { name, roles = new[] { new { id, name = "moved" } } } })).Is(200);
        Assert.Equal(["fixed"], await Names(server, application, "roles"));
    }

    [Fact]
    public async Task A_role_is_replaced_and_patched_in_three_ways()
    {
        var (server, application) = await Fresh();
        var id = (Guid)(await server.Post($"{application}/role", new { role = new { name = "r", description = "d", isDefault = true } })).Is(200).Body["role"]!["id"]!;
        var replaced = (await server.Put($"{application}/role/{id}", new { role = new { name = "r" } })).Is(200).Body["role"]!;
        Assert.Equal((null, false), ((string?)replaced["description"], (bool)replaced["isDefault"]!));
        Assert.Equal("e", (string)(await server.Patch($"{application}/role/{id}", """{"role":{"description":"e"}}""")).Is(200).Body["role"]!["description"]!);
        Assert.Null((await server.Patch($"{application}/role/{id}", """{"role":{"description":null,"isDefault":true}}""", "application/merge-patch+json")).Is(200).Body["role"]!["description"]);
        Assert.Equal("f", (string)(await server.Patch($"{application}/role/{id}", """[{"op":"test","path":"/role/isDefault","value":true},{"op":"add","path":"/role/description","value":"f"}]""", "application/json-patch+json")).Is(200).Body["role"]!["description"]!);
        (await server.Patch($"{application}/role/{id}", """[{"op":"test","path":"/role/isDefault","value":false}]""", "application/json-patch+json")).Is(400);
        (await server.Put($"{application}/role/{Guid.NewGuid()}", new { role = new { name = "r" } })).Is(404);
    }

    [Fact]
    public async Task A_role_is_deleted_by_its_id_or_its_name()
    {
        var (server, application) = await Fresh();
        var id = (Guid)(await server.Get(application)).Body["application"]!["roles"]![0]!["id"]!;
        Assert.Equal("", (await server.Delete($"{application}/role/{id}")).Is(200).Text);
        Assert.Equal("", (await server.Delete($"{application}/role?name=Writer")).Is(200).Text);
        Assert.Empty(await Names(server, application, "roles"));
        (await server.Delete($"{application}/role/{id}")).Is(404);
        (await server.Delete($"{application}/role?name=writer")).Is(404);
        (await server.Delete($"{application}/role")).Is(404);
    }

    [Fact]
    public async Task Roles_added_at_the_same_time_are_all_kept()
    {
        var (server, application) = await Fresh();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => server.Post($"{application}/role", new { role = new { name = $"r{i}" } })));
        Assert.All(answers, a => a.Is(200));
        Assert.Equal(12, (await Names(server, application, "roles")).Count);
    }

    [Fact]
    public async Task A_scope_is_made_read_changed_and_deleted()
    {
        var (server, application) = await Fresh();
        var made = (await server.Post($"{application}/scope", new { scope = new { name = "mail:read", defaultConsentMessage = "Read mail", data = new { a = 1 }, required = true } })).Is(200).Body["scope"]!;
        var id = (Guid)made["id"]!;
        Assert.Equal(application, $"/api/application/{made["applicationId"]}");
        Assert.Equal(made.ToJsonString(), (await server.Get($"{application}/scope/{id}")).Is(200).Body["scope"]!.ToJsonString());

        var replaced = (await server.Put($"{application}/scope/{id}", new { scope = new { name = "mail:write", description = "d" } })).Is(200).Body["scope"]!;
        Assert.Equal(("mail:read", "d", null, false), ((string)replaced["name"]!, (string)replaced["description"]!, (string?)replaced["defaultConsentMessage"], (bool)replaced["required"]!));
        Assert.True((bool)(await server.Patch($"{application}/scope/{id}", """{"scope":{"required":true}}""")).Is(200).Body["scope"]!["required"]!);
        var chosen = Guid.NewGuid();
        Assert.Equal(chosen, (Guid)(await server.Post($"{application}/scope/{chosen}", new { scope = new { name = "other" } })).Is(200).Body["scope"]!["id"]!);

        Assert.Equal("[duplicate]scope.name", (await server.Post($"{application}/scope", new { scope = new { name = "mail:read" } })).Is(400).FieldError("scope.name"));
        foreach (var bad in (string[])["a b", "a\\\"b", "a\\\\b", "ä"])
            Assert.Equal("[invalid]scope.name", (await server.Post($"{application}/scope", $$$"""{"scope":{"name":"{{{bad}}}"}}""")).Is(400).FieldError("scope.name"));
        Assert.Equal("[couldNotConvert]scope.data", (await server.Post($"{application}/scope", """{"scope":{"name":"d","data":7}}""")).Is(400).FieldError("scope.data"));

        Assert.Equal("", (await server.Delete($"{application}/scope/{id}")).Is(200).Text);
        (await server.Get($"{application}/scope/{id}")).Is(404);
        (await server.Delete($"{application}/scope/{id}")).Is(404);
        Assert.Equal(["other"], await Names(server, application, "scopes"));
    }

    private static async Task<(TestServer Server, string Application)> Fresh()
    {
        var server = await TestServer.Shared;
        return (server, $"/api/application/{await server.NewApplication(await server.NewTenant())}");
    }

    private static async Task<List<string>> Names(TestServer server, string application, string list) =>
        [.. ((JsonArray)(await server.Get(application)).Is(200).Body["application"]![list]!).Select(item => (string)item!["name"]!)];
}
