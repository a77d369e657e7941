using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Mfa;

/// <summary>The administrators' own sign-in asks for the second factor as every other does.</summary>
public sealed class AdministratorFactorTests
{
    private const string Cookie = "administrator";
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];

    [Fact]
    public async Task An_administrator_with_an_authenticator_gets_in_with_a_code_only()
    {
        var (server, administrator) = await FreshServer.SetUp();
        await using var _ = server;
        administrator.Dispose();
        var user = await Id(server);
        var added = await server.Grains.UserFactors(server.Tenant, user).Add(new AddFactor(FactorMethods.Authenticator, Code(0), Actor.System) { Secret = [.. Secret] });
        using var visitor = server.NewVisitor();
        var asked = (await visitor.Submit(await visitor.Open("/sign-in"), "#sign-in-form", ("Login", FreshServer.Email), ("Password", FreshServer.Password))).Is(200);
        Assert.DoesNotContain(Cookie, visitor.Cookies.Keys);
        var wrong = (await visitor.Submit(asked, "#code-form", ("code", "000000"))).Is(200);
        Assert.NotNull(wrong.Document.QuerySelector("#refused"));
        Assert.DoesNotContain(Cookie, visitor.Cookies.Keys);
        (await visitor.Submit(wrong, "#code-form", ("code", added.Value!.RecoveryCodes[0]))).LeadsTo("/");
        (await visitor.Open("/")).Is(200);
        using var other = server.NewVisitor();
        var refused = (await other.Submit(await other.Open("/sign-in"), "#sign-in-form", ("Login", FreshServer.Email), ("Password", "wrong"))).Is(200);
        Assert.Null(refused.Document.QuerySelector("#code-form"));
    }

    [Fact]
    public async Task Where_the_policy_demands_one_the_administrator_sets_it_up_first()
    {
        var (server, administrator) = await FreshServer.SetUp();
        await using var _ = server;
        administrator.Dispose();
        var change = JsonText.From(new { multiFactorConfiguration = new { loginPolicy = "Required" } });
        var changed = await server.Grains.Configuration(Families.Tenants, server.Tenant).Change(new ChangeConfiguration(ChangeKind.MergePatch, change, null, Actor.System));
        Assert.Null(changed.Refusal);
        using var visitor = server.NewVisitor();
        var page = await visitor.Submit(await visitor.Open("/sign-in"), "#sign-in-form", ("Login", FreshServer.Email), ("Password", FreshServer.Password));
        var secret = Base32.Decode(page.Is(200).Document.QuerySelector("#secret")!.TextContent)!;
        Assert.NotNull(page.Document.QuerySelector("svg.qr"));
        var done = (await visitor.Submit(page, "#code-form", ("code", Code(0, secret)))).Is(200);
        Assert.Equal(10, done.Document.QuerySelector("#recovery-codes")!.TextContent.Split('\n').Length);
        Assert.DoesNotContain(Cookie, visitor.Cookies.Keys);
        (await visitor.Submit(done, "#complete-form")).LeadsTo("/");
        (await visitor.Open("/")).Is(200);
    }

    private static string Code(int steps, byte[]? secret = null) =>
        Totp.Code(secret ?? Secret, Totp.Step(Clock.System.Now, 30) + steps, TotpAlgorithm.HmacSHA1, 6);

    private static async Task<Guid> Id(FreshServer server) =>
        (await server.Store.Query("select id from user_search where email = @email", row => row.Guid("id"), parameters: ("email", FreshServer.Email)))[0];
}
