using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Users;

public sealed class Pbkdf2LanesTests
{
    public static TheoryData<int> Widths => [.. new[] { 16, 8, 1 }.Where(width => width <= Pbkdf2Lanes.Width)];

    [Theory, MemberData(nameof(Widths))]
    public void Every_lane_equals_the_platforms_result(int width)
    {
        var random = new Random(20261122);
        for (var run = 0; run < 60; run++)
        {
            var iterations = random.Next(1, 40);
            var inputs = Enumerable.Range(0, random.Next(1, width + 1)).Select(_ => RandomInput(random)).ToArray();
            var keys = Pbkdf2Lanes.Derive(inputs, iterations, width);
            Assert.Equal(inputs.Length, keys.Length);
            for (var lane = 0; lane < inputs.Length; lane++)
                Assert.Equal(Expected(inputs[lane], iterations), keys[lane]);
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Passwords_around_the_block_size_keep_their_own_lane(int width)
    {
        string[] passwords = ["", "a", new('b', 63), new('c', 64), new('d', 65), new('e', 200), "Zoë 密码 🔑 ÄÖÜ", "\0"];
        var inputs = passwords.Take(width).Select((p, i) => new Pbkdf2Input(Encoding.UTF8.GetBytes(p), new byte[i * 17])).ToArray();
        var keys = Pbkdf2Lanes.Derive(inputs, 1_000, width);
        for (var lane = 0; lane < inputs.Length; lane++)
            Assert.Equal(Expected(inputs[lane], 1_000), keys[lane]);
    }

    [Fact]
    public void More_inputs_than_lanes_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => Pbkdf2Lanes.Derive(new Pbkdf2Input[Pbkdf2Lanes.Width + 1], 1));

    private static Pbkdf2Input RandomInput(Random random)
    {
        var input = new Pbkdf2Input(new byte[random.Next(0, 201)], new byte[random.Next(0, 150)]);
        random.NextBytes(input.Password);
        random.NextBytes(input.Salt);
        return input;
    }

    private static byte[] Expected(Pbkdf2Input input, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(input.Password, input.Salt, iterations, HashAlgorithmName.SHA256, Pbkdf2Lanes.KeySize);
}
