using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Recovery;

namespace OrleansAuth.Verification;

/// <summary>A registration is verified by what was sent for it.</summary>
public sealed class RegistrationVerificationTests
{
    private const string Gated = """{"verifyRegistration":true,"unverified":{"behavior":"Gated"}}""";

    [Fact]
    public async Task The_link_verifies_the_registration_once_and_the_address_with_it()
    {
        await using var world = await World("""{"verifyRegistration":true}""", ProofMails.Links);
        var user = await world.NewUser(email: "bob@example.com");
        var mail = (await world.Mails("bob@example.com")).Single(m => m.Text.Contains("/registration/verify/", StringComparison.Ordinal));
        var id = RecoveryWorld.Read(mail).Id;
        (await Post(world, "verify-email", id)).Is(404);
        (await Post(world, "verify-registration", id, await world.Server.NewTenant())).Is(404);
        await world.Restart();
        Assert.Equal("", (await Post(world, "verify-registration", id)).Is(200).Text);
        (await Post(world, "verify-registration", id)).Is(404);
        var shown = (await world.Server.Get($"/api/user/{user}")).Body["user"]!;
        Assert.True((bool)shown["registrations"]![0]!["verified"]!);
        Assert.True((bool)shown["verified"]!);
    }

    [Fact]
    public async Task A_login_tells_the_id_that_a_code_belongs_to()
    {
        await using var world = await World("""{"verifyRegistration":true,"verificationStrategy":"FormField","unverified":{"behavior":"Gated"}}""");
        await world.NewUser(email: "bob@example.com");
        var code = ProofMails.Code(Assert.Single(await world.Mails("bob@example.com")));
        var login = (await world.LogIn(RecoveryWorld.Password, "bob@example.com")).Is(213);
        Assert.Null(login.Body["token"]);
        var id = (string)login.Body["registrationVerificationId"]!;
        (await world.Server.Post("/api/user/verify-registration", new { verificationId = id, oneTimeCode = "AAAAAA" }, key: "")).Is(404);
        (await world.Server.Post($"/api/user/verify-registration/{id}", new { oneTimeCode = code }, key: "")).Is(200);
        (await world.LogIn(RecoveryWorld.Password, "bob@example.com")).Is(200);
    }

    [Fact]
    public async Task Another_message_is_sent_and_the_id_told_to_keys_alone()
    {
        await using var world = await World(Gated);
        await world.NewUser(email: "bob@example.com");
        var first = await world.Id("bob@example.com");
        Assert.Equal("", (await Resend("bob@example.com", key: "")).Is(200).Text);
        Assert.Equal("", (await Resend("nobody@example.com", key: "")).Is(200).Text);
        Assert.Equal(2, (await world.Mails("bob@example.com")).Length);
        (await Post(world, "verify-registration", first)).Is(404);
        (await Resend("nobody@example.com")).Is(404);
        foreach (var flag in (string[])["sendVerifyPasswordEmail", "sendVerifyRegistrationEmail"])
            Assert.NotNull((await Resend("bob@example.com", flag: flag)).Is(200).Body["verificationId"]);
        Assert.Equal(2, (await world.Mails("bob@example.com")).Length);
        (await Post(world, "verify-registration", (string)(await Resend("bob@example.com")).Is(200).Body["verificationId"]!)).Is(200);

        Task<Answer> Resend(string email, string? key = null, string? flag = null) =>
            world.Server.Put($"/api/user/verify-registration?email={email}&applicationId={world.Application}{(flag is null ? "" : $"&{flag}=false")}", null, key, world.Tenant);
    }

    [Fact]
    public async Task A_registration_that_is_gone_takes_its_id_along_and_one_that_was_vouched_for_needs_none()
    {
        await using var world = await World(Gated);
        var user = await world.NewUser(email: "bob@example.com");
        var id = await world.Id("bob@example.com");
        (await world.Server.Delete($"/api/user/registration/{user}/{world.Application}")).Is(200);
        (await Post(world, "verify-registration", id)).Is(404);
        var added = (await world.Server.Post($"/api/user/registration/{user}", new { registration = new { applicationId = world.Application } })).Is(200).Body;
        (await Post(world, "verify-registration", id)).Is(404);
        (await Post(world, "verify-registration", (string)added["registrationVerificationId"]!)).Is(200);
        (await world.Server.Delete($"/api/user/registration/{user}/{world.Application}")).Is(200);
        added = (await world.Server.Post($"/api/user/registration/{user}", new { skipRegistrationVerification = true, registration = new { applicationId = world.Application } })).Is(200).Body;
        Assert.Null(added["registrationVerificationId"]);
        Assert.True((bool)added["registration"]!["verified"]!);
    }

    [Fact]
    public async Task The_pages_confirm_it_and_the_login_goes_on()
    {
        await using var server = await GatePageTests.Development();
        var world = await GatePageTests.World(server, new { }, Gated);
        using var browser = world.Browser();
        var gate = await GatePageTests.Gate(world, browser, "/registration/verification-required?");
        (await browser.Submit(gate, "#verify-form", ("do", "go-on"))).Is(200);
        var link = RecoveryWorld.Read((await RecoveryWorld.Mails(server, world.Email))[0]).Link.PathAndQuery;
        using var phone = world.Browser();
        (await phone.Open((await phone.Submit((await phone.Open(link)).Is(200), "#verify-form")).Is(303).Leads!)).Is(200);
        Assert.NotNull(OAuthWorld.Answer((await browser.Submit(gate, "#verify-form", ("do", "go-on"))).Is(303))["code"]);
    }

    private static async Task<RecoveryWorld> World(string application, object? tenant = null)
    {
        var world = await RecoveryWorld.New(tenant);
        (await world.Server.Patch($"/api/application/{world.Application}", new JsonObject { ["application"] = JsonNode.Parse(application) })).Is(200);
        return world;
    }

    private static Task<Answer> Post(RecoveryWorld world, string path, string id, Guid? tenant = null) => world.Server.Post($"/api/user/{path}/{id}", new { }, key: "", tenant: tenant);
}
