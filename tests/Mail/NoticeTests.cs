using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Mail;

/// <summary>Which template serves an occasion, and what it makes of it.</summary>
public sealed class NoticeTests
{
    private const string Link = "https://login.acme.example/x?a=1&b=2";

    public static TheoryData<string, string> Occasions()
    {
        var data = new TheoryData<string, string>();
        foreach (var occasion in Enum.GetNames<Occasion>())
            foreach (var language in (string[])["en", "de"]) data.Add(occasion, language);
        return data;
    }

    [Theory]
    [MemberData(nameof(Occasions))]
    public async Task Every_occasion_has_a_mail_and_a_message_with_link_and_code_alone_on_their_lines(string occasion, string language)
    {
        var server = await Server.Value;
        var notice = (await Notice(server, Enum.Parse<Occasion>(occasion), new JsonArray(language), "<b>Eve</b> evil.example")) with
        {
            Link = Link,
            Code = "A1B2C3",
            Expires = server.Time.UtcNow.ToUnixTimeMilliseconds() + 600_000,
        };
        var told = occasion is "PhoneVerification" or "PhoneVerified" ? null : Single(await Send(server, notices => c => notices.Mail(c, notice with { TemplateId = BuiltInMessages.MailOf(occasion) })));
        var text = occasion == "UserAction" ? null : Single(await Send(server, notices => c => notices.Text(c, notice with { To = "+49 170 1234567", TemplateId = BuiltInMessages.TextOf(occasion) })));
        Assert.Equal(told is null ? 1 : 2, (told is null ? 0 : 1) + (text is null && told is not null ? 1 : text is null ? 0 : 1));
        if (told is not null)
        {
            Assert.DoesNotContain("{{", told.Subject + told.Text + told.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", told.Subject + told.Text + told.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", told.Html, StringComparison.Ordinal);
            Assert.Contains(notice.Tenant.Name, told.Subject, StringComparison.Ordinal);
            Assert.Contains($"<html lang=\"{language}\">", told.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("\n\n\n", told.Text, StringComparison.Ordinal);
            var lines = told.Text.Split('\n');
            if (told.Text.Contains("https://", StringComparison.Ordinal))
            {
                Assert.Contains(Link, lines);
                Assert.Contains("href=\"https://login.acme.example/x?a&#x3D;1&amp;b&#x3D;2\"", told.Html, StringComparison.Ordinal);
            }

            if (told.Text.Contains("A1B2C3", StringComparison.Ordinal)) Assert.Contains("A1B2C3", lines);
        }

        if (text is not null)
        {
            Assert.Contains(Link, text.Text.Split('\n'));
            Assert.Contains("A1B2C3", text.Text.Split('\n'));
            Assert.Equal(language == "de", !text.Text.StartsWith(BuiltIn("en", occasion, notice.Tenant), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(nameof(Occasion.ForgotPassword), "link", "The link works once, for 10 minutes.")]
    [InlineData(nameof(Occasion.TwoFactorCode), "code", "The code works once, for 10 minutes.")]
    [InlineData(nameof(Occasion.Passwordless), "code", "The code works once, for 10 minutes.")]
    public async Task The_mail_has_what_there_is_and_says_how_long_it_is_good_for(string occasion, string what, string says)
    {
        var server = await Server.Value;
        var notice = (await Notice(server, Enum.Parse<Occasion>(occasion))) with { Expires = server.Time.UtcNow.ToUnixTimeMilliseconds() + 599_990 };
        var mail = Single(await Send(server, notices => c => notices.Mail(c, what == "link" ? notice with { Link = Link } : notice with { Code = "123456" })));
        Assert.Contains(says, mail.Text, StringComparison.Ordinal);
        Assert.Contains(says, mail.Html, StringComparison.Ordinal);
        Assert.Equal(what == "code", mail.Text.Contains("123456", StringComparison.Ordinal));
        Assert.Equal(what == "link", mail.Text.Contains("https://", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_application_decides_before_the_tenant_and_the_notice_before_both()
    {
        var server = await Server.Value;
        var (ofTenant, ofApplication, own) = (await Template(server, "tenant {{name}}"), await Template(server, "application {{application.name}} {{user.email}}"), await Template(server, "own"));
        var tenant = await server.NewTenant(new { emailConfiguration = new { passwordUpdateEmailTemplateId = ofTenant } });
        var notice = await Notice(server, Occasion.PasswordUpdate, tenant: tenant);
        Assert.Equal($"tenant {notice.Tenant.Name}", Single(await Send(server, n => c => n.Mail(c, notice))).Subject);
        var application = Find<Application>(server, await server.NewApplication(tenant, new { emailConfiguration = new { passwordUpdateEmailTemplateId = ofApplication } }));
        notice = notice with { Application = application };
        Assert.Equal($"application {application.Name} {notice.User.User.Email}", Single(await Send(server, n => c => n.Mail(c, notice))).Subject);
        Assert.Equal("own", Single(await Send(server, n => c => n.Mail(c, notice with { TemplateId = own }))).Subject);
    }

    [Fact]
    public async Task Nothing_is_told_where_nobody_chose_a_template_unless_somebody_could_not_go_on()
    {
        var server = await Server.Value;
        var tenant = await server.NewTenant();
        (await server.Put($"/api/tenant/{tenant}", new { tenant = new { name = $"Silent {tenant}" } })).Is(200);
        foreach (var occasion in Enum.GetValues<Occasion>())
        {
            var notice = await Notice(server, occasion, tenant: tenant);
            Assert.Equal(NoticeTemplates.IsNeeded(occasion) && occasion != Occasion.PhoneVerification, (await Send(server, n => c => n.Mail(c, notice))).Length == 1);
            Assert.Equal(NoticeTemplates.IsNeeded(occasion), (await Send(server, n => c => n.Text(c, notice with { To = "+491701234567" }))).Length == 1);
        }
    }

    [Fact]
    public async Task A_new_tenant_tells_of_what_an_attacker_would_keep_quiet_about_unless_it_says_otherwise()
    {
        var server = await Server.Value;
        string[] members = ["adminTwoFactorMethodRemove", "emailUpdate", "passwordResetSuccess", "passwordUpdate", "twoFactorMethodAdd", "twoFactorMethodRemove"];
        foreach (var id in (Guid[])[await server.NewTenant(), server.DefaultTenant])
        {
            var mail = (await server.Get($"/api/tenant/{id}")).Is(200).Body["tenant"]!["emailConfiguration"]!.AsObject();
            Assert.Equal(members.Select(m => m + "EmailTemplateId"), mail.Select(m => m.Key).Where(m => m.EndsWith("TemplateId", StringComparison.Ordinal)).Order());
        }

        var created = (await server.Post("/api/tenant", $$$"""{"tenant":{"name":"{{{Guid.NewGuid()}}}","emailConfiguration":{"emailUpdateEmailTemplateId":null} } }""")).Is(200).Body["tenant"]!;
        Assert.Null(created["emailConfiguration"]!["emailUpdateEmailTemplateId"]);
        Assert.NotNull(created["emailConfiguration"]!["passwordUpdateEmailTemplateId"]);
        var patched = (await server.Patch($"/api/tenant/{created["id"]}", """{"tenant":{"emailConfiguration":{"passwordUpdateEmailTemplateId":null}}}""")).Is(200).Body["tenant"]!;
        Assert.Null(patched["emailConfiguration"]!["passwordUpdateEmailTemplateId"]);
        var copy = (await server.Post("/api/tenant", new { sourceTenantId = (Guid)created["id"]!, tenant = new { name = $"Copy {Guid.NewGuid()}" } })).Is(200).Body["tenant"]!;
        Assert.Null(copy["emailConfiguration"]!["passwordUpdateEmailTemplateId"]);
    }

    [Theory]
    [InlineData("{{#each user.data.many}}{{#each ../user.data.many}}{{#each ../../user.data.many}}{{this}}{{/each}}{{/each}}{{/each}}", "steps")]
    [InlineData("Hi ${user.firstName}", "FreeMarker")]
    public async Task A_template_that_fails_is_replaced_by_the_built_in_one_and_the_event_log_says_so_once(string text, string says)
    {
        var server = await Server.Value;
        var id = await Template(server, "Custom", text);
        var tenant = await server.NewTenant(new { emailConfiguration = new { forgotPasswordEmailTemplateId = id } });
        var notice = (await Notice(server, Occasion.ForgotPassword, tenant: tenant)) with { Link = Link };
        notice = notice with { User = notice.User with { User = notice.User.User with { Data = System.Text.Json.JsonSerializer.SerializeToElement(new { many = Enumerable.Repeat(1, 100) }) } } };
        for (var i = 0; i < 3; i++)
            Assert.StartsWith("Reset your password", Single(await Send(server, n => c => n.Mail(c, notice))).Subject, StringComparison.Ordinal);
        var told = (await server.Services.GetRequiredService<IStore>().Query("select message from event_log", row => row.Text("message"))).Where(m => m.Contains(id.ToString(), StringComparison.Ordinal));
        Assert.Contains(says, Assert.Single(told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[\"de_AT\"]", "Deutsch")]
    [InlineData("[\"fr\",\"de\"]", "Deutsch")]
    [InlineData("[\"it\"]", "English")]
    [InlineData("[]", "English")]
    [InlineData("[\"pt_BR\"]", "Português")]
    public async Task A_template_speaks_the_first_language_of_the_reader_that_it_knows(string languages, string says)
    {
        var server = await Server.Value;
        var template = EmailTemplateApiTests.Template($"Languages {Guid.NewGuid():N}");
        template["emailTemplate"]!["defaultSubject"] = "English";
        template["emailTemplate"]!["localizedSubjects"] = new JsonObject { ["de"] = "Deutsch", ["pt"] = "Português" };
        var id = (Guid)(await server.Post("/api/email/template", template)).Is(200).Body["emailTemplate"]!["id"]!;
        var notice = await Notice(server, Occasion.UserAction, JsonNode.Parse(languages)!.AsArray()) with { TemplateId = id };
        Assert.Equal(says, Single(await Send(server, n => c => n.Mail(c, notice))).Subject);
    }

    [Fact]
    public async Task Templates_see_no_secret_and_cannot_be_fooled_about_the_user()
    {
        var server = await Server.Value;
        var id = await Template(server, "x", "{{user.email}}|{{user.password}}|{{user.twoFactor.methods.[0].secret}}|{{application.oauthConfiguration.clientSecret}}|{{application.oauthConfiguration.clientId}}|{{tenant.emailConfiguration.password}}|{{registration.authenticationToken}}|{{changePasswordId}}");
        var tenant = await server.NewTenant();
        var application = Find<Application>(server, await server.NewApplication(tenant));
        var notice = await Notice(server, Occasion.UserAction, tenant: tenant) with { TemplateId = id, Application = application, Values = new() { ["user"] = new JsonObject { ["email"] = "evil" }, ["changePasswordId"] = "the-id" } };
        Assert.Equal($"{notice.User.User.Email}||||{application.ClientId}|||the-id", Single(await Send(server, n => c => n.Mail(c, notice))).Text);
    }

    private static readonly Lazy<Task<TestServer>> Server = new(() => TestServer.Start(settings: "--environment=Development"));

    private static string BuiltIn(string language, string occasion, Tenant tenant)
    {
        var text = BuiltInMessages.Texts.Single(t => t.Id == BuiltInMessages.TextOf(occasion)).LocalizedTemplates[language];
        return text[..text.IndexOf("{{#if", StringComparison.Ordinal)].Replace("{{name}}", tenant.Name, StringComparison.Ordinal);
    }

    private static CaughtMail Single(CaughtMail[] mails) => Assert.Single(mails);

    private static async Task<Guid> Template(TestServer server, string subject, string text = "Text")
    {
        var template = new { emailTemplate = new { name = Guid.NewGuid().ToString(), defaultSubject = subject, defaultHtmlTemplate = "<p>x</p>", defaultTextTemplate = text } };
        return (Guid)(await server.Post("/api/email/template", template)).Is(200).Body["emailTemplate"]!["id"]!;
    }

    private static T Find<T>(TestServer server, Guid id) where T : Configuration.ConfigurationObject => server.Services.GetRequiredService<ConfigurationReader>().Current.Find<T>(id)!;

    private static async Task<Notice> Notice(TestServer server, Occasion occasion, JsonArray? languages = null, string firstName = "Ada", Guid? tenant = null)
    {
        var found = Find<Tenant>(server, tenant ?? await server.NewTenant());
        var user = new User { Id = Guid.NewGuid(), TenantId = found.Id, Email = $"{Guid.NewGuid():N}@example.com", FirstName = firstName, FullName = firstName, PreferredLanguages = [.. (languages ?? []).Select(l => (string)l!)] };
        return new Notice(occasion, new StoredUser { User = user }, found, null);
    }

    /// <summary>What was caught of what a commit told.</summary>
    private static async Task<CaughtMail[]> Send(TestServer server, Func<Notices, Func<Commit, bool>> tell)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (store, catcher) = (server.Services.GetRequiredService<IStore>(), server.Services.GetRequiredService<IGrainFactory>().MailCatcher());
        var before = (await catcher.Newest()).Select(m => m.Id).ToHashSet();
        var commit = new Commit();
        var said = tell(server.Services.GetRequiredService<Notices>())(commit);
        await store.Apply(commit);
        while ((await store.Query("select count(*) as found from outbox where parked_instant is null", row => row.Long("found"), patience.Token))[0] > 0) await Task.Yield();
        CaughtMail[] caught = [.. (await catcher.Newest()).Where(m => !before.Contains(m.Id))];
        Assert.Equal(said, caught.Length == 1);
        return caught;
    }
}
