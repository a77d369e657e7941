using System.Text.RegularExpressions;
using OrleansAuth.Administration;
using OrleansAuth.Recovery;

namespace OrleansAuth.Verification;

/// <summary>The pages that a text message leads to.</summary>
public sealed partial class PhonePageTests
{
    private const string Number = "+4915112345678";
    private static readonly object Links = new { phoneConfiguration = new { verifyPhoneNumber = true } };

    [Fact]
    public async Task The_link_of_a_text_message_verifies_the_number_by_one_button_and_once()
    {
        await using var world = await RecoveryWorld.New(Links, new { phoneNumber = Number });
        using var browser = new Visitor(world.Server.Url);
        var link = Link().Match((await world.Mails(Number))[0].Text).Value;
        Assert.StartsWith("/phone/verify/", link, StringComparison.Ordinal);
        var page = (await browser.Open(link)).Is(200);
        Assert.Contains(Number, page.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.False(await IsVerified(world));
        (await browser.Open((await browser.Submit(page, "#verify-form")).Is(303).Leads!)).Is(200);
        Assert.True(await IsVerified(world));
        var over = (await browser.Submit(page, "#verify-form")).Is(404);
        (await browser.Open(over.Document.QuerySelector("#again")!.GetAttribute("href")!)).Is(200);
    }

    [Fact]
    public async Task Another_message_is_asked_for_by_number_and_the_page_says_the_same_of_every_number()
    {
        await using var world = await RecoveryWorld.New(Links, new { phoneNumber = Number });
        using var browser = new Visitor(world.Server.Url);
        var before = (await world.Mails(Number)).Length;
        foreach (var number in (string[])[Number, "+4915100000000"])
        {
            var page = (await browser.Open($"/phone/verify?tenantId={world.Tenant}")).Is(200);
            Assert.Equal($"/phone/sent?tenantId={world.Tenant}", (await browser.Submit(page, "#again-form", ("phoneNumber", number))).Is(303).Leads);
        }

        Assert.Equal(before + 1, (await world.Mails(Number)).Length);
        Assert.Empty(await world.Mails("+4915100000000"));
        Assert.NotNull((await browser.Submit((await browser.Open($"/phone/verify?tenantId={world.Tenant}")).Is(200), "#again-form", ("phoneNumber", ""))).Is(200).Document.QuerySelector("#phoneNumber-note.error"));
        (await browser.Open("/phone/verify/of-nobody?tenantId=" + world.Tenant)).Is(404);
    }

    [GeneratedRegex("/phone/verify/[^\\s]+")]
    private static partial Regex Link();

    private static async Task<bool> IsVerified(RecoveryWorld world) =>
        (await world.Server.Get($"/api/user/{world.User}")).Is(200).Body["user"]!["identities"]!.AsArray().Any(i => (string)i!["type"]!["name"]! == "phoneNumber" && (bool)i["verified"]!);
}
