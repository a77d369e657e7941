using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Events;

namespace OrleansAuth.Webhooks;

/// <summary>Webhooks by the API, as far as they hold no secrets and belong to no tenant.</summary>
public sealed class WebhookApiTests
{
    [Fact]
    public async Task A_webhook_is_created_read_listed_replaced_patched_in_three_ways_and_deleted()
    {
        var server = await TestServer.Shared;
        var (id, tenant) = (Guid.NewGuid(), await server.NewTenant());
        var sent = Hooks.Body($$"""{"global":null,"tenantIds":["{{tenant}}"],"description":"Ours","eventsEnabled":{"user.create":true,"user.delete":false},"headers":{"X-Team":"login"},"data":{"a":null} }""");
        var made = (await server.Post($"/api/webhook/{id}", sent)).Is(200).Body["webhook"]!;
        Assert.Equal((id, "Ours", true, "login"), ((Guid)made["id"]!, (string?)made["description"], (bool)made["eventsEnabled"]!["user.create"]!, (string?)made["headers"]!["X-Team"]));
        Assert.Equal("[duplicate]webhook.id", (await server.Post($"/api/webhook/{id}", sent)).Is(400).FieldError("webhook.id"));
        var shown = (await server.Get($"/api/webhook/{id}")).Is(200).Body["webhook"]!;
        made.AsObject().Remove("secret");
        Assert.True(JsonNode.DeepEquals(made, shown), $"{made} and {shown}");
        Assert.Contains((await server.Get("/api/webhook")).Is(200).Body["webhooks"]!.AsArray(), w => (Guid)w!["id"]! == id);

        Assert.Equal(2, (await server.Patch($"/api/webhook/{id}", """{"webhook":{"eventsEnabled":{"user.update":true,"user.delete":null}}}""")).Is(200).Body["webhook"]!["eventsEnabled"]!.AsObject().Count);
        Assert.Equal("merged", (string?)(await server.Patch($"/api/webhook/{id}", """{"webhook":{"description":"merged"}}""", "application/merge-patch+json")).Is(200).Body["webhook"]!["description"]);
        var operations = """[{"op":"test","path":"/webhook/description","value":"merged"},{"op":"replace","path":"/webhook/readTimeout","value":30000}]""";
        Assert.Equal(30_000, (int)(await server.Patch($"/api/webhook/{id}", operations, "application/json-patch+json")).Is(200).Body["webhook"]!["readTimeout"]!);

        var next = (await server.Put($"/api/webhook/{id}", Hooks.Of(tenant))).Is(200).Body["webhook"]!;
        Assert.Equal((null, 0), ((string?)next["description"], next["eventsEnabled"]!.AsObject().Count));
        (await server.Delete($"/api/webhook/{id}")).Is(200);
        Assert.Equal("", (await server.Get($"/api/webhook/{id}")).Is(404).Text);
        foreach (var path in (string[])["", "/pause", "/resume", "/secret", "/test"])
            Assert.Equal("", (await server.Send(path == "" ? HttpMethod.Put : HttpMethod.Post, $"/api/webhook/{id}{path}", Hooks.Body())).Is(404).Text);
    }

