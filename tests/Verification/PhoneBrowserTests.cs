using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Recovery;

namespace OrleansAuth.Verification;

public sealed class PhoneBrowserTests
{
    private const int HeaviestPage = 60_000;

    private static readonly string[] Grave = ["moderate", "serious", "critical"];

    [Fact]
    public async Task A_person_with_a_phone_gets_through_by_keyboard()
    {
        await using var server = await GatePageTests.Development();
        var client = new Uri(server.Url, "/client/callback").ToString();
        var gate = await PhoneGateTests.World(server, PhoneGateTests.Settings("Gated", "FormField"), client);
        var code = ProofMails.Code((await RecoveryWorld.Mails(server, PhoneGateTests.Number))[0]);
        var (form, register) = await RegistrationProofTests.World(server);
        var result = await NodeClient.Run("phone-pages", new
        {
            Tools.Chromium,
            Screenshots = Environment.GetEnvironmentVariable("SCREENSHOTS"),
            gate.Email,
            OAuthWorld.Password,
            Gate = new Uri(server.Url, gate.Authorize(("redirect_uri", client), ("scope", "openid"))),
            Code = code,
            Forgot = new Uri(server.Url, $"/password/forgot?tenantId={form.Tenant}"),
            Register = new Uri(server.Url, register),
        }, limit: TimeSpan.FromMinutes(5));

        var seen = result.Json;
        Assert.Empty(seen.GetProperty("violations").EnumerateArray().Where(v => Grave.Contains(v.GetProperty("impact").GetString())).Select(v => v.GetRawText()));
        Assert.Empty(seen.GetProperty("complaints").EnumerateArray().Select(c => c.GetString()));
        Assert.All(seen.GetProperty("weights").EnumerateObject(), page => Assert.True(page.Value.GetInt32() < HeaviestPage, page.ToString()));
        Assert.True(Assert.Single(seen.GetProperty("answers").EnumerateArray()).TryGetProperty("code", out _));
    }
}
