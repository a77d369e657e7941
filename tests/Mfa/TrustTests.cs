using System.Text.Json.Nodes;

namespace OrleansAuth.Mfa;

/// <summary>Devices that are trusted, and policies that ask for a factor.</summary>
public sealed class TrustTests
{
    [Fact]
    public async Task A_trusted_device_is_let_in_by_its_id_or_its_cookie_until_the_trust_ends()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var (trust, cookie) = await Trust(world);
        (await world.LogIn(new { twoFactorTrustId = trust })).Is(200);
        (await world.LogIn(cookie: cookie)).Is(200);
        (await world.LogIn(new { twoFactorTrustId = trust + "x" })).Is(242);
        var status = (await world.Server.Get($"/api/two-factor/status/{trust}?userId={world.User}&applicationId={world.Application}")).Is(200);
        Assert.Equal(trust, (string?)status.Body["twoFactorTrustId"]);
        Assert.Equal(world.Application, (Guid)status.Body["trusts"]![0]!["applicationId"]!);
        Assert.Equal(2_592_000_000, (long)status.Body["trusts"]![0]!["expiration"]! - (long)status.Body["trusts"]![0]!["startInstant"]!);
        (await world.Server.Get($"/api/two-factor/status?userId={world.User}")).Is(242);
        await world.Restart();
        (await world.LogIn(new { twoFactorTrustId = trust })).Is(200);
        world.Wait(2_592_000);
        (await world.LogIn(new { twoFactorTrustId = trust })).Is(242);
    }

    [Theory]
    [InlineData("revocation")]
    [InlineData("password")]
    [InlineData("method")]
    public async Task Trust_ends_with_what_it_was_based_on(string event_)
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var (trust, _) = await Trust(world);
        world.Wait();
        if (event_ == "revocation") (await world.Server.Delete($"/api/jwt/refresh?userId={world.User}")).Is(200);
        if (event_ == "password") (await world.Server.Patch($"/api/user/{world.User}", new { user = new { password = "another horse" } })).Is(200);
        if (event_ == "method") await world.AddAuthenticator();
        (await world.LogIn(new { twoFactorTrustId = trust }, password: event_ == "password" ? "another horse" : MfaWorld.Password)).Is(242);
        var (again, _) = event_ == "revocation" ? await Trust(world) : ("", "");
        if (again.Length > 0) (await world.LogIn(new { twoFactorTrustId = again })).Is(200);
    }

    [Theory]
    [InlineData("Any", 200)]
    [InlineData("This", 242)]
    [InlineData("None", 242)]
    public async Task The_application_says_whose_trust_counts(string policy, int status)
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var (trust, _) = await Trust(world);
        var other = await world.Server.NewApplication(world.Tenant, new { multiFactorConfiguration = new { trustPolicy = policy } });
        (await world.Server.Post($"/api/user/registration/{world.User}", new { registration = new { applicationId = other } })).Is(200);
        (await world.LogIn(new { twoFactorTrustId = trust, applicationId = other })).Is(status);
        world.Wait();
        var proved = (await world.Prove(await world.Begin(new { applicationId = other }), world.Code(), new { trustComputer = true }, $"fusionauth.trust={trust}")).Is(200);
        if (policy == "None")
        {
            Assert.Null(proved.Body["twoFactorTrustId"]);
            return;
        }

        // The new trust is for both applications.
        var both = (string)proved.Body["twoFactorTrustId"]!;
        (await world.LogIn(new { twoFactorTrustId = both, applicationId = other })).Is(200);
        (await world.LogIn(new { twoFactorTrustId = both })).Is(200);
    }

    [Fact]
    public async Task The_trust_of_another_user_or_tenant_counts_for_nothing()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var (trust, _) = await Trust(world);
        var email = $"{Guid.NewGuid():N}@example.com";
        var other = await world.Recovery.NewUser(email: email);
        world.Wait();
        await world.AddAuthenticator(other);
        (await world.LogIn(new { twoFactorTrustId = trust }, email: email)).Is(242);
        Assert.Null((await world.Server.Get($"/api/two-factor/status/{trust}?userId={other}")).Is(242).Body["trusts"]);
        (await world.Server.Get($"/api/two-factor/status/{trust}?userId={world.User}", tenant: await world.Server.NewTenant())).Is(404);
    }

    [Theory]
    [InlineData("Enabled", false, 200)]
    [InlineData("Enabled", true, 242)]
    [InlineData("Disabled", true, 200)]
    [InlineData("Required", true, 242)]
    [InlineData("Required", false, 242)]
    [InlineData("ChallengeOnHighRisk", true, 242)]
    [InlineData("ChallengeOnMediumRisk", true, 242)]
    [InlineData("ChallengeOnHighRisk", false, 200)]
    public async Task The_policy_decides_who_is_asked(string policy, bool hasMethod, int status)
    {
        await using var world = await MfaWorld.New(new { loginPolicy = policy });
        if (hasMethod) await world.AddAuthenticator();
        var answer = (await world.LogIn()).Is(status);
        if (!hasMethod && status == 242) Assert.Equal("""["authenticator"]""", answer.Body["configurableMethods"]!.ToJsonString());
        var lax = await world.Server.NewApplication(world.Tenant, new { multiFactorConfiguration = new { loginPolicy = "Disabled" } });
        (await world.LogIn(new { applicationId = lax })).Is(202);
        var strict = await world.Server.NewApplication(world.Tenant, new { multiFactorConfiguration = new { loginPolicy = "Required" } });
        (await world.LogIn(new { applicationId = strict })).Is(242);
    }

    [Fact]
    public async Task A_login_that_demanded_a_method_goes_on_once_it_is_set_up()
    {
        await using var world = await MfaWorld.New(new { loginPolicy = "Required" });
        var id = await world.Begin();
        (await world.Prove(id, world.Code())).Is(421);
        var added = (await world.Server.Post($"/api/user/two-factor/{world.User}", new { method = "authenticator", code = world.Code(), secret = Convert.ToBase64String(world.Secret), twoFactorId = id })).Is(200);
        Assert.Equal(10, ((JsonArray)added.Body["recoveryCodes"]!).Count);
        var code = (string)added.Body["code"]!;
        var other = await world.Begin();
        (await world.Prove(other, code)).Is(421);
        (await world.Prove(id, code)).Is(200);
        (await world.Prove(id, code)).Is(404);
        (await world.Server.Post($"/api/user/two-factor/{world.User}", new { method = "authenticator", code = world.Code(1), secret = Convert.ToBase64String(world.Secret), twoFactorId = "unknown" })).Is(404);
    }

    [Fact]
    public async Task No_first_token_is_given_out_where_a_method_must_be_set_up()
    {
        await using var world = await MfaWorld.New(new { loginPolicy = "Required" });
        var created = (await world.Server.Post("/api/user/registration", new { user = new { email = $"{Guid.NewGuid():N}@example.com", password = MfaWorld.Password }, registration = new { applicationId = world.Application } }, tenant: world.Tenant)).Is(200);
        Assert.Null(created.Body["token"]);
        Assert.Null(created.Body["refreshToken"]);
    }

    [Theory]
    [InlineData(true, 400)]
    [InlineData(false, 200)]
    public async Task The_first_method_ends_sessions_where_the_tenant_says_so(bool ends, int status)
    {
        await using var world = await MfaWorld.New(tenant: new { jwtConfiguration = new { refreshTokenRevocationPolicy = new { onMultiFactorEnable = ends } } });
        var refresh = (string)(await world.LogIn()).Is(200).Body["refreshToken"]!;
        await world.AddAuthenticator();
        (await world.Server.Post("/api/jwt/refresh", new { refreshToken = refresh }, key: "")).Is(status);
        world.Wait();
        var later = (string)(await world.Prove(await world.Begin(), world.Code())).Is(200).Body["refreshToken"]!;
        world.Wait();
        await world.AddAuthenticator();
        (await world.Server.Post("/api/jwt/refresh", new { refreshToken = later }, key: "")).Is(200);
    }

    private static async Task<(string Trust, string Cookie)> Trust(MfaWorld world)
    {
        world.Wait();
        var answer = (await world.Prove(await world.Begin(), world.Code(), new { trustComputer = true })).Is(200);
        var trust = (string)answer.Body["twoFactorTrustId"]!;
        Assert.Equal($"fusionauth.trust={trust}", MfaWorld.Cookie(answer));
        return (trust, MfaWorld.Cookie(answer));
    }
}
