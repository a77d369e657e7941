using System.Net;
using OrleansAuth.Common;

namespace OrleansAuth.Operations;

public sealed class SystemConfigurationTests
{
    private const string Path = "/api/system-configuration";

    [Fact]
    public async Task It_is_there_before_anybody_changed_it_and_keeps_logs_as_the_contract_says()
    {
        await using var server = await TestServer.Start();
        var system = (await server.Get(Path)).Is(200).Body["systemConfiguration"]!;
        Assert.False((bool)system["auditLogConfiguration"]!["delete"]!["enabled"]!);
        Assert.False((bool)system["loginRecordConfiguration"]!["delete"]!["enabled"]!);
        Assert.Equal(10_000, (int)system["eventLogConfiguration"]!["numberToRetain"]!);
        Assert.True((bool)system["webhookEventLogConfiguration"]!["delete"]!["enabled"]!);
        Assert.Equal(30, (int)system["webhookEventLogConfiguration"]!["delete"]!["numberOfDaysToRetain"]!);
        Assert.Null(system["id"]);
    }

    [Fact]
    public async Task Changes_hold_across_a_restart_and_what_nobody_acts_on_is_kept()
    {
        var server = await TestServer.Start();
        var sent = new
        {
            systemConfiguration = new
            {
                data = new { owner = "ada" },
                reportTimezone = "America/Denver",
                uiConfiguration = new { headerColor = "336699" },
                trustedProxyConfiguration = new { trustPolicy = "OnlyConfigured", trusted = new[] { "192.0.2.1" } },
                settingOfTomorrow = 7,
            },
        };
        (await server.Put(Path, sent)).Is(200);
        (await server.Patch(Path, new { systemConfiguration = new { eventLogConfiguration = new { numberToRetain = 25 } } })).Is(200);
        await using var again = await server.Restart();
        var system = (await again.Get(Path)).Is(200).Body["systemConfiguration"]!;
        Assert.Equal(
            ("ada", "America/Denver", "336699", "OnlyConfigured", 7, 25),
            ((string?)system["data"]!["owner"], (string?)system["reportTimezone"], (string?)system["uiConfiguration"]!["headerColor"],
                (string?)system["trustedProxyConfiguration"]!["trustPolicy"], (int)system["settingOfTomorrow"]!, (int)system["eventLogConfiguration"]!["numberToRetain"]!));
        (await again.Put(Path, new { systemConfiguration = new { } })).Is(200);
        Assert.Equal(10_000, (int)(await again.Get(Path)).Body["systemConfiguration"]!["eventLogConfiguration"]!["numberToRetain"]!);
        Directory.Delete(again.Folder, recursive: true);
    }

    [Theory]
    [InlineData("""{"reportTimezone":"Mars/Olympus"}""", "systemConfiguration.reportTimezone")]
    [InlineData("""{"reportTimezone":"../../../../dev/zero"}""", "systemConfiguration.reportTimezone")]
    [InlineData("""{"eventLogConfiguration":{"numberToRetain":0}}""", "systemConfiguration.eventLogConfiguration.numberToRetain")]
    [InlineData("""{"auditLogConfiguration":{"delete":{"numberOfDaysToRetain":0}}}""", "systemConfiguration.auditLogConfiguration.delete.numberOfDaysToRetain")]
    [InlineData("""{"loginRecordConfiguration":{"delete":{"enabled":"maybe"}}}""", "systemConfiguration.loginRecordConfiguration.delete.enabled")]
    [InlineData("""{"uiConfiguration":"blue"}""", "systemConfiguration.uiConfiguration")]
    public async Task What_is_wrong_is_named_and_changes_nothing(string configuration, string field)
    {
        var server = await TestServer.Shared;
        var before = (await server.Get(Path)).Text;
        Assert.NotNull((await server.Put(Path, $$"""{"systemConfiguration":{{configuration}}}""")).Is(400).FieldError(field));
        Assert.Equal(before, (await server.Get(Path)).Text);
    }

    [Fact]
    public async Task A_key_that_is_bound_to_a_tenant_may_not_even_look()
    {
        var server = await TestServer.Shared;
        var key = (string)(await server.Post("/api/api-key", new { apiKey = new { tenantId = await server.NewTenant() } })).Is(200).Body["apiKey"]!["key"]!;
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Put, HttpMethod.Patch])
        {
            var body = method == HttpMethod.Get ? null : new { systemConfiguration = new { } };
            var answer = await server.Send(method, Path, body, key);
            Assert.Equal((HttpStatusCode.Unauthorized, ""), (answer.Status, answer.Text));
        }
    }
}
