using System.Security.Cryptography;

namespace OrleansAuth.Keys;

public sealed class KeyImportTests
{
    public static TheoryData<KeyAlgorithm> Asymmetric => KeyMaterialTests.Asymmetric;

    [Theory, MemberData(nameof(Asymmetric))]
    public void Halves_of_two_keys_are_refused(KeyAlgorithm algorithm)
    {
        var one = TestKeys.One(algorithm).Parts;
        var other = TestKeys.Other(algorithm).Parts;
        Assert.Equal("[mismatch]key.publicKey", Refusal(one with { PublicKey = other.PublicKey }));
        if (one.Certificate is null) return;
        Assert.Equal("[mismatch]key.certificate", Refusal(one with { Certificate = other.Certificate }));
        Assert.Equal("[mismatch]key.certificate", Refusal(one with { PrivateKey = null, Certificate = other.Certificate }));
    }

    [Theory, MemberData(nameof(Asymmetric))]
    public void Text_that_is_no_key_is_refused(KeyAlgorithm algorithm)
    {
        var parts = TestKeys.One(algorithm).Parts;
        Assert.Equal("[invalid]key.privateKey", Refusal(parts with { PrivateKey = "hello" }));
        Assert.Equal("[invalid]key.publicKey", Refusal(parts with { PublicKey = "hello" }));
        Assert.Equal("[invalid]key.certificate", Refusal(parts with { Certificate = parts.PublicKey }));
        Assert.Equal("[invalid]key.privateKey", Refusal(parts with { PrivateKey = parts.PublicKey }));
        Assert.Equal("[invalid]key.publicKey", Refusal(parts with { PublicKey = parts.PrivateKey }));
        Assert.Equal("[invalid]key.privateKey", Refusal(parts with { PrivateKey = PemEncoding.WriteString("PRIVATE KEY", [0x30, 0x03, 0x02, 0x01, 0x00]) }));
        Assert.Equal("[invalid]key.publicKey", Refusal(parts with { PublicKey = PemEncoding.WriteString("PUBLIC KEY", []) }));
        Assert.Equal("[invalid]key.publicKey", Refusal(parts with { PublicKey = parts.PublicKey + new string(' ', 70_000) + "x" }));
        Assert.Equal("[missing]key.publicKey", Refusal(new KeyParts { Algorithm = algorithm, PublicKey = " " }));
    }

    [Fact]
    public void A_key_of_another_kind_is_refused()
    {
        var (rsa, ec, ed) = (TestKeys.One(KeyAlgorithm.RS256).Parts, TestKeys.One(KeyAlgorithm.ES256).Parts, TestKeys.One(KeyAlgorithm.Ed25519).Parts);
        Assert.Equal("[invalid]key.privateKey", Refusal(rsa with { Algorithm = KeyAlgorithm.ES256 }));
        Assert.Equal("[invalid]key.privateKey", Refusal(ec with { Algorithm = KeyAlgorithm.RS256 }));
        Assert.Equal("[invalid]key.privateKey", Refusal(ec with { Algorithm = KeyAlgorithm.Ed25519 }));
        Assert.Equal("[invalid]key.privateKey", Refusal(ed with { Algorithm = KeyAlgorithm.ES256 }));
        Assert.Equal("[mismatch]key.algorithm", Refusal(ec with { Algorithm = KeyAlgorithm.ES384 }));
        Assert.Equal("[mismatch]key.certificate", Refusal(new KeyParts { Algorithm = KeyAlgorithm.Ed25519, Certificate = rsa.Certificate }));
        Assert.Equal("[mismatch]key.certificate", Refusal(new KeyParts { Algorithm = KeyAlgorithm.ES256, Certificate = rsa.Certificate }));
        Assert.Equal("[missing]key.secret", Refusal(ec with { Algorithm = KeyAlgorithm.HS256 }));
        Assert.Equal("[invalid]key.algorithm", Refusal(ec with { Algorithm = (KeyAlgorithm)99 }));
    }

    [Fact]
    public void Curves_and_key_kinds_that_tokens_do_not_use_are_refused()
    {
        var refused = KeyVectors.File.Refused;
        Assert.Equal("[mismatch]key.algorithm", Refusal(new KeyParts { Algorithm = KeyAlgorithm.ES256, PublicKey = refused["secp256k1"].PublicKey }));
        Assert.Equal("[mismatch]key.algorithm", Refusal(new KeyParts { Algorithm = KeyAlgorithm.ES256, PrivateKey = refused["secp256k1"].PrivateKey }));
        Assert.Equal("[invalid]key.privateKey", Refusal(new KeyParts { Algorithm = KeyAlgorithm.Ed25519, PrivateKey = refused["ed448"].PrivateKey }));
    }

    [Fact]
    public void Rsa_keys_need_2048_bits_to_sign_and_1024_to_verify()
    {
        var refused = KeyVectors.File.Refused;
        Assert.Equal("[tooShort]key.privateKey", Refusal(new KeyParts { Algorithm = KeyAlgorithm.RS256, PrivateKey = refused["rsa1024"].PrivateKey }));
        Assert.False(KeyImport.Read(new KeyParts { Algorithm = KeyAlgorithm.RS256, PublicKey = refused["rsa1024"].PublicKey }).Key!.CanSign);
        Assert.Equal("[tooShort]key.publicKey", Refusal(new KeyParts { Algorithm = KeyAlgorithm.RS256, PublicKey = refused["rsa512"].PublicKey }));
    }

    [Fact]
    public void A_private_key_whose_public_copy_is_not_its_own_is_refused()
    {
        using var one = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = one.ExportPkcs8PrivateKey();
        var (own, foreign) = (one.ExportSubjectPublicKeyInfo()[^64..], other.ExportSubjectPublicKeyInfo()[^64..]);
        foreign.CopyTo(der, der.AsSpan().IndexOf(own));
        Assert.Equal("[invalid]key.privateKey", Refusal(new KeyParts { Algorithm = KeyAlgorithm.ES256, PrivateKey = PemEncoding.WriteString("PRIVATE KEY", der) }));
    }

    [Fact]
    public void An_rsa_key_with_the_exponent_one_is_refused()
    {
        using var rsa = RSA.Create(2048);
        var parameters = rsa.ExportParameters(false);
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(parameters.Modulus);
            writer.WriteInteger(1);
        }

        Assert.Equal("[invalid]key.publicKey", Refusal(new KeyParts { Algorithm = KeyAlgorithm.RS256, PublicKey = PemEncoding.WriteString("RSA PUBLIC KEY", writer.Encode()) }));
    }

    [Fact]
    public void An_encrypted_private_key_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportEncryptedPkcs8PrivateKeyPem("pw", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1));
        Assert.Equal("[invalid]key.privateKey", Refusal(new KeyParts { Algorithm = KeyAlgorithm.ES256, PrivateKey = pem }));
    }

    [Fact]
    public void A_secret_is_taken_as_it_is_written()
    {
        var key = KeyImport.Read(new KeyParts { Algorithm = KeyAlgorithm.HS256, Secret = " spaces stay " }).Key!;
        var signature = new byte[key.SignatureSize];
        key.Sign("data"u8, signature);
        Assert.Equal(HMACSHA256.HashData(" spaces stay "u8, "data"u8), signature);
        Assert.Equal("[tooLong]key.secret", Refusal(new KeyParts { Algorithm = KeyAlgorithm.HS256, Secret = new string('s', 5_000) }));
    }

    private static string? Refusal(KeyParts parts) => KeyImport.Read(parts).Fault?.Code;
}
