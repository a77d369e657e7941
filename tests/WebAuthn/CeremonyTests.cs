using System.Buffers.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.WebAuthn;

/// <summary>Every step of a ceremony refuses by itself, and an implementation that is not ours judges the same.</summary>
public sealed class CeremonyTests
{
    public static TheoryData<string> Creations => [.. CeremonyTable.Creations.Keys];

    public static TheoryData<string> Uses => [.. CeremonyTable.Uses.Keys];

    [Theory, MemberData(nameof(Creations))]
    public async Task A_passkey_is_made_by_a_right_ceremony_only(string name)
    {
        var (world, trial) = (await Worlds.One, CeremonyTable.Creations[name]);
        var authenticator = new SoftAuthenticator();
        var answer = await world.Complete(authenticator.Create(await world.CreationOptions(), trial.How));
        Assert.Equal(trial.IsRight ? 200 : 400, (int)answer.Status);
        if (!trial.IsRight) Assert.Equal("[invalid]credential", answer.FieldError("credential"));
        else Assert.Equal(trial.How.Format == "packed" ? "self" : "none", (string)answer.Body["credential"]!["attestationType"]!);
    }

    [Theory, MemberData(nameof(Uses))]
    public async Task A_passkey_is_used_by_a_right_ceremony_only(string name)
    {
        var (world, trial) = (await (await Worlds.One).Another(), CeremonyTable.Uses[name]);
        var (authenticator, _) = await world.Register(new SoftAuthenticator { SignCount = 7 });
        authenticator.SignCount = trial.SignCount;
        var answer = await world.LogIn(authenticator, trial.How);
        Assert.Equal(trial.IsRight ? 200 : 404, (int)answer.Status);
        if (trial.IsRight) return;
        Assert.Equal("", answer.Text);
        Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys);

        // The same way to somebody who does not sign in by it.
        var asserted = await world.Post("assert", new { credential = authenticator.Get(await world.RequestOptions(), trial.How) }, key: "");
        Assert.Equal("[invalid]credential", asserted.Is(400).FieldError("credential"));

        // What was wrong leaves the passkey as it was.
        authenticator.SignCount = 8;
        (await world.LogIn(authenticator)).Is(200);
    }

    [Fact]
    public async Task An_implementation_of_others_judges_the_same()
    {
        var trials = new JsonArray();
        var expected = new Dictionary<string, bool>();
        foreach (var (name, trial) in CeremonyTable.Creations.Where(t => !t.Value.OnlyOurs))
        {
            var response = new SoftAuthenticator().Create(Options("create"), trial.How);
            Add("create", name, trial, response, "");
        }

        foreach (var (name, trial) in CeremonyTable.Uses.Where(t => !t.Value.OnlyOurs))
        {
            var authenticator = new SoftAuthenticator { SignCount = trial.SignCount };
            Add("get", name, trial, authenticator.Get(Options("get"), trial.How), Base64Url.EncodeToString(authenticator.CoseKey(-7)));
        }

        foreach (var algorithm in PasskeyKey.Offered)
        {
            var authenticator = new SoftAuthenticator(algorithm) { SignCount = 8 };
            Add("create", $"algorithm {algorithm}", Trial.Right(new()), authenticator.Create(Options("create"), new Ceremony { Format = "packed" }), "");
            Add("get", $"algorithm {algorithm}", Trial.Right(new()), authenticator.Get(Options("get")), Base64Url.EncodeToString(authenticator.CoseKey(algorithm)));
        }

        var verdicts = (await NodeClient.Run("webauthn-oracle", new { trials })).Json.GetProperty("verdicts");
        Assert.Equal(expected.Count, verdicts.EnumerateObject().Count());
        foreach (var verdict in verdicts.EnumerateObject())
            Assert.True(expected[verdict.Name] == verdict.Value.GetProperty("accepted").GetBoolean(), $"{verdict.Name}: {verdict.Value.GetRawText()}");

        void Add(string kind, string name, Trial trial, JsonObject response, string key)
        {
            expected.Add($"{kind}: {name}", trial.IsRight);
            trials.Add(new JsonObject
            {
                ["name"] = $"{kind}: {name}",
                ["kind"] = kind,
                ["response"] = response,
                ["challenge"] = Challenge,
                ["origin"] = PasskeyWorld.Origin,
                ["rpId"] = "login.example.com",
                ["publicKey"] = key,
                ["signCount"] = 7,
            });
        }
    }

    [Fact]
    public async Task Attestation_that_cannot_be_verified_counts_as_none()
    {
        var world = await Worlds.One;
        var chain = CborWriter.Map((CborWriter.Text("alg"), CborWriter.Number(-7)), (CborWriter.Text("sig"), CborWriter.Bytes(new byte[70])), (CborWriter.Text("x5c"), CborWriter.Array(CborWriter.Bytes([1]))));
        foreach (var how in (Ceremony[])[new() { Format = "packed", Statement = chain }, new() { Format = "fido-u2f", Statement = CborWriter.Map((CborWriter.Text("sig"), CborWriter.Bytes([1]))) }])
            Assert.Equal("none", (string)(await world.Register(how: how)).Credential["attestationType"]!);
    }

    [Fact]
    public async Task A_weak_RSA_key_is_refused()
    {
        var world = await Worlds.One;
        foreach (var (size, exponent) in ((int, byte[])[])[(128, [1, 0, 1]), (256, [1]), (256, [1, 0, 0]), (1024, [1, 0, 1])])
        {
            var modulus = new byte[size];
            (modulus[0], modulus[^1]) = (0x80, 1);
            var key = CborWriter.Map((CborWriter.Number(1), CborWriter.Number(3)), (CborWriter.Number(3), CborWriter.Number(-257)), (CborWriter.Number(-1), CborWriter.Bytes(modulus)), (CborWriter.Number(-2), CborWriter.Bytes(exponent)));
            (await world.Complete(new SoftAuthenticator().Create(await world.CreationOptions(), new Ceremony { Key = key }))).Is(400);
        }
    }

    [Fact]
    public async Task A_domain_that_the_tenant_names_has_pages_below_it()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared, """{"relyingPartyId":"example.com"}""");
        foreach (var (origin, right) in ((string, bool)[])[("https://example.com", true), ("https://shop.example.com:8443", true), ("https://badexample.com", false), ("http://shop.example.com", false), ("https://com", false)])
        {
            var credential = new SoftAuthenticator().Create(await world.CreationOptions(), new Ceremony { Origin = origin });
            (await world.Post("register/complete", new { credential, userId = world.User, rpId = "example.com" }, key: "")).Is(right ? 200 : 400);
        }
    }

    private static string Challenge { get; } = Base64Url.EncodeToString("a challenge of thirty-two bytes."u8);

    private static JsonNode Options(string kind) => JsonNode.Parse(kind == "create"
        ? $$$"""{"challenge":"{{{Challenge}}}","rp":{"id":"login.example.com"},"user":{"id":"AAAAAAAAAAAAAAAAAAAAAQ"}}"""
        : $$$"""{"challenge":"{{{Challenge}}}","rpId":"login.example.com"}""")!;

    private static class Worlds
    {
        private static readonly Lazy<Task<PasskeyWorld>> Lazy = new(async () => await PasskeyWorld.Make(await TestServer.Shared));

        public static Task<PasskeyWorld> One => Lazy.Value;
    }
}
