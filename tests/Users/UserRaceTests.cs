using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Recovery;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

public sealed class UserRaceTests
{
    [Fact]
    public async Task Of_two_thousand_creations_of_one_address_one_succeeds() => await OneOfMany(await TestServer.Shared);

    [Fact]
    public async Task Of_two_thousand_creations_of_one_address_one_succeeds_on_PostgreSQL()
    {
        var database = await (await PostgresFixture.Shared).NewDatabase();
        await using var server = await TestServer.Start(settings: [$"--Storage:ConnectionString={database}", $"--Secrets:MasterKey={Convert.ToBase64String(new byte[32])}"]);
        await OneOfMany(server);
    }

    private static async Task OneOfMany(TestServer server)
    {
        var grains = server.Services.GetRequiredService<IGrainFactory>();
        var tenant = await server.NewTenant();
        var user = JsonText.From(new { email = "Ada@Example.com" });
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => Task.Run(() =>
            grains.User(tenant, Guid.NewGuid()).Create(new CreateUser(user, null, SendSetPasswordEmail: true, SkipVerification: false, Actor.System)))));

        Assert.Single(outcomes, o => o.Value is not null);
        Assert.All(outcomes.Where(o => o.Refusal is not null), o => Assert.Equal("[duplicate]user.email", Assert.Single(o.Refusal!.Errors).Code));
        var found = await server.Services.GetRequiredService<IStore>().Query(
            "select id from user_search where tenant_id = @tenant", row => row.Guid("id"), default, ("tenant", tenant));
        Assert.Equal(outcomes.Single(o => o.Value is not null).Value!.Subject.UserId, Assert.Single(found));
    }

    [Fact]
    public async Task Patches_at_the_same_time_are_all_kept()
    {
        var server = await TestServer.Shared;
        var user = await Create(server, await server.NewTenant(), new { email = "ada@example.com" });
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
            Assert.Null((await user.Change(Merge(new { data = new Dictionary<string, int> { [$"m{i}"] = i } }))).Refusal))));
        var data = (await user.Read())!.User.Read<JsonObject>()["data"]!.AsObject();
        Assert.Equal(50, data.Count);
    }

    [Fact]
    public async Task A_profile_that_changes_while_the_password_does_keeps_both()
    {
        var server = await TestServer.Shared;
        var (tenant, id) = (await server.NewTenant(), Guid.NewGuid());
        var user = await Create(server, tenant, new { email = "ada@example.com" }, id);
        var patches = Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
            Assert.Null((await user.Change(Merge(new { data = new Dictionary<string, int> { [$"m{i}"] = i } }))).Refusal)));
        var password = Task.Run(async () => Assert.Null((await server.Services.GetRequiredService<IGrainFactory>().UserPassword(tenant, id).ChangePassword(new ChangePassword("another horse battery", null, Actor.System))).Refusal));
        await Task.WhenAll([.. patches, password]);
        Assert.Equal(20, (await user.Read())!.User.Read<JsonObject>()["data"]!.AsObject().Count);
        Assert.Equal(LoginStatus.Ok, (await user.Login(new Login("ada@example.com", [], "another horse battery", new LoginWish(null, Actor.System)))).Value!.Status);
    }

    [Fact]
    public async Task A_name_in_another_spelling_is_the_same_name()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        (await server.Post("/api/user", new { user = new { username = "\u00c9mile", password = "correct horse" } }, tenant: tenant)).Is(200);
        foreach (var spelling in (string[])["E\u0301mile", "e\u0301MILE", "\u00e9mile"])
            Assert.Equal("[duplicate]user.username", (await server.Post("/api/user", new { user = new { username = spelling, password = "correct horse" } }, tenant: tenant)).Is(400).FieldError("user.username"));
        (await server.Post("/api/user", new { user = new { username = "Emile", password = "correct horse" } }, tenant: tenant)).Is(200);
    }

    [Fact]
    public async Task A_grain_whose_copy_is_stale_keeps_what_another_wrote()
    {
        var server = await TestServer.Shared;
        var store = server.Services.GetRequiredService<IStore>();
        var (tenant, id) = (await server.NewTenant(), Guid.NewGuid());
        var user = await Create(server, tenant, new { email = "ada@example.com" }, id);

        // Another silo, which believed this one dead, wrote in between.
        var row = (await store.Read(UserKeys.State(id)))!;
        var stored = StoredUser.Read(row.Body);
        var other = stored with { User = stored.User with { LastName = "Lovelace" } };
        Assert.IsType<CommitResult.Committed>(await store.Apply(new Commit().PutUser(stored, other, row.Version, null)));

        var changed = (await user.Change(Merge(new { firstName = "Ada" }))).Value!.User.Read<User>();
        Assert.Equal(("Ada", "Lovelace"), (changed.FirstName, changed.LastName));
    }

    [Fact]
    public async Task Two_users_swap_addresses_through_a_third_name()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var first = await Create(server, tenant, new { email = "a@example.com" });
        var second = await Create(server, tenant, new { email = "b@example.com" });
        Assert.Equal("[duplicate]user.email", Assert.Single((await first.Change(Merge(new { email = "b@example.com" }))).Refusal!.Errors).Code);
        Assert.Equal("a@example.com", (await first.Read())!.User.Read<User>().Email);
        Assert.Null((await first.Change(Merge(new { email = "c@example.com" }))).Refusal);
        Assert.Null((await second.Change(Merge(new { email = "a@example.com" }))).Refusal);
        Assert.Null((await first.Change(Merge(new { email = "b@example.com" }))).Refusal);
        Assert.Equal("b@example.com", (await first.Read())!.User.Read<User>().Email);
    }

    [Fact]
    public async Task A_user_swaps_its_own_names()
    {
        var server = await TestServer.Shared;
        var user = await Create(server, await server.NewTenant(), new { email = "a@example.com", username = "b@example.com" });
        var swapped = (await user.Change(Merge(new { email = "b@example.com", username = "a@example.com" }))).Value!.User.Read<User>();
        Assert.Equal(("b@example.com", "a@example.com"), (swapped.Email, swapped.Username));
    }

    [Fact]
    public async Task Memberships_begin_and_end_and_leave_their_rows()
    {
        var server = await TestServer.Shared;
        var (tenant, id) = (await server.NewTenant(), Guid.NewGuid());
        var user = await Create(server, tenant, new { email = "ada@example.com" }, id);
        var (group, foreign) = (await NewGroup(server, tenant), await NewGroup(server, await server.NewTenant()));
        Assert.NotNull((await user.ChangeMemberships(new ChangeMemberships([new(foreign, Guid.NewGuid(), null)], [], Actor.System))).Refusal);

        var member = Guid.NewGuid();
        Assert.Null((await user.ChangeMemberships(new ChangeMemberships([new(group, member, JsonText.From(new { why = "test" }))], [], Actor.System))).Refusal);
        Assert.Equal(1, (int)(await server.Post("/api/user/search", new { search = new { queryString = $"memberships.groupId:{group}" } }, tenant: tenant)).Is(200).Body["total"]!);

        // Leaving and joining again in one change is one membership with a new id.
        var again = (await user.ChangeMemberships(new ChangeMemberships([new(group, Guid.NewGuid(), null)], [group], Actor.System))).Value!.User.Read<User>();
        Assert.NotEqual(member, Assert.Single(again.Memberships).Id);

        // The id of somebody else's membership is taken.
        var second = await Create(server, tenant, new { email = "b@example.com" });
        var refused = await second.ChangeMemberships(new ChangeMemberships([new(group, again.Memberships[0].Id!.Value, null)], [], Actor.System));
        Assert.Equal("[duplicate]memberId", Assert.Single(refused.Refusal!.Errors).Code);
        Assert.Empty((await user.ChangeMemberships(new ChangeMemberships([], [group], Actor.System))).Value!.User.Read<User>().Memberships);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart()
    {
        var server = await TestServer.Start();
        var folder = server.Folder;
        var (tenant, id) = (server.DefaultTenant, Guid.NewGuid());
        await Create(server, tenant, new JsonObject { ["email"] = "ada@example.com", ["data"] = new JsonObject { ["a"] = null } }, id);
        var again = await server.Restart();
        try
        {
            var user = (await again.Services.GetRequiredService<IGrainFactory>().User(tenant, id).Read())!.User.Read<JsonObject>();
            Assert.Equal("ada@example.com", (string?)user["email"]);
            Assert.True(user["data"]!.AsObject().ContainsKey("a"));
            Assert.NotNull((await again.Services.GetRequiredService<IGrainFactory>().User(tenant, Guid.NewGuid()).Create(
                new CreateUser(JsonText.From(new { email = "ada@example.com" }), null, true, false, Actor.System))).Refusal);
        }
        finally
        {
            await again.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Guid> NewGroup(TestServer server, Guid tenant) =>
        (Guid)(await server.Post("/api/group", new { group = new { name = Guid.NewGuid().ToString() } }, tenant: tenant)).Is(200).Body["group"]!["id"]!;

    private static ChangeUser Merge(object change) => new(ChangeKind.MergePatch, JsonText.From(change), null, false, false, Actor.System);

    private static async Task<IUserGrain> Create(TestServer server, Guid tenant, object user, Guid? id = null)
    {
        var grain = server.Services.GetRequiredService<IGrainFactory>().User(tenant, id ?? Guid.NewGuid());
        Assert.Null((await grain.Create(new CreateUser(JsonText.From(user), null, SendSetPasswordEmail: true, SkipVerification: false, Actor.System))).Refusal);
        return grain;
    }
}
