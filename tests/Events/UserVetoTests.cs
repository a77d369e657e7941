using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Hosting;
using OrleansAuth.Storage;

namespace OrleansAuth.Events;

/// <summary>Receivers that say no: the caller hears it, nothing is changed, and it can be tried again.</summary>
public sealed class UserVetoTests : IAsyncLifetime
{
    private AskedReceivers _receivers = null!;
    private TestServer _server = null!;
    private string? _refused;

    public async Task InitializeAsync()
    {
        _receivers = await AskedReceivers.Start();
        _receivers.Answer = asked => Task.FromResult(asked.Type == _refused ? 500 : 200);
        _server = await TestServer.Start(settings: "--Webhooks:AllowPrivateAddresses=true");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _receivers.DisposeAsync();
    }

    [Fact]
    public async Task A_user_who_is_refused_is_not_there_and_the_name_is_free()
    {
        var world = await World(EventTypes.UserCreate);
        var id = Guid.NewGuid();
        var refused = (await world.Post($"/api/user/{id}", new { user = new { email = "ada@example.com", password = UserEventWorld.Password } })).Is(504);
        Assert.Equal("[WebhookTransactionException]", refused.GeneralError);
        (await _server.Get($"/api/user/{id}")).Is(404);
        (await _server.Get("/api/user?email=ada@example.com", tenant: world.Tenant)).Is(404);
        Assert.Single(await world.Told(EventTypes.UserCreateComplete));
        _refused = null;
        (await world.Create("ada@example.com")).Is(200);
        Assert.Equal(2, (await world.Told(EventTypes.UserCreateComplete)).Count);
    }

    [Theory]
    [InlineData(EventTypes.UserUpdate)]
    [InlineData(EventTypes.UserDeactivate)]
    [InlineData(EventTypes.UserDelete)]
    [InlineData(EventTypes.UserIdentityUpdate)]
    [InlineData(EventTypes.UserRegistrationCreate)]
    [InlineData(EventTypes.UserRegistrationUpdate)]
    [InlineData(EventTypes.UserRegistrationDelete)]
    [InlineData(EventTypes.GroupMemberAdd)]
    [InlineData(EventTypes.UserIdentityVerified)]
    [InlineData(EventTypes.UserLoginSuccess)]
    [InlineData(EventTypes.UserLoginNewDevice)]
    [InlineData(EventTypes.JwtRefresh)]
    [InlineData(EventTypes.JwtRefreshTokenRevoke)]
    [InlineData(EventTypes.UserPasswordBreach)]
    public async Task A_refused_operation_answers_504_and_is_done_when_it_is_tried_again(string type)
    {
        var world = await World(type);
        var (operate, state) = Operation(type, world);
        if (type == EventTypes.JwtRefresh) operate = await Refreshing(world);
        if (type == EventTypes.UserLoginNewDevice) (await world.LogIn(agent: "Fox")).Is(200);
        if (type == EventTypes.UserPasswordBreach) await world.Change("""{"tenant":{"passwordValidationRules":{"breachDetection":{"enabled":true,"onLogin":"RecordOnly"}}}}""");
        world.Wait(1);
        var before = await state();

        Assert.Equal("[WebhookTransactionException]", (await operate()).Is(504).GeneralError);

        Assert.Equal(before, await state());
        _refused = null;
        (await operate()).Is(200);
        Assert.NotEqual(before, await state());
    }

    [Fact]
    public async Task A_failed_login_asks_nobody()
    {
        var world = await World(EventTypes.UserLoginFailed);
        (await world.LogIn("wrong")).Is(404);
        (await world.LogIn("wrong", "nobody@example.com")).Is(404);
        await world.One(EventTypes.UserLoginFailed);
        (await world.LogIn()).Is(200);
    }

    [Fact]
    public async Task Nobody_can_keep_an_action_from_ending()
    {
        var world = await World(EventTypes.UserAction);
        _refused = null;
        var definition = (Guid)(await _server.Post("/api/user-action", new { userAction = new { name = $"Ban {Guid.NewGuid():N}", temporal = true, preventLogin = true, sendEndEvent = true, transactionType = "AbsoluteMajority" } })).Is(200).Body["userAction"]!["id"]!;
        (await world.Post("/api/user/action", new { broadcast = true, action = new { actioneeUserId = world.User, actionerUserId = world.User, userActionId = definition, expiry = _server.Time.UtcNow.ToUnixTimeMilliseconds() + 60_000 } })).Is(200);
        _refused = EventTypes.UserAction;
        (await world.LogIn()).Is(409);
        world.Wait(61);
        var ends = _server.Services.GetRequiredService<ActionEnds>();
        Assert.Equal(1, await ends.Note());
        Assert.Equal(0, await ends.Note());
        Assert.Equal(["start", "end"], (await world.Told(EventTypes.UserAction)).Select(told => (string)told["phase"]!));
        Assert.Equal("2", await Succeeded(EventTypes.UserAction, world.Tenant));
        (await world.LogIn()).Is(200);
    }

