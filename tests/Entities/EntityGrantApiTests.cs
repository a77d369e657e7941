using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Storage;

namespace OrleansAuth.Entities;

public sealed class EntityGrantApiTests
{
    [Fact]
    public async Task A_grant_is_made_replaced_shown_and_taken_away()
    {
        var world = await EntityWorld.New();
        var (target, user) = (EntityWorld.Id(await world.NewEntity("Target")), await world.NewUser());
        Assert.Equal("", (await world.Grant(target, new { userId = user, permissions = new[] { "write", "read" }, data = new { a = 1 } })).Is(200).Text);
        var grant = (JsonObject)(await world.Server.Get($"/api/entity/{target}/grant?userId={user}")).Is(200).Body["grant"]!;
        Assert.Equal((user, target, 1, """["read","write"]"""), ((Guid)grant["userId"]!, (Guid)grant["entity"]!["id"]!, (int)grant["data"]!["a"]!, grant["permissions"]!.ToJsonString()));
        Assert.False(grant.ContainsKey("recipientEntityId") || ((JsonObject)grant["entity"]!).ContainsKey("clientSecret"));

        (await world.Server.Put($"/api/entity/{target}/grant", new { grant = new { userId = user, permissions = new[] { "delete" } } })).Is(200);
        var after = (JsonObject)(await world.Server.Get($"/api/entity/{target}/grant?userId={user}")).Body["grant"]!;
        Assert.Equal(((Guid)grant["id"]!, (long)grant["insertInstant"]!, """["delete"]"""), ((Guid)after["id"]!, (long)after["insertInstant"]!, after["permissions"]!.ToJsonString()));
        Assert.False(after.ContainsKey("data"));

        Assert.Equal("", (await world.Server.Delete($"/api/entity/{target}/grant?userId={user}")).Is(200).Text);
        (await world.Server.Delete($"/api/entity/{target}/grant?userId={user}")).Is(404);
        Assert.Equal("", (await world.Server.Get($"/api/entity/{target}/grant?userId={user}")).Is(404).Text);
    }

    [Fact]
    public async Task All_grants_on_an_entity_are_listed()
    {
        var world = await EntityWorld.New();
        var (target, user, robot) = (EntityWorld.Id(await world.NewEntity()), await world.NewUser(), EntityWorld.Id(await world.NewEntity()));
        Assert.Empty((JsonArray)(await world.Server.Get($"/api/entity/{target}/grant")).Is(200).Body["grants"]!);
        await world.GrantEntity(target, robot, "read");
        (await world.Grant(target, new { userId = user, permissions = new[] { "write" } })).Is(200);
        var grants = (JsonArray)(await world.Server.Get($"/api/entity/{target}/grant")).Is(200).Body["grants"]!;
        Assert.Equal([robot.ToString()], grants.Select(g => (string?)g!["recipientEntityId"]).OfType<string>());
        Assert.Equal([user.ToString()], grants.Select(g => (string?)g!["userId"]).OfType<string>());
    }

    [Fact]
    public async Task A_user_and_an_entity_of_one_id_have_grants_of_their_own()
    {
        var world = await EntityWorld.New();
        var (target, user) = (EntityWorld.Id(await world.NewEntity()), await world.NewUser());
        (await world.Create(new { name = "Twin", type = new { id = world.Type } }, user)).Is(200);
        (await world.Grant(target, new { userId = user, permissions = new[] { "read" } })).Is(200);
        await world.GrantEntity(target, user, "write");
        Assert.Equal("read", await world.Held(target, $"userId={user}"));
        (await world.Server.Delete($"/api/entity/{user}")).Is(200);
        Assert.Equal("read", await world.Held(target, $"userId={user}"));
    }

    [Fact]
    public async Task Without_permissions_a_grant_has_the_default_ones_and_with_an_empty_list_none()
    {
        var world = await EntityWorld.New();
        var (target, user) = (EntityWorld.Id(await world.NewEntity()), await world.NewUser());
        (await world.Grant(target, new { userId = user })).Is(200);
        Assert.Equal("read", await world.Held(target, $"userId={user}"));
        (await world.Grant(target, new { userId = user, permissions = Array.Empty<string>() })).Is(200);
        Assert.Equal("", await world.Held(target, $"userId={user}"));
    }

