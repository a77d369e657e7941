using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

public sealed class LoginTests(SessionServer server) : IClassFixture<SessionServer>
{
    [Fact]
    public async Task The_right_password_opens_a_session_and_leaves_a_record()
    {
        var world = await server.NewWorld();
        var login = await world.LogIn();

        Assert.Equal(LoginStatus.Ok, login.Status);
        Assert.Equal("reader", Assert.Single(login.Subject!.Roles));
        Assert.NotNull(await world.Session(login.Session!).Read());
        var user = login.User!.Read<User>();
        Assert.Equal(server.Time.UtcNow.ToUnixTimeMilliseconds(), user.LastLoginInstant);
        Assert.Equal(user.LastLoginInstant, Assert.Single(user.Registrations).LastLoginInstant);
        Assert.Null(user.Password);
        var record = Assert.Single(await server.Get<LoginRecordReader>().Search(new LoginRecordCriteria(world.TenantId, null, world.UserId, null, null)));
        Assert.Equal(new LoginRecord(world.UserId, world.ApplicationId, world.Email, null, user.LastLoginInstant!.Value), record);
    }

    [Fact]
    public async Task Wrong_password_unknown_user_and_other_tenant_get_the_same_answer_and_leave_nothing()
    {
        var world = await server.NewWorld();
        var other = await server.NewWorld();
        var login = new Login(world.Email, [], SessionServer.Password, new LoginWish(null, Actor.System));
        LoginResult[] answers =
        [
            await world.LogIn("wrong"),
            (await server.Grains.Decoy(world.TenantId, [1, 2, 3, 4]).Login(login with { LoginId = "nobody@example.com" })).Value!,
            (await server.Grains.User(other.TenantId, world.UserId).Login(login)).Value!,
            await world.LogIn(loginId: "another@example.com"),
        ];

        Assert.All(answers, answer => Assert.Equal(new LoginResult(LoginStatus.Rejected, null, null, null, null), answer));
        Assert.Equal(0, await server.Get<LoginRecordReader>().Count(new LoginRecordCriteria(null, null, world.UserId, null, null)));
        Assert.Equal(0, await server.Get<LoginRecordReader>().Count(new LoginRecordCriteria(world.TenantId, null, null, null, null)));
    }

    [Fact]
    public async Task Only_who_knows_the_password_learns_that_the_account_is_locked_or_expired()
    {
        var world = await server.NewWorld();
        await world.Change(new { expiry = server.Time.UtcNow.ToUnixTimeMilliseconds() });
        Assert.Equal(LoginStatus.Expired, (await world.LogIn()).Status);
        Assert.Equal(LoginStatus.Rejected, (await world.LogIn("wrong")).Status);

        Assert.Null((await world.User.Remove(new RemoveUser(false, Actor.System))).Refusal);
        Assert.Equal(LoginStatus.Locked, (await world.LogIn()).Status);
        Assert.Equal(LoginStatus.Rejected, (await world.LogIn("wrong")).Status);
        Assert.Equal(LoginStatus.Locked, (await world.User.Ping(new PingLogin(null, Actor.System))).Value!.Status);
    }

    [Fact]
    public async Task A_password_that_is_too_old_must_be_changed_before_there_is_a_session()
    {
        var world = await server.NewWorld(t => t with { MaximumPasswordAge = new() { Enabled = true, Days = 2 } });
        Assert.Equal(LoginStatus.Ok, (await world.LogIn()).Status);

        server.Pass(TimeSpan.FromDays(2));
        var login = await world.LogIn();
        Assert.Equal((LoginStatus.ChangePassword, ChangePasswordReason.Expired), (login.Status, login.ChangePasswordReason));
        Assert.Null(login.Session);
        Assert.Null(login.Subject);
    }

    [Fact]
    public async Task An_unverified_email_is_told_and_gated_only_where_the_tenant_says_so()
    {
        var world = await server.NewWorld(t => t with { EmailConfiguration = t.EmailConfiguration with { VerifyEmail = true } });
        Assert.Equal(LoginStatus.Ok, (await world.LogIn()).Status);
        await world.Change(new { email = "new-" + world.Email });
        world = world with { Email = "new-" + world.Email };
        await server.Save(Families.Tenants, world.TenantId, world.Tenant with { EmailConfiguration = world.Tenant.EmailConfiguration with { VerifyEmailWhenChanged = true } });
        await world.Change(new { email = "newer-" + world.Email });
        world = world with { Email = "newer-" + world.Email };

        var allowed = await world.LogIn();
        Assert.Equal(LoginStatus.EmailUnverified, allowed.Status);
        Assert.NotNull(allowed.Subject);

        var gated = world.Tenant.EmailConfiguration with { Unverified = new() { Behavior = UnverifiedBehavior.Gated } };
        await server.Save(Families.Tenants, world.TenantId, world.Tenant with { EmailConfiguration = gated });
        var refused = await world.LogIn();
        Assert.Equal(LoginStatus.EmailUnverified, refused.Status);
        Assert.Null(refused.Subject);
        Assert.Null(refused.Session);
        Assert.NotNull(refused.User);
    }

