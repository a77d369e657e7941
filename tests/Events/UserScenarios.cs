using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace OrleansAuth.Events;

/// <summary>What somebody does with a user, and the events that this raises once each.</summary>
internal sealed record UserScenario(ImmutableArray<string> Types, Func<UserEventWorld, Task> Act)
{
    /// <summary>Done before; what it tells does not count.</summary>
    public Func<UserEventWorld, Task>? Prepare { get; init; }

    /// <summary>Settings of the tenant, from its beginning.</summary>
    public object? Tenant { get; init; }
}

/// <summary>A scenario for every event of users and their tokens. One that is forgotten here is found by <see cref="UserEventTableTests"/>.</summary>
internal static class UserScenarios
{
    public static readonly ImmutableArray<string> Elsewhere =
    [
        // Of other slices, or of what this server has not got yet.
        EventTypes.UserBulkCreate, EventTypes.JwtPublicKeyUpdate,
    ];

    public static readonly ImmutableArray<UserScenario> All =
    [
        new([EventTypes.UserCreate, EventTypes.UserCreateComplete], async w => (await w.Create()).Is(200)),
        new([EventTypes.UserUpdate, EventTypes.UserUpdateComplete], async w => (await w.Change(new { firstName = "Ada" })).Is(200)),
        new([EventTypes.UserDeactivate, EventTypes.JwtRefreshTokenRevoke], async w => (await w.Delete($"/api/user/{w.User}")).Is(200)),
        new([EventTypes.UserReactivate], async w => (await w.Put($"/api/user/{w.User}?reactivate=true")).Is(200)) { Prepare = async w => (await w.Delete($"/api/user/{w.User}")).Is(200) },
        new([EventTypes.UserDelete, EventTypes.JwtRefreshTokenRevoke, EventTypes.UserDeleteComplete], async w => (await w.Delete($"/api/user/{w.User}?hardDelete=true")).Is(200)),
        new([EventTypes.UserUpdate, EventTypes.UserIdentityUpdate, EventTypes.UserEmailUpdate, EventTypes.UserUpdateComplete], async w => (await w.Change(new { email = $"{Guid.NewGuid():N}@example.com" })).Is(200)),
        new([EventTypes.UserIdentityVerified, EventTypes.UserEmailVerified], async w => (await w.Post("/api/identity/verify", new { loginId = w.Email, loginIdType = "email" })).Is(200)) { Tenant = new { emailConfiguration = new { verifyEmail = true } } },
        new([EventTypes.UserRegistrationCreate, EventTypes.UserRegistrationCreateComplete], async w => (await w.Post($"/api/user/registration/{w.User}", new { registration = new { applicationId = await w.Server.NewApplication(w.Tenant) } })).Is(200)),
        new([EventTypes.UserRegistrationUpdate, EventTypes.UserRegistrationUpdateComplete], async w => (await w.Put($"/api/user/registration/{w.User}", new { registration = new { applicationId = w.Application, roles = new[] { "writer" } } })).Is(200)),
        new([EventTypes.UserRegistrationDelete, EventTypes.JwtRefreshTokenRevoke, EventTypes.UserRegistrationDeleteComplete], async w => (await w.Delete($"/api/user/registration/{w.User}/{w.Application}")).Is(200)),
        new([EventTypes.UserRegistrationVerified], VerifyRegistration),
        new([EventTypes.UserLoginSuccess], async w => (await w.LogIn()).Is(200)),
        new([EventTypes.UserLoginFailed], async w => (await w.LogIn("wrong")).Is(404)),
        new([EventTypes.UserLoginSuccess, EventTypes.UserLoginNewDevice], async w => (await w.LogIn(agent: "Another")).Is(200)) { Prepare = async w => (await w.LogIn()).Is(200) },
        new([EventTypes.UserLoginSuccess, EventTypes.UserLoginNewDevice, EventTypes.UserLoginSuspicious], async w => (await w.LogIn("another password", agent: "Another")).Is(200)) { Prepare = ChangesHands },
        new([EventTypes.UserPasswordBreach, EventTypes.UserLoginSuccess], async w => (await w.LogIn()).Is(200)) { Prepare = w => w.Change("""{"tenant":{"passwordValidationRules":{"breachDetection":{"enabled":true,"onLogin":"RecordOnly"}}}}""") },
        new([EventTypes.UserUpdate, EventTypes.UserPasswordUpdate, EventTypes.JwtRefreshTokenRevoke, EventTypes.UserUpdateComplete], async w => (await w.Change(new { password = "another password" })).Is(200)),
        new([EventTypes.UserPasswordResetStart, EventTypes.UserPasswordResetSend], async w => await Forget(w)),
        new([EventTypes.UserPasswordResetStart], async w => (await w.Post("/api/user/forgot-password", new { loginId = w.Email, sendForgotPasswordEmail = false })).Is(200)),
        new([EventTypes.UserPasswordResetStart, EventTypes.UserPasswordResetSend, EventTypes.UserPasswordUpdate, EventTypes.UserPasswordResetSuccess, EventTypes.JwtRefreshTokenRevoke], async w => (await w.Post($"/api/user/change-password/{await Forget(w)}", new { password = "another password" })).Is(200)),
        new([EventTypes.UserTwoFactorMethodAdd], w => w.AddAuthenticator()),
        new([EventTypes.UserTwoFactorMethodRemove], async w => (await w.Delete($"/api/user/two-factor/{w.User}?methodId={await Method(w)}&administrative=true")).Is(200)) { Prepare = w => w.AddAuthenticator() },
        new([EventTypes.UserTwoFactorChallenge], async w => (await w.LogIn()).Is(242)) { Prepare = w => w.AddAuthenticator() },
        new([EventTypes.UserTwoFactorChallenge, EventTypes.UserTwoFactorFailedAttempt, EventTypes.UserTwoFactorSuccess, EventTypes.UserLoginSuccess], TwoFactors) { Prepare = w => w.AddAuthenticator() },
        new([EventTypes.UserLoginIdDuplicateCreate], async w => (await w.Create(w.Email)).Is(400)),
        new([EventTypes.UserLoginIdDuplicateUpdate], async w => (await w.Change(new { email = "taken@example.com" })).Is(400)) { Prepare = async w => (await w.Create("taken@example.com")).Is(200) },
        new([EventTypes.UserAction], async w => (await w.Post("/api/user/action", await Warning(w, broadcast: true))).Is(200)),
        new([], async w => (await w.Post("/api/user/action", await Warning(w, broadcast: false))).Is(200)),
        new([EventTypes.GroupMemberAdd, EventTypes.GroupMemberAddComplete], async w => (await w.Join(await w.NewGroup())).Is(200)),
        new([EventTypes.GroupMemberAdd, EventTypes.GroupMemberAddComplete, EventTypes.GroupMemberUpdate, EventTypes.GroupMemberUpdateComplete, EventTypes.GroupMemberRemove, EventTypes.GroupMemberRemoveComplete], Membership),
        new([EventTypes.UserLoginSuccess, EventTypes.JwtRefresh], async w => (await w.Post("/api/jwt/refresh", new { refreshToken = (string)(await w.LogIn()).Is(200).Body["refreshToken"]! })).Is(200)),
        new([EventTypes.UserLoginSuccess, EventTypes.JwtRefreshTokenRevoke], async w => (await w.Delete($"/api/jwt/refresh/{(string)(await w.LogIn()).Is(200).Body["refreshTokenId"]!}")).Is(200)),
        new([EventTypes.JwtRefreshTokenRevoke], async w => (await w.Delete($"/api/jwt/refresh?userId={w.User}")).Is(200)),
        new([EventTypes.UserIdentityProviderLink], async w => await Link(w)),
        new([EventTypes.UserIdentityProviderLink, EventTypes.UserIdentityProviderUnlink], async w => (await w.Delete($"/api/identity-provider/link?identityProviderId={await Link(w)}&identityProviderUserId=grace&userId={w.User}")).Is(200)),
    ];

