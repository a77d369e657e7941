using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Mail;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Messages;

/// <summary>Message templates and messengers by the API.</summary>
public sealed class MessengerApiTests
{
    [Fact]
    public async Task A_message_template_is_created_read_listed_replaced_patched_previewed_and_deleted()
    {
        var server = await TestServer.Shared;
        const string Path = "/api/message/template";
        var (id, name) = (Guid.NewGuid(), $"Code {Guid.NewGuid():N}");
        JsonObject Template() => new()
        {
            ["messageTemplate"] = new JsonObject { ["name"] = name, ["type"] = "SMS", ["defaultTemplate"] = "Code {{code}} & {{user.firstName}}", ["localizedTemplates"] = new JsonObject { ["de"] = "Ihr Code: {{code}}" } },
        };
        (await server.Post($"{Path}/{id}", Template())).Is(200);
        Assert.Equal("[duplicate]messageTemplate.name", (await server.Post(Path, Template())).Is(400).FieldError("messageTemplate.name"));
        Assert.Equal("SMS", (string?)(await server.Get($"{Path}/{id}")).Is(200).Body["messageTemplate"]!["type"]);
        Assert.Contains((await server.Get(Path)).Is(200).Body["messageTemplates"]!.AsArray(), t => (Guid)t!["id"]! == id);
        (await server.Put($"{Path}/{id}", new { messageTemplate = new { name, defaultTemplate = "{{code}}" } })).Is(200);
        (await server.Patch($"{Path}/{id}", """{"messageTemplate":{"localizedTemplates":{"fr":"{{code}}"}}}""")).Is(200);
        Assert.Equal("[invalid]messageTemplate.defaultTemplate", (await server.Patch($"{Path}/{id}", """{"messageTemplate":{"defaultTemplate":"a\n{{#if"}}""")).Is(400).FieldError("messageTemplate.defaultTemplate"));
        Assert.Equal("[invalid]messageTemplate.type", (await server.Patch($"{Path}/{id}", """{"messageTemplate":{"type":"Voice"}}""")).Is(400).FieldError("messageTemplate.type"));
        Assert.Equal("[blank]messageTemplate.defaultTemplate", (await server.Post(Path, new { messageTemplate = new { name = "x" } })).Is(400).FieldError("messageTemplate.defaultTemplate"));

        var preview = Template();
        Assert.Equal("Code 123456 & Ada", (string?)(await server.Post($"{Path}/preview", preview)).Is(200).Body["message"]!["textMessage"]);
        preview["locale"] = "de";
        Assert.Equal("Ihr Code: 123456", (string?)(await server.Post($"{Path}/preview", preview)).Is(200).Body["previewMessage"]);
        preview["messageTemplate"]!["localizedTemplates"]!["de"] = "{{#if x}}";
        Assert.Equal(["messageTemplate.localizedTemplates.de"], (await server.Post($"{Path}/preview", preview)).Is(200).Body["errors"]!["fieldErrors"]!.AsObject().Select(e => e.Key));

        var tenant = await server.NewTenant(new { phoneConfiguration = new { passwordlessTemplateId = id } });
        Assert.Equal("[inUse]messageTemplate", (await server.Delete($"{Path}/{id}")).Is(400).GeneralError);
        (await server.Patch($"/api/tenant/{tenant}", """{"tenant":{"phoneConfiguration":{"passwordlessTemplateId":null}}}""")).Is(200);
        (await server.Delete($"{Path}/{id}")).Is(200);
        (await server.Get($"{Path}/{id}")).Is(404);
        Assert.Equal("[readOnly]messageTemplate", (await server.Delete($"{Path}/{BuiltInMessages.TextOf("TwoFactorCode")}")).Is(400).GeneralError);
    }

