using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using OrleansAuth.Administration;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>A tenant with an application that is an OAuth 2.0 client, and a user who is registered for it.</summary>
internal sealed class OAuthWorld
{
    public const string Password = "correct horse battery";
    public const string Redirect = "https://client.example.com/callback";
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private OAuthWorld(TestServer server, Guid tenant, Guid application, Guid user, string email) =>
        (Server, Tenant, Application, User, Email) = (server, tenant, application, user, email);

    public TestServer Server { get; }

    public Guid Tenant { get; }

    public Guid Application { get; }

    public Guid User { get; }

    public string Email { get; }

    public string Secret { get; private set; } = "";

    /// <summary>The challenge of <see cref="Verifier"/>.</summary>
    public static string Challenge { get; } = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <param name="oauth">Members of the application's OAuth settings, beside the address.</param>
    /// <param name="application">Other members of the application.</param>
    /// <param name="tenant">Members of the tenant.</param>
    public static async Task<OAuthWorld> Make(TestServer server, JsonObject? oauth = null, JsonObject? application = null, JsonObject? tenant = null, JsonObject? user = null, bool registered = true)
    {
        var settings = oauth ?? [];
        settings["authorizedRedirectURLs"] ??= new JsonArray(Redirect);
        settings["enabledGrants"] ??= new JsonArray("authorization_code", "refresh_token");
        tenant ??= [];
        tenant["passwordEncryptionConfiguration"] ??= JsonNode.Parse("""{"encryptionScheme":"salted-sha256","encryptionSchemeFactor":1}""");
        application ??= [];
        application["oauthConfiguration"] = settings;
        var tenantId = await server.NewTenant(tenant);
        var applicationId = await server.NewApplication(tenantId, application);
        user ??= [];
        user["email"] ??= $"{Guid.NewGuid():N}@example.com";
        user["password"] ??= Password;
        var userId = Guid.NewGuid();
        JsonObject body = new() { ["user"] = user, ["skipVerification"] = true };
        if (registered) body["registration"] = new JsonObject { ["applicationId"] = applicationId };
        (await server.Post(registered ? $"/api/user/registration/{userId}" : $"/api/user/{userId}", body, tenant: tenantId)).Is(200);
        var world = new OAuthWorld(server, tenantId, applicationId, userId, (string)user["email"]!);
        world.Secret = (string)(await server.Get($"/api/application/{applicationId}")).Body["application"]!["oauthConfiguration"]!["clientSecret"]!;
        return world;
    }

    /// <summary>The same world after a restart of its server.</summary>
    public OAuthWorld On(TestServer server) => new(server, Tenant, Application, User, Email) { Secret = Secret };

    /// <summary>The same world, whose user has another address.</summary>
    public OAuthWorld As(string email) => new(Server, Tenant, Application, User, email) { Secret = Secret };

    /// <summary>The same client with another user who is registered for it.</summary>
    public static async Task<OAuthWorld> AnotherUser(OAuthWorld world)
    {
        var (id, email) = (Guid.NewGuid(), $"{Guid.NewGuid():N}@example.com");
        JsonObject body = new() { ["user"] = new JsonObject { ["email"] = email, ["password"] = Password }, ["skipVerification"] = true, ["registration"] = new JsonObject { ["applicationId"] = world.Application } };
        (await world.Server.Post($"/api/user/registration/{id}", body, tenant: world.Tenant)).Is(200);
        return new OAuthWorld(world.Server, world.Tenant, world.Application, id, email) { Secret = world.Secret };
    }

    public Visitor Browser() => new(Server.Url);

    /// <summary>The address of an authorization request with PKCE; values replace or add parameters, null takes one away.</summary>
    public string Authorize(params (string Name, string? Value)[] values)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = Application.ToString(),
            ["redirect_uri"] = Redirect,
            ["response_type"] = "code",
            ["scope"] = "openid offline_access",
            ["state"] = "the state",
            ["nonce"] = "the nonce",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in values) parameters[name] = value;
        return "/oauth2/authorize?" + string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}"));
    }

    /// <summary>Opens the request and signs in; what comes after the form.</summary>
    public async Task<Page> SignIn(Visitor browser, params (string Name, string? Value)[] values)
    {
        var page = (await browser.Open(Authorize(values))).Is(200);
        return await browser.Submit(page, "#sign-in-form", ("loginId", Email), ("password", Password), ("rememberMe", ""));
    }

    /// <summary>Signs in and takes the code out of the answer.</summary>
    public async Task<string> Code(Visitor? browser = null, params (string Name, string? Value)[] values)
    {
        using var own = browser is null ? Browser() : null;
        var answer = (await SignIn(browser ?? own!, values)).Is(303);
        return Answer(answer)["code"] ?? throw new InvalidOperationException($"no code in {answer.Leads}");
    }

    /// <summary>What the client learns from where the browser is sent.</summary>
    public static System.Collections.Specialized.NameValueCollection Answer(Page page)
    {
        Assert.StartsWith(Redirect, page.Leads, StringComparison.Ordinal);
        return HttpUtility.ParseQueryString(page.Leads![(page.Leads!.IndexOfAny(['?', '#']) + 1)..]);
    }

    /// <summary>A request to the token endpoint, by the client with its secret unless told otherwise.</summary>
    public Task<Answer> Token(params (string Name, string? Value)[] values) => Post("/oauth2/token", values);

    /// <summary>Exchanges a code.</summary>
    public Task<Answer> Redeem(string code, params (string Name, string? Value)[] values) =>
        Token([("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Redirect), ("code_verifier", Verifier), .. values]);

    /// <summary>Tokens of a whole login.</summary>
    public async Task<JsonObject> Tokens(params (string Name, string? Value)[] values) => (await Redeem(await Code(null, values))).Is(200).Body;

    public Task<Answer> Post(string path, params (string Name, string? Value)[] values) => Post(path, [], values);

    /// <param name="headers">Sent besides.</param>
    public async Task<Answer> Post(string path, IEnumerable<(string Name, string Value)> headers, (string Name, string? Value)[] values)
    {
        var form = new Dictionary<string, string?> { ["client_id"] = Application.ToString(), ["client_secret"] = Secret };
        foreach (var (name, value) in values) form[name] = value;
        var body = string.Join('&', form.Where(p => p.Value is not null).Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value!)}"));
        return await Server.Send(HttpMethod.Post, path, body, key: "", contentType: "application/x-www-form-urlencoded", headers: headers);
    }

    /// <summary>The claims of a token of ours, unchecked.</summary>
    public static JsonObject Claims(string token) => (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;

    public static HttpStatusCode Refused => HttpStatusCode.BadRequest;
}