    [Fact]
    public async Task What_makes_no_grant_is_refused_and_leaves_the_one_there_is()
    {
        var (world, other) = (await EntityWorld.New(), await EntityWorld.New());
        var (target, user) = (EntityWorld.Id(await world.NewEntity()), await world.NewUser());
        (await world.Grant(target, new { userId = user, permissions = new[] { "read" } })).Is(200);
        await Refused("[invalid]grant.permissions", new { userId = user, permissions = new[] { "read", "fly" } });
        await Refused("[invalid]grant.permissions", new { userId = user, permissions = new[] { "READ" } });
        await Refused("[missing]grant.userId", new { permissions = new[] { "read" } });
        await Refused("[invalid]grant.userId", new { userId = user, recipientEntityId = target });
        await Refused("[invalid]grant.userId", new { userId = Guid.NewGuid() });
        await Refused("[invalid]grant.userId", new { userId = await other.NewUser() });
        await Refused("[invalid]grant.recipientEntityId", new { recipientEntityId = EntityWorld.Id(await other.NewEntity()) });
        await Refused("[invalid]grant.recipientEntityId", new { recipientEntityId = user });
        await Refused("[couldNotConvert]grant.data", new { userId = user, data = 7 });
        Assert.Equal("[missing]grant", (await world.Server.Post($"/api/entity/{target}/grant", "{}")).Is(400).FieldError("grant"));
        Assert.Equal("[missing]userId", (await world.Server.Delete($"/api/entity/{target}/grant")).Is(400).FieldError("userId"));
        Assert.Equal("[couldNotConvert]userId", (await world.Server.Get($"/api/entity/{target}/grant?userId=x")).Is(400).FieldError("userId"));
        (await world.Grant(Guid.NewGuid(), new { userId = user })).Is(404);
        Assert.Equal("read", await world.Held(target, $"userId={user}"));

        async Task Refused(string code, object grant) => Assert.Equal(code, (await world.Grant(target, grant)).Is(400).FieldError(code[(code.IndexOf(']', StringComparison.Ordinal) + 1)..]));
    }

    [Fact]
    public async Task Another_tenant_sees_and_changes_nothing()
    {
        var (world, other) = (await EntityWorld.New(), await EntityWorld.New());
        var (target, user) = (EntityWorld.Id(await world.NewEntity()), await world.NewUser());
        (await world.Grant(target, new { userId = user, permissions = new[] { "read" } })).Is(200);
        var path = $"/api/entity/{target}/grant";
        (await world.Server.Get(path, tenant: other.Tenant)).Is(404);
        (await world.Server.Get($"{path}?userId={user}", tenant: other.Tenant)).Is(404);
        (await world.Server.Delete($"{path}?userId={user}", tenant: other.Tenant)).Is(404);
        (await world.Server.Post(path, new { grant = new { userId = user } }, tenant: other.Tenant)).Is(404);
        Assert.Equal(0, (int)(await world.Server.Get($"/api/entity/grant/search?userId={user}", tenant: other.Tenant)).Is(200).Body["total"]!);
        Assert.Equal("read", await world.Held(target, $"userId={user}"));
    }

    [Fact]
    public async Task Grants_go_with_the_entity_that_gives_them_with_the_one_that_holds_them_and_with_the_user()
    {
        var world = await EntityWorld.New();
        var (first, second, robot, user) = (EntityWorld.Id(await world.NewEntity()), EntityWorld.Id(await world.NewEntity()), EntityWorld.Id(await world.NewEntity()), await world.NewUser());
        foreach (var target in (Guid[])[first, second])
        {
            await world.GrantEntity(target, robot, "read");
            (await world.Grant(target, new { userId = user })).Is(200);
        }

        Assert.Equal((4, 4), await Rows(world));
        (await world.Server.Delete($"/api/entity/{first}")).Is(200);
        Assert.Equal((2, 2), await Rows(world));
        (await world.Server.Delete($"/api/entity/{robot}")).Is(200);
        Assert.Equal((1, 1), await Rows(world));
        (await world.Server.Delete($"/api/user/{user}")).Is(200);
        Assert.Equal((1, 1), await Rows(world));
        (await world.Server.Delete($"/api/user/{user}?hardDelete=true")).Is(200);
        Assert.Equal((0, 0), await Rows(world));
    }

