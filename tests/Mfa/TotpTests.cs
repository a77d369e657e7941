using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mfa;

public sealed class TotpTests
{
    private const string Seed = "1234567890123456789012345678901234567890123456789012345678901234";

    [Theory]
    [InlineData(59, "94287082", "46119246", "90693936")]
    [InlineData(1111111109, "07081804", "68084774", "25091201")]
    [InlineData(1111111111, "14050471", "67062674", "99943326")]
    [InlineData(1234567890, "89005924", "91819424", "93441116")]
    [InlineData(2000000000, "69279037", "90698825", "38618901")]
    [InlineData(20000000000, "65353130", "77737706", "47863826")]
    public void Codes_are_those_of_the_RFC_6238(long seconds, string sha1, string sha256, string sha512)
    {
        var step = Totp.Step(seconds * 1000, 30);
        Assert.Equal(sha1, Totp.Code(Bytes(20), step, TotpAlgorithm.HmacSHA1, 8));
        Assert.Equal(sha256, Totp.Code(Bytes(32), step, TotpAlgorithm.HmacSHA256, 8));
        Assert.Equal(sha512, Totp.Code(Bytes(64), step, TotpAlgorithm.HmacSHA512, 8));
    }

    [Fact]
    public void Codes_are_those_of_the_RFC_4226()
    {
        string[] expected = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        Assert.Equal(expected, Enumerable.Range(0, 10).Select(i => Totp.Code(Bytes(20), i, TotpAlgorithm.HmacSHA1, 6)));
    }

    [Theory]
    [InlineData(TotpAlgorithm.HmacSHA1, 6, 30)]
    [InlineData(TotpAlgorithm.HmacSHA256, 7, 60)]
    [InlineData(TotpAlgorithm.HmacSHA512, 8, 45)]
    public async Task Another_program_makes_the_same_codes(TotpAlgorithm algorithm, int digits, int timeStep)
    {
        var secret = Bytes(40)[..37];
        for (var seconds = 1_793_534_400L; seconds < 1_793_534_400L + (4 * timeStep); seconds += timeStep)
        {
            var start = new ProcessStartInfo(Tools.OathTool) { RedirectStandardOutput = true };
            foreach (var argument in (string[])[$"--totp={algorithm.ToString()["Hmac".Length..].ToLowerInvariant()}", $"--digits={digits}", $"--time-step-size={timeStep}s", $"--now=@{seconds}", "--base32", Base32.Encode(secret)])
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var theirs = (await process.StandardOutput.ReadToEndAsync()).Trim();
            Assert.Equal(theirs, Totp.Code(secret, Totp.Step(seconds * 1000, timeStep), algorithm, digits));
        }
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void One_step_before_and_after_counts(int offset, bool accepted)
    {
        const long Now = 1_793_534_415_000;
        var code = Totp.Code(Bytes(20), Totp.Step(Now, 30) + offset, TotpAlgorithm.HmacSHA1, 6);
        Assert.Equal(accepted ? Totp.Step(Now, 30) + offset : null, Totp.Match(code, Bytes(20), TotpAlgorithm.HmacSHA1, 6, 30, Now, null));
        Assert.Null(Totp.Match(code, Bytes(20), TotpAlgorithm.HmacSHA1, 6, 30, Now, Totp.Step(Now, 30) + offset));
        Assert.Null(Totp.Match(code + " ", Bytes(20), TotpAlgorithm.HmacSHA1, 6, 30, Now, null));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_that_of_the_RFC_4648(string text, string encoded)
    {
        Assert.Equal(encoded, Base32.Encode(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(text, Encoding.ASCII.GetString(Base32.Decode(encoded)!));
        Assert.Equal(text, Encoding.ASCII.GetString(Base32.Decode(encoded.ToLower(CultureInfo.InvariantCulture) + "==")!));
    }

    [Theory]
    [InlineData("M")]
    [InlineData("MZX")]
    [InlineData("MZXW61")]
    [InlineData("MZXW0")]
    [InlineData("Ä")]
    public void What_is_no_Base32_is_refused(string text) => Assert.Null(Base32.Decode(text));

    private static byte[] Bytes(int length) => Encoding.ASCII.GetBytes(Seed[..length]);
}
