using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Hosting;

namespace OrleansAuth.UserActions;

public sealed class TakenActionTests
{
    private const long Minute = 60_000;

    [Fact]
    public async Task An_action_is_taken_changed_and_cancelled_and_remembers_all_of_it()
    {
        var world = await ActionWorld.New(await TestServer.Shared);
        var code = $"C{Guid.NewGuid():N}";
        var reason = (Guid)(await world.Post("/api/user-action-reason", new { userActionReason = new { code, text = $"Text {code}" } })).Is(200).Body["userActionReason"]!["id"]!;

        var taken = (JsonObject)(await world.Take(new { expiry = world.Now + Minute, comment = "first", reasonId = reason })).Is(200).Body["action"]!;
        var id = (Guid)taken["id"]!;
        Assert.Equal((world.User, world.Actioner, world.Ban), ((Guid)taken["actioneeUserId"]!, (Guid)taken["actionerUserId"]!, (Guid)taken["userActionId"]!));
        Assert.Equal((code, $"Text {code}", world.Now + Minute), ((string?)taken["reasonCode"], (string?)taken["reason"], (long)taken["expiry"]!));
        Assert.StartsWith("Ban ", (string?)taken["name"], StringComparison.Ordinal);

        (await world.Modify(id, new { expiry = long.MaxValue, comment = "second" })).Is(200);
        var cancelled = (JsonObject)(await world.Cancel(id, "third")).Is(200).Body["action"]!;
        Assert.Equal(["first", "second", "third"], ActionWorld.History(cancelled).Select(h => (string?)h!["comment"]));
        Assert.Equal([world.Now + Minute, long.MaxValue, world.Now], ActionWorld.History(cancelled).Select(h => (long)h!["expiry"]!));
        Assert.All(ActionWorld.History(cancelled), h => Assert.Equal(["actionerUserId", "comment", "createInstant", "expiry"], h!.AsObject().Select(m => m.Key).Order()));
        Assert.Equal(cancelled.ToJsonString(), (await world.Read(id)).ToJsonString());
        Assert.Equal("[inactive]action", (await world.Modify(id, new { expiry = long.MaxValue })).Is(400).GeneralError);
        Assert.Equal("[inactive]action", (await world.Cancel(id)).Is(400).GeneralError);
    }

    [Fact]
    public async Task Lists_tell_what_is_in_force_from_what_is_not()
    {
        await using var server = await TestServer.Start();
        var world = await ActionWorld.New(server);
        var temporal = await ActionWorld.Define(server, new { name = $"T{Guid.NewGuid():N}", temporal = true });
        var plain = await ActionWorld.Define(server, new { name = $"P{Guid.NewGuid():N}", options = new[] { new { name = "one" } } });
        var once = await world.Taken(new { userActionId = plain, option = "one" });
        var passing = await world.Taken(new { userActionId = temporal, expiry = world.Now + Minute });
        var ban = await world.Taken(new { expiry = long.MaxValue });

        Assert.Equal([once, passing, ban], await Ids(""));
        Assert.Equal([passing, ban], await Ids("&active=true"));
        Assert.Equal([ban], await Ids("&preventingLogin=true"));
        Assert.Equal([once], await Ids("&active=false"));
        server.Time.UtcNow += TimeSpan.FromMinutes(1);
        Assert.Equal([ban], await Ids("&active=true"));
        Assert.Equal([once, passing], await Ids("&inactive=true"));

        async Task<IEnumerable<Guid>> Ids(string filter)
        {
            var wanted = (await world.List(filter)).Select(a => (Guid)a!["id"]!).ToList();
            return new[] { once, passing, ban }.Where(wanted.Contains);
        }
    }

    [Theory]
    [InlineData("""{}""", "action.expiry", "[blank]action.expiry")]
    [InlineData("""{"expiry":1}""", "action.expiry", "[invalid]action.expiry")]
    [InlineData("""{"expiry":9223372036854775807,"option":"x"}""", "action.option", "[invalid]action.option")]
    [InlineData("""{"expiry":9223372036854775807,"userActionId":"5d1b7c0e-0000-4000-8000-000000000001"}""", "action.userActionId", "[invalid]action.userActionId")]
    [InlineData("""{"expiry":9223372036854775807,"reasonId":"5d1b7c0e-0000-4000-8000-000000000001"}""", "action.reasonId", "[invalid]action.reasonId")]
    [InlineData("""{"expiry":9223372036854775807,"applicationIds":["5d1b7c0e-0000-4000-8000-000000000001"]}""", "action.applicationIds", "[invalid]action.applicationIds")]
    [InlineData("""{"expiry":9223372036854775807,"applicationIds":"x"}""", "action.applicationIds", "[couldNotConvert]action.applicationIds")]
    [InlineData("""{"expiry":9223372036854775807,"actionerUserId":"5d1b7c0e-0000-4000-8000-000000000001"}""", "action.actionerUserId", "[invalid]action.actionerUserId")]
    [InlineData("""{"expiry":9223372036854775807,"actioneeUserId":"5d1b7c0e-0000-4000-8000-000000000001"}""", "action.actioneeUserId", "[invalid]action.actioneeUserId")]
    public async Task What_the_definition_does_not_allow_is_refused(string action, string field, string code)
    {
        var world = await ActionWorld.New(await TestServer.Shared);
        Assert.Equal(code, (await world.Take(JsonNode.Parse(action)!)).Is(400).FieldError(field));
        Assert.Empty(await world.List());
    }