    [Fact]
    public async Task A_messenger_keeps_its_secrets_to_itself_and_for_its_address()
    {
        var server = await TestServer.Shared;
        var generic = await Create(server, new { type = "Generic", url = "https://sms.example/send", httpAuthenticationUsername = "robot", httpAuthenticationPassword = "generic-secret", headers = new { x = "y" } });
        Assert.Equal("generic-secret", Find(server, generic).HttpAuthenticationPassword);
        var shown = (await server.Get($"/api/messenger/{generic}")).Is(200);
        Assert.DoesNotContain("generic-secret", shown.Text + (await server.Get("/api/messenger")).Is(200).Text, StringComparison.Ordinal);
        Assert.Equal(2000, (int)shown.Body["messenger"]!["connectTimeout"]!);

        // What is shown can be sent back; another address or account asks for the secret again.
        (await server.Put($"/api/messenger/{generic}", shown.Body.ToJsonString())).Is(200);
        Assert.Equal("generic-secret", Find(server, generic).HttpAuthenticationPassword);
        foreach (var change in (string[])["""{"messenger":{"url":"https://evil.example/send"}}""", """{"messenger":{"httpAuthenticationUsername":"other"}}"""])
            Assert.Equal("[blank]messenger.httpAuthenticationPassword", (await server.Patch($"/api/messenger/{generic}", change)).Is(400).FieldError("messenger.httpAuthenticationPassword"));
        (await server.Patch($"/api/messenger/{generic}", """{"messenger":{"url":"https://new.example/send","httpAuthenticationPassword":"new-secret"}}""")).Is(200);
        Assert.Equal("new-secret", Find(server, generic).HttpAuthenticationPassword);

        var twilio = await Create(server, new { type = "Twilio", url = "https://api.twilio.example", accountSID = "AC1", authToken = "twilio-secret", fromPhoneNumber = "+15550001" });
        foreach (var change in (string[])["""{"messenger":{"url":"https://evil.example"}}""", """{"messenger":{"accountSID":"AC2"}}"""])
            Assert.Equal("[blank]messenger.authToken", (await server.Patch($"/api/messenger/{twilio}", change)).Is(400).FieldError("messenger.authToken"));
        (await server.Patch($"/api/messenger/{twilio}", """{"messenger":{"fromPhoneNumber":"+15550002"}}""")).Is(200);
        Assert.Equal("twilio-secret", Find(server, twilio).AuthToken);

        var kafka = await Create(server, new { type = "Kafka", defaultTopic = "sms", producer = new Dictionary<string, string> { ["rest.url"] = "https://kafka.example", ["basic.auth.user.info"] = "robot:kafka-secret", ["acks"] = "all" } });
        Assert.DoesNotContain("kafka-secret", (await server.Get($"/api/messenger/{kafka}")).Is(200).Text, StringComparison.Ordinal);
        (await server.Put($"/api/messenger/{kafka}", (await server.Get($"/api/messenger/{kafka}")).Text)).Is(200);
        Assert.Equal("robot:kafka-secret", KafkaProducer.Secrets(Find(server, kafka))[KafkaProducer.BridgeUser]);
        (await server.Patch($"/api/messenger/{kafka}", """[{"op":"replace","path":"/messenger/producer/rest.url","value":"https://evil.example"}]""", "application/json-patch+json")).Is(200);
        Assert.Empty(KafkaProducer.Secrets(Find(server, kafka)));

        var stored = await server.Services.GetRequiredService<IStore>().Query("select body from state where kind = 'config.messenger'", row => System.Text.Encoding.UTF8.GetString(row.Bytes("body")));
        Assert.All((string[])["generic-secret", "new-secret", "twilio-secret", "kafka-secret"], secret => Assert.DoesNotContain(secret, string.Concat(stored), StringComparison.Ordinal));
        var audit = await server.Services.GetRequiredService<IStore>().Query("select coalesce(new_value, '') || coalesce(old_value, '') as text from audit_log", row => row.Text("text"));
        Assert.All((string[])["new-secret", "twilio-secret", "kafka-secret"], secret => Assert.DoesNotContain(secret, string.Concat(audit), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":"Generic"}""", "url")]
    [InlineData("""{"type":"Generic","url":"ftp://a.example"}""", "url")]
    [InlineData("""{"type":"Generic","url":"https://a:b@a.example"}""", "url")]
    [InlineData("""{"type":"Generic","url":"https://a.example","readTimeout":0}""", "readTimeout")]
    [InlineData("""{"type":"Generic","url":"https://a.example","headers":{"X":"a\r\nY: b"}}""", "headers")]
    [InlineData("""{"type":"Generic","url":"https://a.example","headers":{"Host":"b.example"}}""", "headers")]
    [InlineData("""{"type":"Generic","url":"https://a.example","httpAuthenticationUsername":"a"}""", "httpAuthenticationPassword")]
    [InlineData("""{"type":"Twilio","url":"https://a.example","authToken":"x","fromPhoneNumber":"+1"}""", "accountSID")]
    [InlineData("""{"type":"Twilio","url":"https://a.example","accountSID":"../x","authToken":"x","fromPhoneNumber":"+1"}""", "accountSID")]
    [InlineData("""{"type":"Twilio","url":"https://a.example","accountSID":"AC1","fromPhoneNumber":"+1"}""", "authToken")]
    [InlineData("""{"type":"Twilio","url":"https://a.example","accountSID":"AC1","authToken":"x"}""", "fromPhoneNumber")]
    [InlineData("""{"type":"Kafka"}""", "defaultTopic")]
    [InlineData("""{"type":"Kafka","defaultTopic":"../x"}""", "defaultTopic")]
    [InlineData("""{"type":"Pigeon"}""", "type")]
    [InlineData("""{}""", "type")]
    public async Task A_messenger_that_could_not_bring_anything_is_refused(string messenger, string field)
    {
        var server = await TestServer.Shared;
        var sent = JsonNode.Parse(messenger)!.AsObject();
        sent["name"] = $"Bad {Guid.NewGuid():N}";
        Assert.NotNull((await server.Post("/api/messenger", new JsonObject { ["messenger"] = sent })).Is(400).FieldError($"messenger.{field}"));
    }

    [Fact]
    public async Task A_messenger_in_use_stays_and_one_that_is_named_exists()
    {
        var server = await TestServer.Shared;
        var id = await Create(server, new { type = "Generic", url = "https://sms.example/send" });
        var tenant = await server.NewTenant(new { multiFactorConfiguration = new { sms = new { messengerId = id } } });
        Assert.Equal("[inUse]messenger", (await server.Delete($"/api/messenger/{id}")).Is(400).GeneralError);
        (await server.Patch($"/api/tenant/{tenant}", """{"tenant":{"multiFactorConfiguration":{"sms":{"messengerId":null}}}}""")).Is(200);
        (await server.Delete($"/api/messenger/{id}")).Is(200);
        const string Field = "tenant.phoneConfiguration.messengerId";
        Assert.Equal($"[invalid]{Field}", (await server.Patch($"/api/tenant/{tenant}", new { tenant = new { phoneConfiguration = new { messengerId = id } } })).Is(400).FieldError(Field));
    }

    [Fact]
    public async Task A_key_of_one_tenant_reads_what_all_tenants_use_and_changes_none_of_it()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var key = (string)(await server.Post("/api/api-key", new { apiKey = new { tenantId = tenant } })).Is(200).Body["apiKey"]!["key"]!;
        var (mail, text) = (BuiltInMessages.MailOf("TwoFactorCode"), BuiltInMessages.TextOf("TwoFactorCode"));
        var messenger = await Create(server, new { type = "Generic", url = "https://sms.example/send" });
        foreach (var path in (string[])[$"/api/email/template/{mail}", $"/api/message/template/{text}", $"/api/messenger/{messenger}"])
        {
            (await server.Get(path, key)).Is(200);
            foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete])
                Assert.Equal("", (await server.Send(method, path, method == HttpMethod.Delete ? null : """{"messenger":{"url":"https://evil.example"}}""", key)).Is(401).Text);
            (await server.Post(path[..path.LastIndexOf('/')], "{}", key)).Is(401);
        }

        Assert.Equal("https://sms.example/send", Find(server, messenger).Url);
    }

    internal static async Task<Guid> Create(TestServer server, object messenger)
    {
        var sent = (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(messenger, ContractJson.Options)!;
        sent["name"] = $"Messenger {Guid.NewGuid():N}";
        return (Guid)(await server.Post("/api/messenger", new JsonObject { ["messenger"] = sent })).Is(200).Body["messenger"]!["id"]!;
    }

    private static Messenger Find(TestServer server, Guid id) => server.Services.GetRequiredService<ConfigurationReader>().Current.Find<Messenger>(id)!;
}