    [Theory]
    [InlineData("""{"url":null}""", "[blank]webhook.url")]
    [InlineData("""{"url":"receiver.example"}""", "[invalid]webhook.url")]
    [InlineData("""{"url":"ftp://receiver.example"}""", "[invalid]webhook.url")]
    [InlineData("""{"url":"file:///etc/passwd"}""", "[invalid]webhook.url")]
    [InlineData("""{"url":"https://robot:secret@receiver.example"}""", "[invalid]webhook.url")]
    [InlineData("""{"url":"https://receiver.example/\u0000"}""", "[invalid]webhook.url")]
    [InlineData("""{"connectTimeout":null}""", "[missing]webhook.connectTimeout")]
    [InlineData("""{"connectTimeout":0}""", "[invalid]webhook.connectTimeout")]
    [InlineData("""{"readTimeout":null}""", "[missing]webhook.readTimeout")]
    [InlineData("""{"readTimeout":30001}""", "[invalid]webhook.readTimeout")]
    [InlineData("""{"readTimeout":"soon"}""", "[couldNotConvert]webhook.readTimeout")]
    [InlineData("""{"eventsEnabled":{"user.created":true}}""", "[invalid]webhook.eventsEnabled.user.created")]
    [InlineData("""{"eventsEnabled":{"test":true}}""", "[invalid]webhook.eventsEnabled.test")]
    [InlineData("""{"tenantIds":["6d0a4a3e-0000-4000-8000-000000000001"],"global":null}""", "[invalid]webhook.tenantIds")]
    [InlineData("""{"tenantIds":["6d0a4a3e-0000-4000-8000-000000000001"]}""", "[invalid]webhook.tenantIds")]
    [InlineData("""{"headers":{"Host":"other.example"}}""", "[invalid]webhook.headers")]
    [InlineData("""{"headers":{"content-length":"1"}}""", "[invalid]webhook.headers")]
    [InlineData("""{"headers":{"authorization":"Bearer x"}}""", "[invalid]webhook.headers")]
    [InlineData("""{"headers":{"Webhook-Signature":"v1,x"}}""", "[invalid]webhook.headers")]
    [InlineData("""{"headers":{"X-FusionAuth-Signature-JWT":"x"}}""", "[invalid]webhook.headers")]
    [InlineData("""{"headers":{"X A":"x"}}""", "[invalid]webhook.headers")]
    [InlineData("""{"headers":{"X":"a\r\nHost: b"}}""", "[invalid]webhook.headers")]
    [InlineData("""{"headers":{"X":"ä"}}""", "[invalid]webhook.headers")]
    [InlineData("""{"headers":{"X-A":"1","x-a":"2"}}""", "[duplicate]webhook.headers")]
    [InlineData("""{"headers":{"X-Api-Key":""}}""", "[blank]webhook.headers")]
    [InlineData("""{"headers":{"X-Api-Key":"*****"}}""", "[blank]webhook.headers")]
    [InlineData("""{"httpAuthenticationUsername":"robot"}""", "[blank]webhook.httpAuthenticationPassword")]
    [InlineData("""{"httpAuthenticationUsername":"a:b","httpAuthenticationPassword":"c"}""", "[invalid]webhook.httpAuthenticationUsername")]
    [InlineData("""{"signatureConfiguration":{"enabled":true}}""", "[missing]webhook.signatureConfiguration.signingKeyId")]
    [InlineData("""{"signatureConfiguration":{"signingKeyId":"6d0a4a3e-0000-4000-8000-000000000001"}}""", "[invalid]webhook.signatureConfiguration.signingKeyId")]
    [InlineData("""{"sslCertificateKeyId":"6d0a4a3e-0000-4000-8000-000000000001"}""", "[invalid]webhook.sslCertificateKeyId")]
    [InlineData("""{"sslCertificate":"certificate"}""", "[invalid]webhook.sslCertificate")]
    [InlineData("""{"sslCertificate":"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"}""", "[invalid]webhook.sslCertificate")]
    [InlineData("""{"secret":"hunter2"}""", "[invalid]webhook.secret")]
    [InlineData("""{"secret":"whsec_c2hvcnQ="}""", "[invalid]webhook.secret")]
    [InlineData("""{"data":[]}""", "[couldNotConvert]webhook.data")]
    public async Task A_webhook_that_could_not_work_is_refused(string over, string code)
    {
        var server = await TestServer.Shared;
        Assert.Equal(code, (await server.Post("/api/webhook", Hooks.Body(over))).Is(400).FieldError(code[(code.IndexOf(']', StringComparison.Ordinal) + 1)..]));
    }

    [Fact]
    public async Task An_address_and_a_description_have_their_limits()
    {
        var server = await TestServer.Shared;
        var longest = "https://receiver.example/" + new string('a', 2_048 - 25);
        await Hooks.Create(server, Hooks.Body(new JsonObject { ["url"] = longest, ["description"] = new string('d', 1_000) }));
        var refused = (await server.Post("/api/webhook", Hooks.Body(new JsonObject { ["url"] = longest + "a", ["description"] = new string('d', 1_001) }))).Is(400);
        Assert.Equal(("[tooLong]webhook.url", "[tooLong]webhook.description"), (refused.FieldError("webhook.url"), refused.FieldError("webhook.description")));
    }

