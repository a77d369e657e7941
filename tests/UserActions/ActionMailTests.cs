using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Hosting;
using OrleansAuth.Mail;
using OrleansAuth.Storage;

namespace OrleansAuth.UserActions;

public sealed class ActionMailTests : IAsyncLifetime
{
    private static readonly string[] Phases = ["start", "modify", "cancel", "end"];
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.Start(settings: "--environment=Development");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Each_step_is_told_by_its_template_where_definition_and_caller_want_that()
    {
        var world = await ActionWorld.New(_server);
        await MakeTalk(world);
        var id = await world.Taken(new { expiry = world.Now + 60_000, emailUser = true, comment = "because" });
        (await world.Modify(id, new { expiry = world.Now + 120_000, emailUser = true })).Is(200);
        _server.Time.UtcNow += TimeSpan.FromMinutes(3);
        await Note();
        Assert.Equal(["start because", "modify", "end"], await Mails(world));

        var other = await world.Taken(new { expiry = long.MaxValue });
        (await world.Cancel(other)).Is(200);
        Assert.Equal(3, (await Mails(world)).Count);
    }

    [Fact]
    public async Task A_cancellation_tells_the_user_where_the_caller_wants_that()
    {
        var world = await ActionWorld.New(_server);
        await MakeTalk(world);
        var id = await world.Taken(new { expiry = long.MaxValue });
        (await _server.Send(HttpMethod.Delete, $"/api/user/action/{id}", new { action = new { actionerUserId = world.Actioner, emailUser = true, comment = "sorry" } }, tenant: world.Tenant)).Is(200);
        Assert.Equal(["cancel sorry"], await Mails(world));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lockout_tells_the_user_where_the_tenant_wants_that(bool emailUser)
    {
        var world = await ActionWorld.WithLockout(_server, new { emailUser });
        await MakeTalk(world);
        await world.Fail(5);
        (await world.LogIn()).Is(409);
        _server.Time.UtcNow += TimeSpan.FromMinutes(4);
        await Note();
        Assert.Equal(emailUser ? ["start", "end"] : [], await Mails(world));
    }

    [Fact]
    public async Task A_definition_that_does_not_mail_does_not()
    {
        var world = await ActionWorld.New(_server);
        await MakeTalk(world);
        (await _server.Patch($"/api/user-action/{world.Ban}", new { userAction = new { userEmailingEnabled = false } })).Is(200);
        await world.Taken(new { expiry = long.MaxValue, emailUser = true });
        Assert.Empty(await Mails(world));
    }

    [Fact]
    public async Task A_breached_password_is_told_once()
    {
        var world = await ActionWorld.New(_server);
        (await world.Post("/api/user/change-password", new { loginId = world.Email, password = "password1" })).Is(200);
        var before = (await Mails(world)).Count;
        await world.Change(new { passwordValidationRules = new { breachDetection = new { enabled = true, onLogin = "NotifyUser" } } });
        for (var i = 0; i < 3; i++) (await world.LogIn("password1")).Is(200);
        Assert.Equal(before + 1, (await Mails(world)).Count);
        _server.Time.UtcNow += TimeSpan.FromDays(2);
        (await world.LogIn("password1")).Is(200);
        Assert.Equal(before + 1, (await Mails(world)).Count);
    }

    /// <summary>Gives the definition a template for each step, which names the step and the comment.</summary>
    private async Task MakeTalk(ActionWorld world)
    {
        var templates = new Dictionary<string, object> { ["userEmailingEnabled"] = true };
        foreach (var phase in Phases)
        {
            var created = (await _server.Post("/api/email/template", new
            {
                emailTemplate = new { name = $"{phase} {Guid.NewGuid()}", defaultSubject = phase, defaultTextTemplate = "{{phase}} {{comment}}", defaultHtmlTemplate = "<p>{{phase}} {{comment}}</p>" },
            })).Is(200);
            templates[phase + "EmailTemplateId"] = (Guid)created.Body["emailTemplate"]!["id"]!;
        }

        (await _server.Patch($"/api/user-action/{world.Ban}", new { userAction = templates })).Is(200);
    }

    /// <summary>The texts of the mails to the user, oldest first, once none is under way any more.</summary>
    private async Task<IReadOnlyList<string>> Mails(ActionWorld world)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var store = _server.Services.GetRequiredService<IStore>();
        while ((await store.Query("select count(*) as found from outbox where parked_instant is null", row => row.Long("found"), patience.Token))[0] > 0) await Task.Yield();
        var mails = await _server.Services.GetRequiredService<IGrainFactory>().MailCatcher().Newest();
        return [.. mails.Where(m => m.To == world.Email).Reverse().Select(m => m.Text.Trim())];
    }

    private Task<int> Note() => _server.Services.GetRequiredService<ActionEnds>().Note();
}
