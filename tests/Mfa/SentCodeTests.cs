using System.Text.RegularExpressions;
using OrleansAuth.Common;
using OrleansAuth.Recovery;

namespace OrleansAuth.Mfa;

/// <summary>Codes by e-mail and text message.</summary>
public sealed partial class SentCodeTests
{
    private static readonly object Both = new { email = new { enabled = true }, sms = new { enabled = true } };
    private const string Phone = "+15551234567";

    [Fact]
    public async Task An_address_is_proved_by_a_code_and_then_brings_codes_for_logins()
    {
        await using var world = await MfaWorld.New(Both);
        var target = $"second-{Guid.NewGuid():N}@example.com";
        await AddEmail(world, target);
        var asked = (await world.LogIn()).Is(242);
        Assert.Matches(@"^s\*+@example\.com$", (string)asked.Body["methods"]![0]!["email"]!);
        var (id, method) = ((string)asked.Body["twoFactorId"]!, (string)asked.Body["methods"]![0]!["id"]!);
        Assert.Equal("", (await Send(world, id, method)).Is(200).Text);
        var code = await Code(world, target);
        (await world.Prove(await world.Begin(), code)).Is(421);
        (await world.Prove(id, code)).Is(200);
        (await world.Prove(id, code)).Is(404);
        Assert.Equal(target, (string?)(await world.Methods())[0]!["email"]);
    }

    [Fact]
    public async Task A_phone_is_a_method_too()
    {
        await using var world = await MfaWorld.New(Both);
        (await world.Server.Post("/api/two-factor/send", new { userId = world.User, method = "sms", mobilePhone = "+1 (555) 123-4567" })).Is(200);
        (await world.Server.Post($"/api/user/two-factor/{world.User}", new { method = "sms", mobilePhone = Phone, code = await Code(world, Phone) })).Is(200);
        var asked = (await world.LogIn()).Is(242);
        Assert.Equal("**********67", (string?)asked.Body["methods"]![0]!["mobilePhone"]);
        (await Send(world, (string)asked.Body["twoFactorId"]!, (string)asked.Body["methods"]![0]!["id"]!)).Is(200);
        (await world.Prove((string)asked.Body["twoFactorId"]!, await Code(world, Phone))).Is(200);
    }

    [Fact]
    public async Task A_new_code_makes_the_one_before_void_and_each_lives_a_minute()
    {
        await using var world = await MfaWorld.New(Both);
        var method = await AddEmail(world, world.Email);
        var id = await world.Begin();
        (await Send(world, id, method)).Is(200);
        var first = await Code(world, world.Email);
        var other = await world.Begin();
        (await Send(world, other, method)).Is(200);
        (await world.Prove(id, first)).Is(421);
        var second = await Code(world, world.Email);
        world.Wait(60);
        (await world.Prove(other, second)).Is(421);
        (await Send(world, other, method)).Is(200);
        await world.Restart();
        (await Send(world, other, method)).Is(200);
        (await world.Prove(other, await Code(world, world.Email))).Is(200);
    }

    [Fact]
    public async Task Codes_for_one_thing_are_good_for_no_other()
    {
        await using var world = await MfaWorld.New(Both);
        var method = await AddEmail(world, world.Email);
        (await world.Server.Post("/api/two-factor/send", new { userId = world.User, methodId = method })).Is(200);
        var forRemoval = await Code(world, world.Email);
        (await world.Prove(await world.Begin(), forRemoval)).Is(421);
        (await world.Server.Post($"/api/user/two-factor/{world.User}", new { method = "email", email = "third@example.com", code = forRemoval })).Is(421);
        (await world.Server.Delete($"/api/user/two-factor/{world.User}?methodId={method}&code={forRemoval}")).Is(200);
        Assert.Empty(await world.Methods());
    }

