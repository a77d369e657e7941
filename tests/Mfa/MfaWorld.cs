using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Recovery;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mfa;

/// <summary>A server of its own, and in it a tenant, an application and a user who may have second factors.</summary>
internal sealed class MfaWorld : IAsyncDisposable
{
    public const string Password = RecoveryWorld.Password;
    private readonly RecoveryWorld _inner;

    private MfaWorld(RecoveryWorld inner) => _inner = inner;

    public TestServer Server => _inner.Server;

    public Guid Tenant => _inner.Tenant;

    public Guid Application => _inner.Application;

    public Guid User => _inner.User;

    public string Email => _inner.Email;

    public RecoveryWorld Recovery => _inner;

    /// <summary>The secret that the user's authenticator shares.</summary>
    public byte[] Secret { get; } = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];

    /// <summary>The recovery codes that came with the first method.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; private set; } = [];

    public string MethodId { get; private set; } = "";

    public static async Task<MfaWorld> New(object? factors = null, object? tenant = null, params string[] settings) =>
        new(await RecoveryWorld.New(RecoveryWorld.Merge(new { multiFactorConfiguration = factors ?? new { } }, tenant), null, settings));

    /// <summary>The same, with an authenticator; its first step is used up.</summary>
    public static async Task<MfaWorld> WithAuthenticator(object? factors = null, object? tenant = null, params string[] settings)
    {
        var world = await New(factors, tenant, settings);
        await world.AddAuthenticator();
        world.Wait();
        return world;
    }

    public async Task AddAuthenticator(Guid? user = null)
    {
        var added = (await Server.Post($"/api/user/two-factor/{user ?? User}", new { method = "authenticator", code = Code(), secret = Convert.ToBase64String(Secret) })).Is(200);
        if (added.Body["recoveryCodes"] is JsonArray codes) RecoveryCodes = [.. codes.Select(c => (string)c!)];
        MethodId = (string)(await Methods(user))[^1]!["id"]!;
    }

    /// <summary>The user's methods as the API shows them.</summary>
    public async Task<JsonArray> Methods(Guid? user = null) =>
        (JsonArray)(await Server.Get($"/api/user/{user ?? User}")).Is(200).Body["user"]!["twoFactor"]!["methods"]!;

    /// <summary>The authenticator's code so many steps from now.</summary>
    public string Code(int steps = 0) => Totp.Code(Secret, Totp.Step(Server.Time.UtcNow.ToUnixTimeMilliseconds(), 30) + steps, TotpAlgorithm.HmacSHA1, 6);

    /// <summary>A code that no step near has.</summary>
    public string WrongCode(int which = 0) =>
        Enumerable.Range(which, 20).Select(i => $"{100_000 + (i * 7919)}").First(code => Enumerable.Range(-3, 7).All(step => Code(step) != code));

    /// <summary>How many wrong codes the store has counted.</summary>
    public async Task<int> WrongCodes()
    {
        var row = await Server.Services.GetRequiredService<IStore>().Read(UserKeys.Attempts(User));
        return row is null ? 0 : UserAttempts.Read(row.Body).Of(LimitedAction.TwoFactorCode).Count;
    }

    /// <summary>Until the next step.</summary>
    public void Wait(int seconds = 30) => Server.Time.UtcNow += TimeSpan.FromSeconds(seconds);

    public Task<Answer> LogIn(object? more = null, string? cookie = null, string? email = null, string password = Password) => Server.Send(
        HttpMethod.Post, "/api/login", RecoveryWorld.Merge(new { loginId = email ?? Email, password, applicationId = Application }, more), key: "", tenant: Tenant, cookie: cookie);

    /// <summary>A login that waits for its second factor.</summary>
    public async Task<string> Begin(object? more = null, string? email = null) => (string)(await LogIn(more, email: email)).Is(242).Body["twoFactorId"]!;

    public Task<Answer> Prove(string twoFactorId, string code, object? more = null, string? cookie = null) =>
        Server.Send(HttpMethod.Post, "/api/two-factor/login", RecoveryWorld.Merge(new { twoFactorId, code }, more), key: "", cookie: cookie);

    /// <summary>The value of the cookie of trusted devices.</summary>
    public static string Cookie(Answer answer) => answer.Headers["Set-Cookie"].Split('\n').Single(c => c.StartsWith("fusionauth.trust=", StringComparison.Ordinal)).Split(';')[0];

    public async Task Restart() => await _inner.Restart();

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
