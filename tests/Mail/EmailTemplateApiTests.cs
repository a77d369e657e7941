using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Mail;

/// <summary>Mail templates by the API.</summary>
public sealed class EmailTemplateApiTests
{
    private const string Path = "/api/email/template";

    [Fact]
    public async Task A_template_is_created_read_listed_searched_replaced_patched_and_deleted()
    {
        var server = await TestServer.Shared;
        var (id, name) = (Guid.NewGuid(), $"Welcome {Guid.NewGuid():N}");
        var created = (await server.Post($"{Path}/{id}", Template(name))).Is(200).Body["emailTemplate"]!;
        Assert.Equal(("Hello {{user.firstName}}", name), ((string?)created["defaultSubject"], (string?)created["name"]));
        Assert.Equal("Hallo", (string?)created["localizedSubjects"]!["de"]);
        Assert.Equal(name, (string?)(await server.Get($"{Path}/{id}")).Is(200).Body["emailTemplate"]!["name"]);
        Assert.Contains((await server.Get(Path)).Is(200).Body["emailTemplates"]!.AsArray(), t => (Guid)t!["id"]! == id);
        Assert.Equal(1, (int)(await server.Post($"{Path}/search", new { search = new { name } })).Is(200).Body["total"]!);

        var replaced = Template(name);
        replaced["emailTemplate"]!.AsObject().Remove("localizedSubjects");
        replaced["emailTemplate"]!["fromEmail"] = "hello@acme.example";
        var answer = (await server.Put($"{Path}/{id}", replaced)).Is(200).Body["emailTemplate"]!;
        Assert.Empty(answer["localizedSubjects"]?.AsObject() ?? []);
        Assert.Equal("hello@acme.example", (string?)answer["fromEmail"]);

        (await server.Patch($"{Path}/{id}", """{"emailTemplate":{"defaultSubject":"One"}}""")).Is(200);
        (await server.Patch($"{Path}/{id}", """{"emailTemplate":{"fromEmail":null}}""", "application/merge-patch+json")).Is(200);
        var patched = (await server.Patch($"{Path}/{id}", """[{"op":"add","path":"/emailTemplate/localizedSubjects","value":{"fr":"Bonjour"}}]""", "application/json-patch+json")).Is(200).Body["emailTemplate"]!;
        Assert.Equal(("One", null, "Bonjour"), ((string?)patched["defaultSubject"], (string?)patched["fromEmail"], (string?)patched["localizedSubjects"]!["fr"]));

        Assert.Equal("", (await server.Delete($"{Path}/{id}")).Is(200).Text);
        (await server.Get($"{Path}/{id}")).Is(404);
    }

    [Fact]
    public async Task A_name_is_had_once()
    {
        var server = await TestServer.Shared;
        var name = $"Once {Guid.NewGuid():N}";
        (await server.Post(Path, Template(name))).Is(200);
        Assert.Equal("[duplicate]emailTemplate.name", (await server.Post(Path, Template(name.ToUpperInvariant()))).Is(400).FieldError("emailTemplate.name"));
        Assert.Equal("[duplicate]emailTemplate.name", (await server.Post(Path, Template("Built-in: forgot password"))).Is(400).FieldError("emailTemplate.name"));
    }

