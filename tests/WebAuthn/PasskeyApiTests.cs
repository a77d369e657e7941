using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.OAuth;

namespace OrleansAuth.WebAuthn;

/// <summary>Passkeys by the API: made, used, listed, removed.</summary>
public sealed class PasskeyApiTests
{
    [Theory]
    [InlineData(-7)]
    [InlineData(-8)]
    [InlineData(-257)]
    [InlineData(-35)]
    [InlineData(-36)]
    public async Task A_passkey_of_every_offered_algorithm_is_made_and_signs_in(int algorithm)
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var (authenticator, credential) = await world.Register(new SoftAuthenticator(algorithm));
        Assert.Equal((algorithm, "none", true, true, "Ada's phone", "ada", "login.example.com", "Test browser", world.User, world.Tenant), (
            (int)credential["algorithm"]!, (string)credential["attestationType"]!, (bool)credential["authenticatorSupportsUserVerification"]!, (bool)credential["discoverable"]!, (string)credential["displayName"]!,
            (string)credential["name"]!, (string)credential["relyingPartyId"]!, (string)credential["userAgent"]!, (Guid)credential["userId"]!, (Guid)credential["tenantId"]!));
        Assert.Equal(Base64Url.EncodeToString(authenticator.CredentialId), (string)credential["credentialId"]!);
        Assert.Equal(authenticator.PublicKey, (string)credential["publicKey"]!);
        Assert.Equal("""["internal"]""", credential["transports"]!.ToJsonString());

        var answer = (await world.LogIn(authenticator)).Is(200);
        Assert.Equal(world.User, (Guid)answer.Body["user"]!["id"]!);
        Assert.NotNull(answer.Body["refreshToken"]);
        Assert.Equal("WEBAUTHN", (string)OAuthWorld.Claims((string)answer.Body["token"]!)["authenticationType"]!);
        Assert.Contains("access_token=", answer.Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_are_what_browsers_take()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared, """{"relyingPartyName":"Northwind","bootstrapWorkflow":{"enabled":true,"authenticatorAttachmentPreference":"crossPlatform","userVerificationRequirement":"preferred"}}""");
        var made = await world.CreationOptions("bootstrap");
        Assert.Equal("none", (string)made["attestation"]!);
        Assert.Equal("""{"requireResidentKey":false,"residentKey":"preferred","userVerification":"preferred","authenticatorAttachment":"cross-platform"}""", made["authenticatorSelection"]!.ToJsonString());
        Assert.Equal("""{"id":"login.example.com","name":"Northwind"}""", made["rp"]!.ToJsonString());
        Assert.Equal("""{"alg":-7,"type":"public-key"}""", made["pubKeyCredParams"]![0]!.ToJsonString());
        Assert.Equal(180_000, (int)made["timeout"]!);
        Assert.Equal(world.User.ToByteArray(bigEndian: true), Base64Url.DecodeFromChars((string)made["user"]!["id"]!));
        Assert.Equal("[]", made["excludeCredentials"]!.ToJsonString());

