using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Users;

namespace OrleansAuth.Groups;

public sealed class GroupMemberApiTests
{
    private const string Path = "/api/group/member";

    [Fact]
    public async Task Members_join_with_their_data_and_are_shown_by_group()
    {
        var world = await World.New();
        var (group, user, member) = (await world.NewGroup(), await world.NewUser(), Guid.NewGuid());

        var joined = (await world.Post(Path, Members((group, [new { userId = user, id = member, data = new { seat = 7 } }])))).Is(200).Body["members"]![group.ToString()]!.AsArray();

        var only = Assert.Single(joined)!;
        Assert.Equal(member, (Guid)only["id"]!);
        Assert.Equal(user, (Guid)only["userId"]!);
        Assert.Equal(group, (Guid)only["groupId"]!);
        Assert.Equal(7, (int)only["data"]!["seat"]!);
        Assert.True((long)only["insertInstant"]! > 0);
        Assert.Equal([member], (await world.MembersOf(group)).Select(m => (Guid)m["id"]!));
    }

    [Fact]
    public async Task Joining_again_changes_the_data_and_keeps_the_membership()
    {
        var world = await World.New();
        var (group, user) = (await world.NewGroup(), await world.NewUser());
        await world.Join(group, user);
        var before = (await world.MembersOf(group)).Single();

        (await world.Post(Path, Members((group, [new { userId = user, data = new { seat = 8 } }])))).Is(200);

        var after = (await world.MembersOf(group)).Single();
        Assert.Equal((Guid)before["id"]!, (Guid)after["id"]!);
        Assert.Equal(8, (int)after["data"]!["seat"]!);
    }

    [Fact]
    public async Task A_replacement_leaves_exactly_those_it_names()
    {
        var world = await World.New();
        var (group, other) = (await world.NewGroup(), await world.NewGroup());
        Guid[] users = [await world.NewUser(), await world.NewUser(), await world.NewUser()];
        await world.Join(group, users[0], users[1]);
        await world.Join(other, users[0]);
        var kept = (await world.MembersOf(group)).Single(m => (Guid)m["userId"]! == users[1]);

        (await world.Put(Path, Members((group, [new { userId = users[1] }, new { userId = users[2] }])))).Is(200);

        var now = await world.MembersOf(group);
        Assert.Equal(users[1..].Order(), now.Select(m => (Guid)m["userId"]!).Order());
        Assert.Equal((Guid)kept["id"]!, (Guid)now.Single(m => (Guid)m["userId"]! == users[1])["id"]!);
        Assert.Equal([users[0]], (await world.MembersOf(other)).Select(m => (Guid)m["userId"]!));

        (await world.Put(Path, Members((group, [])))).Is(200);
        Assert.Empty(await world.MembersOf(group));
    }

    [Fact]
    public async Task A_replacement_can_give_a_membership_another_id()
    {
        var world = await World.New();
        var (group, user, id) = (await world.NewGroup(), await world.NewUser(), Guid.NewGuid());
        await world.Join(group, user);

        (await world.Put(Path, Members((group, [new { userId = user, id }])))).Is(200);

        Assert.Equal([id], (await world.MembersOf(group)).Select(m => (Guid)m["id"]!));
    }

    [Fact]
    public async Task Members_leave_by_their_id_by_group_and_user_and_by_group()
    {
        var world = await World.New();
        var group = await world.NewGroup();
        Guid[] users = [await world.NewUser(), await world.NewUser(), await world.NewUser(), await world.NewUser()];
        await world.Join(group, users);
        var first = (Guid)(await world.MembersOf(group)).Single(m => (Guid)m["userId"]! == users[0])["id"]!;

        Assert.Empty((await world.Delete($"{Path}/{first}")).Is(200).Text);
        (await world.Delete($"{Path}/{first}")).Is(404);
        (await world.Delete($"{Path}?groupId={group}&userId={users[1]}")).Is(200);
        (await world.Delete($"{Path}?groupId={group}&userId={users[1]}")).Is(404);
        Assert.Equal(users[2..].Order(), (await world.MembersOf(group)).Select(m => (Guid)m["userId"]!).Order());

        (await world.Delete($"{Path}?groupId={group}")).Is(200);
        Assert.Empty(await world.MembersOf(group));
    }