    private static async Task<string> Forget(UserEventWorld world) =>
        (string)(await world.Post("/api/user/forgot-password", new { loginId = world.Email, sendForgotPasswordEmail = true })).Is(200).Body["changePasswordId"]!;

    private static async Task<string> Method(UserEventWorld world) => (string)(await world.Server.Get($"/api/user/{world.User}")).Body["user"]!["twoFactor"]!["methods"]![0]!["id"]!;

    /// <summary>A known device, and then a new password.</summary>
    private static async Task ChangesHands(UserEventWorld world)
    {
        (await world.LogIn()).Is(200);
        world.Wait();
        (await world.Change(new { password = "another password" })).Is(200);
        world.Wait();
    }

    private static async Task TwoFactors(UserEventWorld world)
    {
        var id = (string)(await world.LogIn()).Is(242).Body["twoFactorId"]!;
        world.Wait();
        (await world.Post("/api/two-factor/login", new { twoFactorId = id, code = "no code" })).Is(421);
        (await world.Post("/api/two-factor/login", new { twoFactorId = id, code = world.Code() })).Is(200);
    }

    private static async Task VerifyRegistration(UserEventWorld world)
    {
        var application = await world.Server.NewApplication(world.Tenant, new { verifyRegistration = true });
        var registered = (await world.Post($"/api/user/registration/{world.User}", new { registration = new { applicationId = application } })).Is(200);
        (await world.Post("/api/user/verify-registration", new { verificationId = (string)registered.Body["registrationVerificationId"]! })).Is(200);
    }

    private static async Task Membership(UserEventWorld world)
    {
        var group = await world.NewGroup();
        (await world.Join(group)).Is(200);
        (await world.Join(group, seat: 2)).Is(200);
        (await world.Delete($"/api/group/member?groupId={group}&userId={world.User}")).Is(200);
    }

    private static async Task<JsonObject> Warning(UserEventWorld world, bool broadcast)
    {
        var definition = (Guid)(await world.Server.Post("/api/user-action", new { userAction = new { name = $"Warning {Guid.NewGuid():N}" } })).Is(200).Body["userAction"]!["id"]!;
        return new JsonObject { ["broadcast"] = broadcast, ["action"] = new JsonObject { ["actioneeUserId"] = world.User, ["actionerUserId"] = world.User, ["userActionId"] = definition } };
    }

    private static async Task<Guid> Link(UserEventWorld world)
    {
        var provider = IdentityProviders.FederationWorld.Settings(world.Application, "https://login.example.com");
        var id = (Guid)(await world.Post("/api/identity-provider", new JsonObject { ["identityProvider"] = provider })).Is(200).Body["identityProvider"]!["id"]!;
        (await world.Post("/api/identity-provider/link", new { identityProviderLink = new { identityProviderId = id, identityProviderUserId = "grace", userId = world.User } })).Is(200);
        return id;
    }
}
