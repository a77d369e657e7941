using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Mail;
using OrleansAuth.Storage;

namespace OrleansAuth.Recovery;

/// <summary>A server under development, which catches mails, and in it a tenant, an application and a user with a password.</summary>
internal sealed partial class RecoveryWorld : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    public const string Origin = "https://login.acme.example";
    private static readonly object Cheap = new { encryptionScheme = "salted-sha256", encryptionSchemeFactor = 1 };

    private RecoveryWorld(TestServer server) => Server = server;

    public TestServer Server { get; private set; }

    public Guid Tenant { get; private set; }

    public Guid Application { get; private set; }

    public Guid User { get; private set; }

    public string Email { get; } = $"{Guid.NewGuid():N}@example.com";

    public static async Task<RecoveryWorld> New(object? tenant = null, object? user = null, params string[] settings)
    {
        var world = new RecoveryWorld(await TestServer.Start(settings: ["--environment=Development", .. settings]));
        var settingsOfTenant = Merge(new { baseURL = Origin, passwordEncryptionConfiguration = Cheap }, tenant);
        world.Tenant = await world.Server.NewTenant(settingsOfTenant);
        world.Application = await world.Server.NewApplication(world.Tenant);
        world.User = await world.NewUser(user);
        return world;
    }

    public async Task<Guid> NewUser(object? more = null, string? email = null)
    {
        var user = Merge(new { email = email ?? Email, password = Password }, more);
        var answer = (await Server.Post("/api/user/registration", new JsonObject { ["user"] = user, ["registration"] = new JsonObject { ["applicationId"] = Application } }, tenant: Tenant)).Is(200);
        return (Guid)answer.Body["user"]!["id"]!;
    }

    public async Task Restart() => Server = await Server.Restart();

    /// <summary>Asks as anybody may.</summary>
    public Task<Answer> Ask(string loginId, object? more = null) =>
        Server.Post("/api/user/forgot-password", Merge(new { loginId }, more), key: "", tenant: Tenant);

    /// <summary>Asks with the key; the answer tells.</summary>
    public Task<Answer> Begin(string loginId, object? more = null) => Server.Post("/api/user/forgot-password", Merge(new { loginId }, more), tenant: Tenant);

    public async Task<string> NewId(bool mailed = false) =>
        (string)(await Begin(Email, new { sendForgotPasswordEmail = mailed })).Is(200).Body["changePasswordId"]!;

    public Task<Answer> Change(string id, string password = "another horse", Guid? tenant = null, string key = "") =>
        Server.Post($"/api/user/change-password/{Uri.EscapeDataString(id)}", new { password }, key, tenant);

    public Task<Answer> LogIn(string password, string? email = null) =>
        Server.Post("/api/login", new { loginId = email ?? Email, password, applicationId = Application }, key: "", tenant: Tenant);

    /// <summary>Mails to an address, newest first, once nothing is under way any more.</summary>
    public Task<CaughtMail[]> Mails(string? to = null) => Mails(Server, to ?? Email);

    /// <summary>The same on any server under development.</summary>
    public static async Task<CaughtMail[]> Mails(TestServer server, string to)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var store = server.Services.GetRequiredService<IStore>();
        while ((await store.Query("select count(*) as found from outbox where parked_instant is null", row => row.Long("found"), patience.Token))[0] > 0) await Task.Yield();
        var mails = await server.Services.GetRequiredService<IGrainFactory>().MailCatcher().Newest();
        return [.. mails.Where(mail => mail.To == to)];
    }

    /// <summary>The link in a mail, and the id in it.</summary>
    public static (Uri Link, string Id) Read(CaughtMail mail)
    {
        var link = new Uri(Link().Match(mail.Text).Value);
        Assert.Contains(link.OriginalString, System.Net.WebUtility.HtmlDecode(mail.Html), StringComparison.Ordinal);
        return (link, Uri.UnescapeDataString(link.Segments[^1]));
    }

    /// <summary>The members of both; what the second has as null is left out.</summary>
    public static JsonObject Merge(object first, object? more)
    {
        var node = ContractJson.ToNode(first);
        foreach (var (name, value) in more is null ? [] : ((JsonObject)JsonSerializer.SerializeToNode(more, JsonSerializerOptions.Web)!).ToArray())
        {
            node.Remove(name);
            if (value is not null) node[name] = value.DeepClone();
        }

        return node;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Link();
}
