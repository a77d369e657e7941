using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Tenants;

public sealed class TenantSecretTests
{
    private const string Password = "smtp-password-in-clear";

    [Fact]
    public async Task The_mail_password_is_never_shown()
    {
        var server = await TestServer.Shared;
        var tenant = await WithMail(server);
        var answers = new[]
        {
            await server.Get($"/api/tenant/{tenant}"), await server.Get("/api/tenant"), await server.Get($"/api/tenant/search?id={tenant}"),
            await server.Patch($"/api/tenant/{tenant}", """{"tenant":{"issuer":"a.example"}}"""),
        };
        Assert.All(answers, a => Assert.DoesNotContain(Password, a.Is(200).Text, StringComparison.Ordinal));
        Assert.Equal(Password, Stored(server, tenant));
    }

    [Theory]
    [InlineData("""{"username":"robot"}""", Password)]
    [InlineData("""{"username":"robot","password":"another"}""", "another")]
    [InlineData("""{"username":"robot","host":"elsewhere.example"}""", null)]
    [InlineData("""{"username":"robot","port":2525}""", null)]
    [InlineData("""{"username":"someone"}""", null)]
    public async Task The_mail_password_stays_with_the_server_and_the_account_it_was_given_for(string changed, string? expected)
    {
        var server = await TestServer.Shared;
        var tenant = await WithMail(server);
        var mail = JsonNode.Parse(changed)!;
        mail["host"] ??= "mail.example";
        mail["port"] ??= 587;
        var name = (string)(await server.Get($"/api/tenant/{tenant}")).Body["tenant"]!["name"]!;
        (await server.Put($"/api/tenant/{tenant}", new JsonObject { ["tenant"] = new JsonObject { ["name"] = name, ["emailConfiguration"] = mail } })).Is(200);
        Assert.Equal(expected, Stored(server, tenant));
    }

    [Fact]
    public async Task A_patch_of_the_host_drops_the_password_too()
    {
        var server = await TestServer.Shared;
        var tenant = await WithMail(server);
        (await server.Patch($"/api/tenant/{tenant}", """{"tenant":{"emailConfiguration":{"host":"elsewhere.example"}}}""")).Is(200);
        Assert.Null(Stored(server, tenant));
    }

    [Fact]
    public async Task A_copy_takes_the_password_along_but_not_to_another_host()
    {
        var server = await TestServer.Shared;
        var source = await WithMail(server);
        Assert.Equal(Password, Stored(server, await Copy("{}")));
        Assert.Null(Stored(server, await Copy("""{"host":"elsewhere.example"}""")));

        async Task<Guid> Copy(string mail)
        {
            var id = Guid.NewGuid();
            (await server.Post($"/api/tenant/{id}", $$$"""{"sourceTenantId":"{{{source}}}","tenant":{"name":"Copy {{{id}}}","emailConfiguration":{{{mail}}}}}""")).Is(200);
            return id;
        }
    }

    private static Task<Guid> WithMail(TestServer server) =>
        server.NewTenant(new { emailConfiguration = new { host = "mail.example", port = 587, username = "robot", password = Password } });

    private static string? Stored(TestServer server, Guid tenant) =>
        server.Services.GetRequiredService<ConfigurationReader>().Current.Find<Tenant>(tenant)!.EmailConfiguration.Password;
}
