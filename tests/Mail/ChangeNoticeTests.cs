using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Recovery;
using OrleansAuth.Storage;

namespace OrleansAuth.Mail;

/// <summary>What users are told of changes to their accounts.</summary>
public sealed class ChangeNoticeTests
{
    [Fact]
    public async Task A_new_password_is_told_to_the_user_by_what_it_came_from()
    {
        await using var world = await RecoveryWorld.New();
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { password = "by an operator" } }, tenant: world.Tenant)).Is(200);
        Assert.StartsWith("Your password for", Assert.Single(await world.Mails()).Subject, StringComparison.Ordinal);
        Assert.EndsWith("was changed", (await world.Mails())[0].Subject, StringComparison.Ordinal);

        (await world.Ask(world.Email)).Is(200);
        var id = RecoveryWorld.Read((await world.Mails())[0]).Id;
        (await world.Change(id)).Is(200);
        Assert.Equal(3, (await world.Mails()).Length);
        Assert.EndsWith("was reset", (await world.Mails())[0].Subject, StringComparison.Ordinal);

        // A name that is changed, or a password that is refused, is nobody's news.
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { firstName = "Ada" } }, tenant: world.Tenant)).Is(200);
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { password = "x" } }, tenant: world.Tenant)).Is(400);
        Assert.Equal(3, (await world.Mails()).Length);
    }

    [Fact]
    public async Task The_first_password_is_no_change()
    {
        await using var world = await RecoveryWorld.New();
        (await world.Server.Post("/api/user", new { user = new { email = "new@example.com" }, sendSetPasswordEmail = true }, tenant: world.Tenant)).Is(200);
        (await world.Change(RecoveryWorld.Read(Assert.Single(await world.Mails("new@example.com"))).Id, "my first horse")).Is(200);
        Assert.Single(await world.Mails("new@example.com"));
    }

    [Fact]
    public async Task Another_address_is_told_to_the_old_one_only_and_so_is_a_password_that_came_with_it()
    {
        await using var world = await RecoveryWorld.New();
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { email = "attacker@example.com", password = "another horse" } }, tenant: world.Tenant)).Is(200);
        var told = await world.Mails();
        Assert.Equal(2, told.Length);
        Assert.Contains(told, mail => mail.Subject.Contains("another address", StringComparison.Ordinal));
        Assert.DoesNotContain("attacker", string.Concat(told.Select(m => m.Text + m.Html)), StringComparison.Ordinal);
        Assert.Empty(await world.Mails("attacker@example.com"));
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { email = "ATTACKER@example.com" } }, tenant: world.Tenant)).Is(200);
        Assert.Empty(await world.Mails("attacker@example.com"));
    }

    [Fact]
    public async Task Phones_hear_what_the_tenant_has_templates_for()
    {
        var template = BuiltInMessages.TextOf("PasswordUpdate");
        await using var world = await RecoveryWorld.New(
            new { phoneConfiguration = new { passwordUpdateTemplateId = template, identityUpdateTemplateId = BuiltInMessages.TextOf("IdentityUpdate") } }, new { phoneNumber = "+491701234567" });
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { password = "another horse", phoneNumber = "+491707654321" } }, tenant: world.Tenant)).Is(200);
        Assert.Equal(2, (await world.Mails("+491701234567")).Length);
        Assert.Empty(await world.Mails("+491707654321"));
        Assert.Contains("Text message", (await world.Server.Get("/dev/mail", key: "")).Is(200).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_has_a_name_that_others_want_hears_it_three_times_a_day_at_most(bool forNewUser)
    {
        var settings = forNewUser
            ? (object)new { emailConfiguration = new { loginIdInUseOnCreateEmailTemplateId = BuiltInMessages.MailOf("LoginIdInUseOnCreate") } }
            : new { emailConfiguration = new { loginIdInUseOnUpdateEmailTemplateId = BuiltInMessages.MailOf("LoginIdInUseOnUpdate") } };
        await using var world = await RecoveryWorld.New(settings);
        var other = await world.NewUser(email: "eve@example.com");
        async Task Want(Guid? tenant = null)
        {
            var answer = forNewUser
                ? await world.Server.Post("/api/user", new { user = new { email = world.Email, password = "correct horse" } }, tenant: world.Tenant)
                : await world.Server.Patch($"/api/user/{other}", new { user = new { email = world.Email } }, tenant: world.Tenant);
            Assert.Equal("[duplicate]user.email", answer.Is(400).FieldError("user.email"));
        }

        for (var i = 0; i < 6; i++)
        {
            await Want();
            Assert.Equal(Math.Min(i + 1, 3), (await world.Mails()).Length);
        }

        Assert.DoesNotContain("eve@", (await world.Mails())[0].Text, StringComparison.Ordinal);
        await world.Restart();
        await Want();
        Assert.Empty(await world.Mails());
        world.Server.Time.Advance(TimeSpan.FromHours(25));
        await Want();
        Assert.Single(await world.Mails());
        Assert.Empty(await world.Mails("eve@example.com"));
    }

    [Fact]
    public async Task Without_a_template_nothing_is_queued_for_who_has_a_name()
    {
        await using var world = await RecoveryWorld.New();
        var queued = new List<string>();
        world.Server.Services.GetRequiredService<IStore>().Queued += queue => queued.Add(queue);
        (await world.Server.Post("/api/user", new { user = new { email = world.Email, password = "correct horse" } }, tenant: world.Tenant)).Is(400);
        Assert.Empty(queued);
    }

    [Fact]
    public async Task Without_a_mail_server_notices_are_not_kept_for_one()
    {
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant();
        var user = await SendEmailTests.NewUser(server, tenant, new { email = "ada@example.com" });
        (await server.Patch($"/api/user/{user}", new { user = new { password = "another horse", email = "new@example.com" } }, tenant: tenant)).Is(200);
        Assert.Equal(0, (await server.Services.GetRequiredService<IStore>().Query("select count(*) as found from outbox", row => row.Long("found")))[0]);
    }
}
