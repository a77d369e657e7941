using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Tenants;
using OrleansAuth.Verification;

namespace OrleansAuth.Mfa;

/// <summary>A second factor, and behind it the gate of an address that is not verified.</summary>
public sealed class FactorAndGateTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];

    [Fact]
    public async Task Who_proved_the_second_factor_before_a_gate_is_not_asked_for_it_behind_it()
    {
        await using var server = await GatePageTests.Development();
        var world = await GatePageTests.World(server, ProofMails.Gates);
        (await server.Post($"/api/user/two-factor/{world.User}", new { method = "authenticator", code = Code(server), secret = Convert.ToBase64String(Secret) })).Is(200);
        server.Time.UtcNow += TimeSpan.FromSeconds(60);
        using var browser = world.Browser();
        var factor = (await browser.Open((await world.SignIn(browser)).Is(303).Leads!)).Is(200);
        var sent = (await browser.Submit(factor, "#two-factor-form", ("code", Code(server)))).Is(303);
        Assert.StartsWith(LoginGate, sent.Leads, StringComparison.Ordinal);
        var gate = (await browser.Open(sent.Leads!)).Is(200);
        (await browser.Submit(gate, "#verify-form", ("do", "go-on"))).Is(200);

        (await server.Post("/api/identity/verify", new { loginId = world.Email, loginIdType = "email" }, tenant: world.Tenant)).Is(200);

        var answer = OAuthWorld.Answer((await browser.Submit(gate, "#verify-form", ("do", "go-on"))).Is(303));
        (await world.Redeem(answer["code"]!)).Is(200);
    }

    private const string LoginGate = "/email/verification-required?";

    private static string Code(TestServer server) => Totp.Code(Secret, Totp.Step(server.Time.UtcNow.ToUnixTimeMilliseconds(), 30), TotpAlgorithm.HmacSHA1, 6);
}
