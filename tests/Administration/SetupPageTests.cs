namespace OrleansAuth.Administration;

public sealed class SetupPageTests
{
    [Theory]
    [InlineData("/setup")]
    [InlineData("/setup?token=")]
    [InlineData("/setup?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Without_the_token_there_is_an_explanation_and_no_form(string path)
    {
        await using var server = await FreshServer.Start();
        using var visitor = server.NewVisitor();

        var page = (await visitor.Open(path)).Is(403);

        Assert.Equal("Open this page from the log", page.Heading);
        Assert.Empty(page.Document.QuerySelectorAll("form"));
    }

    [Fact]
    public async Task The_token_is_asked_for_again_when_the_form_is_sent()
    {
        await using var server = await FreshServer.Start();
        using var visitor = server.NewVisitor();
        var form = await visitor.Open(server.SetupPath);

        (await visitor.Submit(form with { Path = "/setup" }, [.. FreshServer.Form(), ("Token", "wrong")])).Is(403);

        Assert.Equal(0, await server.Administrators());
    }

    [Fact]
    public async Task An_empty_system_leads_from_home_to_the_set_up()
    {
        await using var server = await FreshServer.Start();
        using var visitor = server.NewVisitor();

        (await visitor.Open("/")).LeadsTo("/setup");
    }

    [Fact]
    public async Task The_first_administrator_is_signed_in_and_the_set_up_is_gone_for_good()
    {
        await using var server = await FreshServer.Start();
        using var visitor = server.NewVisitor();
        var form = (await visitor.Open(server.SetupPath)).Is(200);

        (await visitor.Submit(form, FreshServer.Form())).LeadsTo("/");
        Assert.Contains(FreshServer.Email, (await visitor.Open("/")).Is(200).Document.QuerySelector("#who")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("There is no such page", (await visitor.Open(server.SetupPath)).Is(404).Heading);
        (await visitor.Submit(form, FreshServer.Form("second@example.com"))).Is(404);

        await server.Restart();
        using var later = server.NewVisitor();
        (await later.Open(server.SetupPath)).Is(404);
        (await later.Open("/")).LeadsTo("/sign-in");
        Assert.Equal(1, await server.Administrators());
    }

    [Fact]
    public async Task Of_many_who_send_the_form_at_once_one_becomes_the_administrator()
    {
        await using var server = await FreshServer.Start();
        var visitors = Enumerable.Range(0, 6).Select(_ => server.NewVisitor()).ToList();
        var forms = await Task.WhenAll(visitors.Select(v => v.Open(server.SetupPath)));

        var answers = await Task.WhenAll(visitors.Select((v, i) => v.Submit(forms[i], FreshServer.Form($"number{i}@example.com"))));

        Assert.Single(answers, a => a.Leads == "/");
        Assert.Equal(1, await server.Administrators());
        visitors.ForEach(v => v.Dispose());
    }

    [Theory]
    [InlineData("Email", "nobody", "This does not look like an email address.")]
    [InlineData("Email", "", "Enter your email address.")]
    [InlineData("FirstName", " ", "Enter your first name.")]
    [InlineData("Password", "short", "8")]
    public async Task What_is_wrong_is_said_beside_the_field_and_the_rest_stays(string field, string value, string error)
    {
        await using var server = await FreshServer.Start();
        using var visitor = server.NewVisitor();
        var form = await visitor.Open(server.SetupPath);

        var page = (await visitor.Submit(form, [.. FreshServer.Form(), (field, value)])).Is(200);

        var input = page.Document.QuerySelector($"#{field}")!;
        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        Assert.NotNull(input.GetAttribute("autofocus"));
        Assert.Contains(error, page.Document.GetElementById(input.GetAttribute("aria-describedby")!)!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Lovelace", page.Document.QuerySelector("#LastName")!.GetAttribute("value"));
        Assert.Null(page.Document.QuerySelector("#Password")!.GetAttribute("value"));
        Assert.DoesNotContain(FreshServer.Password, page.Text, StringComparison.Ordinal);
        Assert.Equal(0, await server.Administrators());
    }

    [Fact]
    public async Task A_form_from_elsewhere_is_refused_with_a_way_back()
    {
        await using var server = await FreshServer.Start();
        using var visitor = server.NewVisitor();
        var form = await visitor.Open(server.SetupPath);
        visitor.Cookies.Clear();

        var page = (await visitor.Submit(form, FreshServer.Form())).Is(400);

        Assert.Equal("This form is out of date", page.Heading);
        Assert.Equal(server.SetupPath, page.Document.QuerySelector("#back")!.GetAttribute("href"));
        Assert.Equal(0, await server.Administrators());
    }
}
