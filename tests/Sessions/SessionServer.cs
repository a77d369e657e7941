using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

/// <summary>A server of its own clock for the tests of sessions and tokens; each test makes a world of its own in it.</summary>
public sealed class SessionServer : IAsyncLifetime
{
    public const string Password = "correct horse battery";
    public const string ApiKey = TestServer.SuperKey;

    private TestServer _server = null!;

    public ManualTime Time { get; } = new();

    public HttpClient Http { get; private set; } = null!;

    internal IGrainFactory Grains => Get<IGrainFactory>();

    internal ConfigurationSnapshot Snapshot => Get<ConfigurationReader>().Current;

    internal IStore Store => Get<IStore>();

    internal T Get<T>() where T : notnull => _server.Services.GetRequiredService<T>();

    public async Task InitializeAsync() => Use(await TestServer.Start(time: Time));

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>Moves the clock that rules read. Timers do not notice, so years pass at once.</summary>
    public void Pass(TimeSpan time) => Time.UtcNow += time;

    /// <summary>Stops the server and starts it on the same data.</summary>
    public async Task Restart()
    {
        Http.Dispose();
        Use(await _server.Restart());
    }

    private void Use(TestServer server)
    {
        _server = server;
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = server.Url };
    }

    internal async Task<World> NewWorld(Func<Tenant, Tenant>? tenant = null, Func<Application, Application>? application = null, object? user = null, object? registration = null)
    {
        var world = new World(this, Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), $"{Guid.NewGuid():N}@example.com");
        var cheap = new PasswordEncryptionConfiguration { EncryptionScheme = "salted-sha256", EncryptionSchemeFactor = 1 };
        var plain = new Tenant { Name = world.TenantId.ToString(), Issuer = $"https://{world.TenantId:N}.example.com", PasswordEncryptionConfiguration = cheap };
        await Save(Families.Tenants, world.TenantId, tenant?.Invoke(plain) ?? plain);
        var registered = new Application
        {
            Name = world.ApplicationId.ToString(),
            Roles = [new() { Name = "reader", IsDefault = true }, new() { Name = "writer" }],
            LoginConfiguration = new() { GenerateRefreshTokens = true, AllowTokenRefresh = true },
        };
        await Save(Families.Applications, world.ApplicationId, application?.Invoke(registered) ?? registered, world.TenantId);
        var created = await world.User.Create(new CreateUser(
            JsonText.From(user ?? new { email = world.Email, username = "u" + world.UserId.ToString("N"), password = Password }),
            JsonText.From(registration ?? new { applicationId = world.ApplicationId }), false, true, Actor.System));
        Assert.Null(created.Refusal);
        return world;
    }

    /// <summary>Creates or replaces a configuration object, and waits until this process sees it.</summary>
    internal async Task Save(ConfigurationFamily family, Guid id, ConfigurationObject value, Guid? tenantId = null)
    {
        var grain = Grains.Configuration(family, id);
        var outcome = Snapshot.Find(family, id) is null
            ? await grain.Create(new CreateConfiguration(JsonText.From<object>(value), tenantId, null, Actor.System))
            : await grain.Change(new ChangeConfiguration(ChangeKind.Replace, JsonText.From<object>(value), tenantId, Actor.System));
        Assert.Null(outcome.Refusal);
        await Get<ConfigurationReader>().AtLeast(outcome.Value!.Version);
    }
}

/// <summary>A tenant with an application and a user who is registered for it.</summary>
internal sealed record World(SessionServer Server, Guid TenantId, Guid ApplicationId, Guid UserId, string Email)
{
    public IUserGrain User => Server.Grains.User(TenantId, UserId);

    public Tenant Tenant => Server.Snapshot.Find<Tenant>(TenantId)!;

    public Application Application => Server.Snapshot.Find<Application>(ApplicationId)!;

    public Task<Outcome<LoginResult>> Try(string password = SessionServer.Password, string? loginId = null, Guid? applicationId = null, params string[] types) =>
        User.Login(new Login(loginId ?? Email, [.. types], password, new LoginWish(applicationId ?? ApplicationId, Actor.System)));

    public async Task<LoginResult> LogIn(string password = SessionServer.Password, string? loginId = null, Guid? applicationId = null, params string[] types)
    {
        var outcome = await Try(password, loginId, applicationId, types);
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }

    public async Task<OpenedSession> OpenSession() => (await LogIn()).Session!;

    public ISessionGrain Session(OpenedSession session) => Server.Grains.Session(TenantId, session.SessionId);

    /// <summary>Refreshes; the new value, or null where it was refused.</summary>
    public async Task<string?> Refresh(OpenedSession session, string? token = null, bool throughApi = true)
    {
        var outcome = await Session(session).Refresh(new RefreshSession(token ?? session.Token, Actor.System) { ThroughApi = throughApi });
        if (outcome.Refusal is { } refusal) Assert.Equal("[invalid]refreshToken", Assert.Single(refusal.Errors).Code);
        return outcome.Value?.Token;
    }

    /// <summary>Changes the tenant's token settings.</summary>
    public Task Tokens(Func<JwtConfiguration, JwtConfiguration> change) =>
        Server.Save(Families.Tenants, TenantId, Tenant with { JwtConfiguration = change(Tenant.JwtConfiguration) });

    public Task Change(Func<Application, Application> change) => Server.Save(Families.Applications, ApplicationId, change(Application), TenantId);

    /// <summary>Deactivates the application, and waits until this process sees it.</summary>
    public async Task DeactivateApplication()
    {
        var outcome = await Server.Grains.Configuration(Families.Applications, ApplicationId).Remove(new RemoveConfiguration(false, null, Actor.System));
        await Server.Get<ConfigurationReader>().AtLeast(outcome.Value!.Version);
    }

    public async Task Change(object patch) =>
        Assert.Null((await User.Change(new ChangeUser(ChangeKind.MergePatch, JsonText.From(patch), null, false, false, Actor.System))).Refusal);

    public async Task<StoredUser> Stored() => StoredUser.Read((await Server.Store.Read(UserKeys.State(UserId)))!.Body);

    /// <summary>A request of the API in this tenant, with the key unless told otherwise.</summary>
    public async Task<(int Status, JsonElement Body, HttpResponseMessage Raw)> Call(HttpMethod method, string path, object? body = null, string? authorization = SessionServer.ApiKey, string? cookie = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add(ApiRequest.TenantHeader, TenantId.ToString());
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        var response = await Server.Http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return ((int)response.StatusCode, bytes.Length == 0 ? default : JsonElement.Parse(bytes), response);
    }

    public Task<(int Status, JsonElement Body, HttpResponseMessage Raw)> Post(string path, object body, string? authorization = SessionServer.ApiKey, string? cookie = null) =>
        Call(HttpMethod.Post, path, body, authorization, cookie);

    public Task<(int Status, JsonElement Body, HttpResponseMessage Raw)> Get(string path, string? authorization = SessionServer.ApiKey) =>
        Call(HttpMethod.Get, path, null, authorization);

    public object Credentials(string password = SessionServer.Password, string? loginId = null) => new { loginId = loginId ?? Email, password, applicationId = ApplicationId };
}
