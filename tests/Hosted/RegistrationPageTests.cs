using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Forms;
using OrleansAuth.OAuth;

namespace OrleansAuth.Hosted;

public sealed class RegistrationPageTests
{
    [Fact]
    public async Task Steps_keep_what_was_typed_and_end_with_an_account_that_is_signed_in()
    {
        var (world, register) = await World();
        using var browser = world.Browser();
        var email = $"{Guid.NewGuid():N}@example.com";
        var first = (await browser.Open(register)).Is(200);
        Assert.Null(first.Document.QuerySelector("#step-back"));
        var second = (await browser.Submit(first, ("user.email", email), ("user.password", OAuthWorld.Password))).Is(200);
        Assert.NotNull(second.Document.QuerySelector("#user-data-size"));
        Assert.DoesNotContain(OAuthWorld.Password, second.Text, StringComparison.Ordinal);
        var answer = OAuthWorld.Answer((await browser.Submit(second, ("user.data.size", "M"), ("user.verified", "true"), ("registration.roles", "writer"))).Is(303));
        Assert.NotNull(answer["code"]);
        var user = (await world.Server.Get($"/api/user?email={email}", tenant: world.Tenant)).Is(200).Body["user"]!;
        Assert.Equal("M", (string?)user["data"]!["size"]);
        Assert.Equal(["reader"], user["registrations"]![0]!["roles"]!.AsArray().Select(r => (string)r!));
    }

    [Fact]
    public async Task A_step_that_is_wrong_is_shown_again_and_the_focus_is_on_the_first_fault()
    {
        var (world, register) = await World();
        using var browser = world.Browser();
        var page = (await browser.Submit((await browser.Open(register)).Is(200), ("user.email", "nobody"), ("user.password", ""))).Is(200);
        Assert.Equal("true", page.Document.QuerySelector("#user-email")!.GetAttribute("aria-invalid"));
        Assert.True(page.Document.QuerySelector("#user-email")!.HasAttribute("autofocus"));
        Assert.Single(page.Document.QuerySelectorAll("[autofocus]"));
        Assert.Equal("user-password-note", page.Document.QuerySelector("#user-password")!.GetAttribute("aria-describedby"));
        Assert.Equal("nobody", page.Document.QuerySelector("#user-email")!.GetAttribute("value"));
    }

    [Fact]
    public async Task What_the_account_cannot_have_leads_back_to_the_step_that_asked_for_it()
    {
        var (world, register) = await World();
        using var browser = world.Browser();
        var second = await browser.Submit((await browser.Open(register)).Is(200), ("user.email", world.Email), ("user.password", OAuthWorld.Password));
        var page = (await browser.Submit(second, ("user.data.size", "M"))).Is(200);
        Assert.Contains("There is an account with this email", page.Document.QuerySelector("#user-email-note")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(world.Email, page.Document.QuerySelector("#user-email")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Progress_that_was_forged_or_is_of_another_application_begins_anew()
    {
        var (world, register) = await World();
        var (other, elsewhere) = await World();
        using var browser = world.Browser();
        var second = await browser.Submit((await browser.Open(register)).Is(200), ("user.email", $"{Guid.NewGuid():N}@example.com"), ("user.password", OAuthWorld.Password));
        var progress = second.Document.QuerySelector("input[name=progress]")!.GetAttribute("value")!;
        using var stranger = other.Browser();
        foreach (var forged in (string[])[progress, progress[..^6] + "AAAAAA", "!!!", new string('A', 300_000)])
        {
            var page = await stranger.Submit((await stranger.Open(elsewhere)).Is(200), ("progress", forged), ("user.data.size", "M"));
            Assert.True(page.Status == System.Net.HttpStatusCode.BadRequest || page.Document.QuerySelector("#user-email") is not null, $"{page.Status}: {page.Heading}");
        }
    }

    [Fact]
    public async Task Somebody_who_may_not_register_is_sent_to_sign_in()
    {
        var world = await OAuthWorld.Make(await TestServer.Shared);
        using var browser = world.Browser();
        var answer = (await browser.Open(world.Authorize().Replace("authorize", "register", StringComparison.Ordinal))).Is(303);
        Assert.StartsWith("/oauth2/authorize?", answer.Leads, StringComparison.Ordinal);
    }

    private static async Task<(OAuthWorld World, string Register)> World()
    {
        var server = await TestServer.Shared;
        var size = (Guid)(await server.Post("/api/form/field", new { field = new { key = "user.data.size", name = $"Size {Guid.NewGuid()}", control = "select", options = new[] { "S", "M" }, required = true } })).Is(200).Body["field"]!["id"]!;
        var steps = new[] { new { fields = new[] { BuiltInForms.FieldId("user.email"), BuiltInForms.FieldId("user.password") } }, new { fields = new[] { size } } };
        var form = (Guid)(await server.Post("/api/form", new { form = new { name = $"Steps {Guid.NewGuid()}", type = "registration", steps } })).Is(200).Body["form"]!["id"]!;
        var world = await OAuthWorld.Make(server, application: (JsonObject)JsonNode.Parse($$"""{"registrationConfiguration":{"enabled":true,"type":"advanced","formId":"{{form}}"} }""")!);
        return (world, world.Authorize().Replace("authorize", "register", StringComparison.Ordinal));
    }
}