    [Fact]
    public async Task What_has_no_duration_can_be_neither_changed_nor_cancelled_and_has_its_option()
    {
        var server = await TestServer.Shared;
        var world = await ActionWorld.New(server);
        var plain = await ActionWorld.Define(server, new { name = $"P{Guid.NewGuid():N}", options = new[] { new { name = "one" } } });
        Assert.Equal("[blank]action.option", (await world.Take(new { userActionId = plain })).Is(400).FieldError("action.option"));
        Assert.Equal("[invalid]action.expiry", (await world.Take(new { userActionId = plain, option = "one", expiry = long.MaxValue })).Is(400).FieldError("action.expiry"));
        var id = await world.Taken(new { userActionId = plain, option = "one" });
        Assert.Equal("[notTemporal]action", (await world.Modify(id, new { expiry = long.MaxValue })).Is(400).GeneralError);
        Assert.Equal("[notTemporal]action", (await world.Cancel(id)).Is(400).GeneralError);
        Assert.Equal("one", (string?)(await world.Read(id))["option"]);
    }

    [Fact]
    public async Task JavaScripts_largest_number_means_for_ever()
    {
        var world = await ActionWorld.New(await TestServer.Shared);
        var taken = (await world.Post("/api/user/action", $$"""{"action":{"actioneeUserId":"{{world.User}}","actionerUserId":"{{world.Actioner}}","userActionId":"{{world.Ban}}","expiry":9223372036854776000} }""")).Is(200);
        Assert.Equal(long.MaxValue, (long)taken.Body["action"]!["expiry"]!);
    }

    [Fact]
    public async Task Another_tenant_sees_no_action_and_can_change_none()
    {
        var server = await TestServer.Shared;
        var (world, other) = (await ActionWorld.New(server), await ActionWorld.New(server));
        var id = await world.Taken(new { expiry = long.MaxValue });
        Assert.Equal("", (await server.Get($"/api/user/action/{id}", tenant: other.Tenant)).Is(404).Text);
        Assert.Equal("", (await server.Get($"/api/user/action?userId={world.User}", tenant: other.Tenant)).Is(404).Text);
        (await other.Modify(id, new { expiry = world.Now + Minute })).Is(404);
        (await other.Cancel(id)).Is(404);
        Assert.Equal("[invalid]action.actioneeUserId", (await other.Take(new { actioneeUserId = world.User, expiry = long.MaxValue })).Is(400).FieldError("action.actioneeUserId"));
        (await server.Get($"/api/user/action/{id}", key: "")).Is(401);
        Assert.Single(await world.List());
    }

    [Fact]
    public async Task The_end_is_noted_once_whoever_looks_and_also_after_a_restart()
    {
        var server = await TestServer.Start();
        var folder = server;
        try
        {
            var world = await ActionWorld.New(server);
            var id = await world.Taken(new { expiry = world.Now + Minute });
            Assert.Equal(0, await Note(server));
            server.Time.UtcNow += TimeSpan.FromMinutes(2);
            server = await server.Restart();

            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Note(server)));
            Assert.Equal(0, await Note(server));

            var action = (await server.Get($"/api/user/action/{id}", tenant: world.Tenant)).Is(200).Body["action"]!.AsObject();
            Assert.Equal(2, ActionWorld.History(action).Count);
            Assert.Equal(server.Time.UtcNow.ToUnixTimeMilliseconds(), (long)ActionWorld.History(action)[1]!["createInstant"]!);
        }
        finally
        {
            await server.DisposeAsync();
            await folder.DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_many_cancellations_at_once_one_succeeds()
    {
        var world = await ActionWorld.New(await TestServer.Shared);
        var id = await world.Taken(new { expiry = long.MaxValue });
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.Cancel(id)));
        Assert.Single(answers, a => (int)a.Status == 200);
        Assert.Equal(2, ActionWorld.History(await world.Read(id)).Count);
    }

    [Fact]
    public async Task The_log_leaves_with_the_user()
    {
        var world = await ActionWorld.New(await TestServer.Shared);
        var id = await world.Taken(new { expiry = long.MaxValue });
        (await world.Server.Delete($"/api/user/{world.User}?hardDelete=true", tenant: world.Tenant)).Is(200);
        (await world.Server.Get($"/api/user/action/{id}", tenant: world.Tenant)).Is(404);
    }

    private static Task<int> Note(TestServer server) => server.Services.GetRequiredService<ActionEnds>().Note();
}
