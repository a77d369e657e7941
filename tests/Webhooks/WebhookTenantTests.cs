using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Webhooks;

/// <summary>Whose webhooks they are.</summary>
public sealed class WebhookTenantTests
{
    [Fact]
    public async Task A_key_of_one_tenant_has_the_webhooks_of_this_tenant_and_no_others()
    {
        var server = await TestServer.Shared;
        var (mine, other) = (await server.NewTenant(), await server.NewTenant());
        var key = await Hooks.KeyOf(server, mine);
        Guid[] foreign = [await Hooks.Create(server, Hooks.Body()), await Hooks.Create(server, Hooks.Of(other)), await Hooks.Create(server, Hooks.Of(mine, other))];
        var own = (Guid)(await server.Post("/api/webhook", Hooks.Body("""{"global":null}"""), key)).Is(200).Body["webhook"]!["id"]!;
        Assert.Equal([mine], Hooks.Find(server, own).TenantIds.AsEnumerable());

        foreach (var id in foreign)
        {
            foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, ""), (HttpMethod.Put, ""), (HttpMethod.Patch, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/pause"), (HttpMethod.Post, "/resume"), (HttpMethod.Post, "/secret"), (HttpMethod.Post, "/test")])
                Assert.Equal("", (await server.Send(method, $"/api/webhook/{id}{path}", method == HttpMethod.Get || method == HttpMethod.Delete ? null : Hooks.Of(mine), key)).Is(404).Text);
        }

        Assert.Equal([own], Ids((await server.Get("/api/webhook", key)).Is(200)));
        Assert.Equal([own], Ids((await server.Get("/api/webhook/search?url=*", key)).Is(200)));
        (await server.Put($"/api/webhook/{own}", (await server.Get($"/api/webhook/{own}", key)).Is(200).Body, key)).Is(200);
        (await server.Post($"/api/webhook/{own}/pause", null, key)).Is(200);
        (await server.Delete($"/api/webhook/{own}", key)).Is(200);
        Assert.All(foreign, id => Assert.NotNull(Hooks.Find(server, id)));
    }

    [Theory]
    [InlineData("""{}""", "tenantIds")]
    [InlineData("""{"global":null,"tenantIds":["OTHER"]}""", "tenantIds")]
    [InlineData("""{"global":null,"tenantIds":["MINE","OTHER"]}""", "tenantIds")]
    [InlineData("""{"global":null,"eventsEnabled":{"audit-log.create":true}}""", "eventsEnabled.audit-log.create")]
    [InlineData("""{"global":null,"signatureConfiguration":{"signingKeyId":"KEY"}}""", "signatureConfiguration.signingKeyId")]
    public async Task A_key_of_one_tenant_reaches_no_further_by_what_it_writes(string over, string field)
    {
        var server = await TestServer.Shared;
        var (mine, other) = (await server.NewTenant(), await server.NewTenant());
        var key = await Hooks.KeyOf(server, mine);
        var signing = (Guid)(await server.Post("/api/key/generate", new { key = new { name = Guid.NewGuid().ToString(), algorithm = "HS256" } })).Is(200).Body["key"]!["id"]!;
        var body = Hooks.Body(over.Replace("MINE", mine.ToString(), StringComparison.Ordinal).Replace("OTHER", other.ToString(), StringComparison.Ordinal).Replace("KEY", signing.ToString(), StringComparison.Ordinal));
        Assert.Equal($"[invalid]webhook.{field}", (await server.Post("/api/webhook", body, key)).Is(400).FieldError($"webhook.{field}"));

        var own = await Hooks.Create(server, Hooks.Of(mine));
        if (body["webhook"]!["tenantIds"] is null && body["webhook"]!["global"] is null) body["webhook"]!["tenantIds"] = new JsonArray(mine);
        Assert.Equal($"[invalid]webhook.{field}", (await server.Put($"/api/webhook/{own}", body, key)).Is(400).FieldError($"webhook.{field}"));
        Assert.True(Hooks.Find(server, own).IsOnlyOf(mine));
    }

    [Fact]
    public async Task A_request_that_names_a_tenant_sees_what_serves_it()
    {
        var server = await TestServer.Shared;
        var (mine, other) = (await server.NewTenant(), await server.NewTenant());
        var (own, all, foreign) = (await Hooks.Create(server, Hooks.Of(mine, other)), await Hooks.Create(server, Hooks.Body()), await Hooks.Create(server, Hooks.Of(other)));
        (await server.Get($"/api/webhook/{own}", tenant: mine)).Is(200);
        (await server.Get($"/api/webhook/{all}", tenant: mine)).Is(200);
        (await server.Get($"/api/webhook/{foreign}", tenant: mine)).Is(404);
    }

    [Fact]
    public async Task A_tenant_is_made_with_its_webhooks_and_leaves_them_when_it_goes()
    {
        var server = await TestServer.Shared;
        var (before, made) = (await server.NewTenant(), Guid.NewGuid());
        var (hook, all) = (await Hooks.Create(server, Hooks.Of(before)), await Hooks.Create(server, Hooks.Body()));
        foreach (var bad in (JsonNode[])[new JsonArray(hook, Guid.NewGuid()), new JsonArray("hook"), "hook"])
            Assert.NotNull((await server.Post($"/api/tenant/{made}", New(bad.DeepClone()))).Is(400).FieldError("webhookIds"));
        (await server.Get($"/api/tenant/{made}")).Is(404);

        (await server.Post($"/api/tenant/{made}", New(new JsonArray(hook, all, hook)))).Is(200);
        Assert.Equal([before, made], Hooks.Find(server, hook).TenantIds.AsEnumerable());
        Assert.Empty(Hooks.Find(server, all).TenantIds.AsEnumerable());
        var later = await Hooks.Create(server, Hooks.Of(before));
        (await server.Patch($"/api/tenant/{made}", new JsonObject { ["tenant"] = new JsonObject(), ["webhookIds"] = new JsonArray(later) })).Is(200);
        Assert.Equal([before, made], Hooks.Find(server, later).TenantIds.AsEnumerable());

        (await server.Delete($"/api/tenant/{made}")).Is(200);
        Assert.All((Guid[])[hook, later], id => Assert.Equal([before], Hooks.Find(server, id).TenantIds.AsEnumerable()));
        (await server.Put($"/api/webhook/{hook}", (await server.Get($"/api/webhook/{hook}")).Body)).Is(200);

        JsonObject New(JsonNode hooks) => new() { ["tenant"] = new JsonObject { ["name"] = $"Tenant {made}" }, ["webhookIds"] = hooks };
    }

    [Fact]
    public async Task A_tenants_key_gives_its_tenant_to_no_webhook_of_others()
    {
        var server = await TestServer.Shared;
        var (mine, other) = (await server.NewTenant(), await server.NewTenant());
        var (key, hook) = (await Hooks.KeyOf(server, mine), await Hooks.Create(server, Hooks.Of(other)));
        Assert.Equal("[invalid]webhookIds", (await server.Send(HttpMethod.Patch, $"/api/tenant/{mine}", new JsonObject { ["tenant"] = new JsonObject(), ["webhookIds"] = new JsonArray(hook) }, key)).Is(400).FieldError("webhookIds"));
        Assert.Equal([other], Hooks.Find(server, hook).TenantIds.AsEnumerable());
    }

    private static IEnumerable<Guid> Ids(Answer answer) => answer.Body["webhooks"]!.AsArray().Select(w => (Guid)w!["id"]!);
}
