using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Recovery;

namespace OrleansAuth.Verification;

public sealed class BrowserTests
{
    private const int HeaviestPage = 60_000;

    private static readonly string[] Grave = ["moderate", "serious", "critical"];

    [Fact]
    public async Task A_person_verifies_and_signs_in_without_a_password_by_keyboard()
    {
        await using var server = await GatePageTests.Development();
        var codes = await World(server, ProofMails.Codes);
        var links = await World(server, ProofMails.Gates, codes.Email);
        var open = await World(server, new { }, codes.Email, """{"passwordlessConfiguration":{"enabled":true} }""");
        var typed = await World(server, new { }, codes.Email, """{"passwordlessConfiguration":{"enabled":true,"emailLoginStrategy":"FormField"} }""");
        var state = new { client_id = open.Application.ToString(), redirect_uri = Client(server), response_type = "code", code_challenge = OAuthWorld.Challenge, code_challenge_method = "S256" };
        (await server.Post("/api/passwordless/send", new { loginId = open.Email, applicationId = open.Application, state }, key: "")).Is(200);
        var link = await Link(server, open.Email, "passwordless");
        using var other = open.Browser();
        (await other.Submit((await other.Open(new Uri(Address(open)).PathAndQuery.Replace("authorize", "passwordless", StringComparison.Ordinal))).Is(200), "#passwordless-form", ("loginId", open.Email))).Is(303);
        var bound = await Link(server, open.Email, "passwordless");
        var result = await NodeClient.Run("verify-pages", new
        {
            Tools.Chromium,
            Screenshots = Environment.GetEnvironmentVariable("SCREENSHOTS"),
            codes.Email,
            OAuthWorld.Password,
            Codes = Address(codes),
            Links = Address(links),
            Verify = await Link(server, links.Email, $"tenantId={links.Tenant}"),
            Over = new Uri(server.Url, $"/email/verify/unknown?tenantId={links.Tenant}&client_id={links.Application}"),
            PasswordlessCode = Address(typed),
            PasswordlessLink = Address(open),
            Link = link,
            Bound = bound,
        }, limit: TimeSpan.FromMinutes(5));

        var seen = result.Json;
        Assert.Empty(seen.GetProperty("violations").EnumerateArray().Where(v => Grave.Contains(v.GetProperty("impact").GetString())).Select(v => v.GetRawText()));
        Assert.Empty(seen.GetProperty("complaints").EnumerateArray().Select(c => c.GetString()));
        Assert.All(seen.GetProperty("weights").EnumerateObject(), page => Assert.True(page.Value.GetInt32() < HeaviestPage, page.ToString()));
        Assert.All(seen.GetProperty("answers").EnumerateArray(), answer => Assert.True(answer.TryGetProperty("code", out _), answer.GetRawText()));
    }

    private static async Task<OAuthWorld> World(TestServer server, object tenant, string? email = null, string application = "{}")
    {
        var world = await GatePageTests.World(server, tenant, application);
        (await server.Patch($"/api/application/{world.Application}", new { application = new { oauthConfiguration = new { authorizedRedirectURLs = new[] { Client(server) } } } })).Is(200);
        if (email is not null) (await server.Patch($"/api/user/{world.User}", new { user = new { email } })).Is(200);
        return email is null ? world : world.As(email);
    }

    private static string Client(TestServer server) => new Uri(server.Url, "/client/callback").ToString();

    private static string Address(OAuthWorld world) => new Uri(world.Server.Url, world.Authorize(("redirect_uri", Client(world.Server)), ("scope", "openid"))).ToString();

    private static async Task<string> Link(TestServer server, string email, string part) =>
        RecoveryWorld.Read((await RecoveryWorld.Mails(server, email)).First(m => m.Text.Contains(part, StringComparison.Ordinal))).Link.ToString();
}
