using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Recovery;

namespace OrleansAuth.Verification;

/// <summary>Identities are verified step by step, those of users and those that nobody has yet.</summary>
public sealed class IdentityVerifyTests
{
    private static readonly object Phones = new { phoneConfiguration = new { verifyPhoneNumber = true, verificationStrategy = "FormField", unverified = new { behavior = "Gated" } } };

    [Fact]
    public async Task A_phone_number_of_a_user_is_verified_by_a_code()
    {
        await using var world = await RecoveryWorld.New(Phones, new { phoneNumber = "+4915112345678" });
        var started = (await Start(world, new { loginId = "+49 151 12345678", loginIdType = "phoneNumber", state = new { a = 1 } })).Is(200).Body;
        var (id, code) = ((string)started["verificationId"]!, (string)started["oneTimeCode"]!);
        Assert.Matches("^[0-9]{6}$", code);
        Assert.False(await Verified(world, "phoneNumber"));
        Assert.Equal("", (await Post(world, "send", new { verificationId = id })).Is(200).Text);
        Assert.Equal("[missing]oneTimeCode", (await Post(world, "complete", new { verificationId = id })).Is(400).FieldError("oneTimeCode"));
        (await Post(world, "complete", new { verificationId = id, oneTimeCode = "wrong" })).Is(404);
        (await Post(world, "complete", new { verificationId = id, oneTimeCode = code }, await world.Server.NewTenant())).Is(404);
        await world.Restart();
        Assert.Equal(1, (int)(await Post(world, "complete", new { verificationId = id, oneTimeCode = code })).Is(200).Body["state"]!["a"]!);
        Assert.True(await Verified(world, "phoneNumber"));
        (await Post(world, "complete", new { verificationId = id, oneTimeCode = code })).Is(404);
        Assert.Equal("[verified]loginId", (await Start(world, new { loginId = "+4915112345678", loginIdType = "phoneNumber" })).Is(400).FieldError("loginId"));
    }

    [Fact]
    public async Task What_was_proved_before_there_was_a_user_counts_once_for_that_user()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Codes);
        (await Start(world, new { loginId = "new@example.com", loginIdType = "email" })).Is(404);
        var started = (await Start(world, new { loginId = "New@example.com", loginIdType = "email", existingUserStrategy = "mustNotExist" })).Is(200).Body;
        var (id, code) = ((string)started["verificationId"]!, (string)started["oneTimeCode"]!);
        Assert.Equal("[invalid]verificationIds", (await Create("new@example.com", id)).Is(400).FieldError("verificationIds"));
        (await Post(world, "send", new { verificationId = id })).Is(200);
        Assert.Equal(code, ProofMails.Code((await world.Mails("new@example.com"))[0]));
        await world.Restart();
        (await Post(world, "complete", new { verificationId = id, oneTimeCode = code })).Is(200);
        (await Post(world, "complete", new { verificationId = id, oneTimeCode = code })).Is(404);
        Assert.Equal("[invalid]verificationIds", (await Create("other@example.com", id)).Is(400).FieldError("verificationIds"));
        var created = (await Create("new@example.com", id)).Is(200).Body;
        Assert.True((bool)created["user"]!["verified"]!);
        Assert.Null(created["emailVerificationId"]);
        (await world.Server.Delete($"/api/user/{created["user"]!["id"]}?hardDelete=true")).Is(200);
        Assert.Equal("[invalid]verificationIds", (await Create("new@example.com", id)).Is(400).FieldError("verificationIds"));
        await world.NewUser(email: "new@example.com");
        Assert.Equal("[duplicate]loginId", (await Start(world, new { loginId = "new@example.com", loginIdType = "email", existingUserStrategy = "mustNotExist" })).Is(400).FieldError("loginId"));

        Task<Answer> Create(string email, string proof) =>
            world.Server.Post("/api/user", new { verificationIds = new[] { proof }, user = new { email, password = "correct horse" } }, tenant: world.Tenant);
    }

    [Fact]
    public async Task Few_wrong_codes_are_looked_at_also_where_there_is_no_user()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Codes);
        var started = (await Start(world, new { loginId = "new@example.com", loginIdType = "email", existingUserStrategy = "mustNotExist" })).Is(200).Body;
        var (id, code) = ((string)started["verificationId"]!, (string)started["oneTimeCode"]!);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Post(world, "complete", new { verificationId = id, oneTimeCode = "WRONG1" })));
        for (var i = 0; i < 5; i++) (await Post(world, "complete", new { verificationId = id, oneTimeCode = "WRONG1" })).Is(404);
        (await Post(world, "complete", new { verificationId = id, oneTimeCode = code })).Is(404);
        for (var i = 0; i < 8; i++) (await Post(world, "send", new { verificationId = id })).Is(200);
        Assert.Equal(5, (await world.Mails("new@example.com")).Length);
    }

    [Fact]
    public async Task An_operator_vouches_for_an_identity()
    {
        await using var world = await RecoveryWorld.New(Phones, new { phoneNumber = "+4915112345678" });
        (await world.Server.Post("/api/identity/verify", new { loginId = "+4915112345678", loginIdType = "phoneNumber" }, key: "")).Is(401);
        (await world.Server.Post("/api/identity/verify", new { loginId = "nobody@example.com", loginIdType = "email" }, tenant: world.Tenant)).Is(404);
        (await world.Server.Post("/api/identity/verify", new { loginId = "+4915112345678", loginIdType = "phoneNumber" }, tenant: world.Tenant)).Is(200);
        Assert.True(await Verified(world, "phoneNumber"));
    }

    [Theory]
    [InlineData("""{}""", "loginId")]
    [InlineData("""{"loginId":"ada@example.com"}""", "loginIdType")]
    [InlineData("""{"loginId":"ada@example.com","loginIdType":"username"}""", "loginIdType")]
    [InlineData("""{"loginId":"ada","loginIdType":"email"}""", "loginId")]
    [InlineData("""{"loginId":"0151","loginIdType":"phoneNumber"}""", "loginId")]
    [InlineData("""{"loginId":"ada@example.com","loginIdType":"email","existingUserStrategy":"perhaps"}""", "existingUserStrategy")]
    [InlineData("""{"loginId":"ada@example.com","loginIdType":"email","verificationStrategy":"7"}""", "verificationStrategy")]
    [InlineData("""{"loginId":"ada@example.com","loginIdType":"email","state":[]}""", "state")]
    public async Task What_is_wrong_with_a_request_is_said(string body, string field)
    {
        var server = await TestServer.Shared;
        Assert.NotNull((await server.Post("/api/identity/verify/start", body)).Is(400).FieldError(field));
    }

    private static Task<Answer> Start(RecoveryWorld world, object body) => world.Server.Post("/api/identity/verify/start", body, tenant: world.Tenant);

    private static Task<Answer> Post(RecoveryWorld world, string step, object body, Guid? tenant = null) => world.Server.Post($"/api/identity/verify/{step}", body, key: "", tenant: tenant);

    private static async Task<bool> Verified(RecoveryWorld world, string type) =>
        (bool)((JsonObject)(await world.Server.Get($"/api/user/{world.User}")).Body["user"]!)["identities"]!.AsArray().Single(i => (string?)i!["type"]!["name"] == type)!["verified"]!;
}
