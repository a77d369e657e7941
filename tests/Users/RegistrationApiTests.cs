using System.Net;
using OrleansAuth.Common;

namespace OrleansAuth.Users;

public sealed class RegistrationApiTests
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task A_registration_without_roles_gets_the_default_ones_and_is_there_once()
    {
        var (server, tenant, application, user) = await World();
        var path = $"/api/user/registration/{user}";
        var registration = (await server.Post(path, new { registration = new { applicationId = application, username = "Countess" } })).Is(200).Body["registration"]!;
        Assert.Equal("reader", (string?)Assert.Single(registration["roles"]!.AsArray()));
        Assert.True((bool)registration["verified"]!);
        Assert.Equal("[duplicate]registration", (await server.Post(path, new { registration = new { applicationId = application } })).Is(400).FieldError("registration"));
        Assert.Equal("Countess", (string?)(await server.Get($"{path}/{application}")).Is(200).Body["registration"]!["username"]);
        (await server.Get($"{path}/{application}", tenant: await server.NewTenant())).Is(404);
        Assert.Single((await server.Get($"/api/user/{user}", tenant: tenant)).Body["user"]!["registrations"]!.AsArray());
    }

    [Fact]
    public async Task Unknown_roles_and_applications_of_others_are_refused()
    {
        var (server, _, application, user) = await World();
        var path = $"/api/user/registration/{user}";
        var elsewhere = await server.NewApplication(await server.NewTenant());
        Assert.Equal("[invalid]registration.roles", (await server.Post(path, new { registration = new { applicationId = application, roles = new[] { "owner" } } })).Is(400).FieldError("registration.roles"));
        Assert.Equal("[invalid]registration.applicationId", (await server.Post(path, new { registration = new { applicationId = elsewhere } })).Is(400).FieldError("registration.applicationId"));
        Assert.Equal("[missing]registration.applicationId", (await server.Post(path, new { registration = new { } })).Is(400).FieldError("registration.applicationId"));
        (await server.Post($"/api/user/registration/{Guid.NewGuid()}", new { registration = new { applicationId = application } })).Is(404);
        (await server.Put(path, new { registration = new { applicationId = application } })).Is(404);
    }

    [Fact]
    public async Task A_user_and_a_registration_come_together_or_not_at_all()
    {
        var (server, tenant, application, _) = await World();
        object Body(string role) => new { user = new { email = "b@example.com", password = Password }, registration = new { applicationId = application, roles = new[] { role } } };
        Assert.Equal("[invalid]registration.roles", (await server.Post("/api/user/registration", Body("owner"), tenant: tenant)).Is(400).FieldError("registration.roles"));
        (await server.Get("/api/user?email=b@example.com", tenant: tenant)).Is(404);

        // The application says which tenant is meant.
        var created = (await server.Post("/api/user/registration", Body("writer"))).Is(200).Body;
        Assert.Equal(tenant, (Guid)created["user"]!["tenantId"]!);
        Assert.Equal("writer", (string?)created["registration"]!["roles"]![0]);
        Assert.NotNull(created["token"]);
    }

    [Fact]
    public async Task A_registration_is_replaced_patched_and_removed()
    {
        var (server, tenant, application, user) = await World();
        var path = $"/api/user/registration/{user}";
        var first = (await server.Post(path, new { registration = new { applicationId = application, username = "Countess" } })).Is(200).Body["registration"]!;
        var put = (await server.Put(path, new { registration = new { applicationId = application, roles = new[] { "writer" } } })).Is(200).Body["registration"]!;
        Assert.Equal((string?)first["id"], (string?)put["id"]);
        Assert.Null(put["username"]);
        var patched = (await server.Patch($"{path}/{application}", new { registration = new { roles = new[] { "reader" } } })).Is(200).Body["registration"]!;
        Assert.Equal(["writer", "reader"], patched["roles"]!.AsArray().Select(r => (string?)r));
        patched = (await server.Patch(path, new { registration = new { applicationId = application, roles = new[] { "reader" } } }, "application/merge-patch+json")).Is(200).Body["registration"]!;
        Assert.Equal(["reader"], patched["roles"]!.AsArray().Select(r => (string?)r));

        (await server.Delete($"{path}/{application}", tenant: await server.NewTenant())).Is(404);
        (await server.Delete($"{path}/{application}")).Is(HttpStatusCode.OK);
        (await server.Delete($"{path}/{application}")).Is(404);
        Assert.Equal(0, (int)(await server.Post("/api/user/search", new { search = new { queryString = $"registrations.applicationId:{application}" } }, tenant: tenant)).Body["total"]!);
    }

    [Fact]
    public async Task There_is_an_authentication_token_only_where_the_application_has_them()
    {
        var (server, tenant, application, user) = await World();
        var with = await server.NewApplication(tenant, new { authenticationTokenConfiguration = new { enabled = true } });
        Assert.Null((await server.Post($"/api/user/registration/{user}", new { generateAuthenticationToken = true, registration = new { applicationId = application } })).Is(200).Body["registration"]!["authenticationToken"]);
        Assert.NotNull((await server.Post($"/api/user/registration/{user}", new { generateAuthenticationToken = true, registration = new { applicationId = with } })).Is(200).Body["registration"]!["authenticationToken"]);
    }

    private static async Task<(TestServer Server, Guid Tenant, Guid Application, Guid User)> World()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var user = (await server.Post("/api/user", new { user = new { email = "ada@example.com", password = Password } }, tenant: tenant)).Is(200).Body["user"]!;
        return (server, tenant, await server.NewApplication(tenant), (Guid)user["id"]!);
    }
}
