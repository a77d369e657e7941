using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace OrleansAuth.Keys;

public sealed class KeyMaterialTests
{
    public static TheoryData<KeyAlgorithm> Signing => [.. Enum.GetValues<KeyAlgorithm>().Where(a => a != KeyAlgorithm.None)];

    public static TheoryData<KeyAlgorithm> Asymmetric => [.. Enum.GetValues<KeyAlgorithm>().Where(a => a.IsAsymmetric())];

    [Theory, MemberData(nameof(Signing))]
    public void A_generated_key_signs_survives_storage_and_tells_nothing(KeyAlgorithm algorithm)
    {
        var key = TestKeys.One(algorithm);
        var again = KeyImport.Read(key.Parts).Key!;
        var signature = Sign(key, "data"u8);

        Assert.True(key.CanSign);
        Assert.True(again.Verify("data"u8, signature));
        Assert.True(key.Verify("data"u8, Sign(again, "data"u8)));
        Assert.False(again.Verify("date"u8, signature));
        Assert.False(again.Verify("data"u8, signature.AsSpan(1)));
        Assert.False(again.Verify("data"u8, new byte[signature.Length]));
        Assert.Equal((key.Parts, key.Length, key.Kid), (again.Parts, again.Length, again.Kid));
        Assert.False(TestKeys.Other(algorithm).Verify("data"u8, signature));
        Assert.DoesNotContain(key.Parts.Secret ?? "PRIVATE", key.ToString() + key.Parts, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Signing))]
    public void Tokens_of_another_implementation_verify(KeyAlgorithm algorithm)
    {
        var vector = KeyVectors.Of(algorithm);
        var key = Import(vector);
        Assert.Equal("{\"sub\":\"ada\"}", Encoding.UTF8.GetString(Jws.Open(vector.Jws, key)!));
        Assert.Null(Jws.Open(vector.Jws, TestKeys.Other(algorithm)));
        Assert.Null(Jws.Open(vector.Jws + "=", key));
        Assert.Null(Jws.Open(vector.Jws + "A", key));
        Assert.Null(Jws.Open(vector.Jws + "\n", key));
        Assert.Null(Jws.Open(vector.Jws.AsSpan(0, vector.Jws!.LastIndexOf('.')), key));
        Assert.Null(Jws.Open("", key));
    }

    [Theory, MemberData(nameof(Asymmetric))]
    public void An_imported_key_has_the_same_public_half_as_elsewhere(KeyAlgorithm algorithm)
    {
        var vector = KeyVectors.Of(algorithm);
        var key = Import(vector);
        Assert.Equal(vector.Spki!.Trim(), key.Parts.PublicKey);
        Assert.Equal(vector.Thumbprint, key.Kid);

        using var jwk = JsonDocument.Parse(JsonWebKey.ToJson(key)!);
        foreach (var (name, value) in vector.Jwk!)
            Assert.Equal(value, jwk.RootElement.GetProperty(name).GetString());
        Assert.Equal("sig", jwk.RootElement.GetProperty("use").GetString());
        Assert.Equal(algorithm == KeyAlgorithm.Ed25519 ? "EdDSA" : algorithm.ToString(), jwk.RootElement.GetProperty("alg").GetString());
        Assert.False(jwk.RootElement.TryGetProperty("d", out _));
    }

    [Theory, MemberData(nameof(Asymmetric))]
    public void A_public_key_alone_verifies_and_cannot_sign(KeyAlgorithm algorithm)
    {
        var vector = KeyVectors.Of(algorithm);
        var key = KeyImport.Read(new KeyParts { Algorithm = algorithm, Kid = "mine", PublicKey = vector.PublicKey }).Key!;
        Assert.Equal("mine", key.Kid);
        Assert.NotNull(Jws.Open(vector.Jws, key));
        Assert.False(key.CanSign);
        Assert.Throws<InvalidOperationException>(() => Sign(key, "data"u8));
    }

    [Theory, MemberData(nameof(Signing))]
    public void A_written_token_opens_with_its_key_only(KeyAlgorithm algorithm)
    {
        var key = TestKeys.One(algorithm);
        var token = Jws.Sign("{\"alg\":\"x\"}"u8, "{\"sub\":\"grace\"}"u8, key);
        Assert.Equal("{\"sub\":\"grace\"}", Encoding.UTF8.GetString(Jws.Open(token, key)!));
        Assert.Null(Jws.Open(token.Replace('.', ','), key));
        Assert.Null(Jws.Open(token, TestKeys.Other(algorithm)));
    }

    [Fact]
    public void A_generated_key_carries_a_certificate_of_its_issuer()
    {
        foreach (var algorithm in new[] { KeyAlgorithm.RS256, KeyAlgorithm.ES512 })
        {
            var key = KeyGenerator.Generate(algorithm, TestKeys.Now, issuer: "acme.com, O=Evil").Key!;
            using var certificate = X509Certificate2.CreateFromPem(key.Parts.Certificate);
            Assert.False(certificate.HasPrivateKey);
            Assert.Equal("acme.com, O=Evil", certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true));
            Assert.Equal(TestKeys.Now.ToUnixTimeMilliseconds(), key.Certificate!.ValidFrom);
            Assert.Equal(TestKeys.Now.AddYears(10).ToUnixTimeMilliseconds(), key.Certificate.ValidTo);
            Assert.Equal(certificate.Issuer, key.Certificate.Issuer);
            Assert.Equal(certificate.Thumbprint, key.Certificate.Sha1Fingerprint.Replace(":", "", StringComparison.Ordinal));
            Assert.Equal(47, key.Certificate.Md5Fingerprint.Length);
            Assert.Equal(43, key.Certificate.Sha256Thumbprint.Length);

            using var jwk = JsonDocument.Parse(JsonWebKey.ToJson(key)!);
            Assert.Equal(certificate.RawData, jwk.RootElement.GetProperty("x5c")[0].GetBytesFromBase64());
            Assert.Equal(key.Certificate.Sha1Thumbprint, jwk.RootElement.GetProperty("x5t").GetString());
            Assert.Equal(key.Certificate.Sha256Thumbprint, jwk.RootElement.GetProperty("x5t#S256").GetString());
        }
    }

    [Fact]
    public void A_certificate_alone_gives_a_key_that_verifies()
    {
        var key = TestKeys.One(KeyAlgorithm.ES256);
        var read = KeyImport.Read(new KeyParts { Algorithm = KeyAlgorithm.ES256, Certificate = key.Parts.Certificate }).Key!;
        Assert.Equal((key.Parts.PublicKey, false), (read.Parts.PublicKey, read.CanSign));
        Assert.True(read.Verify("data"u8, Sign(key, "data"u8)));
    }

    [Fact]
    public void Secrets_are_never_published()
    {
        Assert.Null(JsonWebKey.ToJson(TestKeys.One(KeyAlgorithm.HS256)));
        Assert.Null(JsonWebKey.ToJson(TestKeys.One(KeyAlgorithm.None)));
        Assert.False(TestKeys.One(KeyAlgorithm.None).CanSign);
        Assert.False(TestKeys.One(KeyAlgorithm.None).Verify("data"u8, []));
    }

    [Theory]
    [InlineData(KeyAlgorithm.HS256, 256)]
    [InlineData(KeyAlgorithm.HS384, 384)]
    [InlineData(KeyAlgorithm.HS512, 512)]
    public void A_generated_secret_is_at_least_as_long_as_its_hash(KeyAlgorithm algorithm, int bits)
    {
        Assert.Equal(bits / 8, Convert.FromBase64String(TestKeys.One(algorithm).Parts.Secret!).Length);
        Assert.Equal("[invalid]key.length", KeyGenerator.Generate(algorithm, TestKeys.Now, bits - 8).Fault!.Code);
    }

    [Theory]
    [InlineData(KeyAlgorithm.RS256, 1024)]
    [InlineData(KeyAlgorithm.RS256, 2049)]
    [InlineData(KeyAlgorithm.ES256, 384)]
    [InlineData(KeyAlgorithm.Ed25519, 448)]
    [InlineData(KeyAlgorithm.HS256, 8192)]
    public void A_length_that_does_not_fit_is_refused(KeyAlgorithm algorithm, int length) =>
        Assert.Equal("[invalid]key.length", KeyGenerator.Generate(algorithm, TestKeys.Now, length).Fault!.Code);

    [Fact]
    public void Longer_rsa_keys_can_be_had() => Assert.Equal(3072, KeyGenerator.Generate(KeyAlgorithm.RS384, TestKeys.Now, 3072).Key!.Length);

    [Fact]
    public void One_key_serves_many_threads()
    {
        var key = TestKeys.One(KeyAlgorithm.ES256);
        Parallel.For(0, 400, i => Assert.True(key.Verify([(byte)i], Sign(key, [(byte)i]))));
    }

    private static KeyMaterial Import(KeyVector vector) => KeyImport.Read(new KeyParts
    {
        Algorithm = Enum.Parse<KeyAlgorithm>(vector.Algorithm),
        PrivateKey = vector.PrivateKey,
        PublicKey = vector.PublicKey,
        Secret = vector.Secret,
    }).Key!;

    private static byte[] Sign(KeyMaterial key, ReadOnlySpan<byte> data)
    {
        var signature = new byte[key.SignatureSize];
        key.Sign(data, signature);
        return signature;
    }
}