    [Theory]
    [InlineData("name", "", "[blank]", "blank")]
    [InlineData("defaultSubject", " ", "[blank]", "blank")]
    [InlineData("defaultHtmlTemplate", "", "[blank]", "blank")]
    [InlineData("defaultTextTemplate", "", "[blank]", "blank")]
    [InlineData("defaultHtmlTemplate", "a\n{{#if x}}\nb", "[invalid]", "Line 2")]
    [InlineData("defaultTextTemplate", "{{> other}}", "[invalid]", "partials")]
    [InlineData("defaultTextTemplate", "{{#each user}}\n{{/if}}", "[invalid]", "Line 2")]
    [InlineData("defaultSubject", "{{#if x}}", "[invalid]", "Line 1")]
    [InlineData("defaultSubject", "Hello\r\nBcc: eve@example.com", "[invalid]", "line ends")]
    [InlineData("defaultFromName", "Acme\nBcc: eve@example.com", "[invalid]", "line ends")]
    [InlineData("fromEmail", "a@b.example\r\nBcc: eve@example.com", "[notEmail]", "address")]
    [InlineData("fromEmail", "nobody", "[notEmail]", "address")]
    [InlineData("defaultTextTemplate", "a\0b", "[invalid]", "U+0000")]
    public async Task A_template_that_could_not_be_sent_is_refused_with_the_place(string member, string value, string rule, string says)
    {
        var server = await TestServer.Shared;
        var template = Template($"Bad {Guid.NewGuid():N}");
        template["emailTemplate"]![member] = value;
        var answer = (await server.Post(Path, template)).Is(400);
        Assert.Equal($"{rule}emailTemplate.{member}", answer.FieldError($"emailTemplate.{member}") ?? answer.FieldError($"emailTemplate.emailTemplate.{member}"));
        Assert.Contains(says, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"localizedSubjects":{"german":"x"}}""", "localizedSubjects")]
    [InlineData("""{"localizedHtmlTemplates":{"de":"{{#if}}"}}""", "localizedHtmlTemplates.de")]
    public async Task So_is_one_in_another_language(string more, string field)
    {
        var server = await TestServer.Shared;
        var template = Template($"Bad {Guid.NewGuid():N}");
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject()) template["emailTemplate"]![name] = value!.DeepClone();
        Assert.Equal($"[invalid]emailTemplate.{field}", (await server.Post(Path, template)).Is(400).FieldError($"emailTemplate.{field}"));
    }

    [Fact]
    public async Task Whoever_is_used_stays_and_whoever_is_named_exists()
    {
        var server = await TestServer.Shared;
        var id = (Guid)(await server.Post(Path, Template($"Used {Guid.NewGuid():N}"))).Is(200).Body["emailTemplate"]!["id"]!;
        var tenant = await server.NewTenant(new { emailConfiguration = new { forgotPasswordEmailTemplateId = id }, multiFactorConfiguration = new { email = new { templateId = id } } });
        var application = await server.NewApplication(tenant, new { verificationEmailTemplateId = id });
        Assert.Equal("[inUse]emailTemplate", (await server.Delete($"{Path}/{id}")).Is(400).GeneralError);
        (await server.Patch($"/api/tenant/{tenant}", """{"tenant":{"emailConfiguration":{"forgotPasswordEmailTemplateId":null},"multiFactorConfiguration":{"email":{"templateId":null}}}}""")).Is(200);
        Assert.Equal("[inUse]emailTemplate", (await server.Delete($"{Path}/{id}")).Is(400).GeneralError);
        (await server.Patch($"/api/application/{application}", """{"application":{"verificationEmailTemplateId":null}}""")).Is(200);
        (await server.Delete($"{Path}/{id}")).Is(200);

        const string Field = "tenant.emailConfiguration.passwordlessEmailTemplateId";
        Assert.Equal($"[invalid]{Field}", (await server.Patch($"/api/tenant/{tenant}", new { tenant = new { emailConfiguration = new { passwordlessEmailTemplateId = id } } })).Is(400).FieldError(Field));
        var wrongKind = BuiltInMessages.TextOf("TwoFactorCode");
        Assert.Equal("[invalid]application.multiFactorConfiguration.email.templateId", (await server.Patch(
            $"/api/application/{application}", new { application = new { multiFactorConfiguration = new { email = new { templateId = wrongKind } } } })).Is(400).FieldError("application.multiFactorConfiguration.email.templateId"));
    }

    [Fact]
    public async Task What_comes_with_the_server_cannot_be_changed()
    {
        var server = await TestServer.Shared;
        foreach (var template in BuiltInMessages.Mails)
        {
            (await server.Get($"{Path}/{template.Id}")).Is(200);
            Assert.Equal("[readOnly]emailTemplate", (await server.Delete($"{Path}/{template.Id}")).Is(400).GeneralError);
        }

        Assert.Equal("[readOnly]emailTemplate", (await server.Patch($"{Path}/{BuiltInMessages.MailOf("Passwordless")}", """{"emailTemplate":{"defaultSubject":"x"}}""")).Is(400).GeneralError);
    }

    [Fact]
    public async Task FreeMarker_is_kept_as_it_came_and_its_preview_says_what_to_do()
    {
        var server = await TestServer.Shared;
        const string Text = "[#setting url_escaping_charset=\"UTF-8\"]\nHi ${user.firstName} {{#if";
        var template = Template($"Foreign {Guid.NewGuid():N}");
        template["emailTemplate"]!["defaultHtmlTemplate"] = Text;
        var created = (await server.Post(Path, template)).Is(200).Body["emailTemplate"]!;
        Assert.Equal(Text, (string?)created["defaultHtmlTemplate"]);
        var preview = (await server.Post($"{Path}/preview", template)).Is(200).Body;
        Assert.Contains("Handlebars", (string?)preview["errors"]!["fieldErrors"]!["emailTemplate.defaultHtmlTemplate"]![0]!["message"], StringComparison.Ordinal);
        Assert.Null(preview["email"]!["html"]);
        Assert.Equal("Hello Ada", (string?)preview["email"]!["subject"]);
    }

    [Fact]
    public async Task A_preview_speaks_the_language_escapes_where_it_must_and_lists_what_is_wrong()
    {
        var server = await TestServer.Shared;
        var template = Template("Never stored");
        template["emailTemplate"]!["fromEmail"] = "hello@acme.example";
        template["emailTemplate"]!["defaultFromName"] = "{{tenant.name}}";
        var preview = (await server.Post($"{Path}/preview", new JsonObject { ["emailTemplate"] = template["emailTemplate"]!.DeepClone(), ["locale"] = "de_AT" })).Is(200).Body;
        Assert.Null(preview["errors"]);
        var email = preview["email"]!;
        Assert.Equal(("Hallo", "Code 123456", "<p>Ada</p>"), ((string?)email["subject"], (string?)email["text"], (string?)email["html"]));
        Assert.Equal(("hello@acme.example", "Acme"), ((string?)email["from"]!["address"], (string?)email["from"]!["display"]));

        template["emailTemplate"]!["defaultTextTemplate"] = "{{#each";
        template["emailTemplate"]!["defaultSubject"] = "{{#each user}}{{#each ../user}}{{#each ../../user}}{{#each ../../../user}}{{#each ../../../../user}}x{{/each}}{{/each}}{{/each}}{{/each}}{{/each}}{{#if a}}";
        var bad = (await server.Post($"{Path}/preview", template)).Is(200).Body;
        Assert.Equal(["emailTemplate.defaultSubject", "emailTemplate.defaultTextTemplate"], bad["errors"]!["fieldErrors"]!.AsObject().Select(e => e.Key).Order());
        Assert.Equal("<p>Ada</p>", (string?)bad["email"]!["html"]);
        (await server.Post($"{Path}/preview", new { locale = "de" })).Is(400);
        (await server.Post($"{Path}/preview", """{"emailTemplate":{"defaultSubject":3}}""")).Is(400);
        Assert.Null((await server.Get($"{Path}/{Guid.NewGuid()}")).Is(404).FieldError("x"));
    }

    internal static JsonObject Template(string name) => new()
    {
        ["emailTemplate"] = new JsonObject
        {
            ["name"] = name,
            ["defaultSubject"] = "Hello {{user.firstName}}",
            ["defaultHtmlTemplate"] = "<p>{{user.firstName}}</p>",
            ["defaultTextTemplate"] = "Code {{code}}",
            ["localizedSubjects"] = new JsonObject { ["de"] = "Hallo" },
        },
    };
}
