using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Users;

public sealed class UserImportTests
{
    // The password of each hash is "password"; made by the schemes themselves, whose own tests hold them against other programs.
    private static JsonObject WithHash(string scheme, int factor, string email)
    {
        var made = PasswordSchemes.BuiltIn.Find(scheme)!;
        var salt = made.NewSalt();
        return new JsonObject
        {
            ["email"] = email,
            ["active"] = true,
            ["encryptionScheme"] = scheme,
            ["factor"] = factor,
            ["salt"] = salt,
            ["password"] = made.Hash("password", salt, factor),
        };
    }

    [Fact]
    public async Task Users_sign_in_with_the_hash_of_every_scheme()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var schemes = PasswordSchemes.BuiltIn.All.Select(s => (s.Name, Factor: Math.Clamp(4, s.Factors.Lowest, s.Factors.Highest))).ToArray();
        var users = schemes.Select(s => (JsonNode)WithHash(s.Name, s.Factor, $"{s.Name}@example.com")).ToArray();
        Assert.Equal("", (await Import(server, tenant, users)).Is(200).Text);
        foreach (var (name, _) in schemes)
        {
            (await server.Post("/api/login", new { loginId = $"{name}@example.com", password = "password" }, tenant: tenant)).Is(200);
            (await server.Post("/api/login", new { loginId = $"{name}@example.com", password = "passwort" }, tenant: tenant)).Is(404);
        }
    }

    [Fact]
    public async Task Passwords_in_the_clear_are_hashed_and_users_are_inactive_unless_said_otherwise()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var application = await server.NewApplication(tenant);
        (await Import(server, tenant,
            Json($$"""{"email":"A@example.com","password":"password","active":true,"verified":true,"preferredLanguages":["de"],"registrations":[{"applicationId":"{{application}}"}],"firstName":null}"""),
            Json("""{"email":"b@example.com","password":"password"}"""))).Is(200);
        (await server.Post("/api/login", new { loginId = "a@example.com", password = "password", applicationId = application }, tenant: tenant)).Is(200);
        (await server.Post("/api/login", new { loginId = "b@example.com", password = "password" }, tenant: tenant)).Is(423);
        var user = (await server.Get("/api/user?email=a@example.com", tenant: tenant)).Is(200).Body["user"]!;
        Assert.Equal("Import", (string?)user["identities"]![0]!["verifiedReason"]);
        Assert.Equal("reader", (string?)user["registrations"]![0]!["roles"]![0]);
        Assert.NotNull(user["passwordLastUpdateInstant"]);
    }

    [Theory]
    [InlineData("""{"email":"x"}""", "users[1].email", "[notEmail]users[1].email")]
    [InlineData("""{"password":"x"}""", "users[1].email", "[blank]users[1].email")]
    [InlineData("""{"email":"first@example.com"}""", "users[1].email", "[duplicate]users[1].email")]
    [InlineData("""{"username":"FIRST@example.com"}""", "users[1].username", "[duplicate]users[1].username")]
    [InlineData("""{"email":"held@example.com"}""", "users[1].email", "[duplicate]users[1].email")]
    [InlineData("""{"email":"y@example.com","encryptionScheme":"rot13","salt":"YQ==","password":"x"}""", "users[1].encryptionScheme", "[invalid]users[1].encryptionScheme")]
    [InlineData("""{"email":"y@example.com","encryptionScheme":"salted-sha256","password":"x"}""", "users[1].salt", "[invalid]users[1].salt")]
    [InlineData("""{"email":"y@example.com","encryptionScheme":"salted-sha256","salt":"YQ==","password":"x"}""", "users[1].password", "[invalid]users[1].password")]
    [InlineData("""{"email":"y@example.com","registrations":[{"applicationId":"00000000-0000-0000-0000-000000000001"}]}""", "users[1].registrations.applicationId", "[invalid]users[1].registrations.applicationId")]
    [InlineData("""{"email":"y@example.com","registrations":[null]}""", "users[1].registrations.applicationId", "[invalid]users[1].registrations.applicationId")]
    [InlineData("""{"email":"y@example.com","memberships":[{"groupId":"00000000-0000-0000-0000-000000000001"}]}""", "users[1].memberships.groupId", "[invalid]users[1].memberships.groupId")]
    [InlineData("""{"email":"y@example.com","insertInstant":"x"}""", "users[1].insertInstant", "[couldNotConvert]users[1].insertInstant")]
    [InlineData("""{"email":"y@example.com","twoFactor":{"recoveryCodes":["a"]}}""", "users[1].twoFactor.recoveryCodes", "[invalid]users[1].twoFactor.recoveryCodes")]
    [InlineData("""{"email":"y@example.com","twoFactor":{"methods":[{"method":"authenticator","secret":"!"}]}}""", "users[1].twoFactor.methods.secret", "[invalid]users[1].twoFactor.methods.secret")]
    [InlineData("""{"email":"y@example.com","twoFactor":{"methods":[{"method":"sms","mobilePhone":"1"}]}}""", "users[1].twoFactor.methods.mobilePhone", "[invalid]users[1].twoFactor.methods.mobilePhone")]
    [InlineData("""{"email":"y@example.com","twoFactor":{"methods":[{"method":"pigeon"}]}}""", "users[1].twoFactor.methods.method", "[invalid]users[1].twoFactor.methods.method")]
    public async Task One_wrong_user_stops_the_whole_import(string user, string field, string code)
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        (await Import(server, tenant, Json("""{"email":"held@example.com"}"""))).Is(200);
        var answer = await Import(server, tenant, Json("""{"email":"first@example.com"}"""), Json(user));
        Assert.Equal(code, answer.Is(400).FieldError(field));
        (await server.Get("/api/user?email=first@example.com", tenant: tenant)).Is(404);
    }

    [Fact]
    public async Task An_id_that_exists_anywhere_stops_the_import()
    {
        var server = await TestServer.Shared;
        var id = Guid.NewGuid();
        (await Import(server, await server.NewTenant(), Json($$"""{"id":"{{id}}","email":"a@example.com"}"""))).Is(200);
        var answer = await Import(server, await server.NewTenant(), Json($$"""{"id":"{{id}}","email":"a@example.com"}"""));
        Assert.Equal("[duplicate]users[0].id", answer.Is(400).FieldError("users[0].id"));
    }

    [Fact]
    public async Task Thousands_of_users_are_found_when_the_import_answers()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var hash = WithHash("salted-sha256", 1, "x");
        var users = Enumerable.Range(0, 3000).Select(i =>
        {
            var user = hash.DeepClone();
            user["email"] = $"user{i}@example.com";
            return user;
        }).ToArray();
        (await Import(server, tenant, users)).Is(200);
        Assert.Equal(3000, (int)(await server.Post("/api/user/search", new { search = new { queryString = "email:user*" } }, tenant: tenant)).Is(200).Body["total"]!);
        (await server.Post("/api/login", new { loginId = "user2999@example.com", password = "password" }, tenant: tenant)).Is(200);
    }

    [Fact]
    public async Task Bulk_removal_follows_ids_then_query_then_query_string()
    {
        var server = await TestServer.Shared;
        var (tenant, other) = (await server.NewTenant(), await server.NewTenant());
        (await Import(server, tenant, [.. Enumerable.Range(0, 5).Select(i => Json($$"""{"email":"u{{i}}@example.com","active":true}"""))])).Is(200);
        (await Import(server, other, Json("""{"email":"u0@example.com","active":true}"""))).Is(200);
        var first = (string)(await server.Get("/api/user?email=u0@example.com", tenant: tenant)).Body["user"]!["id"]!;
        var foreign = (string)(await server.Get("/api/user?email=u0@example.com", tenant: other)).Body["user"]!["id"]!;

        var dry = (await server.Delete("/api/user/bulk?queryString=email:u*&dryRun=true&limit=3", tenant: tenant)).Is(200).Body;
        Assert.Equal((true, false, 3), ((bool)dry["dryRun"]!, (bool)dry["hardDelete"]!, (int)dry["total"]!));
        Assert.True((bool)(await server.Get($"/api/user/{first}")).Body["user"]!["active"]!);

        // Ids win over the query string, and those of other tenants are none.
        var byId = (await server.Delete($"/api/user/bulk?userId={first}&userId={foreign}&queryString=*", tenant: tenant)).Is(200).Body;
        Assert.Equal(first, (string?)Assert.Single(byId["userIds"]!.AsArray()));
        Assert.False((bool)(await server.Get($"/api/user/{first}")).Body["user"]!["active"]!);
        Assert.True((bool)(await server.Get($"/api/user/{foreign}")).Body["user"]!["active"]!);

        var hard = (await server.Send(HttpMethod.Delete, "/api/user/bulk", new { hardDelete = true, query = """{"prefix":{"email":"u1"}}""", queryString = "*" }, tenant: tenant)).Is(200).Body;
        Assert.Equal(1, (int)hard["total"]!);
        (await server.Get("/api/user?email=u1@example.com", tenant: tenant)).Is(404);
        (await server.Delete("/api/user/bulk", tenant: tenant)).Is(400);
        (await server.Delete("/api/user/bulk?queryString=(", tenant: tenant)).Is(400);
    }

    private static Task<Answer> Import(TestServer server, Guid tenant, params JsonNode[] users) =>
        server.Post("/api/user/import", new JsonObject { ["users"] = new JsonArray(users) }, tenant: tenant);

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;
}