    [Fact]
    public async Task A_search_finds_by_description_address_and_the_tenants_that_are_served()
    {
        var server = await TestServer.Shared;
        var (mark, mine, other) = (Guid.NewGuid().ToString("N"), await server.NewTenant(), await server.NewTenant());
        var narrow = await Hooks.Create(server, With(Hooks.Of(mine), "b"));
        var wide = await Hooks.Create(server, With(Hooks.Body(), "a"));
        await Hooks.Create(server, With(Hooks.Of(other), "c"));

        Assert.Equal(3, (int)(await server.Get($"/api/webhook/search?description=*{mark}*&orderBy=description%20DESC&numberOfResults=1")).Is(200).Body["total"]!);
        Assert.Equal([narrow, wide], await Found(new { search = new { url = mark, tenantId = mine, orderBy = "description DESC" } }));
        Assert.Equal([wide], await Found(new { search = new { url = mark, tenantId = mine, orderBy = "description ASC", numberOfResults = 1 } }));
        Assert.Equal([wide], await Found(new { search = new { description = mark, tenantId = Guid.NewGuid() } }));
        Assert.Empty(await Found(new { search = new { description = mark, tenantId = "nobody" } }));
        (await server.Post("/api/webhook/search", new { search = new { orderBy = "url; drop" } })).Is(400);

        JsonObject With(JsonObject body, string word)
        {
            (body["webhook"]!["description"], body["webhook"]!["url"]) = ($"{word} {mark}", $"https://{word}.example/{mark}");
            return body;
        }

        async Task<IEnumerable<Guid>> Found(object search) => (await server.Post("/api/webhook/search", search)).Is(200).Body["webhooks"]!.AsArray().Select(w => (Guid)w!["id"]!);
    }

    [Fact]
    public async Task Of_two_that_create_the_same_webhook_one_succeeds_and_changes_at_once_are_all_kept()
    {
        var server = await TestServer.Shared;
        var id = Guid.NewGuid();
        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => server.Post($"/api/webhook/{id}", Hooks.Body())));
        Assert.Single(made, answer => (int)answer.Status == 200);
        var types = EventTypes.All.Take(8).ToList();
        await Task.WhenAll(types.Select(async type => (await server.Patch($"/api/webhook/{id}", new { webhook = new { eventsEnabled = new Dictionary<string, bool> { [type] = true } } })).Is(200)));
        Assert.Equal(types, Hooks.Find(server, id).EventsEnabled.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_key_that_a_webhook_names_has_what_it_needs_and_cannot_be_deleted()
    {
        var server = await TestServer.Shared;
        var (signing, plain) = (await NewKey("HS256"), await NewKey("None"));
        var client = await NewKey("ES256");
        Assert.Equal("[invalid]webhook.signatureConfiguration.signingKeyId", (await server.Post("/api/webhook", Signed(plain))).Is(400).FieldError("webhook.signatureConfiguration.signingKeyId"));
        Assert.Equal("[invalid]webhook.sslCertificateKeyId", (await server.Post("/api/webhook", Hooks.Body($$"""{"sslCertificateKeyId":"{{signing}}"}"""))).Is(400).FieldError("webhook.sslCertificateKeyId"));

        var hooks = (await Hooks.Create(server, Signed(signing)), await Hooks.Create(server, Hooks.Body($$"""{"sslCertificateKeyId":"{{client}}"}""")));
        Assert.Equal("[inUse]key", (await server.Delete($"/api/key/{signing}")).Is(400).GeneralError);
        Assert.Equal("[inUse]key", (await server.Delete($"/api/key/{client}")).Is(400).GeneralError);
        (await server.Delete($"/api/webhook/{hooks.Item1}")).Is(200);
        (await server.Delete($"/api/webhook/{hooks.Item2}")).Is(200);
        (await server.Delete($"/api/key/{signing}")).Is(200);
        (await server.Delete($"/api/key/{client}")).Is(200);

        JsonObject Signed(Guid key) => Hooks.Body($$"""{"signatureConfiguration":{"enabled":true,"signingKeyId":"{{key}}"} }""");

        async Task<Guid> NewKey(string algorithm) => (Guid)(await (algorithm == "None"
            ? server.Post("/api/key/import", new { key = new { name = Guid.NewGuid().ToString(), algorithm, secret = "a plain secret that signs nothing" } })
            : server.Post("/api/key/generate", new { key = new { name = Guid.NewGuid().ToString(), algorithm, issuer = "Us" } }))).Is(200).Body["key"]!["id"]!;
    }
}
