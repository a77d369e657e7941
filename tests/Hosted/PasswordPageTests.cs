using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.Hosted;

public sealed class PasswordPageTests
{
    private const string NewPassword = "another horse battery";

    [Fact]
    public async Task A_forgotten_password_is_the_same_page_for_every_name()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        var address = world.Authorize().Replace("/oauth2/authorize", "/password/forgot", StringComparison.Ordinal);
        var pages = new List<string>();
        foreach (var name in (string[])[world.Email, "nobody@example.com"])
        {
            var sent = (await browser.Submit((await browser.Open(address)).Is(200), ("loginId", name))).Is(303);
            Assert.DoesNotContain(name, sent.Leads, StringComparison.Ordinal);
            pages.Add((await browser.Open(sent.Leads!)).Is(200).Text);
        }

        Assert.Equal(pages[0], pages[1]);
    }

    [Fact]
    public async Task The_link_changes_the_password_once_and_the_login_goes_on()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        var link = await Link(world, new JsonObject { ["client_id"] = world.Application.ToString(), ["redirect_uri"] = OAuthWorld.Redirect, ["response_type"] = "code" });
        var page = (await browser.Open(link)).Is(200);
        Assert.Equal(world.Email, page.Document.QuerySelector("#account")!.GetAttribute("value"));
        var differ = (await browser.Submit(page, "#change-form", ("password", NewPassword), ("passwordConfirm", "other"))).Is(200);
        Assert.NotNull(differ.Document.QuerySelector("#passwordConfirm-note.error"));
        var shortOne = (await browser.Submit(page, "#change-form", ("password", "x"), ("passwordConfirm", "x"))).Is(200);
        Assert.NotNull(shortOne.Document.QuerySelector("#password-note.error"));
        var done = (await browser.Submit(page, "#change-form", ("password", NewPassword), ("passwordConfirm", NewPassword))).Is(303);
        var complete = (await browser.Open(done.Leads!)).Is(200);
        Assert.Equal(200, (int)(await browser.Open(complete.Document.QuerySelector("#sign-in")!.GetAttribute("href")!)).Status);
        Assert.Equal(404, (int)(await browser.Open(link)).Status);
        (await world.Server.Post("/api/login", new { loginId = world.Email, password = NewPassword, applicationId = world.Application })).Is(200);
        (await browser.Submit(page, "#change-form", ("password", "third horse battery"), ("passwordConfirm", "third horse battery"))).Is(404);
        (await world.Server.Post("/api/login", new { loginId = world.Email, password = NewPassword, applicationId = world.Application })).Is(200);
    }

    [Fact]
    public async Task A_link_of_another_tenant_opens_nothing()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        var link = (await Link(world, null)).Replace(world.Tenant.ToString(), (await world.Server.NewTenant()).ToString(), StringComparison.Ordinal);
        using var browser = world.Browser();
        var page = (await browser.Open(link)).Is(404);
        Assert.Null(page.Document.QuerySelector("form"));
        Assert.DoesNotContain(world.Email, page.Text, StringComparison.Ordinal);
    }

    private static async Task<string> Link(OAuthWorld world, JsonObject? state)
    {
        var body = new JsonObject { ["loginId"] = world.Email, ["sendForgotPasswordEmail"] = false, ["applicationId"] = world.Application };
        if (state is not null) body["state"] = state;
        var id = (string)(await world.Server.Post("/api/user/forgot-password", body, tenant: world.Tenant)).Is(200).Body["changePasswordId"]!;
        return $"/password/change/{id}?tenantId={world.Tenant}";
    }
}
