using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Mfa;
using OrleansAuth.Recovery;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

/// <summary>A tenant that tells everything, and in it an application and a user who is registered for it.</summary>
internal sealed class UserEventWorld
{
    public const string Password = "password1";
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];

    private readonly EventWorld _events;

    private UserEventWorld(TestServer server, EventWorld events) => (Server, _events) = (server, events);

    public TestServer Server { get; }

    public Guid Tenant => _events.Tenant;

    public Guid Webhook => _events.Webhook;

    public Guid Application { get; private set; }

    public Guid User { get; private set; }

    public string Email { get; } = $"{Guid.NewGuid():N}@example.com";

    /// <param name="tenant">Settings of the tenant.</param>
    public static async Task<UserEventWorld> New(TestServer server, object? tenant = null, string url = "http://127.0.0.1:9/", IReadOnlyDictionary<string, string>? transactions = null)
    {
        var world = new UserEventWorld(server, await EventWorld.Start(server, url, transactions));
        var settings = RecoveryWorld.Merge(new { passwordEncryptionConfiguration = new { encryptionScheme = "salted-sha256", encryptionSchemeFactor = 1 } }, tenant);
        (await server.Patch($"/api/tenant/{world.Tenant}", new JsonObject { ["tenant"] = settings }, "application/merge-patch+json")).Is(200);
        world.Application = await server.NewApplication(world.Tenant);
        return world;
    }

    /// <summary>The user, registered for the application.</summary>
    public async Task<UserEventWorld> WithUser()
    {
        User = (Guid)(await Register(Email)).Is(200).Body["user"]!["id"]!;
        return this;
    }

    public Task<Answer> Register(string email) => Post("/api/user/registration", new { user = new { email, password = Password }, registration = new { applicationId = Application } });

    /// <summary>Another user, without a registration.</summary>
    public Task<Answer> Create(string? email = null) => Post("/api/user", new { user = new { email = email ?? $"{Guid.NewGuid():N}@example.com", password = Password } });

    public Task<Answer> Post(string path, object body, string? agent = null) =>
        Server.Send(HttpMethod.Post, path, body, tenant: Tenant, headers: agent is null ? [] : [("User-Agent", agent)]);

    public Task<Answer> Put(string path, object? body = null) => Server.Put(path, body, tenant: Tenant);

    public Task<Answer> Delete(string path) => Server.Delete(path, tenant: Tenant);

    public Task<Answer> Change(object user) => Server.Patch($"/api/user/{User}", new { user }, tenant: Tenant);

    public async Task Change(string settings) => (await Server.Patch($"/api/tenant/{Tenant}", settings, "application/merge-patch+json")).Is(200);

    public Task<Answer> LogIn(string password = Password, string? loginId = null, string agent = "Tests") =>
        Post("/api/login", new { loginId = loginId ?? Email, password, applicationId = Application }, agent);

    public async Task<Guid> NewGroup() => (Guid)(await Post("/api/group", new { group = new { name = $"{Guid.NewGuid():N}" } })).Is(200).Body["group"]!["id"]!;

    public Task<Answer> Join(Guid group, int seat = 1) => Post("/api/group/member", new { members = new Dictionary<string, object[]> { [group.ToString()] = [new { userId = User, data = new { seat } }] } });

    public async Task<string> AddAuthenticator()
    {
        (await Post($"/api/user/two-factor/{User}", new { method = "authenticator", code = Code(), secret = Convert.ToBase64String(Secret) })).Is(200);
        return (string)(await Server.Get($"/api/user/{User}")).Is(200).Body["user"]!["twoFactor"]!["methods"]![0]!["id"]!;
    }

    public string Code(int steps = 0) => Totp.Code(Secret, Totp.Step(Server.Time.UtcNow.ToUnixTimeMilliseconds(), 30) + steps, TotpAlgorithm.HmacSHA1, 6);

    public void Wait(int seconds = 60) => Server.Time.UtcNow += TimeSpan.FromSeconds(seconds);

    /// <summary>What the tenant has told, but for its logs.</summary>
    public async Task<IReadOnlyList<JsonObject>> Told(params string[] types) => [.. (await _events.Told(types)).Where(told => !EventTypes.OfSystem.Contains((string)told["type"]!))];

    public async Task<IReadOnlyList<string>> Types() => [.. (await Told()).Select(told => (string)told["type"]!)];

    /// <summary>The one event of a type.</summary>
    public async Task<JsonObject> One(string type) => Assert.Single(await Told(type));
}
