using System.Numerics;

namespace OrleansAuth.Keys;

public sealed class Ed25519Tests
{
    private static readonly BigInteger Order = (BigInteger.One << 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly Ed25519PrivateKey Key = new(new byte[32]);
    private static readonly byte[] Data = "the message"u8.ToArray();

    /// <summary>RFC 8032 section 7.1: seed, public key, message, signature.</summary>
    public static TheoryData<string, string, string, string> Rfc8032 => new()
    {
        {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        },
        {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        },
        {
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        },
    };

    [Theory, MemberData(nameof(Rfc8032))]
    public void The_vectors_of_the_rfc_hold(string seed, string publicKey, string data, string signature) =>
        Check(seed, publicKey, data, signature);

    [Fact]
    public void Another_implementations_keys_and_signatures_are_the_same()
    {
        Assert.True(KeyVectors.File.Ed25519.Count > 20);
        foreach (var vector in KeyVectors.File.Ed25519)
            Check(vector.Seed, vector.PublicKey, vector.Data, vector.Signature);
    }

    [Fact]
    public void Its_pem_reads_and_writes_as_elsewhere()
    {
        foreach (var vector in KeyVectors.File.Ed25519)
        {
            var key = new Ed25519PrivateKey(Convert.FromHexString(vector.Seed));
            Assert.Equal(vector.PublicPem.Trim(), Ed25519Pem.WritePublic(key.PublicKey));
            Assert.Equal(vector.PrivatePem.Trim(), Ed25519Pem.WritePrivate(key));
            Assert.True(Ed25519Pem.TryReadPrivate(PemBlock.Read(vector.PrivatePem)!.Data, out var read));
            Assert.Equal(vector.Seed, Convert.ToHexStringLower(read!.Seed));
        }
    }

    [Fact]
    public void Every_flipped_bit_breaks_a_signature()
    {
        var signature = Sign(Key, Data);
        for (var bit = 0; bit < 8 * signature.Length; bit++)
        {
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Ed25519.Verify(Key.PublicKey, Data, signature));
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.True(Ed25519.Verify(Key.PublicKey, Data, signature));
        Assert.False(Ed25519.Verify(Key.PublicKey, "other"u8, signature));
        Assert.False(Ed25519.Verify(new Ed25519PrivateKey([.. new byte[31], 1]).PublicKey, Data, signature));
        Assert.False(Ed25519.Verify(Key.PublicKey, Data, signature.AsSpan(1)));
        Assert.False(Ed25519.Verify(Key.PublicKey, Data, []));
    }

    [Fact]
    public void A_second_spelling_of_s_is_refused()
    {
        var signature = Sign(Key, Data);
        var s = new BigInteger(signature.AsSpan(32), isUnsigned: true);
        for (var multiple = 1; multiple < 15; multiple++)
        {
            signature.AsSpan(32).Clear();
            Assert.True((s + (multiple * Order)).TryWriteBytes(signature.AsSpan(32), out _, isUnsigned: true));
            Assert.False(Ed25519.Verify(Key.PublicKey, Data, signature));
        }
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")] // order 1
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // order 2
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")] // order 4
    [InlineData("0000000000000000000000000000000000000000000000000000000000000080")] // order 4
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")] // order 8
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")] // order 8
    [InlineData("0100000000000000000000000000000000000000000000000000000000000080")] // x = 0 with a sign
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // y = p + 1
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // y = p
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")] // y above p
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000")] // not on the curve
    public void A_key_that_is_weak_or_misspelt_verifies_nothing(string publicKey)
    {
        var key = Convert.FromHexString(publicKey);
        Assert.False(Ed25519.IsPublicKey(key));

        // With a small key, R = identity and s = 0 would pass for many messages.
        byte[] forged = [1, .. new byte[63]];
        for (var message = 0; message < 16; message++)
            Assert.False(Ed25519.Verify(key, [(byte)message], forged));
    }

    [Fact]
    public void Scalars_agree_with_big_integers()
    {
        var random = new Random(8032);
        for (var run = 0; run < 500; run++)
        {
            byte[] wide = new byte[64], other = new byte[64], factor = new byte[32], result = new byte[32];
            random.NextBytes(wide);
            random.NextBytes(other);
            random.NextBytes(factor);
            if (run % 5 == 0) wide.AsSpan().Fill(255);
            if (run % 7 == 0) factor.AsSpan().Fill(255);
            Ed25519Scalar.MultiplyAdd(Ed25519Scalar.ReadWide(wide), Ed25519Scalar.Read(factor), Ed25519Scalar.ReadWide(other)).Write(result);
            Assert.Equal(((Number(wide) * Number(factor)) + Number(other)) % Order, Number(result));
        }
    }

    [Fact]
    public void Field_numbers_agree_with_big_integers()
    {
        var prime = (BigInteger.One << 255) - 19;
        var random = new Random(25519);
        byte[] x = new byte[32], y = new byte[32], result = new byte[32];
        for (var run = 0; run < 500; run++)
        {
            random.NextBytes(x);
            random.NextBytes(y);
            if (run % 5 == 0) x.AsSpan().Fill(255);
            if (run % 7 == 0) y.AsSpan().Fill(255);
            (x[31], y[31]) = ((byte)(x[31] & 127), (byte)(y[31] & 127));
            var (a, b) = (Ed25519Field.Read(x), Ed25519Field.Read(y));
            Ed25519Field.Multiply(Ed25519Field.Subtract(a, b), Ed25519Field.Add(Ed25519Field.Square(a), b)).Write(result);
            var expected = (Number(x) - Number(y)) * ((Number(x) * Number(x)) + Number(y)) % prime;
            Assert.Equal(expected < 0 ? expected + prime : expected, Number(result));
        }
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true);

    private static byte[] Sign(Ed25519PrivateKey key, byte[] data)
    {
        var signature = new byte[Ed25519.SignatureSize];
        key.Sign(data, signature);
        return signature;
    }

    private static void Check(string seed, string publicKey, string data, string signature)
    {
        var key = new Ed25519PrivateKey(Convert.FromHexString(seed));
        Assert.Equal(publicKey, Convert.ToHexStringLower(key.PublicKey));
        Assert.Equal(signature, Convert.ToHexStringLower(Sign(key, Convert.FromHexString(data))));
        Assert.True(Ed25519.Verify(key.PublicKey, Convert.FromHexString(data), Convert.FromHexString(signature)));
    }
}