    [Fact]
    public async Task Members_leave_by_lists_in_the_body()
    {
        var world = await World.New();
        var group = await world.NewGroup();
        Guid[] users = [await world.NewUser(), await world.NewUser(), await world.NewUser()];
        await world.Join(group, users);
        var first = (Guid)(await world.MembersOf(group)).Single(m => (Guid)m["userId"]! == users[0])["id"]!;

        (await world.Send(HttpMethod.Delete, Path, new { memberIds = new[] { first, Guid.NewGuid() } })).Is(200);
        (await world.Send(HttpMethod.Delete, Path, new JsonObject { ["members"] = new JsonObject { [group.ToString()] = new JsonArray(users[1].ToString()) } })).Is(200);

        Assert.Equal([users[2]], (await world.MembersOf(group)).Select(m => (Guid)m["userId"]!));
        Assert.Equal("[missing]members", (await world.Send(HttpMethod.Delete, Path, new { })).Is(400).FieldError("members"));
        Assert.Equal("[couldNotConvert]memberIds", (await world.Send(HttpMethod.Delete, Path, new { memberIds = "all" })).Is(400).FieldError("memberIds"));
    }

    [Fact]
    public async Task Unknown_groups_and_users_are_named_and_nobody_joins()
    {
        var world = await World.New();
        var (group, user) = (await world.NewGroup(), await world.NewUser());

        Assert.Equal("[invalid]members.groupId", (await world.Post(Path, Members((Guid.NewGuid(), [new { userId = user }])))).Is(400).FieldError("members.groupId"));
        Assert.Equal("[invalid]members.userId", (await world.Post(Path, Members((group, [new { userId = user }, new { userId = Guid.NewGuid() }])))).Is(400).FieldError("members.userId"));
        Assert.Equal("[missing]members.userId", (await world.Post(Path, Members((group, [new { data = new { } }])))).Is(400).FieldError("members.userId"));
        Assert.Equal("[couldNotConvert]members.data", (await world.Post(Path, Members((group, [new { userId = user, data = "text" }])))).Is(400).FieldError("members.data"));
        Assert.Equal("[duplicate]members.userId", (await world.Post(Path, Members((group, [new { userId = user }, new { userId = user }])))).Is(400).FieldError("members.userId"));
        Assert.Equal("[missing]members", (await world.Post(Path, new { })).Is(400).FieldError("members"));
        Assert.Empty(await world.MembersOf(group));
    }

    [Fact]
    public async Task The_id_of_a_membership_is_used_once()
    {
        var world = await World.New();
        var (group, other, user, id) = (await world.NewGroup(), await world.NewGroup(), await world.NewUser(), Guid.NewGuid());
        (await world.Post(Path, Members((group, [new { userId = user, id }])))).Is(200);

        Assert.Equal("[duplicate]memberId", (await world.Post(Path, Members((other, [new { userId = user, id }])))).Is(400).FieldError("memberId"));
        Assert.Equal("[duplicate]memberId", (await world.Post(Path, Members((other, [new { userId = await world.NewUser(), id }])))).Is(400).FieldError("memberId"));

        // The refused ones left nothing behind that would be in the way.
        (await world.Post(Path, Members((other, [new { userId = user }])))).Is(200);
        (await world.Delete($"{Path}/{id}")).Is(200);
    }

    [Fact]
    public async Task Another_tenant_sees_and_changes_nothing()
    {
        var (mine, theirs) = (await World.New(), await World.New());
        var (group, user) = (await mine.NewGroup(), await mine.NewUser());
        await mine.Join(group, user);
        var member = (Guid)(await mine.MembersOf(group)).Single()["id"]!;

        Assert.Equal("[invalid]members.groupId", (await theirs.Post(Path, Members((group, [new { userId = await theirs.NewUser() }])))).Is(400).FieldError("members.groupId"));
        Assert.Equal("[invalid]members.userId", (await theirs.Post(Path, Members((await theirs.NewGroup(), [new { userId = user }])))).Is(400).FieldError("members.userId"));
        (await theirs.Delete($"{Path}/{member}")).Is(404);
        (await theirs.Delete($"{Path}?groupId={group}")).Is(404);
        (await theirs.Send(HttpMethod.Delete, Path, new { memberIds = new[] { member } })).Is(200);
        Assert.Equal(0, (int)(await theirs.Get($"{Path}/search?groupId={group}")).Is(200).Body["total"]!);
        Assert.Equal(0, (int)(await theirs.Get($"{Path}/search?tenantId={mine.Tenant}")).Is(200).Body["total"]!);
        Assert.Single(await mine.MembersOf(group));
        (await theirs.Get($"{Path}/search", "no-such-key")).Is(401);
    }