    [Fact]
    public async Task All_tokens_of_an_application_are_revoked_with_one_event_that_can_be_refused()
    {
        var world = await World(EventTypes.JwtRefreshTokenRevoke);
        var token = (string)(await world.LogIn()).Is(200).Body["refreshToken"]!;
        foreach (var again in (bool[])[false, true])
        {
            Assert.Equal("[WebhookTransactionException]", (await world.Delete($"/api/jwt/refresh?applicationId={world.Application}")).Is(504).GeneralError);
            Assert.Equal(again ? "1" : "0", await Succeeded(EventTypes.JwtRefreshTokenRevoke, world.Tenant));
            if (!again) (await world.Post("/api/jwt/refresh", new { refreshToken = token })).Is(200);
            _refused = null;
            (await world.Delete($"/api/jwt/refresh?applicationId={world.Application}")).Is(200);
            (await world.Post("/api/jwt/refresh", new { refreshToken = token })).Is(400);
            _refused = EventTypes.JwtRefreshTokenRevoke;
        }

        var told = (await world.Told(EventTypes.JwtRefreshTokenRevoke))[^1];
        Assert.Equal(world.Application, (Guid)told["applicationId"]!);
        Assert.Equal(3600, (int)told["applicationTimeToLiveInSeconds"]![world.Application.ToString()]!);
    }

    /// <summary>A tenant where all must agree to one type, which they refuse as long as the test does not change its mind.</summary>
    private async Task<UserEventWorld> World(string type)
    {
        var world = await UserEventWorld.New(_server, new { emailConfiguration = new { verifyEmail = type == EventTypes.UserIdentityVerified } }, _receivers.Url(0), new Dictionary<string, string> { [type] = "AbsoluteMajority" });
        await world.WithUser();
        _refused = type;
        return world;
    }

    /// <summary>How often the type was told of what did happen.</summary>
    private async Task<string> Succeeded(string type, Guid tenant) => $"{(await _server.Services.GetRequiredService<IStore>().Query(
        "select id from webhook_event where tenant_id = @tenant and type = @type and result = 'Succeeded'", row => row.Guid("id"), default, ("tenant", tenant), ("type", type))).Count}";

    private static async Task<Func<Task<Answer>>> Refreshing(UserEventWorld world)
    {
        var token = (string)(await world.LogIn()).Is(200).Body["refreshToken"]!;
        return () => world.Post("/api/jwt/refresh", new { refreshToken = token });
    }

    /// <summary>What is tried, and where it shows that it was done.</summary>
    private (Func<Task<Answer>> Operate, Func<Task<string>> State) Operation(string type, UserEventWorld world)
    {
        var group = new Lazy<Task<Guid>>(world.NewGroup);
        Func<Task<Answer>> operate = type switch
        {
            EventTypes.UserUpdate => () => world.Change(new { firstName = "Ada" }),
            EventTypes.UserIdentityUpdate => () => world.Change(new { email = "new@example.com" }),
            EventTypes.UserDeactivate => () => world.Delete($"/api/user/{world.User}"),
            EventTypes.UserDelete => () => world.Delete($"/api/user/{world.User}?hardDelete=true"),
            EventTypes.UserRegistrationCreate => async () => await world.Post($"/api/user/registration/{world.User}", new { registration = new { applicationId = await _server.NewApplication(world.Tenant) } }),
            EventTypes.UserRegistrationUpdate => () => world.Put($"/api/user/registration/{world.User}", new { registration = new { applicationId = world.Application, roles = new[] { "writer" } } }),
            EventTypes.UserRegistrationDelete => () => world.Delete($"/api/user/registration/{world.User}/{world.Application}"),
            EventTypes.GroupMemberAdd => async () => await world.Join(await group.Value),
            EventTypes.UserIdentityVerified => () => world.Post("/api/identity/verify", new { loginId = world.Email, loginIdType = "email" }),
            EventTypes.JwtRefreshTokenRevoke => () => world.Delete($"/api/jwt/refresh?userId={world.User}"),
            _ => () => world.LogIn(agent: "Bear"),
        };
        return type is EventTypes.JwtRefresh or EventTypes.JwtRefreshTokenRevoke ? (operate, () => Succeeded(type, world.Tenant)) : (operate, async () => (await _server.Get($"/api/user/{world.User}")).Text);
    }
}
