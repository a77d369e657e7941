using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;

namespace OrleansAuth.Events;

/// <summary>What events of users say, to whom, and what is no event.</summary>
public sealed class UserEventTests
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task A_registration_tells_user_and_registration_in_their_order()
    {
        var world = await UserEventWorld.New(await TestServer.Shared);
        await world.WithUser();
        Assert.Equal([EventTypes.UserCreate, EventTypes.UserRegistrationCreate, EventTypes.UserCreateComplete, EventTypes.UserRegistrationCreateComplete], await world.Types());
        var told = await world.Told();
        var shown = (await world.Server.Get($"/api/user/{world.User}")).Is(200).Body["user"]!.AsObject();
        shown.Remove("encryptionScheme");
        shown["twoFactor"]?.AsObject().Remove("recoveryCodes");
        shown["registrations"]![0]!.AsObject().Remove("tokens");
        Assert.All(told, e => Assert.True(JsonNode.DeepEquals(shown, e["user"]), $"{e["user"]} is not {shown}"));
        Assert.Equal(world.Application, (Guid)told[1]["applicationId"]!);
        Assert.True(JsonNode.DeepEquals(shown["registrations"]![0], told[1]["registration"]));
        Assert.Equal("127.0.0.1", (string?)told[0]["info"]!["ipAddress"]);
        Assert.Equal(4, told.Select(e => (Guid)e["id"]!).Distinct().Count());
    }

    [Fact]
    public async Task A_change_tells_what_was_before_and_what_names_are_new()
    {
        var world = await (await UserEventWorld.New(await TestServer.Shared)).WithUser();
        (await world.Change(new { firstName = "Ada" })).Is(200);
        var update = await world.One(EventTypes.UserUpdate);
        Assert.Null(update["original"]!["firstName"]);
        Assert.Equal("Ada", (string?)update["user"]!["firstName"]);
        Assert.Empty(await world.Told(EventTypes.UserIdentityUpdate, EventTypes.UserEmailUpdate, EventTypes.UserPasswordUpdate));

        (await world.Change(new { email = "new@example.com", username = "ada" })).Is(200);
        var names = await world.Told(EventTypes.UserIdentityUpdate);
        Assert.Equal(["email", "username"], names.Select(e => (string)e["loginIdType"]!));
        Assert.Equal([world.Email, null], names.Select(e => (string?)e["previousLoginId"]));
        Assert.Equal(["new@example.com", "ada"], names.Select(e => (string)e["newLoginId"]!));
        Assert.Equal(world.Email, (string?)(await world.One(EventTypes.UserEmailUpdate))["previousEmail"]);
    }

    [Fact]
    public async Task A_refused_change_raises_nothing()
    {
        var world = await (await UserEventWorld.New(await TestServer.Shared)).WithUser();
        var before = await world.Types();
        (await world.Change(new { email = "no address" })).Is(400);
        (await world.Change(new { password = "x" })).Is(400);
        (await world.Post("/api/user", new { user = new { email = "somebody@example.com", password = "x" } })).Is(400);
        (await world.Post($"/api/user/registration/{world.User}", new { registration = new { applicationId = world.Application } })).Is(400);
        (await world.Delete($"/api/user/registration/{world.User}/{Guid.NewGuid()}")).Is(404);
        (await world.Put($"/api/user/{Guid.NewGuid()}", new { user = new { email = "nobody@example.com" } })).Is(404);
        (await world.Post("/api/jwt/refresh", new { refreshToken = "invented" })).Is(400);
        Assert.Equal(before, await world.Types());
    }

    [Fact]
    public async Task Another_tenants_receivers_hear_nothing()
    {
        await using var server = await TestServer.Start();
        var (world, other) = (await UserEventWorld.New(server), await UserEventWorld.New(server));
        await world.WithUser();
        (await world.LogIn()).Is(200);
        Assert.Empty(await other.Told());
        Assert.All(await Queues(server, world.Tenant), queue => Assert.Equal(EventCommit.QueueOf(world.Webhook), queue));
    }

    [Fact]
    public async Task Where_nobody_receives_anything_nothing_is_written()
    {
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant(new { eventConfiguration = new { events = EventTypes.All.ToDictionary(type => type, _ => new { enabled = true }) } });
        var application = await server.NewApplication(tenant);
        (await server.Post("/api/user/registration", new { user = new { email = "ada@example.com", password = UserEventWorld.Password }, registration = new { applicationId = application } }, tenant: tenant)).Is(200);
        (await server.Post("/api/login", new { loginId = "ada@example.com", password = UserEventWorld.Password, applicationId = application }, tenant: tenant)).Is(200);
        Assert.Empty(await server.Services.GetRequiredService<IStore>().Query("select id from webhook_event where tenant_id = @tenant", row => row.Guid("id"), default, ("tenant", tenant)));
        var logins = await server.Services.GetRequiredService<IStore>().Query("select body from state where kind = 'user-login' and tenant_id = @tenant", row => row.Bytes("body"), default, ("tenant", tenant));
        Assert.DoesNotContain("devices", System.Text.Encoding.UTF8.GetString(Assert.Single(logins)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_signs_somebody_in_is_in_no_event()
    {
        var world = await UserEventWorld.New(await TestServer.Shared);
        (await world.Server.Patch($"/api/application/{world.Application}", new { application = new { authenticationTokenConfiguration = new { enabled = true } } }, tenant: world.Tenant)).Is(200);
        await world.WithUser();
        const string token = "a token that signs in";
        var answer = (await world.Put($"/api/user/registration/{world.User}", new { registration = new { applicationId = world.Application, authenticationToken = token } })).Is(200);
        Assert.Equal(token, (string?)answer.Body["registration"]!["authenticationToken"]);
        await world.AddAuthenticator();
        (await world.Change(new { firstName = "Ada" })).Is(200);
        var told = await world.Told();
        Assert.NotEmpty(told);
        Assert.All(told, e => Assert.DoesNotContain(token, e.ToJsonString(), StringComparison.Ordinal));
        Assert.All(told, e => Assert.DoesNotMatch("authenticationToken|\"secret\"|recoveryCodes|\"salt\"|encryptionScheme", e.ToJsonString()));
    }

    [Fact]
    public async Task Of_many_who_take_a_name_at_once_one_is_told_to_have_it()
    {
        var world = await UserEventWorld.New(await TestServer.Shared);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.Create("wanted@example.com")));
        Assert.Single(answers, a => (int)a.Status == 200);
        await world.One(EventTypes.UserCreateComplete);
        Assert.All(await world.Told(EventTypes.UserLoginIdDuplicateCreate), e =>
        {
            Assert.Equal("wanted@example.com", (string?)e["duplicateEmail"]);
            Assert.Equal("wanted@example.com", (string?)e["existing"]!["email"]);
            Assert.NotEqual((Guid)e["existing"]!["id"]!, (Guid)e["user"]!["id"]!);
        });
    }

    [Fact]
    public async Task An_action_is_told_from_its_beginning_to_its_end()
    {
        await using var server = await TestServer.Start();
        var world = await (await UserEventWorld.New(server)).WithUser();
        var definition = (Guid)(await server.Post("/api/user-action", new { userAction = new { name = "Ban", temporal = true, preventLogin = true } })).Is(200).Body["userAction"]!["id"]!;
        var (start, later) = (server.Time.UtcNow.ToUnixTimeMilliseconds() + 60_000, server.Time.UtcNow.ToUnixTimeMilliseconds() + 120_000);
        var taken = (await world.Post("/api/user/action", new { broadcast = true, action = new { actioneeUserId = world.User, actionerUserId = world.User, userActionId = definition, expiry = start, comment = "rude" } })).Is(200);
        var id = (Guid)taken.Body["action"]!["id"]!;
        (await world.Put($"/api/user/action/{id}", new { broadcast = true, action = new { actionerUserId = world.User, expiry = later } })).Is(200);
        (await server.Send(HttpMethod.Delete, $"/api/user/action/{id}", new { broadcast = true, action = new { actionerUserId = world.User } }, tenant: world.Tenant)).Is(200);

        var told = await world.Told(EventTypes.UserAction);
        Assert.Equal(["start", "modify", "cancel"], told.Select(e => (string)e["phase"]!));
        Assert.Equal("Ban", (string?)told[0]["action"]);
        Assert.Equal(id, (Guid)told[0]["actionId"]!);
        Assert.Equal("rude", (string?)told[0]["comment"]);
        Assert.False((bool)told[0]["emailedUser"]!);
        Assert.Equal([start, later], told.Take(2).Select(e => (long)e["expiry"]!));
        Assert.Equal(["60 seconds", "2 minutes", null], told.Select(e => (string?)e["localizedDuration"]));
    }

    [Fact]
    public async Task The_mail_about_an_action_is_in_its_event_as_the_user_gets_it()
    {
        await using var server = await TestServer.Start(settings: "--environment=Development");
        var world = await (await UserEventWorld.New(server)).WithUser();
        var template = (Guid)(await server.Post("/api/email/template", new { emailTemplate = new { name = "Banned", fromEmail = "acme@example.com", defaultSubject = "Banned", defaultTextTemplate = "For {{localizedDuration}}: {{comment}}", defaultHtmlTemplate = "<p>{{comment}}</p>" } })).Is(200).Body["emailTemplate"]!["id"]!;
        var definition = (Guid)(await server.Post("/api/user-action", new { userAction = new { name = "Ban", temporal = true, userEmailingEnabled = true, startEmailTemplateId = template } })).Is(200).Body["userAction"]!["id"]!;
        var body = new { broadcast = true, action = new { actioneeUserId = world.User, actionerUserId = world.User, userActionId = definition, expiry = server.Time.UtcNow.ToUnixTimeMilliseconds() + 259_200_000, comment = "a < b", emailUser = true } };
        (await world.Post("/api/user/action", body)).Is(200);

        var told = await world.One(EventTypes.UserAction);
        Assert.True((bool)told["emailedUser"]!);
        Assert.Equal("""{"from":{"address":"acme@example.com"},"html":"<p>a &lt; b</p>","subject":"Banned","text":"For 3 days: a < b","to":[{"address":"ADDRESS"}]}""", told["email"]!.ToJsonString(Plain).Replace(world.Email, "ADDRESS", StringComparison.Ordinal));
    }

    private static Task<IReadOnlyList<string>> Queues(TestServer server, Guid tenant) => server.Services.GetRequiredService<IStore>().Query(
        "select queue from outbox where tenant_id = @tenant and event_id is not null", row => row.Text("queue"), default, ("tenant", tenant));
}
