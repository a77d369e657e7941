using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Recovery;

/// <summary>Who has forgotten a password gets a link, and nobody else learns anything.</summary>
public sealed class ForgotPasswordTests
{
    [Fact]
    public async Task The_link_in_the_mail_opens_the_way_to_a_new_password_and_that_to_one_login()
    {
        await using var world = await RecoveryWorld.New();
        var answer = (await world.Ask(world.Email, new { applicationId = world.Application, state = new { from = "basket" } })).Is(200);
        Assert.Equal("", answer.Text);
        var mail = Assert.Single(await world.Mails());
        var (link, id) = RecoveryWorld.Read(mail);
        Assert.StartsWith($"{RecoveryWorld.Origin}/password/change/", link.OriginalString, StringComparison.Ordinal);
        Assert.Contains($"tenantId={world.Tenant}", link.Query, StringComparison.Ordinal);
        Assert.Contains($"client_id={world.Application}", link.Query, StringComparison.Ordinal);
        (await world.Server.Get($"/api/user/change-password/{id}", key: "")).Is(200);

        var changed = (await world.Change(id)).Is(200);

        Assert.Equal("basket", (string?)changed.Body["state"]!["from"]);
        (await world.LogIn(RecoveryWorld.Password)).Is(404);
        (await world.LogIn("another horse")).Is(200);
        var once = (string)changed.Body["oneTimePassword"]!;
        var login = (await world.Server.Post("/api/login", new { oneTimePassword = once, applicationId = world.Application }, key: "", tenant: world.Tenant)).Is(200);
        Assert.NotNull(login.Body["token"]);
        Assert.NotNull(login.Body["refreshToken"]);
        (await world.Server.Post("/api/login", new { oneTimePassword = once, applicationId = world.Application }, key: "", tenant: world.Tenant)).Is(404);
    }

