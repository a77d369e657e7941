using System.Net;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

/// <summary>What callers, clients and people meet when receivers decide about users: a refusal in their own terms, and nothing changed.</summary>
public sealed class VetoTests : IAsyncLifetime
{
    private const string Words = "A system that has a say in this did not agree";
    private TransactionWorld _world = null!;

    public async Task InitializeAsync() => _world = await TransactionWorld.Start();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_user_who_is_vetoed_is_not_there_and_the_address_stays_free()
    {
        var tenant = await _world.Tenant(1, (EventTypes.UserCreate, TransactionType.Any));
        var user = new { user = new { email = "ada@example.com", password = OAuthWorld.Password } };
        _world.Receivers.Answer = _ => Task.FromResult(400);
        var refused = (await _world.Server.Post("/api/user", user, tenant: tenant.Id)).Is(HttpStatusCode.GatewayTimeout);
        Assert.Equal("[WebhookTransactionException]", refused.GeneralError);
        (await _world.Server.Get("/api/user?email=ada@example.com", tenant: tenant.Id)).Is(404);

        _world.Receivers.Answer = _ => Task.FromResult(200);
        (await _world.Server.Post("/api/user", user, tenant: tenant.Id)).Is(200);
        Assert.Equal(2, _world.Receivers.Received.Where(asked => asked.Type == EventTypes.UserCreate).Select(asked => asked.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_login_that_is_vetoed_shows_a_sentence_and_the_form_again_and_a_client_gets_an_error_of_the_protocol()
    {
        var world = await Client(EventTypes.UserLoginSuccess, new JsonObject { ["enabledGrants"] = new JsonArray("authorization_code", "password") });
        _world.Receivers.Answer = _ => Task.FromResult(403);
        using var browser = world.Browser();
        var page = (await world.SignIn(browser)).Is(200);
        Assert.Contains(Words, page.Document.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Document.QuerySelector("#sign-in-form"));
        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Key.StartsWith("sso-", StringComparison.Ordinal));

        var token = (await world.Token(("grant_type", "password"), ("username", world.Email), ("password", OAuthWorld.Password))).Is(503);
        Assert.Equal("temporarily_unavailable", (string?)token.Body["error"]);
        Assert.Equal(504, (int)(await _world.Server.Post("/api/login", new { loginId = world.Email, password = OAuthWorld.Password, applicationId = world.Application })).Status);

        _world.Receivers.Answer = _ => Task.FromResult(200);
        Assert.NotEmpty(await world.Code());
    }

    [Fact]
    public async Task A_registration_that_is_vetoed_shows_a_sentence_and_makes_no_account()
    {
        var world = await Client(EventTypes.UserCreate, application: JsonNode.Parse("""{"registrationConfiguration":{"enabled":true}}""")!.AsObject());
        _world.Receivers.Answer = _ => Task.FromResult(403);
        using var browser = world.Browser();
        var form = (await browser.Open(world.Authorize().Replace("/oauth2/authorize", "/oauth2/register", StringComparison.Ordinal))).Is(200);
        var page = (await browser.Submit(form, ("email", "eve@example.com"), ("password", OAuthWorld.Password), ("passwordConfirm", OAuthWorld.Password))).Is(200);
        Assert.Contains(Words, page.Document.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        (await _world.Server.Get("/api/user?email=eve@example.com", tenant: world.Tenant)).Is(404);
    }

    [Fact]
    public async Task A_wrong_password_waits_for_no_receiver_whatever_the_tenant_says()
    {
        var world = await Client(EventTypes.UserLoginFailed);
        _world.Receivers.Answer = _ => Never();
        var known = await _world.Server.Post("/api/login", new { loginId = world.Email, password = "wrong", applicationId = world.Application });
        var unknown = await _world.Server.Post("/api/login", new { loginId = "nobody@example.com", password = "wrong", applicationId = world.Application });
        Assert.Equal((unknown.Status, unknown.Text), (known.Status, known.Text));
        Assert.Equal(HttpStatusCode.NotFound, known.Status);
    }

    [Fact]
    public async Task A_receiver_that_changes_the_same_user_meanwhile_waits_and_the_wait_ends()
    {
        var world = await Client(EventTypes.UserUpdate);
        var inner = new TaskCompletionSource<Answer>();
        var first = 1;
        _world.Receivers.Answer = async asked =>
        {
            if (Interlocked.Exchange(ref first, 0) == 0) return 200;
            inner.SetResult(await Rename(world, "Inner"));
            return 200;
        };
        var outer = Rename(world, "Outer");
        await _world.Receivers.Got(asked => asked.Type == EventTypes.UserUpdate);
        await _world.Server.Time.TimerDueWithin(TimeSpan.FromSeconds(22));
        _world.Server.Time.Advance(TimeSpan.FromSeconds(22));

        (await outer).Is(504);
        (await inner.Task).Is(200);
        Assert.Equal("Inner", (string?)(await _world.Server.Get($"/api/user/{world.User}", tenant: world.Tenant)).Is(200).Body["user"]!["firstName"]);
    }

    [Fact]
    public async Task One_users_slow_receivers_hold_up_nobody_else()
    {
        var world = await Client(EventTypes.UserUpdate);
        var other = await OAuthWorld.AnotherUser(world);
        var slow = new TaskCompletionSource<int>();
        _world.Receivers.Answer = asked => (Guid)asked.Event["user"]!["id"]! == world.User ? slow.Task : Task.FromResult(200);
        var held = Rename(world, "Slow");
        await _world.Receivers.Got(asked => asked.Type == EventTypes.UserUpdate);
        (await Rename(other, "Quick")).Is(200);
        Assert.False(held.IsCompleted);
        slow.SetResult(200);
        (await held).Is(200);
    }

    /// <summary>A client and its user, and a receiver that is asked about one type from now on.</summary>
    private async Task<OAuthWorld> Client(string type, JsonObject? oauth = null, JsonObject? application = null)
    {
        var events = new JsonObject { [type] = new JsonObject { ["enabled"] = true, ["transactionType"] = nameof(TransactionType.AbsoluteMajority) } };
        var world = await OAuthWorld.Make(_world.Server, oauth, application, new JsonObject { ["eventConfiguration"] = new JsonObject { ["events"] = events } });
        (await _world.Server.Post("/api/webhook", new { webhook = new { url = _world.Receivers.Url(0), connectTimeout = 1_000, readTimeout = 20_000, tenantIds = new[] { world.Tenant }, eventsEnabled = new Dictionary<string, bool> { [type] = true } } })).Is(200);
        return world;
    }

    private Task<Answer> Rename(OAuthWorld world, string name) => _world.Server.Patch($"/api/user/{world.User}", new { user = new { firstName = name } }, tenant: world.Tenant);

    private async Task<int> Never()
    {
        await Task.Delay(Timeout.Infinite, _world.Receivers.Ending);
        return 0;
    }
}
