using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;

namespace OrleansAuth.WebAuthn;

/// <summary>The reader takes the canonical form and nothing else, and no bytes make it throw or dawdle.</summary>
public sealed class CborReaderTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(5_000);

    [Theory]
    [InlineData("00", 0)]
    [InlineData("17", 23)]
    [InlineData("1818", 24)]
    [InlineData("19ffff", 65_535)]
    [InlineData("1a00010000", 65_536)]
    [InlineData("1b0000000100000000", 4_294_967_296)]
    [InlineData("1b7fffffffffffffff", long.MaxValue)]
    [InlineData("20", -1)]
    [InlineData("3901ff", -512)]
    [InlineData("3b7fffffffffffffff", long.MinValue)]
    public void Numbers_are_read(string hex, long value) => Assert.Equal(value, Read(hex)!.Number);

    [Theory]
    [InlineData("40")]
    [InlineData("43010203")]
    [InlineData("60")]
    [InlineData("63c3a461")]
    [InlineData("80")]
    [InlineData("820102")]
    [InlineData("a0")]
    [InlineData("a201020326")]
    [InlineData("a3010220206161f5")]
    [InlineData("f4")]
    [InlineData("f6")]
    [InlineData("81818180")]
    public void What_is_canonical_is_read(string hex) => Assert.NotNull(Read(hex));

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("1817", "a number that a byte would hold")]
    [InlineData("190018", "a number of two bytes that one would hold")]
    [InlineData("1a0000ffff", "a number of four bytes that two would hold")]
    [InlineData("1b00000000ffffffff", "a number of eight bytes that four would hold")]
    [InlineData("1bffffffffffffffff", "a number that does not fit")]
    [InlineData("3bffffffffffffffff", "a negative number that does not fit")]
    [InlineData("1c", "a length that means nothing")]
    [InlineData("5f4101ff", "bytes with an open end")]
    [InlineData("9f01ff", "an array with an open end")]
    [InlineData("bf0102ff", "a map with an open end")]
    [InlineData("c001", "a tag")]
    [InlineData("f7", "undefined")]
    [InlineData("f820", "a simple value of two bytes")]
    [InlineData("f93c00", "a half-precision number")]
    [InlineData("fb3ff0000000000000", "a floating-point number")]
    [InlineData("ff", "an end of nothing")]
    [InlineData("0000", "something after the value")]
    [InlineData("4201", "bytes that are cut")]
    [InlineData("61ff", "a text that is not UTF-8")]
    [InlineData("8201", "an array that is cut")]
    [InlineData("a101", "a map that is cut")]
    [InlineData("a201020103", "a key twice")]
    [InlineData("a203010102", "keys out of order")]
    [InlineData("a261620161610 2", "texts out of order")]
    [InlineData("a2616101 0102", "a text before a number")]
    [InlineData("a14101 01", "a key of bytes")]
    [InlineData("a18001", "a key that is an array")]
    [InlineData("a1f401", "a key that is false")]
    [InlineData("8181818180", "five levels")]
    [InlineData("9b7fffffffffffffff", "an array without end")]
    [InlineData("bb7fffffffffffffff", "a map without end")]
    [InlineData("5b7fffffffffffffff", "bytes without end")]
    public void What_is_not_is_refused(string hex, string why) => Assert.True(Read(hex) is null, why);

    [Fact]
    public void No_bytes_make_it_throw()
    {
        Check.One(Many, Prop.ForAll<byte[]>(bytes => CborReader.Read(bytes, out var length) is null ? length == 0 : length <= bytes.Length));
        Check.One(Many, Prop.ForAll<byte[]>(bytes => AuthenticatorData.Read(bytes) is null or { Written.Length: >= 37 }));
        Check.One(Many, Prop.ForAll<byte[]>(bytes => ClientData.Read(bytes) is null or { Type: not null }));
    }

    [Fact]
    public void No_change_of_a_right_ceremony_makes_it_throw_and_none_is_accepted()
    {
        var ceremony = new PasskeyCeremony("AAAA", new RelyingParty("login.example.com", PasskeyWorld.Origin, false), true);
        var options = System.Text.Json.Nodes.JsonNode.Parse("""{"challenge":"AAAA","rp":{"id":"login.example.com"},"rpId":"login.example.com","user":{"id":"AAAAAAAAAAAAAAAAAAAAAQ"}}""")!;
        var authenticator = new SoftAuthenticator();
        var (made, used) = (authenticator.Create(options, new Ceremony { Format = "packed" }), authenticator.Get(options));
        var known = new KnownPasskey(PasskeyKey.Read(authenticator.PublicKey, -7)!, authenticator.UserHandle, NeedsHandle: true, false, 0);
        var registration = new PasskeyRegistration(authenticator.CredentialId, Bytes(made, "clientDataJSON"), Bytes(made, "attestationObject"));
        var assertion = new PasskeyAssertion(authenticator.CredentialId, Bytes(used, "clientDataJSON"), Bytes(used, "authenticatorData"), Bytes(used, "signature"), authenticator.UserHandle);
        Assert.Null(registration.Verify(ceremony).Fault);
        Assert.Null(assertion.Verify(ceremony, known).Fault);

        // Every bit that is signed counts. An ECDSA signature has a second form, so its own bits are no such test.
        Check.One(Many, Prop.ForAll<int, bool>((at, cuts) => registration with { AttestationObject = Change(registration.AttestationObject, at, cuts) } is var changed && changed.Verify(ceremony).Fault is not null));
        Check.One(Many, Prop.ForAll<int, bool>((at, cuts) => registration with { ClientData = Change(registration.ClientData, at, cuts) } is var changed && changed.Verify(ceremony).Fault is not null));
        Check.One(Many, Prop.ForAll<int, bool>((at, cuts) => assertion with { AuthenticatorData = Change(assertion.AuthenticatorData, at, cuts) } is var changed && changed.Verify(ceremony, known).Fault is not null));
        Check.One(Many, Prop.ForAll<int, bool>((at, cuts) => assertion with { ClientData = Change(assertion.ClientData, at, cuts) } is var changed && changed.Verify(ceremony, known).Fault is not null));
        Check.One(Many, Prop.ForAll<byte[]>(bytes => (assertion with { Signature = bytes }).Verify(ceremony, known).Fault is not null));

        static byte[] Bytes(System.Text.Json.Nodes.JsonObject answer, string name) => System.Buffers.Text.Base64Url.DecodeFromChars((string)answer["response"]![name]!);

        static byte[] Change(ReadOnlyMemory<byte> bytes, int at, bool cuts)
        {
            var changed = bytes.ToArray();
            var place = (int)((uint)at % (uint)changed.Length);
            if (cuts) return changed[..place];
            changed[place] ^= (byte)(1 << (at & 7));
            return changed;
        }
    }

    [Fact]
    public void The_longest_input_takes_no_time_to_speak_of()
    {
        byte[][] worst =
        [
            [0x99, 0xff, 0xf0, .. new byte[65_520]],
            [.. Enumerable.Repeat((byte)0x84, CborReader.Longest)],
            [.. Enumerable.Repeat((byte)0xa1, CborReader.Longest)],
            [0x79, 0xff, 0xf0, .. new byte[65_520]],
            [.. Enumerable.Repeat<byte[]>([0x9a, 0x00, 0x00, 0xff, 0xff], CborReader.Longest / 5).SelectMany(b => b)],
        ];
        var watch = Stopwatch.StartNew();
        foreach (var bytes in worst) _ = CborReader.Read(bytes, out _);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.Elapsed}");
        Assert.Null(CborReader.Read(new byte[CborReader.Longest + 1], out _));
    }

    private static CborValue? Read(string hex) => CborReader.Read(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
}
