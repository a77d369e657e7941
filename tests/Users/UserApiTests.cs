using System.Net;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Mail;

namespace OrleansAuth.Users;

public sealed class UserApiTests
{
    private const string Password = "correct horse battery";

    private static object Ada(string email = "Ada@Example.com") => new { user = new { email, password = Password, firstName = "Ada" } };

    [Fact]
    public async Task A_new_user_comes_back_with_a_token_and_never_with_the_password()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var answer = (await server.Post("/api/user", Ada(), tenant: tenant)).Is(HttpStatusCode.OK);

        var user = answer.Body["user"]!;
        Assert.Equal("ada@example.com", (string?)user["email"]);
        Assert.True((bool)user["active"]!);
        Assert.Equal("email", (string?)user["identities"]![0]!["type"]!["name"]);
        Assert.DoesNotContain("correct horse", answer.Text, StringComparison.Ordinal);
        Assert.Null(user["password"] ?? user["salt"] ?? user["encryptionScheme"] ?? user["factor"]);
        Assert.NotNull(answer.Body["token"]);
        Assert.NotNull(answer.Body["tokenExpirationInstant"]);
        var read = (await server.Get($"/api/user/{(string?)user["id"]}")).Is(HttpStatusCode.OK);
        Assert.Equal("salted-pbkdf2-hmac-sha256", (string?)read.Body["user"]!["encryptionScheme"]);
    }

    [Theory]
    [InlineData("""{}""", "user.email", "[blank]user.email")]
    [InlineData("""{"email":"no address"}""", "user.email", "[notEmail]user.email")]
    [InlineData("""{"email":"a@b.c\r\nBcc: x@y.z"}""", "user.email", "[notEmail]user.email")]
    [InlineData("""{"email":"a@example.com"}""", "user.password", "[blank]user.password")]
    [InlineData("""{"email":"a@example.com","password":"short"}""", "user.password", "[tooShort]user.password")]
    [InlineData("""{"email":"a@example.com","firstName":"A\nB"}""", "user.firstName", "[invalid]user.firstName")]
    [InlineData("""{"email":"a@example.com","birthDate":"2026-02-30"}""", "user.birthDate", "[couldNotConvert]user.birthDate")]
    [InlineData("""{"email":"a@example.com","birthDate":"2999-01-01"}""", "user.birthDate", "[invalid]user.birthDate")]
    [InlineData("""{"email":"a@example.com","timezone":"../etc/passwd"}""", "user.timezone", "[invalid]user.timezone")]
    [InlineData("""{"email":"a@example.com","preferredLanguages":["en","!"]}""", "user.preferredLanguages", "[invalid]user.preferredLanguages")]
    [InlineData("""{"email":"a@example.com","data":"text"}""", "user.data", "[couldNotConvert]user.data")]
    [InlineData("""{"email":"a@example.com","expiry":"soon"}""", "user.expiry", "[couldNotConvert]user.expiry")]
    [InlineData("""{"phoneNumber":"12"}""", "user.phoneNumber", "[invalid]user.phoneNumber")]
    public async Task A_wrong_member_is_refused_by_its_name(string user, string field, string code)
    {
        var server = await TestServer.Shared;
        var answer = (await server.Post("/api/user", $$"""{"user":{{user}}}""", tenant: server.DefaultTenant)).Is(HttpStatusCode.BadRequest);
        Assert.Equal(code, answer.FieldError(field));
    }

    [Fact]
    public async Task Names_are_unique_in_a_tenant_whatever_their_kind_and_free_in_another()
    {
        var server = await TestServer.Shared;
        var (tenant, other) = (await server.NewTenant(), await server.NewTenant());
        (await server.Post("/api/user", Ada(), tenant: tenant)).Is(HttpStatusCode.OK);

        Assert.Equal("[duplicate]user.email", (await server.Post("/api/user", Ada("ADA@example.COM"), tenant: tenant)).Is(400).FieldError("user.email"));
        Assert.Equal("[duplicate]user.username", (await server.Post("/api/user", new { user = new { username = "ada@EXAMPLE.com", password = Password } }, tenant: tenant)).Is(400).FieldError("user.username"));
        (await server.Post("/api/user", Ada(), tenant: other)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_taken_id_is_refused_also_in_another_tenant_and_tells_nothing()
    {
        var server = await TestServer.Shared;
        var (tenant, other) = (await server.NewTenant(), await server.NewTenant());
        var id = Guid.NewGuid();
        (await server.Post($"/api/user/{id}", Ada(), tenant: tenant)).Is(HttpStatusCode.OK);

        Assert.Equal("[duplicate]user.id", (await server.Post($"/api/user/{id}", Ada("b@example.com"), tenant: other)).Is(400).FieldError("user.id"));
        (await server.Get($"/api/user/{id}", tenant: other)).Is(HttpStatusCode.NotFound);
        (await server.Delete($"/api/user/{id}?hardDelete=true", tenant: other)).Is(HttpStatusCode.NotFound);
        (await server.Put($"/api/user/{id}", Ada(), tenant: other)).Is(HttpStatusCode.NotFound);
        (await server.Get($"/api/user/{id}", tenant: tenant)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ids_of_decoys_are_reserved()
    {
        var server = await TestServer.Shared;
        Assert.Equal("[invalid]user.id", (await server.Post("/api/user/00000001-dec0-0000-0000-000000000000", Ada("decoy@example.com"), tenant: server.DefaultTenant)).Is(400).FieldError("user.id"));
    }

    [Fact]
    public async Task A_replacement_drops_what_it_lacks_and_keeps_password_and_registrations()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var application = await server.NewApplication(tenant);
        var id = await Create(server, tenant);
        (await server.Post($"/api/user/registration/{id}", new { registration = new { applicationId = application } })).Is(200);

        var replaced = (await server.Put($"/api/user/{id}", new { user = new { email = "ada@example.com", lastName = "Lovelace", active = false, verified = false, tenantId = Guid.NewGuid() } })).Is(200).Body["user"]!;
        Assert.Null(replaced["firstName"]);
        Assert.Equal("Lovelace", (string?)replaced["lastName"]);
        Assert.True((bool)replaced["active"]!);
        Assert.Equal(tenant, (Guid)replaced["tenantId"]!);
        Assert.Single(replaced["registrations"]!.AsArray());
        (await server.Post("/api/login", new { loginId = "ada@example.com", password = Password, applicationId = application }, tenant: tenant)).Is(200);
    }

    [Theory]
    [InlineData("application/json", """{"user":{"preferredLanguages":["de"],"firstName":null}}""", "en,de")]
    [InlineData("application/merge-patch+json", """{"user":{"preferredLanguages":["de"],"firstName":null}}""", "de")]
    [InlineData("application/json-patch+json", """[{"op":"add","path":"/user/preferredLanguages/-","value":"de"},{"op":"remove","path":"/user/firstName"}]""", "en,de")]
    public async Task Each_kind_of_patch_changes_what_it_says(string type, string patch, string languages)
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var id = await Create(server, tenant, new { email = "ada@example.com", password = Password, firstName = "Ada", preferredLanguages = new[] { "en" }, data = new { color = "green" } });
        var user = (await server.Patch($"/api/user/{id}", patch, type)).Is(200).Body["user"]!;
        Assert.Equal(languages, string.Join(',', user["preferredLanguages"]!.AsArray().Select(l => (string?)l)));
        Assert.Null(user["firstName"]);
        Assert.Equal("green", (string?)user["data"]!["color"]);
    }

    [Fact]
    public async Task A_new_password_replaces_the_old_one_and_needs_the_current_one_only_if_given()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var application = await server.NewApplication(tenant);
        var id = await Create(server, tenant);
        var wrong = await server.Patch($"/api/user/{id}", new { currentPassword = "not this one", user = new { password = "another horse" } });
        Assert.Equal("[notEqual]currentPassword", wrong.Is(400).FieldError("currentPassword"));
        (await server.Patch($"/api/user/{id}", new { currentPassword = Password, user = new { password = "another horse" } })).Is(200);
        (await server.Post("/api/login", new { loginId = "ada@example.com", password = Password, applicationId = application }, tenant: tenant)).Is(404);
        (await server.Post("/api/login", new { loginId = "ada@example.com", password = "another horse", applicationId = application }, tenant: tenant)).Is(202);
    }

    [Fact]
    public async Task A_deactivated_user_keeps_the_name_and_comes_back()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var id = await Create(server, tenant);
        (await server.Delete($"/api/user/{id}")).Is(200);
        Assert.False((bool)(await server.Get($"/api/user/{id}")).Is(200).Body["user"]!["active"]!);
        Assert.Equal("[inactive]user.email", (await server.Post("/api/user", Ada(), tenant: tenant)).Is(400).FieldError("user.email"));
        (await server.Put($"/api/user/{id}?reactivate=true", null)).Is(200);
        Assert.True((bool)(await server.Get($"/api/user/{id}")).Body["user"]!["active"]!);
    }

    [Fact]
    public async Task A_deleted_user_leaves_the_name_and_every_list()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var application = await server.NewApplication(tenant);
        var id = await Create(server, tenant);
        (await server.Post($"/api/user/registration/{id}", new { registration = new { applicationId = application } })).Is(200);
        (await server.Post("/api/user/comment", new { userComment = new { userId = id, comment = "Hello" } })).Is(200);
        (await server.Delete($"/api/user/{id}?hardDelete=true")).Is(200);

        (await server.Get($"/api/user/{id}")).Is(404);
        (await server.Get($"/api/user/registration/{id}/{application}")).Is(404);
        Assert.Equal(0, (int)(await server.Post("/api/user/search", new { search = new { queryString = "*" } }, tenant: tenant)).Is(200).Body["total"]!);
        Assert.Equal(0, (int)(await server.Post("/api/user/comment/search", new { search = new { userId = id } }, tenant: tenant)).Is(200).Body["total"]!);
        (await server.Post($"/api/user/{id}", Ada(), tenant: tenant)).Is(200);
    }

    [Fact]
    public async Task A_user_is_found_by_each_name_in_its_tenant_only()
    {
        var server = await TestServer.Shared;
        var (tenant, other) = (await server.NewTenant(), await server.NewTenant());
        var id = await Create(server, tenant, new { email = "ada@example.com", username = "Ada", phoneNumber = "+44 20 7946 0018", password = Password });
        foreach (var query in (string[])["email=ADA@example.com", "username=ada", "loginId=ada", "loginId=ada@example.com", "loginId=%2B442079460018&loginIdTypes=phoneNumber"])
            Assert.Equal(id, (Guid)(await server.Get($"/api/user?{query}", tenant: tenant)).Is(200).Body["user"]!["id"]!);
        foreach (var query in (string[])["email=ada", "username=ada@example.com", "loginId=%2B442079460018", "loginId=ada&loginIdTypes=email", "email=x@example.com"])
            (await server.Get($"/api/user?{query}", tenant: tenant)).Is(404);
        (await server.Get("/api/user?email=ada@example.com", tenant: other)).Is(404);
        Assert.Equal("[TenantIdRequired]", (await server.Get("/api/user?email=ada@example.com")).Is(400).GeneralError);
    }

    [Fact]
    public async Task The_token_of_a_new_user_reads_that_user_and_no_other()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var created = (await server.Post("/api/user", Ada(), tenant: tenant)).Is(200);
        var other = await Create(server, tenant, new { email = "b@example.com", password = Password });
        var read = await server.Send(HttpMethod.Get, $"/api/user?userId={other}", bearer: (string?)created.Body["token"]);
        Assert.Equal((string?)created.Body["user"]!["id"], (string?)read.Is(200).Body["user"]!["id"]);
        (await server.Send(HttpMethod.Get, $"/api/user/{other}", bearer: (string?)created.Body["token"])).Is(401);
    }

    [Fact]
    public async Task Blocked_domains_and_password_rules_of_the_tenant_hold()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant(new
        {
            registrationConfiguration = new { blockedDomains = new[] { "spam.example" } },
            passwordValidationRules = new { minLength = 5, maxLength = 10, requireMixedCase = true, requireNumber = true, requireNonAlpha = true, disallowUserLoginId = true },
        });
        async Task<string[]> Codes(string email, string password, bool disableDomainBlock = false)
        {
            var body = (await server.Post("/api/user", new { disableDomainBlock, user = new { email, password } }, tenant: tenant)).Body;
            return [.. (body["fieldErrors"] as JsonObject ?? []).SelectMany(f => f.Value!.AsArray()).Select(e => (string)e!["code"]!).Order()];
        }

        Assert.Equal(["[blocked]user.email"], await Codes("a@Spam.Example", "Ab1!x"));
        Assert.Empty(await Codes("a@spam.example", "Ab1!x", disableDomainBlock: true));
        Assert.Equal(["[onlyAlpha]user.password", "[requireNumber]user.password", "[singleCase]user.password"], await Codes("b@example.com", "abcdef"));
        Assert.Equal(["[tooLong]user.password"], await Codes("b@example.com", "Ab1!4567890"));
        Assert.Equal(["[tooShort]user.password"], await Codes("b@example.com", "Ab1🙂"));
        Assert.Equal(["[invalid]user.password"], await Codes("bob@example.com", "Ab1!bob"));
        Assert.Empty(await Codes("c@example.com", "Ab1🙂🙂🙂🙂🙂🙂🙂"));
    }

    [Fact]
    public async Task Usernames_may_repeat_where_the_tenant_says_so_and_sign_in_with_a_suffix()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant(new { usernameConfiguration = new { unique = new { enabled = true, numberOfDigits = 4, separator = "#" } } });
        var first = (await server.Post("/api/user", new { user = new { username = "Ada", password = Password } }, tenant: tenant)).Is(200).Body["user"]!;
        var second = (await server.Post("/api/user", new { user = new { username = "Ada", password = Password } }, tenant: tenant)).Is(200).Body["user"]!;
        Assert.Equal(("Ada", "Ada"), ((string?)first["username"], (string?)first["uniqueUsername"]));
        Assert.Equal("Ada", (string?)second["username"]);
        Assert.Matches("^Ada#[0-9]{4}$", (string?)second["uniqueUsername"]);
        var name = Uri.EscapeDataString((string)second["uniqueUsername"]!);
        Assert.Equal((string?)second["id"], (string?)(await server.Get($"/api/user?username={name}", tenant: tenant)).Is(200).Body["user"]!["id"]);
    }

    [Fact]
    public async Task Verified_follows_the_policy_of_the_tenant_and_the_flag_of_the_request()
    {
        var server = await TestServer.Shared;
        var strict = await server.NewTenant(new { emailConfiguration = new { verifyEmail = true, verificationEmailTemplateId = BuiltInMessages.MailOf("EmailVerification") } });
        var user = (await server.Post("/api/user", new { user = new { email = "a@example.com", password = Password, verified = true } }, tenant: strict)).Is(200).Body["user"]!;
        Assert.False((bool)user["verified"]!);
        Assert.Equal("Pending", (string?)user["identities"]![0]!["verifiedReason"]);
        user = (await server.Post("/api/user", new { skipVerification = true, user = new { email = "b@example.com", password = Password } }, tenant: strict)).Is(200).Body["user"]!;
        Assert.True((bool)user["verified"]!);
        Assert.Equal("Skipped", (string?)user["identities"]![0]!["verifiedReason"]);
    }

    [Fact]
    public async Task Comments_are_kept_with_the_user_newest_first()
    {
        await using var server = await TestServer.Start();
        var (tenant, other) = (await server.NewTenant(), await server.NewTenant());
        var id = await Create(server, tenant);
        foreach (var comment in (string[])["First", "Second"])
        {
            (await server.Post("/api/user/comment", new { userComment = new { userId = id, commenterId = id, comment } })).Is(200);
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["Second", "First"], (await server.Get($"/api/user/comment/{id}")).Is(200).Body["userComments"]!.AsArray().Select(c => (string?)c!["comment"]));
        Assert.Equal(1, (int)(await server.Post("/api/user/comment/search", new { search = new { comment = "FIRST" } }, tenant: tenant)).Is(200).Body["total"]!);
        (await server.Get($"/api/user/comment/{id}", tenant: other)).Is(404);
        Assert.Equal(0, (int)(await server.Post("/api/user/comment/search", new { search = new { } }, tenant: other)).Is(200).Body["total"]!);
        Assert.Equal("[invalid]userComment.userId", (await server.Post("/api/user/comment", new { userComment = new { userId = id, comment = "x" } }, tenant: other)).Is(400).FieldError("userComment.userId"));
    }

    [Fact]
    public async Task Recent_logins_are_listed_newest_first()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var application = await server.NewApplication(tenant);
        var id = await Create(server, tenant);
        (await server.Post("/api/login", new { loginId = "ada@example.com", password = Password, applicationId = application }, tenant: tenant)).Is(202);
        var login = Assert.Single((await server.Get($"/api/user/recent-login?userId={id}")).Is(200).Body["logins"]!.AsArray());
        Assert.Equal(id, (Guid)login!["userId"]!);
        Assert.Empty((await server.Get($"/api/user/recent-login?userId={id}", tenant: await server.NewTenant())).Is(200).Body["logins"]!.AsArray());
    }

    private static async Task<Guid> Create(TestServer server, Guid tenant, object? user = null) =>
        (Guid)(await server.Post("/api/user", new { user = user ?? new { email = "ada@example.com", password = Password, firstName = "Ada" } }, tenant: tenant)).Is(200).Body["user"]!["id"]!;
}
