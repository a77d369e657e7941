using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Keys;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Tenants;

public sealed partial class TenantRemovalTests
{
    [Fact]
    public async Task The_tenant_of_the_administrators_stays()
    {
        var server = await TestServer.Shared;
        Assert.Equal("[defaultTenant]", (await server.Delete($"/api/tenant/{server.DefaultTenant}")).Is(400).GeneralError);
        Assert.Equal("[defaultTenant]", (await server.Delete($"/api/tenant/{server.DefaultTenant}?async=true")).Is(400).GeneralError);
        Assert.Equal("Active", (string)(await server.Get($"/api/tenant/{server.DefaultTenant}")).Is(200).Body["tenant"]!["state"]!);
        Assert.Equal("", (await server.Delete($"/api/tenant/{Guid.NewGuid()}")).Is(404).Text);
    }

    [Fact]
    public async Task Everything_in_a_tenant_leaves_with_it()
    {
        var server = await TestServer.Shared;
        var world = await Fill(server);
        Assert.Equal("", (await server.Delete($"/api/tenant/{world.Tenant}")).Is(200).Text);

        (await server.Get($"/api/tenant/{world.Tenant}")).Is(404);
        (await server.Get($"/api/application/{world.Application}")).Is(404);
        (await server.Get($"/api/group/{world.Group}")).Is(404);
        (await server.Get($"/api/user/{world.User}")).Is(404);
        (await server.Get($"/api/api-key/{world.ApiKey}")).Is(404);
        Assert.Equal("", (await server.Get("/api/application", world.ApiKeyValue)).Is(401).Text);
        (await server.Post("/api/login", new { loginId = world.Email, password = "a password of the tests" }, tenant: world.Tenant)).Is(400);
        Assert.Equal(0, await Left(server, world.Tenant));

        // Names, logins and ids are free again.
        (await server.Post($"/api/tenant/{world.Tenant}", new { tenant = new { name = $"Tenant {world.Tenant}" } })).Is(200);
        await Fill(server, world);
        (await server.Post("/api/login", new { loginId = world.Email, password = "a password of the tests" }, tenant: world.Tenant)).Is(200);
    }

    [Fact]
    public async Task A_removal_behind_the_answer_stops_the_tenant_at_once_and_comes_to_its_end()
    {
        var server = await TestServer.Shared;
        var world = await Fill(server);
        Assert.Equal("", (await server.Delete($"/api/tenant/{world.Tenant}?async=true")).Is(202).Text);
        (await server.Get("/api/application", world.ApiKeyValue)).Is(401);
        await server.Until(snapshot => snapshot.Find<Tenant>(world.Tenant) is null);
        (await server.Get($"/api/tenant/{world.Tenant}")).Is(404);
        (await server.Get($"/api/user/{world.User}")).Is(404);
        Assert.Equal(0, await Left(server, world.Tenant));
    }

    [Fact]
    public async Task A_tenant_that_is_being_removed_says_so_and_takes_nothing_new()
    {
        var server = await TestServer.Shared;
        var world = await Fill(server);
        await Mark(server, world.Tenant);

        Assert.Equal("PendingDelete", (string)(await server.Get($"/api/tenant/{world.Tenant}")).Is(200).Body["tenant"]!["state"]!);
        (await server.Get("/api/application", world.ApiKeyValue)).Is(401);
        (await server.Post("/api/application", new { application = new { name = "Late" } }, tenant: world.Tenant)).Is(400);
        (await server.Post("/api/application", new { sourceApplicationId = world.Application, application = new { name = "Late" } })).Is(400);
        (await server.Put($"/api/tenant/{world.Tenant}?reactivate=true", "{}")).Is(200);
        Assert.Equal("PendingDelete", (string)(await server.Get($"/api/tenant/{world.Tenant}")).Is(200).Body["tenant"]!["state"]!);
        (await server.Delete($"/api/tenant/{world.Tenant}")).Is(200);
        (await server.Get($"/api/tenant/{world.Tenant}")).Is(404);
    }

    [Fact]
    public async Task Many_who_remove_a_tenant_at_once_all_get_an_answer()
    {
        var server = await TestServer.Shared;
        var world = await Fill(server);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => server.Delete($"/api/tenant/{world.Tenant}")));
        Assert.Contains(200, answers.Select(a => (int)a.Status));
        Assert.All(answers, a => Assert.Contains((int)a.Status, (int[])[200, 404]));
        Assert.Equal(0, await Left(server, world.Tenant));
    }

    private static async Task<World> Fill(TestServer server, World? again = null)
    {
        var world = again ?? new World(await server.NewTenant(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), $"{Guid.NewGuid():N}@example.com", Guid.NewGuid().ToString("N"));
        (await server.Post($"/api/application/{world.Application}", new { application = new { name = "A", roles = new[] { new { name = "r" } } } }, tenant: world.Tenant)).Is(200);
        (await server.Post($"/api/group/{world.Group}", new { group = new { name = "G" } }, tenant: world.Tenant)).Is(200);
        (await server.Post($"/api/user/{world.User}", new { user = new { email = world.Email, password = "a password of the tests" }, skipVerification = true }, tenant: world.Tenant)).Is(200);
        (await server.Post($"/api/api-key/{world.ApiKey}", new { apiKey = new { tenantId = world.Tenant, key = world.ApiKeyValue } })).Is(200);
        (await server.Get("/api/application", world.ApiKeyValue)).Is(200);
        return world;
    }

    /// <summary>The first step of a removal, as a crash right after it leaves it.</summary>
    private static async Task Mark(TestServer server, Guid tenant)
    {
        var marked = await server.Services.GetRequiredService<IGrainFactory>().Configuration(Families.Tenants, tenant).Remove(new RemoveConfiguration(Hard: false, null, Actor.System));
        await server.Services.GetRequiredService<ConfigurationReader>().AtLeast(marked.Value!.Version);
    }

    private static async Task<long> Left(TestServer server, Guid tenant)
    {
        var store = server.Services.GetRequiredService<IStore>();
        var left = 0L;
        foreach (var table in (string[])["state", "claim", "user_search", "user_registration", "group_member", "refresh_token", "login_record", "user_comment"])
            left += (await store.Query($"select count(*) as n from {table} where tenant_id = @tenant", row => row.Long("n"), parameters: ("tenant", tenant)))[0];
        return left + server.Services.GetRequiredService<ConfigurationReader>().Current.All<ApiKey>().Count(k => k.TenantId == tenant);
    }

    private sealed record World(Guid Tenant, Guid Application, Guid Group, Guid User, Guid ApiKey, string Email, string ApiKeyValue);
}
