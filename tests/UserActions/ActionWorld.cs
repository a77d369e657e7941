using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.UserActions;

/// <summary>A tenant with an application and a user who is registered for it, and an action that prevents logins.</summary>
internal sealed class ActionWorld
{
    public const string Password = "correct horse battery";

    private ActionWorld(TestServer server) => Server = server;

    public TestServer Server { get; }

    public Guid Tenant { get; private set; }

    public Guid Application { get; private set; }

    public Guid User { get; private set; } = Guid.NewGuid();

    public Guid Actioner { get; private set; }

    /// <summary>Temporal, prevents logins.</summary>
    public Guid Ban { get; private set; }

    public string Email { get; private set; } = $"{Guid.NewGuid():N}@example.com";

    public long Now => Server.Time.UtcNow.ToUnixTimeMilliseconds();

    public static async Task<ActionWorld> New(TestServer server, Action<JsonObject, ActionWorld>? tenant = null)
    {
        var world = new ActionWorld(server) { Ban = await Define(server, new { name = $"Ban {Guid.NewGuid():N}", temporal = true, preventLogin = true }) };
        var settings = new JsonObject { ["passwordEncryptionConfiguration"] = new JsonObject { ["encryptionScheme"] = "salted-sha256", ["encryptionSchemeFactor"] = 1 } };
        tenant?.Invoke(settings, world);
        world.Tenant = await server.NewTenant(settings);
        world.Application = await server.NewApplication(world.Tenant);
        (await world.Post($"/api/user/registration/{world.User}", new { user = new { email = world.Email, username = "u" + world.User.ToString("N"), password = Password }, registration = new { applicationId = world.Application } })).Is(200);
        world.Actioner = (Guid)(await world.Post("/api/user", new { user = new { email = $"{Guid.NewGuid():N}@example.com", password = Password } })).Is(200).Body["user"]!["id"]!;
        return world;
    }

    /// <summary>With the lockout of the contract's defaults: five failures, three minutes.</summary>
    public static Task<ActionWorld> WithLockout(TestServer server, object? lockout = null, Action<JsonObject>? more = null) => New(server, (tenant, world) =>
    {
        var settings = lockout is null ? [] : (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(lockout, ContractJson.Options)!;
        settings["userActionId"] = world.Ban;
        tenant["failedAuthenticationConfiguration"] = settings;
        more?.Invoke(tenant);
    });

    /// <summary>The same world, asked at another server on the same data.</summary>
    public ActionWorld On(TestServer server) => new(server) { Tenant = Tenant, Application = Application, User = User, Actioner = Actioner, Ban = Ban, Email = Email };

    public static async Task<Guid> Define(TestServer server, object userAction) =>
        (Guid)(await server.Post("/api/user-action", new { userAction })).Is(200).Body["userAction"]!["id"]!;

    public Task<Answer> Post(string path, object body) => Server.Post(path, body, tenant: Tenant);

    public Task<Answer> LogIn(string password = Password, string? loginId = null, Guid? application = null, params (string, string)[] headers) => Server.Send(
        HttpMethod.Post, "/api/login", new { loginId = loginId ?? Email, password, applicationId = application ?? Application }, tenant: Tenant, headers: headers);

    /// <summary>Tries so many wrong passwords, each of which is answered as wrong.</summary>
    public async Task Fail(int times, string? loginId = null)
    {
        for (var i = 0; i < times; i++) Assert.Equal("", (await LogIn("wrong", loginId)).Is(404).Text);
    }

    public Task<Answer> Take(object action) => Server.Send(HttpMethod.Post, "/api/user/action", new JsonObject { ["action"] = Complete(action) }, tenant: Tenant);

    public async Task<Guid> Taken(object action) => (Guid)(await Take(action)).Is(200).Body["action"]!["id"]!;

    public Task<Answer> Modify(Guid id, object action) => Server.Send(HttpMethod.Put, $"/api/user/action/{id}", new JsonObject { ["action"] = Complete(action) }, tenant: Tenant);

    public Task<Answer> Cancel(Guid id, string? comment = null) => Server.Send(HttpMethod.Delete, $"/api/user/action/{id}", new { action = new { actionerUserId = Actioner, comment } }, tenant: Tenant);

    public async Task<JsonObject> Read(Guid id) => (JsonObject)(await Server.Get($"/api/user/action/{id}", tenant: Tenant)).Is(200).Body["action"]!;

    public async Task<JsonArray> List(string filter = "") => (JsonArray)(await Server.Get($"/api/user/action?userId={User}{filter}", tenant: Tenant)).Is(200).Body["actions"]!;

    /// <summary>Changes settings of the tenant.</summary>
    public async Task Change(object tenant) => (await Server.Patch($"/api/tenant/{Tenant}", new { tenant })).Is(200);

    public static JsonArray History(JsonObject action) => (JsonArray)action["history"]!["historyItems"]!;

    private JsonObject Complete(object action)
    {
        var sent = (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(action, ContractJson.Options)!;
        sent["actioneeUserId"] ??= User;
        sent["actionerUserId"] ??= Actioner;
        sent["userActionId"] ??= Ban;
        return sent;
    }
}
