using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Mfa;

/// <summary>Logins with an authenticator, through the API.</summary>
public sealed class TwoFactorLoginTests
{
    [Fact]
    public async Task A_user_with_an_authenticator_is_asked_for_a_code()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var asked = (await world.LogIn()).Is(242);
        Assert.Null(asked.Body["user"]);
        Assert.Null(asked.Body["token"]);
        Assert.Null(asked.Body["configurableMethods"]);
        Assert.Equal("authenticator", (string?)asked.Body["methods"]![0]!["method"]);
        var answer = (await world.Prove((string)asked.Body["twoFactorId"]!, world.Code())).Is(200);
        Assert.NotNull(answer.Body["token"]);
        Assert.NotNull(answer.Body["refreshToken"]);
        Assert.NotNull(answer.Body["trustToken"]);
        Assert.Null(answer.Body["twoFactorTrustId"]);
        Assert.Equal(world.User, (Guid)answer.Body["user"]!["id"]!);
        Assert.True((bool)(await world.Methods())[0]!["lastUsed"]!);
    }

    [Fact]
    public async Task The_first_method_brings_ten_recovery_codes_and_no_secret_is_ever_shown()
    {
        await using var world = await MfaWorld.New();
        var shown = (await world.Server.Get("/api/two-factor/secret")).Is(200);
        Assert.Equal(Base32.Encode(Convert.FromBase64String((string)shown.Body["secret"]!)), (string?)shown.Body["secretBase32Encoded"]);
        await world.AddAuthenticator();
        Assert.Equal(10, world.RecoveryCodes.Distinct().Count());
        var user = (await world.Server.Get($"/api/user/{world.User}")).Is(200);
        Assert.Equal("""{"authenticator":{"algorithm":"HmacSHA1","codeLength":6,"timeStep":30},"id":"ID","lastUsed":false,"method":"authenticator"}""".Replace("ID", world.MethodId, StringComparison.Ordinal),
            Assert.Single((JsonArray)user.Body["user"]!["twoFactor"]!["methods"]!)!.ToJsonString());
        Assert.DoesNotContain(Convert.ToBase64String(world.Secret), user.Text, StringComparison.Ordinal);
        Assert.All(world.RecoveryCodes, code => Assert.DoesNotContain(code, user.Text, StringComparison.Ordinal));
        world.Wait();
        Assert.Null((await world.Server.Post($"/api/user/two-factor/{world.User}", new { method = "authenticator", code = world.Code(), secretBase32Encoded = Base32.Encode(world.Secret) })).Is(200).Body["recoveryCodes"]);
    }

    [Fact]
    public async Task A_wrong_code_is_421_and_an_unknown_or_spent_or_old_id_404()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var id = await world.Begin();
        Assert.Equal("", (await world.Prove(id, world.WrongCode())).Is(421).Text);
        Assert.Equal("", (await world.Prove("unknown", world.Code())).Is(404).Text);
        (await world.Prove(id, "")).Is(400);
        (await world.Prove(id, world.Code())).Is(200);
        world.Wait();
        (await world.Prove(id, world.Code())).Is(404);
        id = await world.Begin();
        world.Wait(300);
        (await world.Prove(id, world.Code())).Is(404);
        (await world.Server.Send(HttpMethod.Post, "/api/two-factor/login", new { twoFactorId = await world.Begin(), code = world.Code() }, key: "", tenant: await world.Server.NewTenant())).Is(404);
    }

    [Theory]
    [InlineData(-2, 421)]
    [InlineData(-1, 200)]
    [InlineData(0, 200)]
    [InlineData(1, 200)]
    [InlineData(2, 421)]
    public async Task Codes_of_the_steps_beside_count_and_no_others(int steps, int status)
    {
        await using var world = await MfaWorld.WithAuthenticator();
        world.Wait(120);
        (await world.Prove(await world.Begin(), world.Code(steps))).Is(status);
    }

    [Fact]
    public async Task A_code_counts_once_also_after_a_restart_and_no_earlier_one_counts_after_it()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        world.Wait(60);
        (await world.Prove(await world.Begin(), world.Code())).Is(200);
        (await world.Prove(await world.Begin(), world.Code())).Is(421);
        (await world.Prove(await world.Begin(), world.Code(-1))).Is(421);
        await world.Restart();
        (await world.Prove(await world.Begin(), world.Code())).Is(421);
        world.Wait();
        (await world.Prove(await world.Begin(), world.Code())).Is(200);
    }

    [Fact]
    public async Task One_code_on_many_connections_lets_one_in()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var id = await world.Begin();
        var same = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Prove(id, world.Code())));
        Assert.Single(same, a => (int)a.Status == 200);
        world.Wait();
        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Begin()));
        var several = await Task.WhenAll(ids.Select(other => world.Prove(other, world.Code())));
        Assert.Single(several, a => (int)a.Status == 200);
        Assert.All(several.Where(a => (int)a.Status != 200), a => a.Is(421));
    }

    [Fact]
    public async Task The_code_of_another_user_is_wrong()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var email = $"{Guid.NewGuid():N}@example.com";
        var other = await world.Recovery.NewUser(email: email);
        var secret = Enumerable.Range(50, 20).Select(i => (byte)i).ToArray();
        var now = world.Server.Time.UtcNow.ToUnixTimeMilliseconds();
        var theirs = Totp.Code(secret, Totp.Step(now, 30), Tenants.TotpAlgorithm.HmacSHA1, 6);
        (await world.Server.Post($"/api/user/two-factor/{other}", new { method = "authenticator", code = theirs, secret = Convert.ToBase64String(secret) })).Is(200);
        (await world.Prove(await world.Begin(email: email), world.Code())).Is(421);
        (await world.Prove(await world.Begin(), theirs)).Is(421);
    }

    [Fact]
    public async Task A_recovery_code_lets_in_once_and_new_ones_make_old_ones_void()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        (await world.Prove(await world.Begin(), world.RecoveryCodes[0].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal))).Is(200);
        (await world.Prove(await world.Begin(), world.RecoveryCodes[0])).Is(421);
        Assert.Equal(9, (int)(await world.Server.Get($"/api/user/two-factor/recovery-code/{world.User}")).Is(200).Body["remaining"]!);
        await world.Restart();
        (await world.Prove(await world.Begin(), world.RecoveryCodes[0])).Is(421);
        var fresh = (JsonArray)(await world.Server.Post($"/api/user/two-factor/recovery-code/{world.User}", new { })).Is(200).Body["recoveryCodes"]!;
        Assert.Equal(10, fresh.Count);
        (await world.Prove(await world.Begin(), world.RecoveryCodes[1])).Is(421);
        (await world.Prove(await world.Begin(), (string)fresh[0]!)).Is(200);
    }

    [Fact]
    public async Task A_method_leaves_by_its_code_and_all_leave_by_a_recovery_code()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var path = $"/api/user/two-factor/{world.User}";
        (await world.Server.Delete($"{path}?methodId={world.MethodId}")).Is(400);
        (await world.Server.Delete($"{path}?methodId={world.MethodId}&code={world.WrongCode()}")).Is(421);
        (await world.Server.Delete($"{path}?methodId=nobody&code={world.Code()}")).Is(404);
        (await world.Server.Delete($"{path}?methodId={world.MethodId}&code={world.Code()}", tenant: await world.Server.NewTenant())).Is(404);
        (await world.LogIn()).Is(242);
        (await world.Server.Delete($"{path}?methodId={world.MethodId}&code={world.Code()}")).Is(200);
        (await world.LogIn()).Is(200);
        await world.AddAuthenticator();
        world.Wait();
        await world.AddAuthenticator();
        Assert.Equal(2, (await world.Methods()).Count);
        (await world.Server.Send(HttpMethod.Delete, path, new { methodId = world.MethodId, code = world.RecoveryCodes[0] })).Is(200);
        Assert.Empty(await world.Methods());
        (await world.LogIn()).Is(200);
    }

    [Fact]
    public async Task With_its_own_token_a_user_changes_its_own_methods_only()
    {
        await using var world = await MfaWorld.New();
        var token = (string)(await world.LogIn()).Is(200).Body["token"]!;
        (await world.Server.Send(HttpMethod.Get, "/api/two-factor/secret", bearer: token)).Is(200);
        (await world.Server.Send(HttpMethod.Post, $"/api/user/two-factor/{world.User}", new { method = "authenticator", code = world.Code(), secret = Convert.ToBase64String(world.Secret) }, bearer: token)).Is(401);
        (await world.Server.Send(HttpMethod.Post, "/api/user/two-factor", new { method = "authenticator", code = world.WrongCode(), secret = Convert.ToBase64String(world.Secret) }, bearer: token)).Is(421);
        (await world.Server.Send(HttpMethod.Post, "/api/user/two-factor", new { method = "authenticator", code = world.Code(), secret = Convert.ToBase64String(world.Secret) }, bearer: token)).Is(200);
        var id = (string)(await world.Methods())[0]!["id"]!;
        (await world.Server.Send(HttpMethod.Put, "/api/user/two-factor", new { methodId = id, name = "Phone" }, bearer: token)).Is(200);
        Assert.Equal("Phone", (string?)(await world.Methods())[0]!["name"]);
        world.Wait();
        (await world.Server.Send(HttpMethod.Delete, $"/api/user/two-factor?methodId={id}&code={world.Code()}", bearer: token)).Is(200);
    }

    [Fact]
    public async Task Replacing_or_patching_a_user_neither_loses_nor_sets_factors()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var user = new { email = world.Email, twoFactor = new { methods = Array.Empty<object>(), recoveryCodes = new[] { "mine" } } };
        (await world.Server.Put($"/api/user/{world.User}", new { user })).Is(200);
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { firstName = "Ada", twoFactor = new { methods = new[] { new { method = "email", email = "x@example.com" } } } } })).Is(200);
        Assert.Single(await world.Methods());
        (await world.Prove(await world.Begin(), "mine")).Is(421);
        (await world.Prove(await world.Begin(), world.Code())).Is(200);
    }

    [Theory]
    [InlineData("""{"method":"authenticator","secret":"AAAA","code":"123456"}""", "secret", "[invalid]secret")]
    [InlineData("""{"method":"authenticator","secret":"?","code":"123456"}""", "secret", "[couldNotConvert]secret")]
    [InlineData("""{"method":"authenticator","code":"123456"}""", "secret", "[blank]secret")]
    [InlineData("""{"method":"authenticator","secretBase32Encoded":"MZXW0","code":"1"}""", "secretBase32Encoded", "[couldNotConvert]secretBase32Encoded")]
    [InlineData("""{"method":"pigeon","code":"1"}""", "method", "[invalid]method")]
    [InlineData("""{"code":"1"}""", "method", "[blank]method")]
    [InlineData("""{"method":"email","email":"a@example.com","code":"1"}""", "method", "[notEnabled]method")]
    [InlineData("""{"method":"yubikey","code":"1"}""", "method", "[notEnabled]method")]
    public async Task What_cannot_be_a_method_is_refused(string body, string field, string code)
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var created = (await server.Post("/api/user", new { user = new { email = $"{Guid.NewGuid():N}@example.com", password = MfaWorld.Password } }, tenant: tenant)).Is(200);
        Assert.Equal(code, (await server.Post($"/api/user/two-factor/{created.Body["user"]!["id"]}", body, tenant: tenant)).Is(400).FieldError(field));
    }
}
