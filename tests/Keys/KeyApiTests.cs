using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Keys;

public sealed class KeyApiTests
{
    [Theory]
    [InlineData("ES256", "EC", 256)]
    [InlineData("ES384", "EC", 384)]
    [InlineData("ES512", "EC", 521)]
    [InlineData("RS256", "RSA", 2048)]
    [InlineData("RS384", "RSA", 2048)]
    [InlineData("RS512", "RSA", 2048)]
    [InlineData("HS256", "HMAC", 352)]
    [InlineData("HS384", "HMAC", 512)]
    [InlineData("HS512", "HMAC", 704)]
    [InlineData("Ed25519", "OKP", 256)]
    public async Task Every_algorithm_is_generated_and_nothing_private_is_returned(string algorithm, string type, int length)
    {
        var server = await TestServer.Shared;
        var id = Guid.NewGuid();
        var made = (await server.Post($"/api/key/generate/{id}", new { key = new { name = $"Key {id}", algorithm, issuer = "Our company" } })).Is(200);
        var key = made.Body["key"]!;
        Assert.Equal((id, algorithm, type, length), ((Guid)key["id"]!, (string)key["algorithm"]!, (string)key["type"]!, (int)key["length"]!));
        Assert.Equal(type != "HMAC", (bool)key["hasPrivateKey"]!);
        Assert.Equal(type != "HMAC", key["publicKey"] is not null);
        if (type is "EC" or "RSA") Assert.Contains("Our company", (string)key["certificateInformation"]!["subject"]!, StringComparison.Ordinal);

        var stored = server.Services.GetRequiredService<ConfigurationReader>().Current.Find<Key>(id)!;
        var secret = stored.Secret ?? stored.PrivateKey!;
        Answer[] answers = [made, await server.Get($"/api/key/{id}"), await server.Get("/api/key"), await server.Get($"/api/key/search?id={id}"), await server.Put($"/api/key/{id}", new { key = new { name = $"Renamed {id}" } })];
        Assert.All(answers, a => Assert.DoesNotContain(Middle(secret), a.Is(200).Text, StringComparison.Ordinal));
        Assert.All(answers, a => Assert.DoesNotContain("\"privateKey\"", a.Text, StringComparison.Ordinal));
        Assert.All(answers, a => Assert.DoesNotContain("\"secret\"", a.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"name":"K"}""", "key.algorithm")]
    [InlineData("""{"name":"K","algorithm":"ES257"}""", "key.algorithm")]
    [InlineData("""{"algorithm":"ES256"}""", "key.name")]
    [InlineData("""{"name":"K","algorithm":"RS256","length":1024}""", "key.length")]
    [InlineData("""{"name":"K","algorithm":"RS256","length":-1}""", "key.length")]
    [InlineData("""{"name":"K","algorithm":"ES256","length":384}""", "key.length")]
    [InlineData("""{"name":"K","algorithm":"HS512","length":256}""", "key.length")]
    [InlineData("""{"name":"K","algorithm":"ES256","kid":"a\u0000b"}""", "key.kid")]
    public async Task What_cannot_be_generated_is_refused(string key, string field)
    {
        var server = await TestServer.Shared;
        Assert.NotNull((await server.Post("/api/key/generate", $$"""{"key":{{key}}}""")).Is(400).FieldError(field));
    }

    [Fact]
    public async Task A_long_issuer_does_no_harm()
    {
        var server = await TestServer.Shared;
        var answer = await server.Post("/api/key/generate", new { key = new { name = $"K {Guid.NewGuid()}", algorithm = "ES256", issuer = new string('x', 5_000) } });
        Assert.Equal("[tooLong]key.issuer", answer.Is(400).FieldError("key.issuer"));
    }

    [Theory]
    [InlineData("RS256", "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048")]
    [InlineData("RS512", "genrsa -traditional 2048")]
    [InlineData("ES256", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256")]
    [InlineData("ES384", "ecparam -name secp384r1 -genkey -noout")]
    [InlineData("ES512", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521")]
    [InlineData("Ed25519", "genpkey -algorithm ED25519")]
    public async Task Keys_that_openssl_made_are_imported(string algorithm, string how)
    {
        var server = await TestServer.Shared;
        var (privateKey, publicKey) = await MakeKey(how);
        var imported = (await server.Post("/api/key/import", new { key = new { name = $"I {Guid.NewGuid()}", algorithm, privateKey, publicKey } })).Is(200).Body["key"]!;
        Assert.True((bool)imported["hasPrivateKey"]!);
        Assert.Equal(Lines(publicKey), Lines((string)imported["publicKey"]!));

        var again = await server.Post("/api/key/import", new { key = new { name = $"I {Guid.NewGuid()}", algorithm, privateKey } });
        Assert.Equal("[duplicate]key.kid", again.Is(400).FieldError("key.kid"));
        var verifying = (await server.Post("/api/key/import", new { key = new { name = $"I {Guid.NewGuid()}", algorithm, publicKey, kid = Guid.NewGuid() } })).Is(200).Body["key"]!;
        Assert.False((bool)verifying["hasPrivateKey"]!);
    }

    [Fact]
    public async Task Halves_that_do_not_belong_together_are_refused()
    {
        var server = await TestServer.Shared;
        var one = await MakeKey("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        var other = await MakeKey("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        var answer = await server.Post("/api/key/import", new { key = new { name = "Mixed", algorithm = "ES256", privateKey = one.Private, publicKey = other.Public } });
        Assert.Contains("mismatch", answer.Is(400).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Middle(one.Private), answer.Text, StringComparison.Ordinal);
        (await server.Post("/api/key/import", new { key = new { name = "Wrong", algorithm = "ES384", privateKey = one.Private } })).Is(400);
        (await server.Post("/api/key/import", new { key = new { name = "Empty", algorithm = "ES256" } })).Is(400);
        (await server.Post("/api/key/import", new { key = new { name = "Text", algorithm = "ES256", privateKey = "not a key" } })).Is(400);
    }

    [Fact]
    public async Task A_short_RSA_key_may_verify_but_not_sign()
    {
        var server = await TestServer.Shared;
        var (privateKey, publicKey) = await MakeKey("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024");
        Assert.Equal("[tooShort]key.privateKey", (await server.Post("/api/key/import", new { key = new { name = "Short", algorithm = "RS256", privateKey } })).Is(400).FieldError("key.privateKey"));
        var id = (Guid)(await server.Post("/api/key/import", new { key = new { name = $"Short {Guid.NewGuid()}", algorithm = "RS256", publicKey } })).Is(200).Body["key"]!["id"]!;
        var signer = await server.Post("/api/tenant", new { tenant = new { name = $"T {id}", jwtConfiguration = new { accessTokenKeyId = id } } });
        Assert.Equal("[invalid]tenant.jwtConfiguration.accessTokenKeyId", signer.Is(400).FieldError("tenant.jwtConfiguration.accessTokenKeyId"));
    }

    [Fact]
    public async Task An_update_changes_the_name_and_nothing_else()
    {
        var server = await TestServer.Shared;
        var before = (await server.Post("/api/key/generate", new { key = new { name = $"N {Guid.NewGuid()}", algorithm = "ES256" } })).Is(200).Body["key"]!;
        var name = $"M {Guid.NewGuid()}";
        var after = (await server.Put($"/api/key/{before["id"]}", new { key = new { name, algorithm = "HS256", kid = "other", secret = "s", publicKey = "p", hasPrivateKey = false, type = "HMAC" } })).Is(200).Body["key"]!;
        before["name"] = name;
        before["lastUpdateInstant"] = (long)after["lastUpdateInstant"]!;
        Assert.Equal(before.ToJsonString(), after.ToJsonString());
        var (id, taken) = ((Guid)before["id"]!, (await server.Post("/api/key/generate", new { key = new { name = $"T {Guid.NewGuid()}", algorithm = "ES256" } })).Body["key"]!);
        Assert.Equal("[duplicate]key.name", (await server.Put($"/api/key/{id}", new { key = new { name = (string)taken["name"]! } })).Is(400).FieldError("key.name"));
        (await server.Patch($"/api/key/{id}", """{"key":{"name":"x"}}""")).Is(405);
    }

    [Fact]
    public async Task A_key_that_signs_for_somebody_stays()
    {
        var server = await TestServer.Shared;
        var id = (Guid)(await server.Post("/api/key/generate", new { key = new { name = $"U {Guid.NewGuid()}", algorithm = "ES256" } })).Body["key"]!["id"]!;
        var tenant = await server.NewTenant(new { jwtConfiguration = new { idTokenKeyId = id } });
        Assert.Equal("[inUse]key", (await server.Delete($"/api/key/{id}")).Is(400).GeneralError);
        (await server.Delete($"/api/tenant/{tenant}")).Is(200);
        Assert.Equal("", (await server.Delete($"/api/key/{id}")).Is(200).Text);
        (await server.Get($"/api/key/{id}")).Is(404);
    }

    [Fact]
    public async Task Keys_are_found_by_name_type_and_algorithm_but_never_by_their_secret()
    {
        var server = await TestServer.Shared;
        var prefix = Guid.NewGuid().ToString("N");
        var secret = $"the-secret-{prefix}-of-this-test-is-long";
        var id = (Guid)(await server.Post("/api/key/import", new { key = new { name = prefix + " a", algorithm = "HS256", secret } })).Is(200).Body["key"]!["id"]!;
        await server.Post("/api/key/generate", new { key = new { name = prefix + " b", algorithm = "ES384" } });
        Assert.Equal(2, await Total($"name={prefix}"));
        Assert.Equal(1, await Total($"name={prefix}&algorithm=ES384"));
        Assert.Equal(1, await Total($"name={prefix}&type=HMAC"));
        Assert.Equal(0, await Total($"secret={secret}"));
        Assert.Equal(0, await Total("secret=the-secret*"));
        Assert.Equal(0, await Total("privateKey=BEGIN"));
        (await server.Delete($"/api/key/{id}")).Is(200);

        async Task<int> Total(string query) => (int)(await server.Get($"/api/key/search?{query}")).Is(200).Body["total"]!;
    }

    [Fact]
    public async Task No_secret_lies_readable_in_the_data_folder()
    {
        await using var server = await TestServer.Start();
        var (privateKey, _) = await MakeKey("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        const string secret = "an-hmac-secret-that-nobody-may-find";
        const string apiKey = "an-api-key-that-nobody-may-find";
        const string smtp = "an-smtp-password-that-nobody-may-find";
        (await server.Post("/api/key/import", new { key = new { name = "P", algorithm = "ES256", privateKey } })).Is(200);
        (await server.Post("/api/key/import", new { key = new { name = "S", algorithm = "HS256", secret } })).Is(200);
        (await server.Post("/api/api-key", new { apiKey = new { key = apiKey } })).Is(200);
        var tenant = await server.NewTenant(new { emailConfiguration = new { host = "h", username = "u", password = smtp } });
        await server.NewApplication(tenant, new { oauthConfiguration = new { clientSecret = "a-client-secret-that-nobody-may-find" } });
        (await server.Patch($"/api/tenant/{tenant}", """{"tenant":{"issuer":"changed.example"}}""")).Is(200);

        var audit = string.Join('\n', await server.Services.GetRequiredService<IStore>().Query(
            "select message, old_value, new_value, data from audit_log", row => $"{row.Text("message")}{row.NullableText("old_value")}{row.NullableText("new_value")}{row.NullableText("data")}"));
        Assert.Contains("changed.example", audit, StringComparison.Ordinal);
        var files = Directory.GetFiles(server.Folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) is not ("kickstart.json" or "store.lock")).ToList();
        Assert.Contains(files, f => new FileInfo(f).Length > 10_000);
        foreach (var hidden in (string[])[Middle(privateKey), secret, apiKey, smtp, "a-client-secret-that-nobody-may-find", TestServer.SuperKey])
        {
            Assert.DoesNotContain(hidden, audit, StringComparison.Ordinal);
            Assert.All(files, file => Assert.True(Bytes(file).IndexOf(Encoding.UTF8.GetBytes(hidden)) < 0, $"{file} holds a secret."));
        }
    }

    private static Span<byte> Bytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A line from the middle of a PEM, or all of a secret.</summary>
    private static string Middle(string secret) => secret.Contains('\n', StringComparison.Ordinal) ? secret.Trim().Split('\n')[1].Trim() : secret;

    private static string Lines(string pem) => pem.ReplaceLineEndings("").Trim();

    private static async Task<(string Private, string Public)> MakeKey(string how)
    {
        var privateKey = await OpenSsl(how, null);
        return (privateKey, await OpenSsl("pkey -pubout", privateKey));
    }

    private static async Task<string> OpenSsl(string arguments, string? input)
    {
        var start = new ProcessStartInfo(Tools.OpenSsl, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