    [Fact]
    public async Task Who_is_not_registered_is_let_in_without_session_and_roles()
    {
        var world = await server.NewWorld();
        var elsewhere = Guid.NewGuid();
        await server.Save(Families.Applications, elsewhere, world.Application with { Id = elsewhere, Name = elsewhere.ToString(), OauthConfiguration = new(), Roles = [] }, world.TenantId);
        var login = await world.LogIn(applicationId: elsewhere);

        Assert.Equal(LoginStatus.NotRegistered, login.Status);
        Assert.Null(login.Session);
        Assert.False(login.Subject!.Registered);
        Assert.Empty(login.Subject.Roles);
    }

    [Fact]
    public async Task An_application_of_another_tenant_or_a_deactivated_one_lets_nobody_in()
    {
        var world = await server.NewWorld();
        var other = await server.NewWorld();
        Assert.Equal("[invalid]applicationId", Assert.Single((await world.Try(applicationId: other.ApplicationId)).Refusal!.Errors).Code);

        await world.DeactivateApplication();
        Assert.Equal("[invalid]applicationId", Assert.Single((await world.Try()).Refusal!.Errors).Code);
    }

    [Fact]
    public async Task The_typed_name_must_be_of_a_type_that_the_caller_asked_for()
    {
        var world = await server.NewWorld();
        var username = (await world.Stored()).User.Username!;
        Assert.Equal(LoginStatus.Ok, (await world.LogIn(loginId: username.ToUpperInvariant())).Status);
        Assert.Equal(LoginStatus.Ok, (await world.LogIn(loginId: username, types: "username")).Status);
        Assert.Equal(LoginStatus.Rejected, (await world.LogIn(loginId: username, types: "email")).Status);
        Assert.Equal(LoginStatus.Rejected, (await world.LogIn(types: "phoneNumber")).Status);
    }

    [Fact]
    public async Task The_authentication_token_of_a_registration_is_a_password_where_the_application_allows_it()
    {
        var world = await server.NewWorld(application: a => a with { AuthenticationTokenConfiguration = new() { Enabled = true } });
        const string token = "a-token-of-this-registration";
        var change = new ChangeRegistration(world.ApplicationId, ItemAction.Change, ChangeKind.MergePatch, JsonText.From(new { authenticationToken = token }), Actor.System);
        Assert.Null((await world.User.ChangeRegistration(change)).Refusal);

        var login = await world.LogIn(token);
        Assert.Equal((LoginStatus.Ok, AuthenticationTypes.ApplicationToken), (login.Status, login.AuthenticationType));
        Assert.Equal(LoginStatus.Rejected, (await world.LogIn(token + "x")).Status);
        await world.Change(a => a with { AuthenticationTokenConfiguration = new() });
        Assert.Equal(LoginStatus.Rejected, (await world.LogIn(token)).Status);
    }

    [Fact]
    public async Task A_login_renews_the_hash_where_the_tenant_wants_its_own_scheme()
    {
        var world = await server.NewWorld();
        var wanted = new PasswordEncryptionConfiguration { EncryptionScheme = "salted-pbkdf2-hmac-sha256", EncryptionSchemeFactor = 1000 };
        await server.Save(Families.Tenants, world.TenantId, world.Tenant with { PasswordEncryptionConfiguration = wanted });
        await world.LogIn();
        Assert.Equal("salted-sha256", (await world.Stored()).Password!.Scheme);

        await server.Save(Families.Tenants, world.TenantId, world.Tenant with { PasswordEncryptionConfiguration = wanted with { ModifyEncryptionSchemeOnLogin = true } });
        Assert.Equal(LoginStatus.Rejected, (await world.LogIn("wrong")).Status);
        Assert.Equal("salted-sha256", (await world.Stored()).Password!.Scheme);
        await world.LogIn();
        Assert.Equal(("salted-pbkdf2-hmac-sha256", 1000), ((await world.Stored()).Password!.Scheme, (await world.Stored()).Password!.Factor));
        Assert.Equal(LoginStatus.Ok, (await world.LogIn()).Status);
    }

    [Fact]
    public async Task Logins_at_the_same_time_all_count()
    {
        var world = await server.NewWorld();
        var logins = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.LogIn()));

        Assert.All(logins, login => Assert.Equal(LoginStatus.Ok, login.Status));
        Assert.Equal(20, logins.Select(l => l.Session!.SessionId).Distinct().Count());
        Assert.Equal(20, await server.Get<LoginRecordReader>().Count(new LoginRecordCriteria(world.TenantId, null, world.UserId, null, null)));
    }

    [Fact]
    public async Task A_ping_counts_without_opening_a_session()
    {
        var world = await server.NewWorld();
        var ping = (await world.User.Ping(new PingLogin(world.ApplicationId, new Actor("test", "192.0.2.7")))).Value!;

        Assert.Equal((LoginStatus.Ok, AuthenticationTypes.Ping), (ping.Status, ping.AuthenticationType));
        Assert.Null(ping.Session);
        Assert.Equal("192.0.2.7", Assert.Single(await server.Get<LoginRecordReader>().Search(new LoginRecordCriteria(world.TenantId, null, null, null, null))).IpAddress);
        Assert.Equal(RefusalKind.NotFound, (await server.Grains.User(world.TenantId, Guid.NewGuid()).Ping(new PingLogin(null, Actor.System))).Refusal!.Kind);
    }
}
