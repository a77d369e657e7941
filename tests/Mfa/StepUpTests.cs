using OrleansAuth.Administration;
using OrleansAuth.Common;

namespace OrleansAuth.Mfa;

/// <summary>Whoever has a second factor changes the password with it, on every way but one: a key that answers for the user.</summary>
public sealed class StepUpTests
{
    private const string Changed = "another horse";
    private const string Required = "[TrustTokenRequired]";

    [Fact]
    public async Task An_id_from_a_mail_is_not_enough()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var id = await world.Recovery.NewId(mailed: true);
        Assert.Equal(Required, (await world.Server.Get($"/api/user/change-password/{id}", key: "")).Is(400).GeneralError);
        Assert.Equal(Required, (await Change(world, id)).Is(400).GeneralError);
        Assert.Equal(Required, (await Change(world, id, "unknown")).Is(400).GeneralError);
        var trust = await StepUp(world);
        (await Change(world, id, trust)).Is(200);
        (await world.LogIn(password: Changed)).Is(242);

        // It was good for the password of then.
        (await world.Recovery.Begin(world.Email)).Is(200);
        Assert.Equal(Required, (await Change(world, await world.Recovery.NewId(), trust)).Is(400).GeneralError);
    }

    [Fact]
    public async Task A_token_of_the_user_is_not_enough_and_a_key_with_the_name_is()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var login = (await world.Prove(await world.Begin(), world.Code())).Is(200);
        var token = (string)login.Body["token"]!;
        Assert.Equal(Required, (await world.Server.Send(HttpMethod.Get, "/api/user/change-password", bearer: token)).Is(400).GeneralError);
        Assert.Equal(Required, (await By(new { password = Changed, currentPassword = MfaWorld.Password })).Is(400).GeneralError);
        (await By(new { password = Changed, currentPassword = MfaWorld.Password, trustToken = (string)login.Body["trustToken"]! })).Is(200);
        (await world.Server.Get($"/api/user/change-password?loginId={world.Email}", tenant: world.Tenant)).Is(200);
        (await world.Server.Post("/api/user/change-password", new { loginId = world.Email, password = "third horse" }, tenant: world.Tenant)).Is(200);

        Task<Answer> By(object body) => world.Server.Send(HttpMethod.Post, "/api/user/change-password", body, bearer: token);
    }

    [Fact]
    public async Task A_bound_trust_token_needs_its_challenge_and_lives_three_minutes_and_is_the_users_own()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var trust = await StepUp(world, "the challenge");
        var id = await world.Recovery.NewId();
        Assert.Equal(Required, (await Change(world, id, trust)).Is(400).GeneralError);
        Assert.Equal(Required, (await Change(world, id, trust, "another")).Is(400).GeneralError);
        var email = $"{Guid.NewGuid():N}@example.com";
        var other = await world.Recovery.NewUser(email: email);
        world.Wait();
        await world.AddAuthenticator(other);
        var others = (string)(await world.Recovery.Begin(email, new { sendForgotPasswordEmail = false })).Is(200).Body["changePasswordId"]!;
        Assert.Equal(Required, (await Change(world, others, trust, "the challenge")).Is(400).GeneralError);
        world.Wait(120);
        (await Change(world, id, trust, "the challenge")).Is(200);
        var old = await StepUp(world);
        world.Wait(180);
        Assert.Equal(Required, (await Change(world, await world.Recovery.NewId(), old)).Is(400).GeneralError);
    }

    [Fact]
    public async Task Only_callers_with_a_key_are_told_a_code()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        (await world.Server.Post("/api/two-factor/start", new { userId = world.User }, key: "")).Is(401);
        (await world.Server.Post("/api/two-factor/start", new { loginId = "nobody@example.com" }, tenant: world.Tenant)).Is(404);
        (await world.Server.Post("/api/two-factor/start", new { userId = world.User }, tenant: await world.Server.NewTenant())).Is(404);
        var started = (await world.Server.Post("/api/two-factor/start", new { loginId = world.Email, code = "OWN-CODE", state = new { a = 1 }, applicationId = world.Application }, tenant: world.Tenant)).Is(200);
        Assert.Equal("OWN-CODE", (string?)started.Body["code"]);
        var id = (string)started.Body["twoFactorId"]!;
        Assert.Null((await world.LogIn()).Is(242).Body["code"]);
        var proved = (await world.Prove(id, "own-code")).Is(200);
        Assert.Equal(1, (int)proved.Body["state"]!["a"]!);
        Assert.NotNull(proved.Body["token"]);
        (await world.Prove(await world.Begin(), "OWN-CODE")).Is(421);
    }

    [Fact]
    public async Task The_page_of_a_mailed_link_asks_for_the_code_first()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        using var browser = new Visitor(world.Server.Url);
        var address = $"/password/change/{await world.Recovery.NewId(mailed: true)}?tenantId={world.Tenant}";
        var asked = (await browser.Open(address)).Is(200);
        Assert.Null(asked.Document.QuerySelector("#password"));
        Assert.Equal("one-time-code", asked.Document.QuerySelector("#code")!.GetAttribute("autocomplete"));

        // The form of the second step, without the first.
        var token = asked.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        foreach (var trust in (string[])["", "unknown"])
        {
            var skipped = (await browser.Post(address, [new("__RequestVerificationToken", token), new("password", Changed), new("passwordConfirm", Changed), new("trustToken", trust)])).Is(200);
            Assert.NotNull(skipped.Document.QuerySelector("#code"));
        }

        var wrong = (await browser.Submit(asked, "#change-form", ("code", world.WrongCode()))).Is(200);
        Assert.NotNull(wrong.Document.QuerySelector("#code-note"));
        var form = (await browser.Submit(wrong, "#change-form", ("code", world.Code()))).Is(200);
        Assert.NotNull(form.Document.QuerySelector("#password"));
        var refused = (await browser.Submit(form, "#change-form", ("password", "short"), ("passwordConfirm", "short"))).Is(200);
        Assert.StartsWith("/password/complete", (await browser.Submit(refused, "#change-form", ("password", Changed), ("passwordConfirm", Changed))).Is(303).Leads, StringComparison.Ordinal);
        (await world.LogIn(password: Changed)).Is(242);
    }

    private static async Task<string> StepUp(MfaWorld world, string? challenge = null)
    {
        var started = (await world.Server.Post("/api/two-factor/start", new { userId = world.User, trustChallenge = challenge })).Is(200);
        world.Wait();
        return (string)(await world.Prove((string)started.Body["twoFactorId"]!, world.Code())).Is(200).Body["trustToken"]!;
    }

    private static Task<Answer> Change(MfaWorld world, string id, string? trustToken = null, string? trustChallenge = null) =>
        world.Server.Post($"/api/user/change-password/{id}", new { password = Changed, trustToken, trustChallenge }, key: "");
}
