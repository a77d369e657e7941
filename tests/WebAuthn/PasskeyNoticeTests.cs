using OrleansAuth.Common;
using OrleansAuth.Mail;
using OrleansAuth.Recovery;

namespace OrleansAuth.WebAuthn;

/// <summary>Who has a passkey more or less hears of it, as with second factors.</summary>
public sealed class PasskeyNoticeTests
{
    [Fact]
    public async Task New_tenants_tell_their_users_of_passkeys_that_come_and_go()
    {
        await using var server = await TestServer.Start(settings: ["--environment=Development"]);
        var world = await PasskeyWorld.Make(server);
        Assert.Empty(await RecoveryWorld.Mails(server, world.Email));
        var (_, credential) = await world.Register();
        var added = Assert.Single(await RecoveryWorld.Mails(server, world.Email));
        Assert.Contains("A passkey was added", added.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada's phone", added.Text, StringComparison.Ordinal);
        (await server.Delete($"/api/webauthn/{credential["id"]}", tenant: world.Tenant)).Is(200);
        Assert.Contains("A passkey was removed", (await RecoveryWorld.Mails(server, world.Email))[0].Text, StringComparison.Ordinal);
        (await server.Delete($"/api/webauthn/{credential["id"]}", tenant: world.Tenant)).Is(404);
        Assert.Equal(2, (await RecoveryWorld.Mails(server, world.Email)).Length);
    }

    [Fact]
    public async Task All_passkeys_that_go_at_once_are_one_mail_and_a_refused_one_is_none()
    {
        await using var server = await TestServer.Start(settings: ["--environment=Development"]);
        var world = await PasskeyWorld.Make(server);
        await world.Register();
        var (authenticator, _) = await world.Register();
        Assert.Equal(2, (await RecoveryWorld.Mails(server, world.Email)).Length);
        (await world.Complete(authenticator.Create(await world.CreationOptions()), (await world.Another()).User)).Is(400);
        (await server.Delete($"/api/webauthn?userId={world.User}", tenant: world.Tenant)).Is(200);
        Assert.Equal(3, (await RecoveryWorld.Mails(server, world.Email)).Length);
    }

    [Fact]
    public async Task A_tenants_own_template_for_second_factors_tells_of_passkeys_and_without_one_nobody_hears()
    {
        await using var server = await TestServer.Start(settings: ["--environment=Development"]);
        var template = (Guid)(await server.Post("/api/email/template", new
        {
            emailTemplate = new { name = "Mine", defaultSubject = "Another {{method}}", defaultHtmlTemplate = "<p>{{displayName}}</p>", defaultTextTemplate = "{{method}}: {{displayName}}" },
        })).Is(200).Body["emailTemplate"]!["id"]!;
        var own = await PasskeyWorld.Make(server, tenant: $$"""{"emailConfiguration":{"twoFactorMethodAddEmailTemplateId":"{{template}}"} }""");
        await own.Register();
        Assert.Equal("webauthn: Ada's phone", Assert.Single(await RecoveryWorld.Mails(server, own.Email)).Text.Trim());
        var silent = await PasskeyWorld.Make(server, tenant: """{"emailConfiguration":{"twoFactorMethodAddEmailTemplateId":null,"twoFactorMethodRemoveEmailTemplateId":null} }""");
        await silent.Register();
        Assert.Empty(await RecoveryWorld.Mails(server, silent.Email));
    }

    [Fact]
    public void The_built_in_words_are_there_in_both_languages()
    {
        foreach (var occasion in (string[])[nameof(Occasion.PasskeyAdd), nameof(Occasion.PasskeyRemove)])
            Assert.Contains("Passkey", BuiltInMessages.Mails.Single(m => m.Id == BuiltInMessages.MailOf(occasion)).LocalizedSubjects["de"], StringComparison.Ordinal);
    }
}