    [Fact]
    public async Task While_too_many_are_asked_for_nothing_is_sent_and_nobody_is_told()
    {
        await using var world = await MfaWorld.New(Both, new { rateLimitConfiguration = new { sendTwoFactor = new { enabled = true, limit = 2, timePeriodInSeconds = 60 } } });
        var method = await AddEmail(world, world.Email);
        var id = await world.Begin();
        (await Send(world, id, method)).Is(200);
        var code = await Code(world, world.Email);
        var mails = (await world.Recovery.Mails()).Length;
        for (var i = 0; i < 3; i++) (await Send(world, id, method)).Is(200);
        Assert.Equal(mails, (await world.Recovery.Mails()).Length);
        (await world.Prove(id, code)).Is(200);
        world.Wait(60);
        (await Send(world, await world.Begin(), method)).Is(200);
        Assert.Equal(mails + 1, (await world.Recovery.Mails()).Length);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused()
    {
        await using var world = await MfaWorld.New(Both);
        (await Send(world, "unknown", "x")).Is(404);
        await world.AddAuthenticator();
        var id = await world.Begin();
        Assert.Equal("[invalid]methodId", (await Send(world, id, world.MethodId)).Is(400).FieldError("methodId"));
        Assert.Equal("[blank]methodId", (await world.Server.Post($"/api/two-factor/send/{id}", new { method = "email", email = "victim@example.com" }, key: "")).Is(400).FieldError("methodId"));
        Assert.Equal("[notEmail]email", (await world.Server.Post("/api/two-factor/send", new { userId = world.User, method = "email", email = "nobody" })).Is(400).FieldError("email"));
        Assert.Equal("[invalid]mobilePhone", (await world.Server.Post("/api/two-factor/send", new { userId = world.User, method = "sms", mobilePhone = "12" })).Is(400).FieldError("mobilePhone"));
        Assert.Equal("[invalid]method", (await world.Server.Post("/api/two-factor/send", new { userId = world.User, method = "voice" })).Is(400).FieldError("method"));
        (await world.Server.Post("/api/two-factor/send", new { userId = Guid.NewGuid(), method = "email", email = "a@example.com" })).Is(404);
    }

    [Fact]
    public async Task The_user_is_told_when_methods_come_and_go()
    {
        await using var world = await MfaWorld.New(Both, new
        {
            emailConfiguration = new
            {
                twoFactorMethodAddEmailTemplateId = Mail.BuiltInMessages.MailOf("TwoFactorMethodAdd"),
                twoFactorMethodRemoveEmailTemplateId = Mail.BuiltInMessages.MailOf("TwoFactorMethodRemove"),
                adminTwoFactorMethodRemoveEmailTemplateId = Mail.BuiltInMessages.MailOf("AdminTwoFactorMethodRemove"),
            },
        });
        await world.AddAuthenticator();
        var added = Assert.Single(await world.Recovery.Mails());
        world.Wait();
        (await world.Server.Delete($"/api/user/two-factor/{world.User}?methodId={world.MethodId}&code={world.Code()}")).Is(200);
        var removed = (await world.Recovery.Mails())[0];
        Assert.NotEqual(added.Subject, removed.Subject);
        await world.AddAuthenticator();
        (await world.Server.Delete($"/api/user/two-factor/{world.User}?methodId={world.MethodId}&administrative=true")).Is(200);
        Assert.Equal(4, (await world.Recovery.Mails()).Length);
        Assert.Empty(await world.Methods());
    }

    private static async Task<string> AddEmail(MfaWorld world, string target)
    {
        (await world.Server.Post("/api/two-factor/send", new { userId = world.User, method = "email", email = target })).Is(200);
        (await world.Server.Post($"/api/user/two-factor/{world.User}", new { method = "email", email = target, code = await Code(world, target) })).Is(200);
        return (string)(await world.Methods())[^1]!["id"]!;
    }

    private static Task<Answer> Send(MfaWorld world, string id, string method) => world.Server.Post($"/api/two-factor/send/{id}", new { methodId = method }, key: "");

    /// <summary>The code stands alone on a line of the mail, and somewhere in the message.</summary>
    private static async Task<string> Code(MfaWorld world, string target) => Digits().Match((await world.Recovery.Mails(target))[0].Text).Value;

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex Digits();
}