        var (authenticator, _) = await world.Register();
        var id = Base64Url.EncodeToString(authenticator.CredentialId);
        Assert.Equal($$"""[{"id":"{{id}}","transports":["internal"],"type":"public-key"}]""", (await world.CreationOptions())["excludeCredentials"]!.ToJsonString());
        var used = await world.RequestOptions();
        Assert.Equal($$"""[{"id":"{{id}}","transports":["internal"],"type":"public-key"}]""", used["allowCredentials"]!.ToJsonString());
        Assert.Equal(("login.example.com", "preferred", 180_000), ((string)used["rpId"]!, (string)used["userVerification"]!, (int)used["timeout"]!));
        Assert.NotEqual((string)used["challenge"]!, (string)(await world.RequestOptions())["challenge"]!);
    }

    [Fact]
    public async Task Passkeys_are_listed_read_and_removed()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var (first, credential) = await world.Register();
        await world.Register();
        var id = (Guid)credential["id"]!;
        Assert.Equal(2, (await world.Server.Get($"/api/webauthn?userId={world.User}")).Is(200).Body["credentials"]!.AsArray().Count);
        Assert.Equal(id, (Guid)(await world.Server.Get($"/api/webauthn/{id}")).Is(200).Body["credential"]!["id"]!);
        Assert.Equal("", (await world.Server.Delete($"/api/webauthn/{id}")).Is(200).Text);
        Assert.Equal("", (await world.Server.Get($"/api/webauthn/{id}")).Is(404).Text);
        (await world.Server.Delete($"/api/webauthn/{id}")).Is(404);
        (await world.LogIn(first)).Is(404);
        (await world.Server.Delete($"/api/webauthn?userId={world.User}")).Is(200);
        Assert.Equal("""{"credentials":[]}""", (await world.Server.Get($"/api/webauthn?userId={world.User}")).Is(200).Text);
        (await world.Server.Get($"/api/webauthn?userId={Guid.NewGuid()}")).Is(404);
        (await world.Server.Get("/api/webauthn?userId=x")).Is(400);
        (await world.Server.Get("/api/webauthn")).Is(400);

        // Its id is free again.
        await world.Register(first);
    }

    [Fact]
    public async Task Another_tenant_finds_nothing()
    {
        var server = await TestServer.Shared;
        var (world, other) = (await PasskeyWorld.Make(server), await PasskeyWorld.Make(server));
        var (authenticator, credential) = await world.Register();
        (await server.Get($"/api/webauthn/{credential["id"]}", tenant: other.Tenant)).Is(404);
        (await server.Delete($"/api/webauthn/{credential["id"]}", tenant: other.Tenant)).Is(404);
        (await server.Get($"/api/webauthn?userId={world.User}", tenant: other.Tenant)).Is(404);
        (await server.Delete($"/api/webauthn?userId={world.User}", tenant: other.Tenant)).Is(404);
        (await other.Start(new { userId = world.User })).Is(404);
        (await other.Post("register/start", new { userId = world.User, displayName = "x", workflow = "general" })).Is(404);

        // A challenge of one tenant is worth nothing in the other, and a credential neither; the same id may be there too.
        var options = await world.RequestOptions();
        (await other.LogIn(authenticator.Get(options))).Is(404);
        (await other.LogIn(authenticator, who: new { loginId = other.Email })).Is(404);
        await other.Register(authenticator);
        (await other.LogIn(authenticator)).Is(200);
    }

    [Fact]
    public async Task A_credential_is_one_user_s_in_a_tenant()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var other = await world.Another();
        var (authenticator, _) = await world.Register();
        Assert.Equal("[duplicate]credential.id", (await world.Complete(authenticator.Create(await world.CreationOptions()))).Is(400).FieldError("credential.id"));
        Assert.Equal("[duplicate]credential.id", (await other.Complete(authenticator.Create(await other.CreationOptions()))).Is(400).FieldError("credential.id"));

        // Who asks for one user and answers as another is neither.
        await other.Register();
        var options = await other.RequestOptions();
        authenticator.UserHandle = null;
        (await other.LogIn(authenticator.Get(options))).Is(404);
    }

    [Fact]
    public async Task A_removed_user_leaves_no_passkeys()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var other = await world.Another();
        var (authenticator, credential) = await world.Register();
        (await world.Server.Delete($"/api/user/{world.User}?hardDelete=true")).Is(200);
        (await world.Server.Get($"/api/webauthn/{credential["id"]}")).Is(404);
        await other.Register(authenticator);
    }

    [Fact]
    public async Task No_more_than_fifty_passkeys_are_kept()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        for (var i = 0; i < 50; i++) await world.Register();
        Assert.Equal("[tooMany]userId", (await world.Complete(new SoftAuthenticator().Create(await world.CreationOptions()))).Is(400).FieldError("userId"));
    }

    [Theory]
    [InlineData("""{"displayName":"x","workflow":"general"}""", "userId", "[blank]userId")]
    [InlineData("""{"userId":"x","displayName":"x","workflow":"general"}""", "userId", "[couldNotConvert]userId")]
    [InlineData("""{"userId":"00000000-0000-0000-0000-000000000009","workflow":"general"}""", "displayName", "[blank]displayName")]
    [InlineData("""{"userId":"00000000-0000-0000-0000-000000000009","displayName":"x"}""", "workflow", "[blank]workflow")]
    [InlineData("""{"userId":"00000000-0000-0000-0000-000000000009","displayName":"x","workflow":"other"}""", "workflow", "[invalid]workflow")]
    [InlineData("""{"userId":"00000000-0000-0000-0000-000000000009","displayName":"a\nb","workflow":"general"}""", "displayName", "[invalid]displayName")]
    public async Task A_start_that_says_too_little_is_refused(string body, string field, string code)
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        Assert.Equal(code, (await world.Post("register/start", body)).Is(400).FieldError(field));
    }

    [Fact]
    public async Task Bad_answers_are_errors_that_name_the_member()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var (authenticator, _) = await world.Register();
        (await world.Post("login", new { })).Is(400);
        var credential = authenticator.Get(await world.RequestOptions());
        credential["type"] = "password";
        Assert.Equal("[invalid]credential.type", (await world.LogIn(credential)).Is(400).FieldError("credential.type"));
        credential = authenticator.Get(await world.RequestOptions());
        credential["response"]!["signature"] = "not base64url!";
        Assert.Equal("[invalid]credential.response.signature", (await world.LogIn(credential)).Is(400).FieldError("credential.response.signature"));
        credential["response"] = 7;
        (await world.LogIn(credential)).Is(400);
        credential["id"] = new string('A', 1400);
        (await world.LogIn(credential)).Is(400);
        Assert.Equal("[invalid]rpId", (await world.Post("assert", new { credential = authenticator.Get(await world.RequestOptions()), rpId = "example.org" })).Is(400).FieldError("rpId"));
    }

    [Fact]
    public async Task Who_is_switched_off_says_so()
    {
        var server = await TestServer.Shared;
        var off = await PasskeyWorld.Make(server, """{"enabled":false}""");
        Assert.Equal("[WebAuthnDisabled]", (await off.Start(new { loginId = off.Email })).Is(400).GeneralError);
        Assert.Equal("[WebAuthnDisabled]", (await off.Post("register/start", new { userId = off.User, displayName = "x", workflow = "general" })).Is(400).GeneralError);

        // The application says which workflows it has, where it has settings of its own.
        var world = await PasskeyWorld.Make(server, """{"bootstrapWorkflow":{"enabled":false}}""", application: """{"webAuthnConfiguration":{"enabled":true,"bootstrapWorkflow":{"enabled":true},"reauthenticationWorkflow":{"enabled":false}}}""");
        var (authenticator, _) = await world.Register();
        (await world.LogIn(authenticator)).Is(200);
        Assert.Equal("[WebAuthnDisabled]", (await world.Start(workflow: "reauthentication")).Is(400).GeneralError);
        var plain = await server.NewApplication(world.Tenant);
        (await world.Start(new { userId = world.User, applicationId = plain }, "reauthentication")).Is(200);
        (await world.Start(new { userId = world.User, applicationId = plain })).Is(400);
    }

    [Fact]
    public async Task An_address_has_no_passkeys()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared, tenant: """{"baseURL":"https://192.0.2.7"}""");
        Assert.Equal("[WebAuthnRelyingParty]", (await world.Start(new { loginId = "a" })).Is(400).GeneralError);
    }

    [Theory]
    [InlineData("""{"webAuthnConfiguration":{"relyingPartyId":"https://example.com"}}""", "tenant.webAuthnConfiguration.relyingPartyId")]
    [InlineData("""{"webAuthnConfiguration":{"relyingPartyId":"com"}}""", "tenant.webAuthnConfiguration.relyingPartyId")]
    [InlineData("""{"webAuthnConfiguration":{"relyingPartyId":"192.0.2.1"}}""", "tenant.webAuthnConfiguration.relyingPartyId")]
    [InlineData("""{"webAuthnConfiguration":{"relyingPartyId":"Example.com"}}""", "tenant.webAuthnConfiguration.relyingPartyId")]
    [InlineData("""{"webAuthnConfiguration":{"relyingPartyName":"a\u0007"}}""", "tenant.webAuthnConfiguration.relyingPartyName")]
    [InlineData("""{"externalIdentifierConfiguration":{"webAuthnRegistrationChallengeTimeToLiveInSeconds":301}}""", "tenant.externalIdentifierConfiguration.webAuthnRegistrationChallengeTimeToLiveInSeconds")]
    public async Task Settings_that_cannot_work_are_refused(string members, string field)
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        Assert.NotNull((await server.Patch($"/api/tenant/{tenant}", new JsonObject { ["tenant"] = JsonNode.Parse(members) })).Is(HttpStatusCode.BadRequest).FieldError(field));
    }
}