    [Fact]
    public async Task Two_that_join_a_user_at_once_make_one_membership()
    {
        var world = await World.New();
        var (group, other, user) = (await world.NewGroup(), await world.NewGroup(), await world.NewUser());

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => world.Post(Path, Members((i % 2 == 0 ? group : other, [new { userId = user }])))));

        Assert.All(answers, answer => answer.Is(200));
        Assert.Single(await world.MembersOf(group));
        Assert.Single(await world.MembersOf(other));
    }

    [Fact]
    public async Task Pages_of_a_search_hold_everybody_once_in_order()
    {
        var world = await World.New();
        var group = await world.NewGroup();
        var users = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => world.NewUser()));
        await world.Join(group, users);
        await world.Join(await world.NewGroup(), users[0]);

        var seen = new List<Guid>();
        for (var start = 0; start < 9; start += 3)
        {
            var page = (await world.Post($"{Path}/search", new { search = new { groupId = group, orderBy = "userId DESC", startRow = start, numberOfResults = 3 } })).Is(200).Body;
            Assert.Equal(7, (int)page["total"]!);
            seen.AddRange(page["members"]!.AsArray().Select(m => (Guid)m!["userId"]!));
        }

        Assert.Equal(users.OrderByDescending(u => u.ToString("N"), StringComparer.Ordinal), seen);
        Assert.Equal(2, (int)(await world.Get($"{Path}/search?userId={users[0]}")).Is(200).Body["total"]!);
        Assert.Equal(8, (int)(await world.Get($"{Path}/search")).Is(200).Body["total"]!);
        Assert.Equal("[invalid]search.orderBy", (await world.Get($"{Path}/search?orderBy=data")).Is(400).FieldError("search.orderBy"));
        Assert.Equal("[couldNotConvert]search.groupId", (await world.Get($"{Path}/search?groupId=1")).Is(400).FieldError("search.groupId"));
    }

    [Fact]
    public async Task A_group_that_goes_takes_its_memberships_along()
    {
        var world = await World.New();
        var (group, user) = (await world.NewGroup(), await world.NewUser());
        await world.Join(group, user);

        (await world.Delete($"/api/group/{group}")).Is(200);

        Assert.Equal(0, (int)(await world.Get($"{Path}/search?userId={user}")).Is(200).Body["total"]!);
    }

    private static JsonObject Members(params (Guid Group, object[] Members)[] groups) => new()
    {
        ["members"] = new JsonObject(groups.Select(g => KeyValuePair.Create(g.Group.ToString(), (JsonNode?)System.Text.Json.JsonSerializer.SerializeToNode(g.Members, ContractJson.Options)))),
    };

    private sealed record World(TestServer Server, Guid Tenant)
    {
        public static async Task<World> New()
        {
            var server = await TestServer.Shared;
            return new World(server, await server.NewTenant(new { passwordEncryptionConfiguration = new { encryptionScheme = "salted-sha256", encryptionSchemeFactor = 1 } }));
        }

        public Task<Answer> Send(HttpMethod method, string path, object? body) => Server.Send(method, path, body, tenant: Tenant);

        public Task<Answer> Post(string path, object body) => Send(HttpMethod.Post, path, body);

        public Task<Answer> Put(string path, object body) => Send(HttpMethod.Put, path, body);

        public Task<Answer> Get(string path, string? key = null) => Server.Get(path, key, Tenant);

        public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path, null);

        public async Task<Guid> NewGroup()
        {
            var id = Guid.NewGuid();
            (await Post($"/api/group/{id}", new { group = new { name = $"Group {id}" } })).Is(200);
            return id;
        }

        public async Task<Guid> NewUser()
        {
            var id = Guid.NewGuid();
            var created = await Server.Services.GetRequiredService<IGrainFactory>().User(Tenant, id).Create(new CreateUser(
                JsonText.From(new { username = id.ToString("N"), password = "correct horse" }), null, SendSetPasswordEmail: false, SkipVerification: true, Actor.System));
            Assert.Null(created.Refusal);
            return id;
        }

        public async Task Join(Guid group, params Guid[] users) =>
            (await Post(Path, Members((group, [.. users.Select(u => (object)new { userId = u })])))).Is(200);

        public async Task<List<JsonNode>> MembersOf(Guid group) =>
            [.. (await Get($"{Path}/search?groupId={group}")).Is(200).Body["members"]!.AsArray().Select(m => m!)];
    }
}
