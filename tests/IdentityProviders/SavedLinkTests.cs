using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Storage.IdentityProviders;

namespace OrleansAuth.IdentityProviders;

/// <summary>Yesterday's rows still read.</summary>
public sealed class SavedLinkTests
{
    private const string Links = """{"tenantId":"33333333-3333-3333-3333-333333333333","links":[{"providerId":"22222222-2222-2222-2222-222222222222","providerInstant":7,"issuer":"https://login.example.com","subject":"grace","displayName":"grace@example.com","insertInstant":1,"lastLoginInstant":2,"data":{"a":[1,null]}}]}""";
    private const string Pending = """{"providerId":"22222222-2222-2222-2222-222222222222","providerInstant":7,"issuer":"https://login.example.com","subject":"grace","email":"grace@example.com","username":"grace","displayName":"Grace"}""";
    private const string Login = """{"providerId":"22222222-2222-2222-2222-222222222222","applicationId":"44444444-4444-4444-4444-444444444444","browser":"ab","query":"?client_id=x","redirectUri":"https://login.example.org/oauth2/callback"}""";

    [Fact]
    public void Links_read_and_write_the_same_bytes()
    {
        var row = StoredLinks.Read(Encoding.UTF8.GetBytes(Links));
        var link = Assert.Single(row.Links);
        Assert.Equal(("grace", 7, 2), (link.Subject, link.ProviderInstant, link.LastLoginInstant));
        Assert.Equal(Links, Encoding.UTF8.GetString(row.Write()));
    }

    [Fact]
    public void What_waits_reads_and_writes_the_same_bytes()
    {
        Assert.Equal(Pending, Encoding.UTF8.GetString(ContractJson.Write(StoredPendingLink.Read(new JsonText(Encoding.UTF8.GetBytes(Pending))))));
        Assert.Equal(Login, Encoding.UTF8.GetString(ContractJson.Write(StoredUpstreamLogin.Read(new JsonText(Encoding.UTF8.GetBytes(Login))))));
    }
}
