using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Users;

namespace OrleansAuth.Administration;

public sealed class SignInTests
{
    private const string Cookie = "administrator";

    [Fact]
    public async Task Unknown_wrong_and_not_an_administrator_look_the_same()
    {
        var (server, administrator) = await FreshServer.SetUp();
        await using var _ = server;
        await CreateUser(server, "user@example.com", null);
        await CreateUser(server, "helper@example.com", "user_support_viewer");

        var answers = new List<Page>();
        foreach (var (login, password) in ((string, string)[])
            [("nobody@example.com", FreshServer.Password), (FreshServer.Email, "wrong password"), ("user@example.com", FreshServer.Password), ("helper@example.com", FreshServer.Password)])
        {
            using var visitor = server.NewVisitor();
            answers.Add(await SignIn(visitor, login, password));
            Assert.DoesNotContain(Cookie, visitor.Cookies.Keys);
        }

        Assert.All(answers, a => Assert.NotNull(a.Is(200).Document.QuerySelector("#refused")));
        Assert.Equal(0, await server.Sessions("helper@example.com"));
        Assert.Single(answers.Select(WithoutWhatWasTyped).Distinct());
        administrator.Dispose();
    }

    [Fact]
    public async Task The_cookie_is_opaque_and_out_of_reach_for_scripts_and_other_sites()
    {
        var (server, administrator) = await FreshServer.SetUp();
        await using var _ = server;
        using var visitor = server.NewVisitor();

        var set = (await SignIn(visitor)).LeadsTo("/").SetCookies.Single(c => c.StartsWith(Cookie + "=", StringComparison.Ordinal));

        Assert.Contains("httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", set, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires", set, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(administrator.Cookies[Cookie], visitor.Cookies[Cookie]);
        Assert.DoesNotContain('.', visitor.Cookies[Cookie]);
        Assert.Matches("^[A-Za-z0-9_-]{86}$", visitor.Cookies[Cookie]);

        // One character less or another one is nobody's session.
        var value = visitor.Cookies[Cookie];
        foreach (var forged in (string[])[value[..^1], value[..^1] + (value[^1] == 'A' ? 'B' : 'A'), "x", new string('a', 4000)])
        {
            visitor.Cookies[Cookie] = forged;
            (await visitor.Open("/")).LeadsTo("/sign-in");
        }

        administrator.Dispose();
    }

    [Fact]
    public async Task Signing_out_ends_the_session_in_the_store_and_no_other()
    {
        var (server, administrator) = await FreshServer.SetUp();
        await using var _ = server;
        using var elsewhere = server.NewVisitor();
        await SignIn(elsewhere);
        var stolen = administrator.Cookies[Cookie];

        (await administrator.Submit(await administrator.Open("/"), "form:has(#sign-out)")).LeadsTo("/sign-in");

        Assert.DoesNotContain(Cookie, administrator.Cookies.Keys);
        using var thief = server.NewVisitor();
        thief.Cookies[Cookie] = stolen;
        (await thief.Open("/")).LeadsTo("/sign-in");
        await server.Restart();
        using var later = new Visitor(server.Url);
        later.Cookies[Cookie] = stolen;
        (await later.Open("/")).LeadsTo("/sign-in");
        later.Cookies[Cookie] = elsewhere.Cookies[Cookie];
        (await later.Open("/")).Is(200);
        administrator.Dispose();
    }

    [Fact]
    public async Task A_session_ends_when_the_user_is_deactivated()
    {
        var (server, administrator) = await FreshServer.SetUp();
        await using var _ = server;
        await CreateUser(server, "second@example.com", "admin");
        using var visitor = server.NewVisitor();
        (await SignIn(visitor, "second@example.com")).LeadsTo("/");
        (await visitor.Open("/")).Is(200);

        var user = Guid.ParseExact((await server.Store.FindOwner(Storage.Users.UserKeys.Login(server.Tenant, "second@example.com")))!, "N");
        Assert.Null((await server.Grains.User(server.Tenant, user).Remove(new RemoveUser(Hard: false, Actor.System))).Refusal);

        (await visitor.Open("/")).LeadsTo("/sign-in");
        Assert.NotNull((await SignIn(visitor, "second@example.com")).Is(200).Document.QuerySelector("#refused"));
        (await administrator.Open("/")).Is(200);
        administrator.Dispose();
    }

    [Fact]
    public async Task A_session_ends_when_the_role_is_taken_away()
    {
        var (server, administrator) = await FreshServer.SetUp();
        await using var _ = server;
        var user = await CreateUser(server, "second@example.com", "admin");
        using var visitor = server.NewVisitor();
        (await SignIn(visitor, "second@example.com")).LeadsTo("/");

        var changed = await server.Grains.User(server.Tenant, user).ChangeRegistration(new ChangeRegistration(
            WellKnown.AdministrationApplication, ItemAction.Change, ChangeKind.MergePatch, JsonText.From(new { roles = new[] { "user_support_viewer" } }), Actor.System));
        Assert.Null(changed.Refusal);

        (await visitor.Open("/")).LeadsTo("/sign-in");
        administrator.Dispose();
    }

    [Fact]
    public async Task Forms_from_elsewhere_do_nothing()
    {
        var (server, administrator) = await FreshServer.SetUp();
        await using var _ = server;
        var home = await administrator.Open("/");

        (await administrator.Post("/?handler=CreateKey", [])).Is(400);
        (await administrator.Post("/?handler=SignOut", [])).Is(400);
        using var stranger = server.NewVisitor();
        (await stranger.Submit(home, "form:has(#create-key)")).Is(400);

        Assert.Equal("0", (await administrator.Open("/")).Is(200).Document.QuerySelector("#api-keys")!.TextContent);
        administrator.Dispose();
    }

    [Fact]
    public async Task Pages_are_light_have_no_scripts_and_say_so_to_the_browser()
    {
        var (server, administrator) = await FreshServer.SetUp();
        await using var _ = server;
        using var visitor = server.NewVisitor();

        foreach (var page in (Page[])[await administrator.Open("/"), await visitor.Open("/sign-in"), await visitor.Open("/setup"), await visitor.Open("/nowhere")])
        {
            Assert.Empty(page.Document.QuerySelectorAll("script, [style], [onclick]"));
            Assert.Single(page.Document.QuerySelectorAll("h1"));
            Assert.True(page.Text.Length < 60_000);
            Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Contains("no-store", page.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
        }

        administrator.Dispose();
    }

    [Fact]
    public async Task Only_browsers_get_a_page_for_what_is_not_there()
    {
        var (server, administrator) = await FreshServer.SetUp();
        await using var _ = server;
        using var visitor = server.NewVisitor();

        Assert.Equal("/", (await visitor.Open("/no/such/page?x=<b>")).Is(404).Document.QuerySelector("#back")!.GetAttribute("href"));
        Assert.Empty((await visitor.Open("/api/no/such/thing")).Is(404).Text);
        Assert.Empty((await visitor.Open("/oauth2/nothing")).Is(404).Text);
        using var program = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Url };
        using var answer = await program.GetAsync("/no/such/page");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync());
        administrator.Dispose();
    }

    private static async Task<Page> SignIn(Visitor visitor, string login = FreshServer.Email, string password = FreshServer.Password) =>
        await visitor.Submit(await visitor.Open("/sign-in"), ("Login", login), ("Password", password));

    private static async Task<Guid> CreateUser(FreshServer server, string email, string? role)
    {
        var id = Guid.NewGuid();
        var registration = role is null ? null : JsonText.From(new { applicationId = WellKnown.AdministrationApplication, roles = new[] { role } });
        var created = await server.Grains.User(server.Tenant, id).Create(new CreateUser(
            JsonText.From(new { email, password = FreshServer.Password }), registration, SendSetPasswordEmail: false, SkipVerification: true, Actor.System));
        Assert.Null(created.Refusal);
        return id;
    }

    /// <summary>The page without the login that it shows again, and without the form's own token.</summary>
    private static string WithoutWhatWasTyped(Page page)
    {
        foreach (var input in page.Document.QuerySelectorAll("input[name=Login], input[type=hidden]")) input.RemoveAttribute("value");
        return page.Document.DocumentElement.OuterHtml;
    }
}
