using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.WebAuthn;

/// <summary>A tenant with passkeys switched on, an application, and a user who is registered for it.</summary>
internal sealed record PasskeyWorld(TestServer Server, Guid Tenant, Guid Application, Guid User, string Email)
{
    public const string Origin = "https://login.example.com";
    public const string Password = "correct horse battery";

    /// <param name="settings">Members of the tenant's passkey settings, over those that switch everything on.</param>
    public static async Task<PasskeyWorld> Make(TestServer server, string settings = "{}", string tenant = "{}", string application = "{}")
    {
        var on = (JsonObject)JsonNode.Parse("""{"enabled":true,"bootstrapWorkflow":{"enabled":true},"reauthenticationWorkflow":{"enabled":true}}""")!;
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(settings)!) on[name] = value?.DeepClone();
        var members = (JsonObject)JsonNode.Parse(tenant)!;
        members["webAuthnConfiguration"] = on;
        members["baseURL"] ??= Origin;
        members["passwordEncryptionConfiguration"] ??= JsonNode.Parse("""{"encryptionScheme":"salted-sha256","encryptionSchemeFactor":1}""");
        var tenantId = await server.NewTenant(members);
        var applicationId = await server.NewApplication(tenantId, JsonNode.Parse(application));
        var world = new PasskeyWorld(server, tenantId, applicationId, Guid.NewGuid(), $"{Guid.NewGuid():N}@example.com");
        await world.AddUser(world.User, world.Email);
        return world;
    }

    /// <summary>The same tenant and application with another user.</summary>
    public async Task<PasskeyWorld> Another()
    {
        var other = this with { User = Guid.NewGuid(), Email = $"{Guid.NewGuid():N}@example.com" };
        await AddUser(other.User, other.Email);
        return other;
    }

    public Task<Answer> Post(string path, object body, string? key = null) => Server.Post("/api/webauthn/" + path, body, key, Tenant);

    public async Task<JsonNode> CreationOptions(string workflow = "general") =>
        (await Post("register/start", new { userId = User, displayName = "Ada's phone", name = "ada", workflow, userAgent = "Test browser" })).Is(200).Body["options"]!;

    public Task<Answer> Complete(JsonObject credential, Guid? userId = null) =>
        Post("register/complete", new { credential, userId = userId ?? User, origin = Origin, rpId = "login.example.com" }, key: "");

    /// <summary>A passkey of the user, made by the API.</summary>
    public async Task<(SoftAuthenticator Authenticator, JsonNode Credential)> Register(SoftAuthenticator? authenticator = null, Ceremony? how = null)
    {
        authenticator ??= new SoftAuthenticator();
        var made = await Complete(authenticator.Create(await CreationOptions(), how));
        return (authenticator, made.Is(200).Body["credential"]!);
    }

    public async Task<JsonNode> RequestOptions(object? who = null) => (await Start(who)).Is(200).Body["options"]!;

    /// <param name="who">Members that say who it is; the user's id unless given.</param>
    public Task<Answer> Start(object? who = null, string workflow = "bootstrap")
    {
        var body = (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(who ?? new { userId = User }, ContractJson.Options)!;
        body["applicationId"] ??= Application;
        body["workflow"] ??= workflow;
        return Post("start", body);
    }

    public Task<Answer> LogIn(JsonObject credential, object? more = null, string key = "")
    {
        var body = (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(more ?? new { }, ContractJson.Options)!;
        body["credential"] = credential.DeepClone();
        body["origin"] = Origin;
        body["rpId"] = "login.example.com";
        return Post("login", body, key);
    }

    /// <summary>Starts and answers.</summary>
    public async Task<Answer> LogIn(SoftAuthenticator authenticator, Ceremony? how = null, object? who = null) => await LogIn(authenticator.Get(await RequestOptions(who), how));

    private async Task AddUser(Guid id, string email) => (await Server.Post(
        $"/api/user/registration/{id}",
        new { user = new { email, password = Password }, registration = new { applicationId = Application }, skipVerification = true },
        tenant: Tenant)).Is(200);
}
