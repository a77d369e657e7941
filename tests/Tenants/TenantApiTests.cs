using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

public sealed class TenantApiTests
{
    [Fact]
    public async Task A_name_is_enough_and_every_setting_comes_back_with_its_default()
    {
        var server = await TestServer.Shared;
        var name = $"Tenant {Guid.NewGuid()}";
        var created = (await server.Post("/api/tenant", new { tenant = new { name } })).Is(200).Body["tenant"]!;

        Assert.Equal(name, (string)created["name"]!);
        Assert.Equal("acme.com", (string)created["issuer"]!);
        Assert.Equal("Active", (string)created["state"]!);
        Assert.Equal(3600, (int)created["jwtConfiguration"]!["timeToLiveInSeconds"]!);
        Assert.Equal(24_000, (int)created["passwordEncryptionConfiguration"]!["encryptionSchemeFactor"]!);
        Assert.Equal("randomBytes", (string)created["externalIdentifierConfiguration"]!["changePasswordIdGenerator"]!["type"]!);
        Assert.Equal("None", (string)created["eventConfiguration"]!["events"]!["user.create"]!["transactionType"]!);
        Assert.Equal(63, ((JsonObject)created["eventConfiguration"]!["events"]!).Count);
    }
}