    [Fact]
    public async Task Two_who_grant_the_same_at_once_leave_one_grant_whole()
    {
        var world = await EntityWorld.New();
        var (target, user) = (EntityWorld.Id(await world.NewEntity()), await world.NewUser());
        string[][] wanted = [["read", "write"], ["delete"]];
        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 12).Select(i => world.Grant(target, new { userId = user, permissions = wanted[i % 2] })))) answer.Is(200);
        Assert.Contains(await world.Held(target, $"userId={user}"), (string[])["read write", "delete"]);
        Assert.Equal(1, (await Rows(world)).Grants);
    }

    [Fact]
    public async Task No_grant_outlives_an_entity_or_user_that_is_removed_in_the_same_moment()
    {
        var world = await EntityWorld.New();
        for (var round = 0; round < 5; round++)
        {
            var (target, user, robot) = (EntityWorld.Id(await world.NewEntity()), await world.NewUser(), EntityWorld.Id(await world.NewEntity()));
            await Task.WhenAll(
                world.Grant(target, new { userId = user }), world.Grant(target, new { recipientEntityId = robot }),
                world.Server.Delete($"/api/user/{user}?hardDelete=true"), world.Server.Delete($"/api/entity/{robot}"), world.Grant(robot, new { userId = user }));
        }

        Assert.Equal((0, 0), await Rows(world));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Grants_are_searched_by_entity_user_and_name_in_pages(bool onPostgres)
    {
        await using var server = await EntityWorld.NewServer(onPostgres);
        var world = await EntityWorld.New(server);
        var (user, robot) = (await world.NewUser(), EntityWorld.Id(await world.NewEntity("Robot")));
        var targets = new List<Guid>();
        foreach (var name in (string[])["Alpha 100%", "Beta", "Gamma"])
        {
            targets.Add(EntityWorld.Id(await world.NewEntity(name)));
            (await world.Grant(targets[^1], new { userId = user })).Is(200);
        }

        await world.GrantEntity(targets[0], robot, "write");
        Assert.Equal("2: Alpha 100%, Alpha 100%", await Search($"entityId={targets[0]}"));
        Assert.Equal("3: Alpha 100%, Beta, Gamma", await Search($"userId={user}"));
        Assert.Equal("3: Gamma, Beta", await Search($"userId={user}&orderBy=name%20DESC&numberOfResults=2"));
        Assert.Equal("3: Alpha 100%", await Search($"userId={user}&orderBy=name%20DESC&numberOfResults=2&startRow=2"));
        Assert.Equal("1: Alpha 100%", await Search($"recipientEntityId={robot}"));
        Assert.Equal("2: Alpha 100%, Alpha 100%", await Search("name=0%25"));
        Assert.Equal("1: Beta", await Search("name=b*a"));
        Assert.Equal("0: ", await Search("name=_"));
        var posted = (await world.Server.Post("/api/entity/grant/search", new { search = new { userId = user, name = "gam" } }, tenant: world.Tenant)).Is(200);
        Assert.Equal((1, """["read"]"""), ((int)posted.Body["total"]!, posted.Body["grants"]![0]!["permissions"]!.ToJsonString()));
        Assert.Equal("[invalid]search.orderBy", (await world.Server.Get("/api/entity/grant/search?orderBy=data")).Is(400).FieldError("search.orderBy"));
        Assert.Equal("[couldNotConvert]search.userId", (await world.Server.Get("/api/entity/grant/search?userId=x")).Is(400).FieldError("search.userId"));

        async Task<string> Search(string query)
        {
            var body = (await world.Server.Get($"/api/entity/grant/search?{query}", tenant: world.Tenant)).Is(200).Body;
            return $"{(int)body["total"]!}: {string.Join(", ", ((JsonArray)body["grants"]!).Select(g => (string)g!["entity"]!["name"]!))}";
        }
    }

    private static async Task<(int Grants, int Permissions)> Rows(EntityWorld world)
    {
        var store = world.Server.Services.GetRequiredService<IStore>();
        return (await Count("entity_grant"), await Count("entity_grant_permission"));

        async Task<int> Count(string table) =>
            (int)(await store.Query($"select count(*) as total from {table} where tenant_id = @tenant", row => row.Long("total"), default, ("tenant", world.Tenant)))[0];
    }
}
