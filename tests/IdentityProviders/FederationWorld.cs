using System.Text.Json.Nodes;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.IdentityProviders;

/// <summary>A tenant whose people can sign in with a provider of the test's own.</summary>
internal sealed class FederationWorld : IAsyncDisposable
{
    private static readonly Lazy<Task<TestServer>> OneForAll = new(() => TestServer.Start(folder: null, null, "--Webhooks:AllowPrivateAddresses=true"));

    private FederationWorld(OAuthWorld oauth, WickedProvider provider, Guid id) => (OAuth, Provider, Id) = (oauth, provider, id);

    /// <summary>A server that may speak to this machine.</summary>
    public static Task<TestServer> SharedServer => OneForAll.Value;

    public OAuthWorld OAuth { get; private set; }

    public TestServer Server => OAuth.Server;

    public WickedProvider Provider { get; }

    /// <summary>Of the provider.</summary>
    public Guid Id { get; }

    /// <param name="strategy">The linking strategy.</param>
    /// <param name="change">Changes the provider before it is made.</param>
    public static async Task<FederationWorld> Make(string strategy = "LinkByEmail", Action<JsonObject>? change = null, JsonObject? application = null, JsonObject? tenant = null, TestServer? server = null, JsonObject? oauth = null)
    {
        server ??= await SharedServer;
        var world = await OAuthWorld.Make(server, oauth, application, tenant);
        var provider = await WickedProvider.Start(server.Time);
        return new FederationWorld(world, provider, await Add(world, provider, strategy, change));
    }

    /// <summary>Another provider for the same application.</summary>
    public static async Task<Guid> Add(OAuthWorld world, WickedProvider provider, string strategy, Action<JsonObject>? change = null)
    {
        var wanted = Settings(world.Application, provider.Issuer, strategy);
        change?.Invoke(wanted);
        var id = Guid.NewGuid();
        (await world.Server.Post($"/api/identity-provider/{id}", new JsonObject { ["identityProvider"] = wanted })).Is(200);
        return id;
    }

    /// <summary>A provider of the same issuer that no application has.</summary>
    public async Task<Guid> Copy(Action<JsonObject> change)
    {
        var (wanted, id) = (Settings(OAuth.Application, Provider.Issuer), Guid.NewGuid());
        wanted["applicationConfiguration"] = new JsonObject();
        change(wanted);
        (await Server.Post($"/api/identity-provider/{id}", new JsonObject { ["identityProvider"] = wanted })).Is(200);
        return id;
    }

    public static JsonObject Settings(Guid application, string issuer, string strategy = "LinkByEmail") => new()
    {
        ["type"] = "OpenIDConnect",
        ["name"] = "Corp",
        ["enabled"] = true,
        ["linkingStrategy"] = strategy,
        ["applicationConfiguration"] = new JsonObject { [application.ToString()] = new JsonObject { ["enabled"] = true, ["createRegistration"] = true } },
        ["oauth2"] = new JsonObject { ["issuer"] = issuer, ["client_id"] = WickedProvider.ClientId, ["client_secret"] = WickedProvider.ClientSecret },
    };

    /// <summary>Claims of a person.</summary>
    public static JsonObject Person(string sub, string? email = null, bool? verified = null)
    {
        var person = new JsonObject { ["sub"] = sub };
        if (email is not null) person["email"] = email;
        if (verified is { } known) person["email_verified"] = known;
        return person;
    }

    /// <summary>Somebody that no other test knows.</summary>
    public static JsonObject Somebody(bool verified = true) => Person(Guid.NewGuid().ToString("N"), $"{Guid.NewGuid():N}@example.org", verified);

    public FederationWorld On(TestServer server) => new(OAuth.On(server), Provider, Id);

    /// <summary>Opens the request in a browser and presses the provider's button; the address of the provider.</summary>
    public async Task<string> Begin(Visitor browser, params (string Name, string? Value)[] values)
    {
        var page = (await browser.Open(OAuth.Authorize(values))).Is(200);
        var button = page.Document.QuerySelector($"#provider-{Id}") ?? throw new InvalidOperationException($"No button: {page.Text}");
        return (await browser.Open(button.GetAttribute("href")!)).Is(302).Leads!;
    }

    /// <summary>The whole way: begins, is who it is at the provider, and comes back.</summary>
    public async Task<Page> SignIn(Visitor browser, JsonObject person, params (string Name, string? Value)[] values) =>
        await browser.Open(Provider.Approve(await Begin(browser, values), person));

    /// <summary>Comes back and is on the sign-in page again, with a sentence and without a session.</summary>
    public static async Task<string> IsRefused(Visitor browser, Page page)
    {
        Assert.StartsWith("/oauth2/authorize?", page.Is(303).Leads, StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Cookies, c => c.Key.StartsWith("sso-", StringComparison.Ordinal));
        var again = (await browser.Open(page.Leads!)).Is(200);
        Assert.NotNull(again.Document.QuerySelector("#sign-in-form"));
        return again.Document.QuerySelector("#fault")!.TextContent;
    }

    /// <summary>The user that a login ended with, by the tokens that the client gets.</summary>
    public async Task<Guid> UserOf(Page page)
    {
        var code = OAuthWorld.Answer(page)["code"] ?? throw new InvalidOperationException(page.Leads);
        return (Guid)(await OAuth.Redeem(code)).Is(200).Body["userId"]!;
    }

    public async Task<JsonArray> LinksOf(Guid user) => (JsonArray)(await Server.Get($"/api/identity-provider/link?userId={user}")).Is(200).Body["identityProviderLinks"]!;

    public async ValueTask DisposeAsync() => await Provider.DisposeAsync();
}
