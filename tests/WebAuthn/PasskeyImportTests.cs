using System.Buffers.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.WebAuthn;

/// <summary>Passkeys that were made elsewhere for the same domain.</summary>
public sealed class PasskeyImportTests
{
    [Theory]
    [InlineData(-7)]
    [InlineData(-8)]
    [InlineData(-257)]
    [InlineData(-37)]
    public async Task What_is_imported_signs_in(int algorithm)
    {
        var (world, id) = (await PasskeyWorld.Make(await TestServer.Shared), Guid.NewGuid());
        var authenticator = new SoftAuthenticator(algorithm) { SignCount = 6, UserHandle = world.User.ToByteArray(bigEndian: true) };
        var passkey = Passkey(world, authenticator);
        passkey["id"] = id;
        passkey["attestationType"] = "attestationCa";
        passkey["data"] = JsonNode.Parse("""{"from":"elsewhere"}""");
        Assert.Equal("", (await Import(world, passkey)).Is(200).Text);
        var shown = (await world.Server.Get($"/api/webauthn/{id}")).Is(200).Body["credential"]!;
        Assert.Equal((algorithm, "attestation-ca", 5, "elsewhere", 1_600_000_000_000), ((int)shown["algorithm"]!, (string)shown["attestationType"]!, (int)shown["signCount"]!, (string)shown["data"]!["from"]!, (long)shown["insertInstant"]!));
        (await world.LogIn(authenticator, new Ceremony { Flags = Ceremony.Present | Ceremony.Verified | Ceremony.Eligible })).Is(200);

        // From its first use here on it is known whether it may be in backups.
        authenticator.SignCount = 7;
        (await world.LogIn(authenticator)).Is(404);
    }

    [Theory]
    [InlineData("credentialId", null, "[blank]")]
    [InlineData("credentialId", "\"not base64url!\"", "[invalid]")]
    [InlineData("publicKey", null, "[blank]")]
    [InlineData("publicKey", "\"-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----\"", "[invalid]")]
    [InlineData("algorithm", "-8", "publicKey")]
    [InlineData("algorithm", "-65535", "publicKey")]
    [InlineData("algorithm", "\"ES256\"", "[couldNotConvert]")]
    [InlineData("relyingPartyId", "\"https://example.com\"", "[invalid]")]
    [InlineData("displayName", null, "[blank]")]
    [InlineData("name", null, "[blank]")]
    [InlineData("userId", null, "[blank]")]
    [InlineData("userId", "\"00000000-0000-0000-0000-000000000009\"", "[invalid]")]
    [InlineData("attestationType", "\"other\"", "[invalid]")]
    [InlineData("transports", "\"usb\"", "[invalid]")]
    public async Task One_that_is_wrong_stores_none(string member, string? value, string expected)
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var (right, wrong) = (Passkey(world, new SoftAuthenticator()), Passkey(world, new SoftAuthenticator()));
        if (value is null) wrong.Remove(member);
        else wrong[member] = JsonNode.Parse(value);
        Assert.Contains(expected, (await Import(world, right, wrong)).Is(400).Text, StringComparison.Ordinal);
        Assert.Contains("credentials[1].", (await Import(world, right, wrong)).Text, StringComparison.Ordinal);
        Assert.Equal("""{"credentials":[]}""", (await world.Server.Get($"/api/webauthn?userId={world.User}")).Text);
    }

    [Fact]
    public async Task What_is_there_already_is_refused_and_other_tenants_users_too()
    {
        var server = await TestServer.Shared;
        var (world, other) = (await PasskeyWorld.Make(server), await PasskeyWorld.Make(server));
        var (authenticator, _) = await world.Register();
        Assert.Equal("[duplicate]credentials[0].credentialId", (await Import(world, Passkey(world, authenticator))).Is(400).FieldError("credentials[0].credentialId"));
        var twice = Passkey(world, new SoftAuthenticator());
        Assert.Equal("[duplicate]credentials[1].credentialId", (await Import(world, twice, twice.DeepClone().AsObject())).Is(400).FieldError("credentials[1].credentialId"));
        Assert.Equal("[invalid]credentials[0].userId", (await Import(world, Passkey(other, new SoftAuthenticator()))).Is(400).FieldError("credentials[0].userId"));
        Assert.Equal("[missing]credentials", (await world.Post("import", new { })).Is(400).FieldError("credentials"));
    }

    private static JsonObject Passkey(PasskeyWorld world, SoftAuthenticator authenticator) => new()
    {
        ["algorithm"] = authenticator.Algorithm,
        ["authenticatorSupportsUserVerification"] = true,
        ["credentialId"] = Base64Url.EncodeToString(authenticator.CredentialId),
        ["displayName"] = "Key",
        ["name"] = "ada",
        ["publicKey"] = authenticator.PublicKey,
        ["relyingPartyId"] = "login.example.com",
        ["signCount"] = 5,
        ["insertInstant"] = 1_600_000_000_000,
        ["userId"] = world.User,
    };

    private static Task<Answer> Import(PasskeyWorld world, params JsonObject[] passkeys) => world.Post("import", new JsonObject { ["credentials"] = new JsonArray([.. passkeys.Select(p => p.DeepClone())]) });
}