    [Theory]
    [InlineData("[\"de_AT\"]", "Passwort zurücksetzen", "lang=\"de\"")]
    [InlineData("[\"fr\",\"de\"]", "Passwort zurücksetzen", "lang=\"de\"")]
    [InlineData("[\"fr\"]", "Reset your password", "lang=\"en\"")]
    [InlineData("[]", "Reset your password", "lang=\"en\"")]
    public async Task The_mail_speaks_a_language_of_the_user_and_repeats_nothing_that_strangers_could_have_typed(string languages, string subject, string html)
    {
        await using var world = await RecoveryWorld.New(user: new { preferredLanguages = JsonNode.Parse(languages), firstName = "Visit https://evil.example", fullName = "<b>Eve</b>" });
        (await world.Ask(world.Email)).Is(200);
        var mail = Assert.Single(await world.Mails());
        Assert.StartsWith(subject, mail.Subject, StringComparison.Ordinal);
        Assert.Contains(html, mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", mail.Text + mail.Html + mail.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("Eve", mail.Text + mail.Html + mail.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_every_name_gets_the_same_answer()
    {
        await using var world = await RecoveryWorld.New();
        await world.NewUser(new { username = "no-address", email = (string?)null });
        (await world.Server.Delete($"/api/user/{await world.NewUser(email: "gone@example.com")}", tenant: world.Tenant)).Is(200);
        foreach (var name in (string[])[world.Email, world.Email.ToUpperInvariant(), "nobody@example.com", "no-address", "gone@example.com", "a\r\nBcc: eve@example.com", new string('x', 10_000)])
        {
            var answer = (await world.Ask(name)).Is(200);
            Assert.Equal("", answer.Text);
        }

        Assert.Equal(2, (await world.Mails()).Length);
        Assert.Empty(await world.Mails("gone@example.com"));
    }

    [Fact]
    public async Task A_name_that_somebody_has_and_one_that_nobody_has_cost_the_same_commit()
    {
        await using var world = await RecoveryWorld.New(new { emailConfiguration = new { host = "127.0.0.1", port = 9, defaultFromEmail = "a@acme.example" } });
        var store = world.Server.Services.GetRequiredService<IStore>();
        var queued = 0;
        store.Queued += queue => queued += queue == RecoveryWish.QueueName ? 1 : 0;
        (await world.Ask(world.Email)).Is(200);
        Assert.Equal(1, queued);
        (await world.Ask("nobody@example.com")).Is(200);
        Assert.Equal(2, queued);
    }

    [Fact]
    public async Task With_a_key_the_caller_hears_what_became_of_it()
    {
        await using var world = await RecoveryWorld.New();
        await world.NewUser(new { username = "no-address", email = (string?)null });
        var id = (string)(await world.Begin(world.Email)).Is(200).Body["changePasswordId"]!;
        Assert.Equal(id, RecoveryWorld.Read(Assert.Single(await world.Mails())).Id);
        (await world.Begin("nobody@example.com")).Is(404);
        (await world.Begin("no-address")).Is(422);
        (await world.Begin("no-address", new { sendForgotPasswordEmail = false })).Is(200);
        Assert.Equal("[blank]loginId", (await world.Begin(" ")).Is(400).FieldError("loginId"));
        (await world.Begin(world.Email, new { applicationId = Guid.NewGuid() })).Is(400);
        Assert.Single(await world.Mails());
    }

    [Fact]
    public async Task A_key_of_another_tenant_finds_nobody_and_an_ambiguous_request_is_asked_back()
    {
        await using var world = await RecoveryWorld.New();
        var other = await world.Server.NewTenant();
        (await world.Server.Post("/api/user/forgot-password", new { loginId = world.Email }, tenant: other)).Is(404);
        Assert.Equal("[TenantIdRequired]", (await world.Server.Post("/api/user/forgot-password", new { loginId = world.Email })).Is(400).GeneralError);
        (await world.Server.Post("/api/user/forgot-password", new { loginId = world.Email }, key: "", tenant: other)).Is(200);
        Assert.Empty(await world.Mails());
    }

    [Fact]
    public async Task The_caller_may_choose_the_id_which_nobody_else_can()
    {
        await using var world = await RecoveryWorld.New();
        (await world.Server.Get("/api/user/change-password/my-own-id", key: "")).Is(404);
        Assert.Equal("my-own-id", (string?)(await world.Begin(world.Email, new { changePasswordId = "my-own-id" })).Is(200).Body["changePasswordId"]);
        Assert.Equal("[duplicate]changePasswordId", (await world.Begin(world.Email, new { changePasswordId = "my-own-id" })).Is(400).FieldError("changePasswordId"));
        Assert.Equal("my-own-id", RecoveryWorld.Read(Assert.Single(await world.Mails())).Id);
        (await world.Ask(world.Email, new { changePasswordId = "planted" })).Is(200);
        Assert.Equal(2, (await world.Mails()).Length);
        (await world.Change("planted")).Is(404);
        (await world.Change("my-own-id")).Is(200);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "gopher")]
    [InlineData("X-Forwarded-Server", "evil.example")]
    [InlineData("X-Original-Host", "evil.example")]
    [InlineData("Forwarded", "host=evil.example;proto=https")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Referer", "https://evil.example/")]
    public async Task Whatever_address_a_request_claims_the_link_leads_to_the_configured_one(string header, string value)
    {
        await using var world = await RecoveryWorld.New(new { baseURL = (string?)null }, settings: "--Web:PublicUrl=https://id.acme.example");
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = world.Server.Url };
        foreach (var key in (string?[])[null, TestServer.SuperKey])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/user/forgot-password") { Content = new StringContent($$"""{"loginId":"{{world.Email}}"}""") };
            request.Headers.Add("X-FusionAuth-TenantId", world.Tenant.ToString());
            if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", key);
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await client.SendAsync(request);
            Assert.True((int)answer.StatusCode is 200 or 400 or 421, $"{answer.StatusCode}");
        }

        Assert.All(await world.Mails(), mail =>
        {
            Assert.StartsWith("https://id.acme.example/password/change/", RecoveryWorld.Read(mail).Link.OriginalString, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", mail.Text + mail.Html, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_new_user_without_a_password_gets_a_link_to_choose_one()
    {
        await using var world = await RecoveryWorld.New();
        (await world.Server.Post("/api/user", new { user = new { email = "new@example.com" }, sendSetPasswordEmail = true }, tenant: world.Tenant)).Is(200);
        var mail = Assert.Single(await world.Mails("new@example.com"));
        Assert.StartsWith("Choose your password", mail.Subject, StringComparison.Ordinal);
        world.Server.Time.UtcNow += TimeSpan.FromHours(23);
        (await world.Change(RecoveryWorld.Read(mail).Id, "my first horse")).Is(200);
        (await world.LogIn("my first horse", "new@example.com")).Is(202);
    }

    [Fact]
    public async Task An_id_in_a_mail_is_nowhere_in_the_store_in_the_clear()
    {
        await using var world = await RecoveryWorld.New(new { emailConfiguration = new { host = "127.0.0.1", port = 9, defaultFromEmail = "a@acme.example" } });
        var id = await world.NewId(mailed: true);
        (await world.Ask(world.Email)).Is(200);
        var found = false;
        foreach (var file in Directory.GetFiles(world.Server.Folder, "store.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            var text = System.Text.Encoding.Latin1.GetString(copy.ToArray());
            Assert.DoesNotContain(id, text, StringComparison.Ordinal);
            found |= text.Contains(world.Email, StringComparison.Ordinal);
        }

        Assert.True(found);
    }
}
