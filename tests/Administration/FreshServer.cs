using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Setup;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Administration;

/// <summary>A server in this process that nobody has set up.</summary>
internal sealed class FreshServer : IAsyncDisposable
{
    public const string Email = "ada@example.com";
    public const string Password = "correct horse battery";

    private readonly TemporaryFolder _folder = new();
    private AuthServer _server = null!;

    public Uri Url { get; private set; } = null!;

    public IGrainFactory Grains => _server.Services.GetRequiredService<IGrainFactory>();

    public IStore Store => _server.Services.GetRequiredService<IStore>();

    /// <summary>The tenant that administrators belong to.</summary>
    public Guid Tenant => _server.Services.GetRequiredService<ConfigurationReader>().Current.Find<Application>(WellKnown.AdministrationApplication)!.TenantId!.Value;

    /// <summary>The address that the log shows.</summary>
    public string SetupPath => $"/setup?token={_server.Services.GetRequiredService<SetupToken>().Value}";

    public static async Task<FreshServer> Start()
    {
        var server = new FreshServer();
        await server.Run();
        return server;
    }

    /// <summary>One that has its first administrator, and that person's browser, signed in.</summary>
    public static async Task<(FreshServer Server, Visitor Administrator)> SetUp()
    {
        var server = await Start();
        var visitor = server.NewVisitor();
        (await visitor.Submit(await visitor.Open(server.SetupPath), Form())).LeadsTo("/");
        return (server, visitor);
    }

    public static (string, string)[] Form(string email = Email, string password = Password) =>
        [("FirstName", "Ada"), ("LastName", "Lovelace"), ("Email", email), ("Password", password)];

    public Visitor NewVisitor() => new(Url);

    public async Task Restart()
    {
        await _server.Stop();
        await Run();
    }

    /// <summary>How many users are registered for the administration.</summary>
    public async Task<int> Administrators() => (await Store.Query(
        "select user_id from user_registration where application_id = @application", row => row.Guid("user_id"),
        parameters: ("application", WellKnown.AdministrationApplication))).Count;

    /// <summary>How many sessions of a user there are.</summary>
    public async Task<int> Sessions(string email) => (await Store.Query(
        "select r.id from refresh_token r join user_search u on u.id = r.user_id where u.email = @email", row => row.Guid("id"),
        parameters: ("email", email))).Count;

    public async ValueTask DisposeAsync()
    {
        await _server.Stop();
        _folder.Dispose();
    }

    private async Task Run()
    {
        _server = AuthServer.Create(["--urls=http://127.0.0.1:0", $"--Storage:Path={_folder.Path}"]);
        await _server.Start();
        Url = new Uri(_server.Urls.First());
    }
}
